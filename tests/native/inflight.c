/* A host whose calls are in flight: `inflight RESULT VC_LIBRARY URL INDATA_FILE STEP...` carries out the steps in order.
 *
 *   scan, label      VirtualCardTrans with INDATA, EhealthID_Print: in a thread of its own; the step is over when that
 *                    thread waits in the call, or has returned from it
 *   show, cancel     Set_QRflow_Mode(1), Set_QRflow_Mode(0) on the main thread
 *   sleep:MS         wait
 *   join             wait until all threads have returned
 *   unload           dlclose or FreeLibrary
 *   return, exit, _exit, thread-exit, system-exit, kill     end the process with code 7, as the word says
 *
 * RESULT gets a line for each call that returned and each step that is over: `scan 9999`. tests/native/README.md.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

#ifdef _WIN32
#include <windows.h>
#define STDCALL __stdcall
#else
#include <unistd.h>
#define STDCALL
#endif

enum { EXIT_CODE = 7, THREADS_MAX = 8, OUT_BYTES = 2048 };

typedef char *(STDCALL *trans_fn)(const char *url, const char *in, char *out);
typedef int (STDCALL *print_fn)(const char *id, const char *card, const char *name);
typedef int (STDCALL *mode_fn)(int mode);

static trans_fn trans;
static print_fn print;
static mode_fn set_mode;
static const char *url;
static char *in_data;
static int entering, returned;
static uintptr_t last_thread; /* that made the last call; 0 when it has returned */

static void report(const char *what, const char *answer)
{
    char line[128];
    int size = snprintf(line, sizeof line, "%s %s\n", what, answer);
    system_result_write(line, (size_t)size);
}

static void report_number(const char *what, int answer)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%d", answer);
    report(what, digits);
}

/* Before a thread's call. From here to its return, it waits nowhere but in the library. */
static int enter(void)
{
    __atomic_store_n(&last_thread, system_this_thread(), __ATOMIC_SEQ_CST);
    return __atomic_fetch_add(&entering, 1, __ATOMIC_SEQ_CST);
}

static void has_returned(void)
{
    uintptr_t own = system_this_thread();
    __atomic_compare_exchange_n(&last_thread, &own, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&returned, 1, __ATOMIC_SEQ_CST);
}

static void scan(void *context, unsigned index)
{
    static char outs[THREADS_MAX][OUT_BYTES];
    int number;
    (void)context;
    (void)index;
    number = enter();
    report("scan", trans(url, in_data, outs[number % THREADS_MAX]));
    has_returned();
}

static void label(void *context, unsigned index)
{
    (void)context;
    (void)index;
    (void)enter();
    report_number("label", print("8BF77B9B0688AA6E:1:::35020010001", "D00000002", "1"));
    has_returned();
}

static void leave(void *context, unsigned index)
{
    (void)context;
    (void)index;
    exit(EXIT_CODE);
}

static void wait_for(const int *counter, int value)
{
    while (__atomic_load_n(counter, __ATOMIC_SEQ_CST) < value) system_sleep(1);
}

static bool start(system_work *work, int *started)
{
    if (!system_start_thread(work, NULL)) return false;
    wait_for(&entering, ++*started);
    for (;;) {
        uintptr_t thread = __atomic_load_n(&last_thread, __ATOMIC_SEQ_CST);
        if (thread == 0 || system_thread_waits(thread)) return true;
        system_sleep(1);
    }
}

static void end(const char *how)
{
    if (strcmp(how, "exit") == 0) exit(EXIT_CODE);
    if (strcmp(how, "_exit") == 0) _exit(EXIT_CODE);
    if (strcmp(how, "thread-exit") == 0 && system_start_thread(leave, NULL))
        for (;;) system_sleep(1000);
#ifdef _WIN32
    if (strcmp(how, "system-exit") == 0) ExitProcess(EXIT_CODE);
    if (strcmp(how, "kill") == 0) TerminateProcess(GetCurrentProcess(), EXIT_CODE);
#else
    if (strcmp(how, "system-exit") == 0) quick_exit(EXIT_CODE);
    if (strcmp(how, "kill") == 0) kill(getpid(), SIGTERM);
#endif
}

int main(int argc, char **argv)
{
    int started = 0, at;
    unsigned error;
    void *library;
    if (argc < 5 || !system_result_open(argv[1])) return 2;
    library = system_load(argv[2], &error);
    in_data = system_read_file(argv[4]);
    url = argv[3];
    if (library == NULL || in_data == NULL) return 3;
    trans = (trans_fn)system_symbol(library, "VirtualCardTrans");
    print = (print_fn)system_symbol(library, "EhealthID_Print");
    set_mode = (mode_fn)system_symbol(library, "Set_QRflow_Mode");
    for (at = 5; at < argc; at++) {
        const char *step = argv[at];
        if (strcmp(step, "scan") == 0 && !start(scan, &started)) return 4;
        if (strcmp(step, "label") == 0 && !start(label, &started)) return 4;
        if (strcmp(step, "show") == 0) report_number(step, set_mode(1));
        if (strcmp(step, "cancel") == 0) report_number(step, set_mode(0));
        if (strncmp(step, "sleep:", 6) == 0) system_sleep((unsigned)strtoul(step + 6, NULL, 10));
        if (strcmp(step, "join") == 0) wait_for(&returned, started);
        if (strcmp(step, "unload") == 0) system_unload(library), report(step, "ok");
        if (strcmp(step, "return") == 0) return EXIT_CODE;
        end(step);
    }
    return 0;
}
