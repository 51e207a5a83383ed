/* forkhost.c - a Linux host that forks in every way there is while its threads call both libraries, and counts what it saw.
 *
 * Each call asks for a person of its own, whose 48 digits name the process, the thread and the number of the call; an
 * answer without them is another's. A child is ended by an alarm if it hangs. Knows nothing of the product's protocol: the
 * template of InData holds 48 times '@' where the digits go (tests/support/forks/host.py).
 *
 *   forkhost VC-LIBRARY EC-LIBRARY VC-TEMPLATE EC-TEMPLATE COMMAND COUNT CALLS THREADS FORKERS URL...
 *
 *   beside    COUNT children of each kind in turn, forked by FORKERS threads beside THREADS calling ones
 *   before    the same, and nobody has called yet
 *   first     COUNT children that are forked while a thread makes the first call of the process
 *   stuck     COUNT children that are forked while a thread waits, in its first call, for a file called stuck.db
 *   busy      COUNT plain children, while threads of the host take locks of the C library
 *   clone     the same by the bare system call
 *
 * An address of the odd number belongs to EC. Prints `name=number` lines, and to stderr the first calls that failed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DIGITS = 48, TEXT = 4096, OUT = 2048, URLS = 8, HANG_SECONDS = 20, SMALL_STACK = 16 * 1024, MOST = 1024 };

typedef char *(*trans_fn)(char *, char *, char *);

/* Counted by all processes together. */
static struct {
    atomic_int calls, right, foreign, refused, failed;
    atomic_int children, hung, crashed, executed, leaked, taken;
    atomic_int cloned_calls, cloned_refused, shown;
    atomic_long longest_fork, longest_refusal; /* microseconds */
} *seen;

static trans_fn functions[2];
static char templates[2][TEXT];
static char *urls[URLS];
static int url_count, calls_each;
static atomic_int next_number;
static volatile int stop;
static pthread_mutex_t host_lock = PTHREAD_MUTEX_INITIALIZER;

static long microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static void keep_longest(atomic_long *longest, long value)
{
    long known = atomic_load(longest);
    while (value > known && !atomic_compare_exchange_weak(longest, &known, value)) {}
}

/* ---- one call ------------------------------------------------------------------------------------------------- */

/* "代号 B1" in GB18030: B10 is a child that was forked, B11 one that was cloned (native/entry.h). */
static const char refusal[] = "\xb4\xfa\xba\xc5 B1";

enum answer { RIGHT, FOREIGN, REFUSED, FAILED };

static enum answer call(int at)
{
    char in[TEXT], out[OUT] = "", digits[DIGITS + 1], *place, *code;
    int which = at % url_count, family = which % 2;
    enum answer answer;
    snprintf(digits, sizeof digits, "%016lX%016lX%016lX", (long)getpid(), (long)syscall(SYS_gettid),
             (long)atomic_fetch_add(&next_number, 1));
    strcpy(in, templates[family]);
    place = strchr(in, '@');
    if (place == NULL) abort();
    memcpy(place, digits, DIGITS);
    code = functions[family](urls[which], in, out);
    atomic_fetch_add(&seen->calls, 1);
    if (strcmp(code, family == 0 ? "00" : "0000") == 0)
        answer = strstr(out, digits) != NULL ? RIGHT : FOREIGN;
    else
        answer = strcmp(code, family == 0 ? "8009" : "-1") == 0 && strstr(out, refusal) != NULL ? REFUSED : FAILED;
    if (answer == FOREIGN || answer == FAILED)
        if (atomic_fetch_add(&seen->shown, 1) < 5) fprintf(stderr, "%s: %s %s\n", digits, code, out);
    return answer;
}

static enum answer counted_call(int at)
{
    enum answer answer = call(at);
    atomic_fetch_add(answer == RIGHT ? &seen->right : answer == FOREIGN ? &seen->foreign
                     : answer == REFUSED ? &seen->refused : &seen->failed, 1);
    return answer;
}

static void calls(int at)
{
    int i;
    for (i = 0; i < calls_each; i++) counted_call(at + i);
}

/* ---- descriptors ------------------------------------------------------------------------------------------------ */

typedef struct descriptor {
    int number;
    dev_t device;
    ino_t inode;
} descriptor;

