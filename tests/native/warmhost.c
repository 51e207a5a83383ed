/* A host that is at work with the libraries while they prepare for calls: `warmhost RESULT LIBRARY URL INDATA_FILE STEP...`
 * carries out the steps in order.
 *
 *   load, unload     LoadLibrary and FreeLibrary, or dlopen and dlclose
 *   cycles:N         N times both
 *   wait:US          do nothing for so many microseconds
 *   call             VirtualCardTrans with INDATA
 *   settled          wait until no thread of ours is left, 20 seconds at most
 *   core, threads    whether the core is loaded; how many threads this process has
 *   dllmain:PATH     Windows: load a library, this file compiled with AS_LIBRARY. Its DllMain waits WAITED_IN_DLLMAIN
 *                    milliseconds, calls, and says its code in the environment
 *   return, exit, _exit, thread-exit, system-exit, kill, crash     end the process: with code 7, as the word says
 *
 * RESULT gets a line for each step that is over, with what it found: `call 00 1234`, the last word microseconds.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system.h"

#ifdef _WIN32
#include <windows.h>
#include <tlhelp32.h>
#define STDCALL __stdcall
#else
#include <dirent.h>
#include <link.h>
#include <unistd.h>
#define STDCALL
#endif

enum { EXIT_CODE = 7, SETTLE_MILLISECONDS = 20000, OUT_BYTES = 2048 };

typedef char *(STDCALL *trans_fn)(const char *url, const char *in, char *out);

#ifdef AS_LIBRARY
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    static char out[OUT_BYTES];
    trans_fn trans;
    (void)self, (void)reserved;
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    Sleep((DWORD)atoi(getenv("WAITED_IN_DLLMAIN")));
    trans = (trans_fn)(void *)GetProcAddress(GetModuleHandleA("VirtualCardChk.dll"), "VirtualCardTrans");
    SetEnvironmentVariableA("CODE_IN_DLLMAIN", trans("sim:", "{}", out));
    return TRUE;
}
#else

static const char *path, *url;
static char *in_data;
static void *library;

static void report(const char *what, const char *answer)
{
    char line[256];
    int size = snprintf(line, sizeof line, "%s %s\n", what, answer);
    system_result_write(line, (size_t)size);
}

static void report_number(const char *what, unsigned long long number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%llu", number);
    report(what, digits);
}

static void wait_until(uint64_t end)
{
    while (system_microseconds() + 2000 < end) system_sleep(1);
    while (system_microseconds() < end) {}
}

#ifdef _WIN32
static int core_is_loaded(void) { return GetModuleHandleA("vcshim_core.dll") != NULL; }

static int threads(void)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    int count = 0;
    BOOL more = Thread32First(snapshot, &entry);
    for (; more; more = Thread32Next(snapshot, &entry)) count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return count;
}

static void load_with_dllmain(const char *name)
{
    char code[32] = "none";
    LoadLibraryA(name);
    GetEnvironmentVariableA("CODE_IN_DLLMAIN", code, sizeof code);
    report("dllmain", code);
}
#else
static int is_core(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size, (void)unused;
    return object->dlpi_name != NULL && strstr(object->dlpi_name, "libvcshim_core.so") != NULL;
}

static int core_is_loaded(void) { return dl_iterate_phdr(is_core, NULL); }

static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;
    int count = 0;
    while ((entry = readdir(tasks)) != NULL) count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

static void load_with_dllmain(const char *name) { report("dllmain", name); }
#endif

static void settle(int threads_before)
{
    int i;
    for (i = 0; i < SETTLE_MILLISECONDS && threads() > threads_before; i++) system_sleep(1);
    report_number("settled", (unsigned long long)threads());
}

static void load(void)
{
    unsigned error;
    uint64_t began = system_microseconds();
    library = system_load(path, &error);
    if (library == NULL) exit(3);
    report_number("load", system_microseconds() - began);
}

static void call(void)
{
    static char out[OUT_BYTES];
    char answer[64];
    trans_fn trans = (trans_fn)system_symbol(library, "VirtualCardTrans");
    uint64_t began = system_microseconds();
    const char *code = trans(url, in_data, out);
    snprintf(answer, sizeof answer, "%s %llu", code, (unsigned long long)(system_microseconds() - began));
    report("call", answer);
}

static void leave(void *context, unsigned index)
{
    (void)context;
    (void)index;
    exit(EXIT_CODE);
}

static void end(const char *how)
{
    if (strcmp(how, "exit") == 0) exit(EXIT_CODE);
    if (strcmp(how, "_exit") == 0) _exit(EXIT_CODE);
    if (strcmp(how, "thread-exit") == 0 && system_start_thread(leave, NULL))
        for (;;) system_sleep(1000);
    if (strcmp(how, "crash") == 0) *(volatile int *)NULL = 0;
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
    int at, threads_before = threads();
    if (argc < 6 || !system_result_open(argv[1])) return 2;
    path = argv[2];
    url = argv[3];
    if ((in_data = system_read_file(argv[4])) == NULL) return 2;
    for (at = 5; at < argc; at++) {
        const char *step = argv[at];
        if (strcmp(step, "load") == 0) load();
        if (strcmp(step, "unload") == 0) system_unload(library), report(step, "ok");
        if (strncmp(step, "cycles:", 7) == 0) {
            int cycles = atoi(step + 7);
            while (cycles-- > 0) load(), system_unload(library);
            report("cycles", "ok");
        }
        if (strncmp(step, "wait:", 5) == 0) wait_until(system_microseconds() + strtoul(step + 5, NULL, 10));
        if (strcmp(step, "call") == 0) call();
        if (strcmp(step, "settled") == 0) settle(threads_before);
        if (strcmp(step, "core") == 0) report(step, core_is_loaded() ? "loaded" : "absent");
        if (strcmp(step, "threads") == 0) report_number(step, (unsigned long long)threads());
        if (strncmp(step, "dllmain:", 8) == 0) load_with_dllmain(step + 8);
        if (strcmp(step, "return") == 0) return EXIT_CODE;
        end(step);
    }
    return 0;
}
#endif
