/* guest.c - a win32 host program that looks at what a process has one of: DLLs, signal and exception handlers. It may have
 * a CPython of its own.
 *
 *   guest RESULT LIBRARY EXPORT URL INDATA_FILE STEP...
 *   guest console RESULT ...    the same in a process with a console of its own; prints its exit code in hexadecimal
 *
 * The steps, in their order; RESULT gets a line for each that has something to tell:
 *
 *   preload DLL    load a DLL of the host's own, as the host would
 *   load           load LIBRARY; `call` does so where this was left out
 *   call           call the Trans export: its code and OutData in hex
 *   begin-call     the same in another thread; `end-call` waits for it and writes the line
 *   python DLL     start the CPython of this DLL in this process; `run CODE` and `finalize` are for it
 *   modules        the path of every loaded DLL
 *   sigint         what handler of the universal C runtime SIGINT has: default, ignored, error or other
 *   filter         install an unhandled-exception filter of the host's own; from the second time on say whether it is there
 *   vectored       how many vectored exception handlers there are
 *   error-mode     watch the error mode of the process; the second time say whether it has changed, even for a moment
 *   default-dirs   have DLLs looked for in the host's folder by SetDefaultDllDirectories, as .NET and others do
 *   handler        install a console handler that says when it is asked, and ends the process with exit code 77
 *   ctrl-c MS      Ctrl-C to this console from another thread after MS milliseconds
 *   sleep MS
 *   spawn WORDS    start a program in the same console; `wait` for its end and write the exit code in hexadecimal
 *   await FILE     wait until there is such a file
 *   deaf           ignore Ctrl-C from here on
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <psapi.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef char *(__stdcall *trans)(const char *url, const char *in, char *out);
typedef void(__cdecl *handler)(int);
typedef handler(__cdecl *signal_fn)(int, handler);

enum { LIMIT = 60000, MODULES = 1024 };

static FILE *result;
static const char *library, *export, *url;
static trans entry;
static char in[65536];

static int load(void)
{
    HMODULE module;
    if (entry != NULL) return 1;
    module = LoadLibraryA(library);
    entry = module == NULL ? NULL : (trans)(void *)GetProcAddress(module, export);
    return entry != NULL;
}

static DWORD WINAPI answer(void *line)
{
    char out[2048] = "", *at = line;
    size_t i;
    at += sprintf(at, "%s ", entry(url, in, out));
    for (i = 0; i < strlen(out); i++) at += sprintf(at, "%02x", (unsigned char)out[i]);
    return 0;
}

static int call(void)
{
    static char line[8192];
    if (!load()) return 0;
    answer(line);
    fprintf(result, "%s\n", line);
    return 1;
}

static HANDLE caller;
static char its_line[8192];

static int begin_call(void)
{
    caller = load() ? CreateThread(NULL, 0, answer, its_line, 0, NULL) : NULL;
    return caller != NULL;
}

static int end_call(void)
{
    if (WaitForSingleObject(caller, LIMIT) != WAIT_OBJECT_0) return 0;
    fprintf(result, "%s\n", its_line);
    return 1;
}

/* ---- the host's own Python ---- */

static HMODULE python;

static void *python_function(const char *name) { return (void *)GetProcAddress(python, name); }

static int start_python(const char *dll)
{
    void (*initialize)(void);
    python = LoadLibraryExA(dll, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (python == NULL || (*(void **)&initialize = python_function("Py_Initialize")) == NULL) return 0;
    initialize();
    return 1;
}

static int run(const char *code)
{
    int (*simple)(const char *);
    *(void **)&simple = python_function("PyRun_SimpleString");
    return simple != NULL && simple(code) == 0;
}

static int finalize(void)
{
    int (*end)(void);
    *(void **)&end = python_function("Py_FinalizeEx");
    return end != NULL && end() == 0;
}

static int modules(void)
{
    static HMODULE all[MODULES];
    WCHAR path[MAX_PATH];
    char text[MAX_PATH * 3];
    DWORD size = 0, i;
    if (!EnumProcessModules(GetCurrentProcess(), all, sizeof all, &size)) return 0;
    for (i = 0; i < size / sizeof all[0]; i++) {
        GetModuleFileNameW(all[i], path, MAX_PATH);
        WideCharToMultiByte(CP_UTF8, 0, path, -1, text, sizeof text, NULL, NULL);
        fprintf(result, "%s\n", text);
    }
    return 1;
}

static int sigint(void)
{
    HMODULE runtime = LoadLibraryA("ucrtbase.dll");
    signal_fn set = runtime == NULL ? NULL : (signal_fn)(void *)GetProcAddress(runtime, "signal");
    handler before;
    if (set == NULL) return 0;
    before = set(SIGINT, SIG_DFL);
    set(SIGINT, before);
    fprintf(result, "%s\n",
            before == SIG_DFL ? "default" : before == SIG_IGN ? "ignored" : before == SIG_ERR ? "error" : "other");
    return 1;
}

static LONG WINAPI own_filter(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    return EXCEPTION_CONTINUE_SEARCH;
}

static int filter(void)
{
    static int installed;
    LPTOP_LEVEL_EXCEPTION_FILTER before = SetUnhandledExceptionFilter(own_filter);
    if (installed++) fprintf(result, "%s\n", before == own_filter ? "own" : "another");
    return 1;
}

static LONG WINAPI own_vectored(EXCEPTION_POINTERS *pointers)
{
    (void)pointers;
    return EXCEPTION_CONTINUE_SEARCH;
}

/* A registered handler is a node of a ring, whose links come first. */
static int vectored(void)
{
    LIST_ENTRY *own = AddVectoredExceptionHandler(0, own_vectored), *node;
    int count = -1; /* the ring's head */
    if (own == NULL) return 0;
    for (node = own->Flink; node != own; node = node->Flink) count++;
    RemoveVectoredExceptionHandler(own);
    fprintf(result, "%d\n", count);
    return 1;
}

static volatile LONG watching, error_mode_changed;

static DWORD WINAPI watch(void *before)
{
    while (watching) {
        if (GetErrorMode() != (UINT)(uintptr_t)before) error_mode_changed = 1;
        SwitchToThread();
    }
    return 0;
}

static int error_mode(void)
{
    if (!watching) {
        watching = 1;
        return CreateThread(NULL, 0, watch, (void *)(uintptr_t)GetErrorMode(), 0, NULL) != NULL;
    }
    watching = 0;
    fprintf(result, "%s\n", error_mode_changed ? "changed" : "kept");
    return 1;
}

static BOOL WINAPI own_handler(DWORD event)
{
    fprintf(result, "event %lu\n", event);
    fflush(result);
    ExitProcess(77);
    return TRUE;
}

static DWORD WINAPI send(void *delay)
{
    Sleep((DWORD)(uintptr_t)delay);
    GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
    return 0;
}

static PROCESS_INFORMATION program;

static int spawn(char *words)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    return CreateProcessA(NULL, words, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &program);
}

