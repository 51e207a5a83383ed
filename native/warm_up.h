/* warm_up.h - the thread that prepares for calls before there is one: how fast it runs, and who may wait for it.
 *
 * Its priority is low, so that a program which is starting has the processor, until a call waits for it. boot.c, forks_*.c and
 * imports_windows.c include this.
 *
 * Windows: it is normal, too, as long as a library is being loaded, because every thread of the host that starts, ends or
 * loads waits for the loader's lock meanwhile. Not the background mode of Windows, which makes a thread's reading slow as
 * well: for a thread that may hold that lock.
 *
 * POSIX: SCHED_BATCH, which never displaces a thread that wakes up. A thread that is nicer, or SCHED_IDLE, needs a
 * privilege to be anything else again.
 */
#ifndef VCSHIM_WARM_UP_H
#define VCSHIM_WARM_UP_H

/**
 * vcshim_warm_up_begin:
 *
 * The calling thread is the one, from now on until vcshim_warm_up_end().
 *
 * Returns: 1; 0 where there is one already, for the other DLL.
 */
int vcshim_warm_up_begin(void);
void vcshim_warm_up_end(void);

/* A call comes, and may have to wait for that thread. Any thread; costs nothing where there is none. */
void vcshim_warm_up_hurry(void);

/* Whether it is at work. */
int vcshim_is_warming_up(void);

/* Windows. The calling thread, whichever it is, begins or ends to load a library. */
void vcshim_warm_up_loads(int begins);
#endif
