/* forks_posix.c - see forks.h. */
#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "forks.h"
#include "guard.h"
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_SECONDS = 2, KEEPER_STACK = 512 * 1024, DESCRIPTORS_MAX = 256 };

static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;

/* Under the start lock, which a fork holds. */
static int is_started; /* there is an interpreter */
static int has_heir;   /* in a child that has not settled: the GIL is held for it */

static volatile pid_t process; /* the one whose interpreter this is */
static volatile int is_refused;

/* Of a thread that forks, from before until after it, on both sides. */
static __thread int is_ours;        /* this process may use the interpreter */
static __thread int has_start_lock;
static __thread int holds_gil;      /* the keeper does, for this fork */

/* The keeper of the present fork; all fields under its lock. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum { ABSENT, WAITING, HOLDING, LEAVING } state;
    int is_over; /* it need not hold any longer */
} keeper = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static struct timespec end_of_wait(void)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += WAIT_SECONDS;
    return end;
}

/* ---- what Python says of a fork (shim/forks.py) -------------------------------------------------------------- */

/* A descriptor that a child must not keep, and what it leads to; as shim/forks.py packs it. */
typedef struct __attribute__((packed)) {
    int32_t number;
    uint64_t device, inode;
} row;

static row rows[DESCRIPTORS_MAX]; /* of the present fork; written by the keeper, before the fork */
static size_t row_count;

/* An attribute of shim.forks as a new reference; NULL where there is none, without an exception. */
static PyObject *attribute(const char *name)
{
    PyObject *key = PyUnicode_FromString("shim.forks");
    PyObject *module = key == NULL ? NULL : PyImport_GetModule(key);
    PyObject *value = module == NULL ? NULL : PyObject_GetAttrString(module, name);
    Py_XDECREF(key);
    Py_XDECREF(module);
    PyErr_Clear();
    return value;
}

/* After PyOS_BeforeFork: whether Python's side came to a halt, and which descriptors its child must not keep. */
static int has_halted(void)
{
    PyObject *unsafe = attribute("unsafe"), *packed = attribute("descriptors");
    int halted = unsafe == NULL || PyObject_IsTrue(unsafe) == 0; /* NULL: ours is not imported yet */
    row_count = 0;
    if (packed != NULL && PyBytes_Check(packed)) {
        row_count = (size_t)PyBytes_GET_SIZE(packed) / sizeof(row);
        if (row_count > DESCRIPTORS_MAX) row_count = DESCRIPTORS_MAX; /* the rest is closed by the child's first call */
        memcpy(rows, PyBytes_AS_STRING(packed), row_count * sizeof(row));
    }
    Py_XDECREF(unsafe);
    Py_XDECREF(packed);
    PyErr_Clear();
    return halted;
}

/* In the child, which may never call: or the platform would not see that the parent has closed a connection. */
static void close_descriptors(void)
{
    struct stat status;
    size_t i;
    for (i = 0; i < row_count; i++)
        if (fstat(rows[i].number, &status) == 0 && status.st_dev == rows[i].device && status.st_ino == rows[i].inode)
            close(rows[i].number);
    row_count = 0;
}

/* ---- the keeper ----------------------------------------------------------------------------------------------- */

static void *keep(void *unused)
{
    vcshim_float_state inherited;
    PyGILState_STATE gil;
    int halted;
    (void)unused;
    vcshim_float_enter(&inherited);
    gil = PyGILState_Ensure();
    PyOS_BeforeFork();
    halted = has_halted();
    pthread_mutex_lock(&keeper.lock);
    keeper.is_over |= !halted;
    keeper.state = halted ? HOLDING : LEAVING;
    pthread_cond_broadcast(&keeper.changed);
    while (!keeper.is_over) pthread_cond_wait(&keeper.changed, &keeper.lock);
    keeper.state = LEAVING;
    pthread_mutex_unlock(&keeper.lock);
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
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, own;
    int failed;
    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0) return 0;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, KEEPER_STACK);
    pthread_sigmask(SIG_BLOCK, &all, &own);
    failed = pthread_create(&thread, &attributes, keep, NULL);
    pthread_sigmask(SIG_SETMASK, &own, NULL);
    pthread_attr_destroy(&attributes);
    if (!failed) keeper.state = WAITING;
    return !failed;
}

/* Whether the GIL is held for this fork. A keeper of an earlier fork that still waits for the GIL is waited for as well;
 * one that gets it too late lets go of it at once. */
static int hold_gil(void)
{
    struct timespec end = end_of_wait();
    int late = 0;
    pthread_mutex_lock(&keeper.lock);
    keeper.is_over = 0;
    while (keeper.state != HOLDING && !keeper.is_over && !late) {
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
    struct timespec end = end_of_wait();
    is_ours = process == getpid() && !is_refused;
    has_start_lock = is_ours && pthread_mutex_timedlock(&start_lock, &end) == 0;
    holds_gil = has_start_lock && is_started && !has_heir && hold_gil();
}

static void after_fork_in_parent(void)
{
    if (holds_gil) let_go_of_gil();
    if (has_start_lock) pthread_mutex_unlock(&start_lock);
}

static void after_fork_in_child(void)
{
    is_refused = !has_start_lock || (is_started && !has_heir && !holds_gil);
    process = getpid();
    if (holds_gil) {
        has_heir = 1;
        close_descriptors();
    }
    keeper.state = ABSENT;
    pthread_mutex_init(&keeper.lock, NULL); /* the keeper waited on these two, and is not in this process */
    pthread_cond_init(&keeper.changed, NULL);
    pthread_mutex_init(&start_lock, NULL);
}

static void prepare(void)
{
    process = getpid();
    (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* ---- for boot.c ------------------------------------------------------------------------------------------------ */

void vcshim_lock_start(void)
{
    pthread_once(&prepared, prepare);
    pthread_mutex_lock(&start_lock);
}

void vcshim_unlock_start(void) { pthread_mutex_unlock(&start_lock); }

void vcshim_forks_started(void) { is_started = 1; }

const char *vcshim_forks_refuse(void)
{
    pthread_once(&prepared, prepare);
    if (process != getpid())
        return "本进程由 clone 直接产生，无法使用本组件，未提交任何数据；请改用 fork，或重新执行（exec）程序";
    if (is_refused)
        return "本进程由 fork 产生时，另一线程正在使用本组件，未提交任何数据；请重新执行（exec）程序，或在调用之前 fork";
    return NULL;
}

void vcshim_forks_settle(void)
{
    if (!has_heir) return;
    has_heir = 0;
    PyOS_AfterFork_Child(); /* the GIL counts as held by the keeper's state, which is the current one of the process */
    /* NB: the state stays. It is the only one, and CPython 3.11 ends the process when it makes one after the last. */
    PyEval_SaveThread();
}