static int await(const char *path)
{
    int left = LIMIT / 20;
    while (GetFileAttributesA(path) == INVALID_FILE_ATTRIBUTES && left-- > 0) Sleep(20);
    return left > 0;
}

static int wait(void)
{
    DWORD code = 0;
    if (WaitForSingleObject(program.hProcess, LIMIT) != WAIT_OBJECT_0) TerminateProcess(program.hProcess, 124);
    WaitForSingleObject(program.hProcess, LIMIT);
    GetExitCodeProcess(program.hProcess, &code);
    fprintf(result, "%08lx\n", code);
    return 1;
}

static int in_console(char **words)
{
    static char command[32768];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 0;
    strcat(strcat(strcat(command, "\""), words[0]), "\"");
    for (words += 2; *words != NULL; words++) strcat(strcat(strcat(command, " \""), *words), "\"");
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &startup, &process)) return 3;
    if (WaitForSingleObject(process.hProcess, LIMIT) != WAIT_OBJECT_0) TerminateProcess(process.hProcess, 124);
    WaitForSingleObject(process.hProcess, LIMIT);
    GetExitCodeProcess(process.hProcess, &code);
    printf("%08lx\n", code);
    return 0;
}

static int step(char ***at)
{
    const char *word = *(*at)++;
    if (strcmp(word, "load") == 0) return load();
    if (strcmp(word, "call") == 0) return call();
    if (strcmp(word, "begin-call") == 0) return begin_call();
    if (strcmp(word, "end-call") == 0) return end_call();
    if (strcmp(word, "finalize") == 0) return finalize();
    if (strcmp(word, "modules") == 0) return modules();
    if (strcmp(word, "sigint") == 0) return sigint();
    if (strcmp(word, "filter") == 0) return filter();
    if (strcmp(word, "vectored") == 0) return vectored();
    if (strcmp(word, "wait") == 0) return wait();
    if (strcmp(word, "error-mode") == 0) return error_mode();
    if (strcmp(word, "default-dirs") == 0) return SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    if (strcmp(word, "deaf") == 0) return SetConsoleCtrlHandler(NULL, TRUE);
    if (strcmp(word, "handler") == 0) return SetConsoleCtrlHandler(own_handler, TRUE);
    if (**at == NULL) return 0;
    if (strcmp(word, "preload") == 0) return LoadLibraryA(*(*at)++) != NULL;
    if (strcmp(word, "python") == 0) return start_python(*(*at)++);
    if (strcmp(word, "await") == 0) return await(*(*at)++);
    if (strcmp(word, "spawn") == 0) return spawn(*(*at)++);
    if (strcmp(word, "run") == 0) return run(*(*at)++);
    if (strcmp(word, "ctrl-c") == 0)
        return CreateThread(NULL, 0, send, (void *)(uintptr_t)atoi(*(*at)++), 0, NULL) != NULL;
    if (strcmp(word, "sleep") == 0) return Sleep((DWORD)atoi(*(*at)++)), 1;
    return 0;
}

int main(int count, char **words)
{
    FILE *file;
    char **at;
    if (count > 2 && strcmp(words[1], "console") == 0) return in_console(words);
    if (count < 7 || (result = fopen(words[1], "wb")) == NULL || (file = fopen(words[5], "rb")) == NULL) return 2;
    if (fread(in, 1, sizeof in - 1, file) == 0) return 2;
    fclose(file);
    setvbuf(result, NULL, _IONBF, 0);
    library = words[2], export = words[3], url = words[4];
    for (at = words + 6; *at != NULL;) {
        const char *word = *at;
        if (step(&at)) continue;
        fprintf(result, "failed: %s, error %lu\n", word, GetLastError());
        return 2;
    }
    return 0;
}
