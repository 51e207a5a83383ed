/* What can be seen of a process on Linux (x86-64). See inventory.h. */
#define _GNU_SOURCE
#include "inventory.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <locale.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, SIGNALS = 64, LINE_SIZE = 8192, IOPRIO_WHO_PROCESS = 1 };

extern char **environ;

/* ---- the host's second thread ---- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    system_work *work;
    void *context;
} second = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void *second_main(void *nothing)
{
    (void)nothing;
    pthread_mutex_lock(&second.lock);
    for (;;) {
        while (second.work == NULL)
            pthread_cond_wait(&second.changed, &second.lock);
        second.work(second.context, 1);
        second.work = NULL;
        pthread_cond_broadcast(&second.changed);
    }
    return NULL;
}

void inventory_on_second(system_work *work, void *context)
{
    pthread_mutex_lock(&second.lock);
    second.work = work;
    second.context = context;
    pthread_cond_broadcast(&second.changed);
    while (second.work != NULL)
        pthread_cond_wait(&second.changed, &second.lock);
    pthread_mutex_unlock(&second.lock);
}

static void be_named(void *context, unsigned index)
{
    (void)context;
    (void)index;
    prctl(PR_SET_NAME, "host-second");
}

bool inventory_prepare(void)
{
    pthread_t thread;
    prctl(PR_SET_NAME, "host-main");
    if (pthread_create(&thread, NULL, second_main, NULL) != 0)
        return false;
    inventory_on_second(be_named, NULL);
    return true;
}

void inventory_wait(unsigned milliseconds)
{
    system_sleep(milliseconds);
}

/* ---- reading /proc ---- */

static void chomp(char *text)
{
    text[strcspn(text, "\n")] = 0;
}

static bool first_line(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "re");
    bool got = file != NULL && fgets(text, (int)size, file) != NULL;
    if (file != NULL)
        fclose(file);
    if (!got)
        snprintf(text, size, "?");
    chomp(text);
    return got;
}

static void member_link(const char *name, const char *path)
{
    char target[PATH_SIZE];
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    inventory_member("%s: %s", name, target);
}

/* Lines of /proc/self/status. */
static void record_privileges(void)
{
    static const char *const fields[] = {"Uid:",    "Gid:",    "Groups:", "CapInh:",     "CapPrm:", "CapEff:",
                                         "CapBnd:", "CapAmb:", "Seccomp:", "NoNewPrivs:"};
    char line[LINE_SIZE];
    FILE *file = fopen("/proc/self/status", "re");
    inventory_begin("privileges");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            if (strncmp(line, fields[i], strlen(fields[i])) == 0) {
                chomp(line);
                inventory_member("%s", line);
            }
        }
    }
    inventory_end();
    if (file != NULL)
        fclose(file);
}

/* Read, not set and set back: another thread could be making a file. */
static void record_umask(void)
{
    char line[LINE_SIZE];
    FILE *file = fopen("/proc/self/status", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        chomp(line);
        if (strncmp(line, "Umask:", 6) == 0)
            inventory_value("umask", "%s", line + 7);
    }
    if (file != NULL)
        fclose(file);
}

/* ---- addresses and modules ---- */

static const char *module_of(const void *address)
{
    Dl_info info;
    if (dladdr(address, &info) == 0)
        return "?";
    const char *slash = strrchr(info.dli_fname, '/');
    return slash == NULL ? info.dli_fname : slash + 1;
}