static descriptor before_all[MOST]; /* of the host itself */
static int before_all_count;

static int is_known(const descriptor *list, int count, const descriptor *one)
{
    int i;
    for (i = 0; i < count; i++)
        if (list[i].number == one->number && list[i].device == one->device && list[i].inode == one->inode) return 1;
    return 0;
}

static int open_descriptors(descriptor *list)
{
    int number, count = 0;
    for (number = 0; number < 4 * MOST && count < MOST; number++) {
        struct stat status;
        if (fstat(number, &status) != 0) continue;
        list[count].number = number;
        list[count].device = status.st_dev;
        list[count++].inode = status.st_ino;
    }
    return count;
}

/* A file that a thread was just reading holds nothing up. */
static int is_read_only_file(int number)
{
    struct stat status;
    return fstat(number, &status) == 0 && S_ISREG(status.st_mode) && (fcntl(number, F_GETFL) & O_ACCMODE) == O_RDONLY;
}

/* How many of what a child had at its beginning it still has. */
static int left_of(const descriptor *first, int count)
{
    descriptor now[MOST];
    int i, left = 0, now_count = open_descriptors(now);
    for (i = 0; i < count; i++)
        if (!is_known(before_all, before_all_count, &first[i]) && is_known(now, now_count, &first[i])) {
            char path[64], target[256] = "";
            snprintf(path, sizeof path, "/proc/self/fd/%d", first[i].number);
            if (readlink(path, target, sizeof target - 1) > 0 && strstr(target, "/vcshim_log/") != NULL) continue;
            if (is_read_only_file(first[i].number)) continue;
            left++;
            if (atomic_fetch_add(&seen->shown, 1) < 5) fprintf(stderr, "left: %d %s\n", first[i].number, target);
        }
    return left;
}

/* ---- children --------------------------------------------------------------------------------------------------- */

static void wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) abort();
    atomic_fetch_add(&seen->children, 1);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) atomic_fetch_add(&seen->hung, 1);
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) atomic_fetch_add(&seen->crashed, 1);
}

/* fork(), timed; the child has its alarm. */
static pid_t forked(void)
{
    long started = microseconds();
    pid_t child = fork();
    if (child < 0) abort();
    if (child == 0) alarm(HANG_SECONDS);
    else keep_longest(&seen->longest_fork, microseconds() - started);
    return child;
}

static void plain(int at)
{
    pid_t child = forked();
    if (child == 0) {
        descriptor first[MOST];
        int count = open_descriptors(first);
        calls(at);
        atomic_fetch_add(&seen->leaked, left_of(first, count));
        _exit(0);
    }
    wait_for(child);
}

static void only_calls(int at)
{
    pid_t child = forked();
    if (child == 0) {
        calls(at);
        _exit(0);
    }
    wait_for(child);
}

static void generations(int at)
{
    pid_t child = forked();
    if (child == 0) {
        int calls_itself = at % 2;
        if (calls_itself) calls(at);
        child = forked();
        if (child == 0) {
            calls(at + 1);
            child = forked();
            if (child == 0) {
                calls(at + 2);
                _exit(0);
            }
            wait_for(child);
            calls(at + 3);
            _exit(0);
        }
        wait_for(child);
        calls(at + 4);
        _exit(0);
    }
    wait_for(child);
}

/* Has nothing of its parent's from the first moment on. */
static void ends_at_once(int at)
{
    pid_t child = forked();
    (void)at;
    if (child == 0) {
        descriptor first[MOST];
        int count = open_descriptors(first);
        atomic_fetch_add(&seen->leaked, left_of(first, count));
        _exit(0);
    }
    wait_for(child);
}

static char *const nothing[] = {"/bin/true", NULL};

static void executes(int at)
{
    pid_t child = forked();
    (void)at;
    if (child == 0) {
        execv(nothing[0], nothing);
        _exit(1);
    }
    wait_for(child);
    atomic_fetch_add(&seen->executed, 1);
}

static void executes_by_vfork(int at)
{
    pid_t child = vfork();
    (void)at;
    if (child == 0) {
        execv(nothing[0], nothing);
        _exit(1);
    }
    wait_for(child);
    atomic_fetch_add(&seen->executed, 1);
}

