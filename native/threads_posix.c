/* threads_posix.c - threads.h over pthreads. A forked child has none of its parent's threads and starts its own. */
#define _GNU_SOURCE
#include "threads.h"
#include "guard.h"
#include "platform.h"
#include "start_posix.h"
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A piece of work. It belongs to the thread that waits for it; one that does not come back leaves it behind. */
typedef struct task {
    void (*work)(void *context);
    sem_t finished;
    max_align_t context[];
} task;

/* A thread of ours; on its own stack, and in the list while it is idle. */
typedef struct worker {
    struct worker *next;
    task *task; /* set by who has taken it from the list, before `wake` */
    sem_t wake;
} worker;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static worker *idle; /* under the lock */
static volatile pid_t process; /* the one that the list belongs to */

/* ---- fork --------------------------------------------------------------------------------------------------- */

static void before_fork(void) { pthread_mutex_lock(&lock); }
static void after_fork_in_parent(void) { pthread_mutex_unlock(&lock); }

static void after_fork_in_child(void)
{
    idle = NULL; /* they exist in the parent only */
    process = getpid();
    pthread_mutex_unlock(&lock);
}

/* When the library is loaded: a child of a bare clone may be the first that calls, or a fork may have begun when a thread
 * calls for the first time. */
__attribute__((constructor)) static void prepare(void)
{
    process = getpid();
    (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* ---- a thread of ours ----------------------------------------------------------------------------------------- */

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0) {} /* interrupted by a signal handler of the host's */
}

static void enter_list(worker *self)
{
    pthread_mutex_lock(&lock);
    self->next = idle;
    idle = self;
    pthread_mutex_unlock(&lock);
}

/* 0: another thread has taken it from the list, and is about to wake it. */
static int leave_list(const worker *self)
{
    worker **at = &idle;
    int is_there;
    pthread_mutex_lock(&lock);
    while (*at != NULL && *at != self) at = &(*at)->next;
    is_there = *at != NULL;
    if (is_there) *at = self->next;
    pthread_mutex_unlock(&lock);
    return is_there;
}

/* 0: no task has come in time, and none will. */
static int wait_for_task(worker *self)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += VCSHIM_IDLE_MILLISECONDS / 1000;
    while (sem_timedwait(&self->wake, &end) != 0) {
        if (errno == EINTR) continue;
        if (leave_list(self)) return 0;
        wait_for(&self->wake);
        break;
    }
    return 1;
}

/* Blocked, a fault would end the process even where the host has a handler that reports it. */
static void let_faults_through(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
    sigset_t set;
    size_t i;
    sigemptyset(&set);
    for (i = 0; i < sizeof faults / sizeof faults[0]; i++) sigaddset(&set, faults[i]);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void *serve(void *first)
{
    vcshim_float_state inherited;
    worker self = {.task = first};
    let_faults_through();
    vcshim_float_enter(&inherited); /* a new thread has that of the host's thread */
    pthread_setname_np(pthread_self(), "vcshim");
    sem_init(&self.wake, 0, 0);
    vcshim_pin();
    do {
        task *task = self.task;
        task->work(task->context);
        enter_list(&self);
        sem_post(&task->finished); /* the task may be gone with this */
    } while (wait_for_task(&self));
    sem_destroy(&self.wake);
    return NULL;
}

int vcshim_is_alone(void) { return 0; }

/* ---- handing over --------------------------------------------------------------------------------------------- */

enum vcshim_run vcshim_run_apart(void (*work)(void *context), void *context, size_t size)
{
    task *task;
    worker *chosen;
    if (process != getpid()) return VCSHIM_STRAY;
    if ((task = malloc(sizeof *task + size)) == NULL) return VCSHIM_NO_THREAD;
    task->work = work;
    memcpy(task->context, context, size);
    sem_init(&task->finished, 0, 0);
    pthread_mutex_lock(&lock);
    chosen = idle;
    if (chosen != NULL) idle = chosen->next;
    pthread_mutex_unlock(&lock);
    if (chosen != NULL) {
        chosen->task = task;
        sem_post(&chosen->wake);
    } else if (!vcshim_start_thread(VCSHIM_THREAD_STACK, serve, task)) {
        free(task);
        return VCSHIM_NO_THREAD;
    }
    wait_for(&task->finished);
    memcpy(context, task->context, size);
    sem_destroy(&task->finished);
    free(task);
    return VCSHIM_RUN;
}

/* ---- work that is not waited for ------------------------------------------------------------------------------- */

static void *serve_behind(void *context)
{
    vcshim_float_state inherited;
    union {
        void *plain;
        void (*typed)(void);
    } work = {context};
    let_faults_through();
    vcshim_float_enter(&inherited);
    pthread_setname_np(pthread_self(), "vcshim");
    work.typed();
    return NULL;
}

int vcshim_run_behind(void (*work)(void))
{
    union {
        void (*typed)(void);
        void *plain;
    } context = {work};
    vcshim_pin(); /* NB: here, and not by the thread: until it runs the host may have unloaded the library */
    return vcshim_start_thread(VCSHIM_THREAD_STACK, serve_behind, context.plain);
}