static int by_text(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* Files that are mapped, each once; and how many pieces of memory may be written and executed. */
static void record_mappings(void)
{
    char line[LINE_SIZE], *paths[4096];
    unsigned count = 0, open_memory = 0;
    FILE *file = fopen("/proc/self/maps", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *path = strchr(line, '/');
        if (strstr(line, " rwx") != NULL)
            open_memory++;
        chomp(line);
        if (path != NULL && count < sizeof paths / sizeof *paths)
            paths[count++] = strdup(path);
    }
    if (file != NULL)
        fclose(file);
    qsort(paths, count, sizeof *paths, by_text);
    inventory_begin("mapped files");
    for (unsigned i = 0; i < count; i++) {
        if (i == 0 || strcmp(paths[i], paths[i - 1]) != 0)
            inventory_member("%s", paths[i]);
    }
    inventory_end();
    for (unsigned i = 0; i < count; i++)
        free(paths[i]);
    inventory_value("writable and executable memory", "%u", open_memory);
}

static size_t symbol_count(const uint32_t *gnu_hash)
{
    uint32_t buckets = gnu_hash[0], offset = gnu_hash[1], bloom = gnu_hash[2], last = 0;
    const uint32_t *bucket = gnu_hash + 4 + bloom * 2, *chain = bucket + buckets;
    for (uint32_t i = 0; i < buckets; i++)
        last = bucket[i] > last ? bucket[i] : last;
    if (last < offset)
        return offset;
    while ((chain[last - offset] & 1) == 0)
        last++;
    return (size_t)last + 1;
}

/* Whether a name that this module defines is what the whole process finds under that name. */
static bool is_global(const struct link_map *map)
{
    const ElfW(Sym) *symbols = NULL;
    const char *names = NULL;
    const uint32_t *hash = NULL;
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_SYMTAB)
            symbols = (const ElfW(Sym) *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_STRTAB)
            names = (const char *)entry->d_un.d_ptr;
        else if (entry->d_tag == DT_GNU_HASH)
            hash = (const uint32_t *)entry->d_un.d_ptr;
    }
    if (symbols == NULL || names == NULL || hash == NULL || (uintptr_t)hash < map->l_addr)
        return false; /* the kernel's own page */
    size_t count = symbol_count(hash);
    for (size_t i = 1; i < count; i++) {
        int binding = ELF64_ST_BIND(symbols[i].st_info), type = ELF64_ST_TYPE(symbols[i].st_info);
        if (symbols[i].st_shndx == SHN_UNDEF || binding == STB_LOCAL || (type != STT_FUNC && type != STT_OBJECT))
            continue;
        void *address = dlsym(RTLD_DEFAULT, names + symbols[i].st_name);
        if (address != NULL && address == (void *)(map->l_addr + symbols[i].st_value))
            return true;
    }
    return false;
}

static void record_global_symbols(void)
{
    static struct {
        const struct link_map *map;
        bool global;
    } known[1024]; /* a module that is in the global scope stays there, and one that is not is asked again */
    struct link_map *map;
    void *self = dlopen(NULL, RTLD_NOW);
    inventory_begin("modules with global symbols");
    if (self != NULL && dlinfo(self, RTLD_DI_LINKMAP, &map) == 0) {
        for (unsigned i = 0; map != NULL && i < sizeof known / sizeof *known; map = map->l_next, i++) {
            if (known[i].map != map || !known[i].global) {
                known[i].map = map;
                known[i].global = is_global(map);
            }
            if (known[i].global)
                inventory_member("%s", map->l_name);
        }
        dlclose(self);
    }
    inventory_end();
    dlerror();
}

/* ---- descriptors, threads, children, locks ---- */

static void address_text(const struct sockaddr_storage *address, char *text, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "?";
    unsigned port = 0;
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)address;
        inet_ntop(AF_INET, &four->sin_addr, host, sizeof host);
        port = ntohs(four->sin_port);
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
        inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof host);
        port = ntohs(six->sin6_port);
    }
    snprintf(text, size, "%s:%u", host, port);
}

static void describe_socket(int file, char *text, size_t size)
{
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer, word = sizeof(int);
    int domain = 0, type = 0;
    char address[128] = "";
    getsockopt(file, SOL_SOCKET, SO_DOMAIN, &domain, &word);
    word = sizeof type;
    getsockopt(file, SOL_SOCKET, SO_TYPE, &type, &word);
    if (getpeername(file, (struct sockaddr *)&peer, &length) == 0 && (domain == AF_INET || domain == AF_INET6))
        address_text(&peer, address, sizeof address);
    const char *kind = domain == AF_UNIX ? "unix socket" : type == SOCK_STREAM ? "tcp" : "socket";
    snprintf(text, size, "%s %s", kind, address);
}

