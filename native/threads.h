/* threads.h - carries a call out on a thread of ours, so that nothing of it depends on the thread that the host calls from.
 *
 * A host's thread may have a small stack, be a fibre or a goroutine, belong to an apartment, have floating-point exceptions
 * unmasked, handle signals on a stack of its own, or be about to end. Python never sees it: it waits while one of ours
 * works. Ours have a stack of VCSHIM_THREAD_STACK bytes and end when they have been idle for a while. On POSIX they block all
 * signals but faults, so that a host's signals reach the host's threads.
 *
 * Implemented by threads_posix.c and threads_windows.c. Only files of the front include this one.
 */
#ifndef VCSHIM_THREADS_H
#define VCSHIM_THREADS_H
#include <stddef.h>

enum {
    VCSHIM_THREAD_STACK = 1024 * 1024, /* bytes; reserved, and used only as far as needed */
    VCSHIM_IDLE_MILLISECONDS = 5000
};

/* Why work was carried out where it was, or not at all. */
enum vcshim_run {
    VCSHIM_RUN,       /* done */
    VCSHIM_NO_THREAD, /* not done: the system gives no thread */
    VCSHIM_STRAY      /* not done: this process was made by a bare clone, and its memory may be in any state */
};

/**
 * vcshim_run_apart:
 * @work: what to do; must not raise
 * @context: its argument
 * @size: bytes of @context
 *
 * Does @work on a thread of ours and waits for its end. What @context points to is copied for it, and back afterwards: a
 * host may leave a call by longjmp, from a signal handler, and then nothing of its stack may be touched any more. On
 * Windows, where the caller holds the loader's lock (it is in a DllMain) or the process is ending, no other thread could
 * run: @work is then done by the caller itself.
 *
 * The first use pins the DLL of the front: a thread of ours may run its code at any time.
 *
 * Returns: see enum vcshim_run.
 */
enum vcshim_run vcshim_run_apart(void (*work)(void *context), void *context, size_t size);

/**
 * vcshim_run_behind:
 * @work: what to do; must not raise
 *
 * Does @work on a thread of ours and does not wait for it. May be called while the DLL is being loaded: the thread begins
 * when the loader's lock is free, and keeps the DLL in the process as long as it works (POSIX: for good, since a thread
 * cannot unload its own code there).
 *
 * Returns: whether it will be done; not where the system gives no thread, or the process is ending.
 */
int vcshim_run_behind(void (*work)(void));

/* Whether no other thread can start, or answer, before the caller returns: see above. */
int vcshim_is_alone(void);
#endif
