/* signalhost.c - a host program that lives by its signals: default actions, handlers, masks, timers, an alternate stack.
 *
 * signalhost VC EC CALLS RESULT STEP... CALLS holds lines `call NUMBER EXPORT WORD...` as script.h describes them, with
 * texts in hex. RESULT gets a line at a time. The steps, in their order:
 *
 *   call N        make that call; `answer N CODE OUT`
 *   every         make all of them; then by THREADS threads together
 *   handler       a handler of SIGINT that counts; it runs on an alternate stack, and interrupted calls are restarted
 *   ignore        ignore SIGINT
 *   block         block SIGINT, SIGTERM, SIGALRM and SIGUSR1; `unblock` lets them through again
 *   timer         SIGALRM and SIGPROF every 3 ms, with handlers that interrupt system calls, until `stop`
 *   note          remember dispositions, mask and alternate stack, and have a thread compare them all the time ...
 *   compare       ... until here; `changed WHAT` for what was different at any time
 *   wait          say `waiting`, until a handler of SIGINT has run
 *   drawn         wait until this process has loaded what draws the extension screen, after mode 1 in the background
 *   handled       `handled N`: how often handlers of SIGINT have run
 *   elsewhere     `elsewhere N`: how often a handler has run on another thread than the main one
 */
#define _GNU_SOURCE
/* All signals but those of faults, SIGKILL, SIGSTOP and glibc's own two. */
#define ALL 0xfffffffe3ffbfa07ULL
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

typedef const char *(*trans)(const char *url, const char *in, char *out);
typedef int (*show)(int mode);
typedef int (*print)(const char *id, const char *card, const char *name);
typedef int (*fill)(char *message);

enum { CALLS_MAX = 64, WORDS = 3, OUT = 2048, THREADS = 8, SIGNALS = 65, STACK = 64 * 1024, SECONDS = 30 };

static struct {
    char export[32];
    char *words[WORDS];
} calls[CALLS_MAX];
static int count, result;
static void *libraries[2];
static pid_t main_thread;
static volatile sig_atomic_t handled, alarms, elsewhere;

static void say(const char *format, ...)
{
    char line[2 * OUT + 128];
    va_list arguments;
    int length;
    va_start(arguments, format);
    length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    line[length] = '\n';
    if (write(result, line, (size_t)length + 1) < 0) _exit(3);
}

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(2);
}

/* ---- calls ---- */

static void *find(const char *name)
{
    void *found = dlsym(libraries[0], name);
    if (found == NULL) found = dlsym(libraries[1], name);
    if (found == NULL) fail(name);
    return found;
}

static char *unhex(const char *word)
{
    size_t length = strcmp(word, "-") == 0 ? 0 : strlen(word) / 2, i;
    char *text = calloc(length + 1, 1);
    for (i = 0; i < length; i++) {
        unsigned byte = 0;
        sscanf(word + 2 * i, "%2x", &byte);
        text[i] = (char)byte;
    }
    return text;
}

static void read_calls(const char *path)
{
    static char line[256 * 1024];
    FILE *file = fopen(path, "r");
    while (file != NULL && count < CALLS_MAX && fgets(line, sizeof line, file) != NULL) {
        char *word = strtok(line, " \n");
        int i;
        for (i = -3; word != NULL && i < WORDS; word = strtok(NULL, " \n"), i++) {
            if (i == -1) snprintf(calls[count].export, sizeof calls[count].export, "%s", word);
            if (i >= 0) calls[count].words[i] = strdup(word);
        }
        count++;
    }
    if (count == 0) fail(path);
    fclose(file);
}

static void call(int number)
{
    const char *name = calls[number].export;
    char **words = calls[number].words;
    char out[OUT] = "", hex[2 * OUT + 1] = "", code[64];
    size_t i;
    if (strstr(name, "Trans") != NULL) {
        trans function;
        char *url = unhex(words[0]), *in = unhex(words[1]);
        *(void **)&function = find(name);
        snprintf(code, sizeof code, "%s", function(url, in, out));
        free(url);
        free(in);
    } else if (strcmp(name, "Set_QRflow_Mode") == 0) {
        show function;
        *(void **)&function = find(name);
        snprintf(code, sizeof code, "%d", function(atoi(words[0])));
    } else if (strcmp(name, "EhealthID_Print") == 0) {
        print function;
        char *texts[WORDS];
        for (i = 0; i < WORDS; i++) texts[i] = unhex(words[i]);
        *(void **)&function = find(name);
        snprintf(code, sizeof code, "%d", function(texts[0], texts[1], texts[2]));
        for (i = 0; i < WORDS; i++) free(texts[i]);
    } else {
        fill function;
        *(void **)&function = find(name);
        snprintf(code, sizeof code, "%d", function(out));
    }
    for (i = 0; i < strlen(out); i++) sprintf(hex + 2 * i, "%02x", (unsigned char)out[i]);
    say("answer %d %s %s", number, code, hex[0] == 0 ? "-" : hex);
}

static void *some(void *first)
{
    int number;
    for (number = (int)(size_t)first; number < count; number += THREADS) call(number);
    return NULL;
}

static void every(void)
{
    pthread_t threads[THREADS];
    size_t i;
    for (i = 0; i < (size_t)count; i++) call((int)i);
    for (i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, some, (void *)i) != 0) fail("pthread_create");
    for (i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
}

/* ---- signals ---- */

static void on_signal(int number)
{
    if (syscall(SYS_gettid) != main_thread) elsewhere++;
    if (number == SIGINT) handled++;
    else alarms++;
}

static void set(int number, void (*handler)(int), int flags)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigaddset(&action.sa_mask, SIGUSR2);
    if (sigaction(number, &action, NULL) != 0) fail("sigaction");
}