static void record_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    struct dirent *entry;
    inventory_begin("descriptors");
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char target[PATH_SIZE];
        int file = atoi(entry->d_name);
        ssize_t length = readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1);
        if (length < 0 || file == dirfd(folder))
            continue;
        target[length] = 0;
        if (strncmp(target, "socket:", 7) == 0)
            describe_socket(file, target, sizeof target);
        else if (strncmp(target, "pipe:", 5) == 0)
            snprintf(target, sizeof target, "pipe");
        inventory_member("%s%s", target, fcntl(file, F_GETFD) & FD_CLOEXEC ? "" : " (children inherit it)");
    }
    inventory_end();
    if (folder != NULL)
        closedir(folder);
    inventory_begin("standard descriptors");
    for (int file = 0; file < 3; file++) {
        struct stat status;
        if (fstat(file, &status) == 0)
            inventory_member("%d: flags %x, offset %ld, inode %lu", file, (unsigned)fcntl(file, F_GETFL),
                             (long)lseek(file, 0, SEEK_CUR), (unsigned long)status.st_ino);
    }
    inventory_end();
}

static void each_task(void (*visit)(const char *task))
{
    DIR *folder = opendir("/proc/self/task");
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.')
            visit(entry->d_name);
    }
    if (folder != NULL)
        closedir(folder);
}

static unsigned task_count;

static void count_task(const char *task)
{
    (void)task;
    task_count++;
}

unsigned inventory_thread_count(void)
{
    task_count = 0;
    each_task(count_task);
    return task_count;
}

static void record_task(const char *task)
{
    char path[PATH_SIZE], name[64];
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task);
    if (first_line(path, name, sizeof name))
        inventory_member("%s", name);
}

/* Zombies too: a child that nobody waits for is one until the host ends. */
static void record_children(void)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    inventory_begin("children");
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char path[PATH_SIZE], text[LINE_SIZE], state;
        int parent;
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
            continue;
        snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        char *end = first_line(path, text, sizeof text) ? strrchr(text, ')') : NULL, *name = strchr(text, '(');
        if (end == NULL || name == NULL || sscanf(end + 1, " %c %d", &state, &parent) != 2 || parent != getpid())
            continue;
        *end = 0;
        inventory_member("%s%s", name + 1, state == 'Z' ? " (ended)" : "");
    }
    inventory_end();
    if (folder != NULL)
        closedir(folder);
}

static void record_locks(void)
{
    char line[LINE_SIZE], kind[32], mode[32];
    FILE *file = fopen("/proc/locks", "re");
    int owner;
    inventory_begin("file locks");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%*s %31s %*s %31s %d", kind, mode, &owner) == 3 && owner == getpid())
            inventory_member("%s %s", kind, mode);
    }
    inventory_end();
    if (file != NULL)
        fclose(file);
}

/* ---- limits, scheduling, timers ---- */

static void record_limits(void)
{
    static const char *const names[RLIM_NLIMITS] = {
        [RLIMIT_CPU] = "CPU",         [RLIMIT_FSIZE] = "FSIZE",           [RLIMIT_DATA] = "DATA",
        [RLIMIT_STACK] = "STACK",     [RLIMIT_CORE] = "CORE",             [RLIMIT_RSS] = "RSS",
        [RLIMIT_NPROC] = "NPROC",     [RLIMIT_NOFILE] = "NOFILE",         [RLIMIT_MEMLOCK] = "MEMLOCK",
        [RLIMIT_AS] = "AS",           [RLIMIT_LOCKS] = "LOCKS",           [RLIMIT_SIGPENDING] = "SIGPENDING",
        [RLIMIT_MSGQUEUE] = "MSGQUEUE", [RLIMIT_NICE] = "NICE",           [RLIMIT_RTPRIO] = "RTPRIO",
        [RLIMIT_RTTIME] = "RTTIME",
    };
    inventory_begin("limits");
    for (int i = 0; i < (int)RLIM_NLIMITS; i++) {
        struct rlimit limit;
        getrlimit(i, &limit);
        inventory_member("%s: %llu %llu", names[i], (unsigned long long)limit.rlim_cur,
                         (unsigned long long)limit.rlim_max);
    }
    inventory_end();
}

