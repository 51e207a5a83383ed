/* forks_posix.c - see forks.h. */
#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "forks.h"
#include "guard.h"
#include "start_posix.h"
#include "forks_posix.h"
#include "warm_up.h"
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* For a start, which the host may know nothing of, as long as a slow disk may take; for threads in calls less. */
enum { START_SECONDS = 20, WAIT_SECONDS = 2, KEEPER_STACK = 512 * 1024 };

static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;

/* Under the start lock, which a fork holds. */
static int is_started; /* there is an interpreter */
static int has_heir;   /* in a child that has not settled: the GIL is held for it */

static volatile pid_t process; /* the one whose interpreter this is */
static volatile int is_refused;

/* Of a thread that forks, from before until after it, on both sides. */
static __thread int is_under_way; /* a fork of both fronts is one */
static __thread int is_ours;        /* this process may use the interpreter */
static __thread int has_start_lock;
static __thread int holds_gil;      /* the keeper does, for this fork */

/* The keeper of the present fork; all fields under its lock. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum { ABSENT, WAITING, HOLDING, LEAVING } state;
    int is_over;   /* it need not hold any longer */
    int is_unsafe; /* what Python's side of ours is doing could not be brought to a halt: `unsafe` of shim/forks.py */
    PyObject *descriptors; /* `descriptors` of the same: what a child must not keep; NULL for none */
} keeper = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static struct timespec end_of_wait(int seconds)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += seconds;
    return end;
}

/* ---- the keeper ----------------------------------------------------------------------------------------------- */

/* An attribute of shim/forks.py, NULL where that is not imported yet. */
static PyObject *of_forks(const char *attribute)
{
    PyObject *name = PyUnicode_FromString("shim.forks");
    PyObject *module = name == NULL ? NULL : PyImport_GetModule(name);
    PyObject *value = module == NULL ? NULL : PyObject_GetAttrString(module, attribute);
    Py_XDECREF(name);
    Py_XDECREF(module);
    PyErr_Clear();
    return value;
}

static int is_unsafe(void)
{
    PyObject *unsafe = of_forks("unsafe");
    int answer = unsafe != NULL && PyObject_IsTrue(unsafe) != 0;
    Py_XDECREF(unsafe);
    PyErr_Clear();
    return answer;
}

static void *keep(void *unused)
{
    vcshim_float_state inherited;
    PyGILState_STATE gil;
    (void)unused;
    vcshim_float_enter(&inherited);
    gil = PyGILState_Ensure();
    PyOS_BeforeFork();
    keeper.is_unsafe = is_unsafe();
    keeper.descriptors = of_forks("descriptors");
    pthread_mutex_lock(&keeper.lock);
    keeper.state = HOLDING;
    pthread_cond_broadcast(&keeper.changed);
    while (!keeper.is_over) pthread_cond_wait(&keeper.changed, &keeper.lock);
    keeper.state = LEAVING;
    pthread_mutex_unlock(&keeper.lock);
    Py_CLEAR(keeper.descriptors);
    PyOS_AfterFork_Parent();
    PyGILState_Release(gil);
    pthread_mutex_lock(&keeper.lock);
    keeper.state = ABSENT;
    pthread_cond_broadcast(&keeper.changed);
    pthread_mutex_unlock(&keeper.lock);
    return NULL;
}

/* Under the keeper's lock. */
static int start_keeper(void)
{
    if (!vcshim_start_thread(KEEPER_STACK, keep, NULL)) return 0;
    keeper.state = WAITING;
    return 1;
}

/* Whether the GIL is held for this fork. A keeper of an earlier fork that still waits for the GIL is waited for as well;
 * one that gets it too late lets go of it at once. */
static int hold_gil(void)
{
    struct timespec end = end_of_wait(WAIT_SECONDS);
    int late = 0;
    pthread_mutex_lock(&keeper.lock);
    keeper.is_over = 0;
    while (keeper.state != HOLDING && !late) {
        if (keeper.state == ABSENT && !start_keeper()) break;
        late = pthread_cond_timedwait(&keeper.changed, &keeper.lock, &end) != 0;
    }
    late = keeper.state != HOLDING;
    keeper.is_over = late;
    pthread_mutex_unlock(&keeper.lock);
    return !late;
}