static void handle_interrupts(void)
{
    static char memory[STACK];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    if (sigaltstack(&stack, NULL) != 0) fail("sigaltstack");
    set(SIGINT, on_signal, SA_RESTART | SA_ONSTACK);
}

static void mask(int how)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGALRM);
    sigaddset(&signals, SIGUSR1);
    if (pthread_sigmask(how, &signals, NULL) != 0) fail("pthread_sigmask");
}

static void timers(int milliseconds)
{
    struct itimerval time = {{0, milliseconds * 1000}, {0, milliseconds * 1000}};
    if (milliseconds != 0) {
        set(SIGALRM, on_signal, 0);
        set(SIGPROF, on_signal, 0);
    }
    setitimer(ITIMER_REAL, &time, NULL);
    setitimer(ITIMER_PROF, &time, NULL);
    if (milliseconds == 0) {
        set(SIGALRM, SIG_DFL, 0);
        set(SIGPROF, SIG_DFL, 0);
        say("alarms %s", alarms > 0 ? "some" : "none");
    }
}

/* ---- what the host had ---- */

static struct sigaction dispositions[SIGNALS];
static stack_t alternate;
static volatile int watching;
static volatile unsigned long long different;
static volatile int rounds;
static volatile unsigned long long other_mask;
static unsigned long long mask_before;
static pthread_t watcher;

/* The mask of the main thread, which another thread can read as well. */
static unsigned long long read_mask(void)
{
    char path[64], line[256];
    unsigned long long signals = 0;
    FILE *file;
    snprintf(path, sizeof path, "/proc/self/task/%d/status", (int)main_thread);
    file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "SigBlk: %llx", &signals) == 1) break;
    if (file != NULL) fclose(file);
    return signals;
}

static void look(int number)
{
    struct sigaction now;
    if (sigaction(number, NULL, &now) != 0) return;
    if (now.sa_handler != dispositions[number].sa_handler || now.sa_flags != dispositions[number].sa_flags
        || memcmp(&now.sa_mask, &dispositions[number].sa_mask, 8) != 0)
        different |= 1ULL << (number - 1);
}

static void *watch(void *nothing)
{
    unsigned long long now;
    int number;
    while (watching) {
        for (number = 1; number < SIGNALS; number++) look(number);
        now = read_mask();
        /* A thread that starts another one blocks everything for a moment, as glibc does it too. */
        if (now != mask_before && (now & ALL) != ALL) other_mask = now;
        rounds++;
    }
    return nothing;
}

static void note(void)
{
    sigset_t all, before;
    int number;
    for (number = 1; number < SIGNALS; number++) sigaction(number, NULL, &dispositions[number]);
    sigaltstack(NULL, &alternate);
    mask_before = read_mask();
    watching = 1;
    different = 0;
    other_mask = 0;
    rounds = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the handlers of this program run on its main thread */
    if (pthread_create(&watcher, NULL, watch, NULL) != 0) fail("pthread_create");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    while (rounds == 0) usleep(1000);
    other_mask = 0;
}

static void compare(void)
{
    stack_t now;
    int number;
    watching = 0;
    pthread_join(watcher, NULL);
    for (number = 1; number < SIGNALS; number++)
        if (different & 1ULL << (number - 1)) say("changed signal %d", number);
    if (other_mask) say("changed mask %llx", other_mask);
    sigaltstack(NULL, &now);
    if (now.ss_sp != alternate.ss_sp || now.ss_size != alternate.ss_size || now.ss_flags != alternate.ss_flags)
        say("changed stack");
}

static void wait_for_interrupt(void)
{
    int before = handled, i;
    say("waiting");
    for (i = 0; i < SECONDS * 100 && handled == before; i++) usleep(10000);
    if (handled == before) fail("no interrupt came");
}

static int has_mapped(const char *name)
{
    char line[512];
    int found = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) found |= strstr(line, name) != NULL;
    if (file != NULL) fclose(file);
    return found;
}

static void wait_until_drawn(void)
{
    int i;
    for (i = 0; i < SECONDS * 100 && !has_mapped("_imagingft"); i++) usleep(10000);
    if (!has_mapped("_imagingft")) fail("nothing draws");
}

int main(int argc, char **argv)
{
    int i;
    if (argc < 6) return 2;
    main_thread = (pid_t)syscall(SYS_gettid);
    for (i = 0; i < 2; i++)
        if ((libraries[i] = dlopen(argv[1 + i], RTLD_NOW)) == NULL) fail(dlerror());
    read_calls(argv[3]);
    result = open(argv[4], O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (i = 5; i < argc; i++) {
        if (strcmp(argv[i], "call") == 0 && i + 1 < argc) call(atoi(argv[++i]));
        else if (strcmp(argv[i], "every") == 0) every();
        else if (strcmp(argv[i], "handler") == 0) handle_interrupts();
        else if (strcmp(argv[i], "ignore") == 0) set(SIGINT, SIG_IGN, 0);
        else if (strcmp(argv[i], "block") == 0) mask(SIG_BLOCK);
        else if (strcmp(argv[i], "unblock") == 0) mask(SIG_UNBLOCK);
        else if (strcmp(argv[i], "timer") == 0) timers(3);
        else if (strcmp(argv[i], "stop") == 0) timers(0);
        else if (strcmp(argv[i], "note") == 0) note();
        else if (strcmp(argv[i], "compare") == 0) compare();
        else if (strcmp(argv[i], "wait") == 0) wait_for_interrupt();
        else if (strcmp(argv[i], "drawn") == 0) wait_until_drawn();
        else if (strcmp(argv[i], "handled") == 0) say("handled %d", (int)handled);
        else if (strcmp(argv[i], "elsewhere") == 0) say("elsewhere %d", (int)elsewhere);
        else fail(argv[i]);
    }
    return 0;
}