static void member_line(const char *name, const char *path)
{
    char text[LINE_SIZE];
    first_line(path, text, sizeof text);
    inventory_member("%s: %s", name, text);
}

static void record_process_settings(void)
{
    int subreaper = 0, death = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
    prctl(PR_GET_PDEATHSIG, &death);
    inventory_begin("process settings");
    inventory_member("dumpable: %d", prctl(PR_GET_DUMPABLE));
    inventory_member("child subreaper: %d", subreaper);
    inventory_member("parent death signal: %d", death);
    inventory_member("huge pages off: %d", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
    inventory_member("personality: %x", (unsigned)personality(0xffffffff));
    inventory_member("session and group: %d %d", (int)getsid(0), (int)getpgrp());
    member_line("out-of-memory score", "/proc/self/oom_score_adj");
    member_line("core dump filter", "/proc/self/coredump_filter");
    inventory_end();
}

static void record_timers(void)
{
    static const struct {
        const char *item;
        int which;
    } rows[] = {{"REAL", ITIMER_REAL}, {"VIRTUAL", ITIMER_VIRTUAL}, {"PROF", ITIMER_PROF}};
    inventory_begin("timers");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct itimerval timer;
        getitimer((__itimer_which_t)rows[i].which, &timer);
        inventory_member("%s: %s, every %ld s", rows[i].item,
                         timer.it_value.tv_sec + timer.it_value.tv_usec > 0 ? "set" : "off",
                         (long)timer.it_interval.tv_sec);
    }
    char line[LINE_SIZE];
    FILE *file = fopen("/proc/self/timers", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        chomp(line);
        inventory_member("%s", line);
    }
    inventory_end();
    if (file != NULL)
        fclose(file);
}

/* ---- signals ---- */

struct kernel_action {
    uintptr_t handler;
    unsigned long flags;
    uintptr_t restorer;
    unsigned long mask;
};

/* NB: asked of the kernel: the C library hides the two signals that it needs itself. */
static void record_dispositions(void)
{
    inventory_begin("signal dispositions");
    for (int number = 1; number <= SIGNALS; number++) {
        struct kernel_action action = {0, 0, 0, 0};
        char plain[16];
        const char *name = sigabbrev_np(number);
        if (syscall(SYS_rt_sigaction, number, NULL, &action, sizeof action.mask) != 0)
            continue;
        snprintf(plain, sizeof plain, "%d", number);
        const char *handler = action.handler == (uintptr_t)SIG_DFL   ? "default"
                              : action.handler == (uintptr_t)SIG_IGN ? "ignored"
                                                                     : module_of((void *)action.handler);
        inventory_member("%s: %s, flags %lx, mask %lx", name == NULL ? plain : name, handler, action.flags,
                         action.mask);
    }
    inventory_end();
}

/* ---- the C library ---- */

static void record_locale(void)
{
    static const struct {
        int category;
        const char *item;
    } rows[] = {
        {LC_CTYPE, "LC_CTYPE"},       {LC_NUMERIC, "LC_NUMERIC"},
        {LC_TIME, "LC_TIME"},         {LC_COLLATE, "LC_COLLATE"},
        {LC_MONETARY, "LC_MONETARY"}, {LC_MESSAGES, "LC_MESSAGES"},
        {LC_PAPER, "LC_PAPER"},       {LC_NAME, "LC_NAME"},
        {LC_ADDRESS, "LC_ADDRESS"},   {LC_TELEPHONE, "LC_TELEPHONE"},
        {LC_MEASUREMENT, "LC_MEASUREMENT"}, {LC_IDENTIFICATION, "LC_IDENTIFICATION"},
    };
    inventory_begin("locale");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        inventory_member("%s: %s", rows[i].item, setlocale(rows[i].category, NULL));
    inventory_end();
}