static void let_go_of_gil(void)
{
    pthread_mutex_lock(&keeper.lock);
    keeper.is_over = 1;
    pthread_cond_broadcast(&keeper.changed);
    while (keeper.state == HOLDING || keeper.state == LEAVING) pthread_cond_wait(&keeper.changed, &keeper.lock);
    pthread_mutex_unlock(&keeper.lock);
}

/* ---- the handlers --------------------------------------------------------------------------------------------- */

static void before_fork(void)
{
    struct timespec end = end_of_wait(START_SECONDS);
    is_ours = process == getpid() && !is_refused;
    vcshim_warm_up_hurry();
    has_start_lock = is_ours && pthread_mutex_timedlock(&start_lock, &end) == 0;
    holds_gil = has_start_lock && is_started && !has_heir && hold_gil();
}

static void after_fork_in_parent(void)
{
    if (holds_gil) let_go_of_gil();
    if (has_start_lock) pthread_mutex_unlock(&start_lock);
}

/* Closes the child's copies, so that one that never calls holds no port, lock or connection of its parent's. What has got
 * another meaning since it was noted is left alone: a thread of the host may have opened a file under that number. */
static void close_inherited(void)
{
    struct row {
        int32_t number;
        uint64_t device, inode;
    } __attribute__((packed)) row;
    Py_ssize_t at, size;
    if (keeper.descriptors == NULL || !PyBytes_Check(keeper.descriptors)) return;
    size = PyBytes_GET_SIZE(keeper.descriptors);
    for (at = 0; at + (Py_ssize_t)sizeof row <= size; at += (Py_ssize_t)sizeof row) {
        struct stat status;
        memcpy(&row, PyBytes_AS_STRING(keeper.descriptors) + at, sizeof row);
        if (fstat(row.number, &status) == 0 && status.st_dev == row.device && status.st_ino == row.inode)
            close(row.number);
    }
}

static void after_fork_in_child(void)
{
    is_refused = !has_start_lock || (is_started && !has_heir && (!holds_gil || keeper.is_unsafe));
    process = getpid();
    if (holds_gil) {
        close_inherited();
        has_heir = !is_refused;
    }
    keeper.state = ABSENT;
    pthread_mutex_init(&keeper.lock, NULL); /* the keeper waited on these two, and is not in this process */
    pthread_cond_init(&keeper.changed, NULL);
    pthread_mutex_init(&start_lock, NULL);
}

static void prepare(void) { process = getpid(); }

/* NB: not by pthread_atfork: a fork that has begun runs the handlers that it has found, and its child would lack ours. Those
 * of a front are there before the core is. */
__attribute__((visibility("default"))) void vcshim_core_fork(int when);

void vcshim_core_fork(int when)
{
    pthread_once(&prepared, prepare);
    if (when == VCSHIM_BEFORE_FORK) {
        if (!is_under_way) before_fork();
        is_under_way = 1;
    } else if (is_under_way) {
        is_under_way = 0;
        if (when == VCSHIM_AFTER_FORK_IN_CHILD) after_fork_in_child();
        else after_fork_in_parent();
    }
}

/* ---- for boot.c ------------------------------------------------------------------------------------------------ */

int vcshim_lock_start(void)
{
    pthread_once(&prepared, prepare);
    pthread_mutex_lock(&start_lock);
    return 1;
}

void vcshim_unlock_start(void) { pthread_mutex_unlock(&start_lock); }

void vcshim_forks_started(void) { is_started = 1; }

/* NB: the front has refused what a bare clone made (threads.h). A child without our handlers, and yet not its own process,
 * was forked by a thread that had begun to when the front was loaded. */
const char *vcshim_forks_refuse(void)
{
    pthread_once(&prepared, prepare);
    if (process == getpid() && !is_refused) return NULL;
    return "本进程由 fork 产生，当时另一线程正在 vcshim 中工作，本进程不能使用 vcshim；"
           "请重新 fork，或 exec 程序后再调用";
}

void vcshim_forks_settle(void)
{
    if (!has_heir) return;
    has_heir = 0;
    PyOS_AfterFork_Child(); /* the GIL counts as held by the keeper's state, which is the current one of the process */
    is_refused = is_unsafe(); /* its hooks may have failed */
    /* NB: the state stays. It is the only one, and CPython 3.11 ends the process when it makes one after the last. */
    PyEval_SaveThread();
}
