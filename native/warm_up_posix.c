/* warm_up_posix.c - see warm_up.h. A forked child has no such thread. */
#define _GNU_SOURCE
#include "warm_up.h"
#include <pthread.h>
#include <sched.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Under the lock, but for a look. */
static volatile pid_t process; /* the one whose thread it is; 0: there is none */
static pid_t thread;

static void set_policy(int policy)
{
    const struct sched_param none = {0};
    (void)sched_setscheduler(thread, policy, &none);
}

int vcshim_warm_up_begin(void)
{
    int is_first;
    if (pthread_mutex_trylock(&lock) != 0) return 0; /* a child may have it as another thread of its parent left it */
    is_first = process != getpid();
    if (is_first) {
        process = getpid();
        thread = gettid();
        set_policy(SCHED_BATCH);
    }
    pthread_mutex_unlock(&lock);
    return is_first;
}

void vcshim_warm_up_end(void)
{
    pthread_mutex_lock(&lock);
    process = 0;
    pthread_mutex_unlock(&lock);
}

void vcshim_warm_up_hurry(void)
{
    if (process != getpid() || pthread_mutex_trylock(&lock) != 0) return;
    if (process == getpid()) set_policy(SCHED_OTHER);
    pthread_mutex_unlock(&lock);
}

int vcshim_is_warming_up(void) { return process == getpid(); }