static void member_stream(const char *name, FILE *stream)
{
    inventory_member("%s: buffer %zu, by line %d, waiting %zu, error %d", name, __fbufsize(stream), __flbf(stream) != 0,
                     __fpending(stream), ferror(stream) != 0);
}

/* random() has one state for the whole process: its words are read while another state is in its place. */
static uint32_t random_state(void)
{
    enum { STATE_SIZE = 128 };
    static char spare[STATE_SIZE];
    char *state = initstate(1, spare, sizeof spare);
    uint32_t digest = inventory_digest(state, STATE_SIZE);
    setstate(state);
    return digest;
}

static void record_library(void)
{
    record_locale();
    inventory_begin("standard streams");
    member_stream("stdin", stdin);
    member_stream("stdout", stdout);
    member_stream("stderr", stderr);
    inventory_end();
    inventory_value("random state", "%08x", random_state());
    inventory_value("time zone", "%s %s %ld %d", tzname[0], tzname[1], timezone, daylight);
}

/* ---- the whole ---- */

void inventory_process(void)
{
    inventory_begin("environment");
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
        inventory_member("%s", *variable);
    inventory_end();
    inventory_value("environment block", "%p", (void *)environ);
    inventory_begin("folders");
    member_link("working directory", "/proc/self/cwd");
    member_link("root", "/proc/self/root");
    inventory_end();
    record_umask();
    record_privileges();
    record_library();
    record_dispositions();
    record_descriptors();
    inventory_begin("threads");
    each_task(record_task);
    inventory_end();
    record_children();
    record_locks();
    record_mappings();
    record_global_symbols();
    record_limits();
    record_process_settings();
    record_timers();
    struct mallinfo2 memory = mallinfo2();
    inventory_value("figure.heap bytes in use", "%zu", memory.uordblks + memory.hblkhd);
}

__attribute__((format(printf, 3, 4))) static void thread_value(const char *name, const char *suffix,
                                                              const char *format, ...)
{
    char text[256], item[64];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    snprintf(item, sizeof item, "%s%s", name, suffix);
    inventory_value(item, "%s", text);
}

static void record_thread_settings(const char *suffix)
{
    char name[32] = "", item[64];
    cpu_set_t processors;
    struct sched_param parameter = {0};
    int state, type, unused;
    prctl(PR_GET_NAME, name);
    CPU_ZERO(&processors);
    sched_getaffinity(0, sizeof processors, &processors);
    sched_getparam(0, &parameter);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
    pthread_setcanceltype(type, &unused);
    pthread_setcancelstate(state, &unused);
    snprintf(item, sizeof item, "thread settings%s", suffix);
    inventory_begin(item);
    inventory_member("name: %s", name);
    inventory_member("timer slack: %d", prctl(PR_GET_TIMERSLACK));
    inventory_member("locale: %s", uselocale((locale_t)0) == LC_GLOBAL_LOCALE ? "of the process" : "its own");
    inventory_member("processors: %08x", inventory_digest(&processors, sizeof processors));
    inventory_member("scheduling: %d %d", sched_getscheduler(0), parameter.sched_priority);
    inventory_member("nice: %d", getpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid)));
    inventory_member("I/O priority: %ld", syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0));
    inventory_member("cancellation: %d %d", state, type);
    inventory_end();
}

void inventory_thread(const char *suffix)
{
    uint16_t control;
    uint32_t mxcsr;
    unsigned long mask = 0, pending = 0;
    stack_t stack;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    thread_value("x87 control word", suffix, "%04x", control);
    thread_value("MXCSR", suffix, "%04x", (unsigned)mxcsr);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
    syscall(SYS_rt_sigpending, &pending, sizeof pending);
    thread_value("blocked signals", suffix, "%016lx", mask);
    thread_value("pending signals", suffix, "%016lx", pending);
    sigaltstack(NULL, &stack);
    thread_value("alternate stack", suffix, "%p %zu %x", stack.ss_sp, stack.ss_size, (unsigned)stack.ss_flags);
    record_thread_settings(suffix);
}