static void spawned(int at)
{
    pid_t child;
    (void)at;
    if (posix_spawn(&child, nothing[0], NULL, NULL, nothing, NULL) != 0) abort();
    wait_for(child);
    atomic_fetch_add(&seen->executed, 1);
}

/* No handler runs: refused at once, in every call, and nothing may be taken that another thread may have held. */
static void cloned(int at)
{
    pid_t child = (pid_t)syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
    if (child == 0) {
        int i;
        alarm(HANG_SECONDS);
        for (i = 0; i < 2; i++) {
            long started = microseconds();
            enum answer answer = call(at + i);
            keep_longest(&seen->longest_refusal, microseconds() - started);
            atomic_fetch_add(&seen->cloned_calls, 1);
            if (answer == REFUSED) atomic_fetch_add(&seen->cloned_refused, 1);
        }
        _exit(0);
    }
    wait_for(child);
}

static void *calling_thread(void *at)
{
    calls((int)(long)at);
    return NULL;
}

static void with_threads(int at)
{
    pid_t child = forked();
    if (child == 0) {
        pthread_t threads[3];
        int i;
        for (i = 0; i < 3; i++)
            if (pthread_create(&threads[i], NULL, calling_thread, (void *)(long)(at + i)) != 0) abort();
        for (i = 0; i < 3; i++) pthread_join(threads[i], NULL);
        _exit(0);
    }
    wait_for(child);
}

static void *small_thread(void *at)
{
    pid_t child = forked();
    if (child == 0) {
        calls((int)(long)at);
        _exit(0);
    }
    wait_for(child);
    return NULL;
}

static void from_a_small_stack(int at)
{
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, SMALL_STACK);
    if (pthread_create(&thread, &attributes, small_thread, (void *)(long)at) != 0) abort();
    pthread_attr_destroy(&attributes);
    pthread_join(thread, NULL);
}

/* Some of the calling threads hold it while they call. */
static void under_a_lock_of_the_host(int at)
{
    pid_t child;
    pthread_mutex_lock(&host_lock);
    child = forked();
    pthread_mutex_unlock(&host_lock);
    if (child == 0) {
        calls(at);
        _exit(0);
    }
    wait_for(child);
}

/* Closes whatever is open, opens its own under the same numbers, and then calls: its own must stay. */
static void daemon_like(int at)
{
    pid_t child = forked();
    if (child == 0) {
        descriptor own[32];
        struct stat status;
        int number, i;
        for (number = 3; number < 4 * MOST; number++) close(number);
        for (i = 0; i < 32; i++) {
            own[i].number = open(i % 2 == 0 ? "/dev/null" : "/etc/hostname", O_RDONLY);
            if (own[i].number < 0 || fstat(own[i].number, &status) != 0) abort();
            own[i].inode = status.st_ino;
        }
        calls(at);
        for (i = 0; i < 32; i++)
            if (fstat(own[i].number, &status) != 0 || status.st_ino != own[i].inode) atomic_fetch_add(&seen->taken, 1);
        _exit(0);
    }
    wait_for(child);
}

static void (*const kinds[])(int at) = {
    plain, generations, plain, ends_at_once, with_threads, executes, daemon_like, cloned,
    plain, under_a_lock_of_the_host, executes_by_vfork, from_a_small_stack, spawned,
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* ---- threads of the parent -------------------------------------------------------------------------------------- */

static void *caller(void *argument)
{
    int at = (int)(long)argument, locks = at % 4 == 3;
    while (!stop) {
        if (locks) pthread_mutex_lock(&host_lock);
        counted_call(at);
        if (locks) {
            pthread_mutex_unlock(&host_lock);
            usleep(1000); /* or nobody else would ever get it */
        }
        at++;
    }
    return NULL;
}

/* Takes locks of the C library that a child finds as they were. */
static void *busy(void *unused)
{
    (void)unused;
    while (!stop) {
        const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
        struct addrinfo *found = NULL;
        time_t now = time(NULL);
        struct tm broken_down;
        char shown[64];
        char text[] = "abc", converted[16], *from = text, *to = converted;
        size_t from_left = 3, to_left = sizeof converted;
        void *memory = malloc(100000);
        iconv_t converter = iconv_open("GB18030", "UTF-8");
        iconv(converter, &from, &from_left, &to, &to_left);
        iconv_close(converter);
        free(memory);
        tzset();
        strftime(shown, sizeof shown, "%c", localtime_r(&now, &broken_down));
        if (getaddrinfo("localhost", "80", &hints, &found) == 0) freeaddrinfo(found);
    }
    return NULL;
}

static atomic_int next_child;
static int child_count;
static void (*only_kind)(int at);

static void *forker(void *unused)
{
    int at;
    (void)unused;
    while ((at = atomic_fetch_add(&next_child, 1)) < child_count) (only_kind != NULL ? only_kind : kinds[at % KINDS])(at);
    return NULL;
}

static int start(pthread_t *threads, int count, void *(*work)(void *))
{
    int i;
    for (i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)(long)i) != 0) abort();
    return count;
}

