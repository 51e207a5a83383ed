/* threads_posix.c - threads.h over pthreads. A forked child has none of its parent's threads and starts its own. */
#define _GNU_SOURCE
#include "threads.h"
#include "guard.h"
#include "platform.h"
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* A piece of work; on the stack of the thread that waits for it. All fields under the lock. */
typedef struct task {
    void (*work)(void *context);
    void *context;
    pthread_cond_t finished;
    int is_finished;
} task;

/* A thread of ours; on its own stack, and in the list while it is idle. */
typedef struct worker {
    struct worker *next;
    task *task;
    pthread_cond_t wake;
} worker;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static worker *idle;
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

static void prepare(void)
{
    process = getpid();
    (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* ---- a thread of ours ----------------------------------------------------------------------------------------- */

static void leave_list(const worker *self)
{
    worker **at = &idle;
    while (*at != NULL && *at != self) at = &(*at)->next;
    if (*at != NULL) *at = self->next;
}

/* Waits for another task, under the lock. NULL: none has come in time, and none will. */
static task *next_task(worker *self)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += VCSHIM_IDLE_MILLISECONDS / 1000;
    self->next = idle;
    idle = self;
    while (self->task == NULL)
        if (pthread_cond_timedwait(&self->wake, &lock, &end) != 0 && self->task == NULL) {
            leave_list(self);
            return NULL;
        }
    return self->task;
}

static void *serve(void *first)
{
    pthread_condattr_t monotonic;
    vcshim_float_state inherited;
    worker self = {.task = first};
    task *task = first;
    vcshim_float_enter(&inherited); /* a new thread has that of the host's thread */
    pthread_setname_np(pthread_self(), "vcshim");
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&self.wake, &monotonic);
    vcshim_pin();
    while (task != NULL) {
        task->work(task->context);
        pthread_mutex_lock(&lock);
        task->is_finished = 1;
        pthread_cond_signal(&task->finished);
        self.task = NULL;
        task = next_task(&self);
        pthread_mutex_unlock(&lock);
    }
    pthread_cond_destroy(&self.wake);
    return NULL;
}

/* A thread takes its creator's signal mask. Faults stay unblocked: blocked, the system kills the process even where the
 * host has a handler that reports them. */
static int start(task *first)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
    sigset_t blocked, own;
    pthread_attr_t attributes;
    pthread_t thread;
    size_t i;
    int failed;
    sigfillset(&blocked);
    for (i = 0; i < sizeof faults / sizeof faults[0]; i++) sigdelset(&blocked, faults[i]);
    if (pthread_attr_init(&attributes) != 0) return 0;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, VCSHIM_THREAD_STACK);
    pthread_sigmask(SIG_BLOCK, &blocked, &own);
    failed = pthread_create(&thread, &attributes, serve, first);
    pthread_sigmask(SIG_SETMASK, &own, NULL);
    pthread_attr_destroy(&attributes);
    return !failed;
}

/* ---- handing over --------------------------------------------------------------------------------------------- */

enum vcshim_run vcshim_run_apart(void (*work)(void *context), void *context)
{
    task task = {.work = work, .context = context, .finished = PTHREAD_COND_INITIALIZER};
    worker *chosen;
    pthread_once(&prepared, prepare);
    if (process != getpid()) return VCSHIM_STRAY;
    pthread_mutex_lock(&lock);
    if ((chosen = idle) != NULL) {
        idle = chosen->next;
        chosen->task = &task;
        pthread_cond_signal(&chosen->wake);
    } else {
        pthread_mutex_unlock(&lock);
        if (!start(&task)) return VCSHIM_NO_THREAD;
        pthread_mutex_lock(&lock);
    }
    while (!task.is_finished) pthread_cond_wait(&task.finished, &lock);
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&task.finished);
    return VCSHIM_RUN;
}
