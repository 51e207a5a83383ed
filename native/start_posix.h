/* start_posix.h - starts a thread of ours beside those of the host. Included by threads_posix.c (the front) and
 * forks_posix.c (the core), which are different libraries and have no code in common but this.
 */
#ifndef VCSHIM_START_POSIX_H
#define VCSHIM_START_POSIX_H

#include <pthread.h>
#include <signal.h>
#include <stddef.h>

/* Starts a detached thread with `stack` bytes of stack and all signals blocked. 0 where the system gives none.
 *
 * A thread takes its creator's signal mask, which is to block all for the moment; so pthread_create has it, too. */
static int vcshim_start_thread(size_t stack, void *(*run)(void *context), void *context)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, own;
    int failed;
    if (pthread_attr_init(&attributes) != 0) return 0;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &own);
    failed = pthread_create(&thread, &attributes, run, context);
    pthread_sigmask(SIG_SETMASK, &own, NULL);
    pthread_attr_destroy(&attributes);
    return !failed;
}

#endif