static void join(pthread_t *threads, int count)
{
    while (count > 0) pthread_join(threads[--count], NULL);
}

/* Waits until this process has the file open, and a little longer. */
static void wait_for_stuck(void)
{
    for (;;) {
        int number;
        for (number = 0; number < MOST; number++) {
            char path[64], target[1024] = "";
            snprintf(path, sizeof path, "/proc/self/fd/%d", number);
            if (readlink(path, target, sizeof target - 1) > 0 && strstr(target, "stuck.db") != NULL) {
                usleep(300000);
                return;
            }
        }
        usleep(10000);
    }
}

static void *first_call(void *unused)
{
    (void)unused;
    counted_call(0);
    return NULL;
}

/* ---- main ---------------------------------------------------------------------------------------------------- */

static void read_template(const char *path, char *text)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) abort();
    text[fread(text, 1, TEXT - 1, file)] = 0;
    fclose(file);
}

static trans_fn load(const char *path, const char *name)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL), *symbol = library == NULL ? NULL : dlsym(library, name);
    union {
        void *plain;
        trans_fn typed;
    } function = {symbol};
    if (symbol == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    return function.typed;
}

static void print(void)
{
    printf("calls=%d\nright=%d\nforeign=%d\nrefused=%d\nfailed=%d\n", seen->calls, seen->right, seen->foreign,
           seen->refused, seen->failed);
    printf("children=%d\nhung=%d\ncrashed=%d\nexecuted=%d\nleaked=%d\ntaken=%d\n", seen->children, seen->hung,
           seen->crashed, seen->executed, seen->leaked, seen->taken);
    printf("cloned_calls=%d\ncloned_refused=%d\nlongest_fork=%ld\nlongest_refusal=%ld\n", seen->cloned_calls,
           seen->cloned_refused, seen->longest_fork, seen->longest_refusal);
}

int main(int count, char **words)
{
    pthread_t callers[64], forkers[64];
    int calling, forking;
    if (count < 11) return 2;
    before_all_count = open_descriptors(before_all);
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seen == MAP_FAILED) return 2;
    functions[0] = load(words[1], "VirtualCardTrans");
    functions[1] = load(words[2], "NationEcTrans");
    read_template(words[3], templates[0]);
    read_template(words[4], templates[1]);
    child_count = atoi(words[6]);
    calls_each = atoi(words[7]);
    calling = atoi(words[8]);
    forking = atoi(words[9]);
    for (url_count = 0; url_count < count - 10 && url_count < URLS; url_count++) urls[url_count] = words[10 + url_count];
    if (strcmp(words[5], "beside") == 0) {
        counted_call(0);
        start(callers, calling, caller);
    } else if (strcmp(words[5], "first") == 0) {
        calling = start(callers, 1, first_call);
        only_kind = plain;
    } else if (strcmp(words[5], "stuck") == 0) {
        start(callers, 1, first_call);
        calling = 0; /* it is still in its call when the process ends */
        wait_for_stuck();
        only_kind = only_calls;
    } else if (strcmp(words[5], "busy") == 0) {
        counted_call(0);
        start(callers, calling, busy);
        only_kind = only_calls;
    } else if (strcmp(words[5], "clone") == 0) {
        counted_call(0);
        start(callers, calling, busy);
        only_kind = cloned;
    } else {
        calling = 0;
    }
    start(forkers, forking, forker);
    join(forkers, forking);
    stop = 1;
    join(callers, calling);
    print();
    return 0;
}
