/* A library that leaves traces everywhere, on Linux: the negative control of inventory_posix.c. See inventory.h. */
#define _GNU_SOURCE
#include "inventory.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { SIGNALS = 64, IOPRIO_WHO_PROCESS = 1, IOPRIO_IDLE = 3 << 13, STACK_SIZE = 65536 };

static void nothing(void) {}
static void handler(int number) { (void)number; }

static void *sleeper(void *unused)
{
    (void)unused;
    for (;;)
        pause();
    return NULL;
}

static void write_text(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file >= 0 && write(file, text, strlen(text)) < 0)
        (void)0;
    close(file);
}

static void spoil_limits(void)
{
    for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
        struct rlimit limit;
        getrlimit(i, &limit);
        /* Nearly as high as before, or the rest of the program could not be carried out. */
        limit.rlim_max = limit.rlim_max == RLIM_INFINITY ? RLIM_INFINITY >> 2 : limit.rlim_max - (limit.rlim_max > 0);
        if (limit.rlim_cur > limit.rlim_max)
            limit.rlim_cur = limit.rlim_max;
        setrlimit(i, &limit);
    }
}

static void spoil_signals(void)
{
    for (int number = 1; number <= SIGNALS; number++) {
        struct {
            uintptr_t handler;
            unsigned long flags;
            uintptr_t restorer;
            unsigned long mask;
        } action = {(uintptr_t)handler, SA_NODEFER, 0, 0};
        syscall(SYS_rt_sigaction, number, &action, NULL, sizeof action.mask);
    }
}

static void spoil_descriptors(void)
{
    int pair[2], file = open("/proc/self/status", O_RDONLY), lock = open("/tmp", O_RDONLY | O_CLOEXEC);
    if (pipe(pair) == 0 && file >= 0)
        socket(AF_UNIX, SOCK_STREAM, 0);
    flock(lock, LOCK_SH);
    for (int standard = 0; standard < 3; standard++)
        fcntl(standard, F_SETFL, fcntl(standard, F_GETFL) ^ O_NONBLOCK);
}

static void spoil_timers(void)
{
    const struct itimerval hour = {{3600, 0}, {3600, 0}};
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    timer_t timer;
    setitimer(ITIMER_REAL, &hour, NULL);
    setitimer(ITIMER_VIRTUAL, &hour, NULL);
    setitimer(ITIMER_PROF, &hour, NULL);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
}

static void spoil_streams(void)
{
    static char buffers[3][100];
    FILE *const streams[] = {stdin, stdout, stderr};
    for (int i = 0; i < 3; i++)
        setvbuf(streams[i], buffers[i], _IOFBF, sizeof buffers[i]);
}

void inventory_spoil_process(void)
{
    pthread_t thread;
    pthread_key_t key;
    spoil_streams();
    setenv("SPOILED", "1", 1);
    setlocale(LC_ALL, "C.UTF-8");
    umask(0123);
    setenv("TZ", "XXX-7", 1);
    tzset();
    srandom(4711);
    atexit(nothing);
    pthread_atfork(nothing, nothing, nothing);
    pthread_key_create(&key, NULL);
    pthread_create(&thread, NULL, sleeper, NULL);
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    spoil_descriptors();
    spoil_signals();
    spoil_timers();
    spoil_limits();
    if (dlopen("libmvec.so.1", RTLD_NOW | RTLD_GLOBAL) == NULL)
        (void)0;
    (void)mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGWINCH);
    prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    write_text("/proc/self/oom_score_adj", "300");
    write_text("/proc/self/coredump_filter", "0");
    personality(ADDR_NO_RANDOMIZE);
    setsid();
    if (chdir("/") != 0)
        (void)0;
    prctl(PR_SET_DUMPABLE, 0); /* last: /proc/self belongs to root from here on */
}

void inventory_spoil_thread(void)
{
    static char stacks[2][STACK_SIZE];
    static int calls;
    const uint16_t control = 0x0f7f;
    const uint32_t mxcsr = 0x7f80;
    stack_t stack = {.ss_sp = stacks[calls++ % 2], .ss_size = STACK_SIZE};
    cpu_set_t processors;
    struct sched_param parameter = {0};
    sigset_t all;
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
    __asm__ volatile("fldcw %0" : : "m"(control));
    sigaltstack(&stack, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    pthread_kill(pthread_self(), SIGUSR2);
    prctl(PR_SET_NAME, "spoiled");
    prctl(PR_SET_TIMERSLACK, 4711);
    uselocale(newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0));
    sched_getaffinity(0, sizeof processors, &processors);
    for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&processors) > 1; i++)
        CPU_CLR(i, &processors);
    sched_setaffinity(0, sizeof processors, &processors);
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 3);
    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);
    sched_setscheduler(0, SCHED_BATCH, &parameter);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
}
