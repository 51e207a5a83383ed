/* A library that leaves traces everywhere, on Windows: the negative control of inventory_windows.c. See inventory.h. */
#define _WIN32_WINNT 0x0602
#include "inventory.h"

#include <locale.h>
#include <objbase.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static void on_signal(int number) { (void)number; }
static BOOL WINAPI on_console(DWORD event) { return event == 4711; }
static LONG WINAPI on_exception(EXCEPTION_POINTERS *pointers) { return pointers == NULL; }
static LRESULT CALLBACK on_hook(int code, WPARAM word, LPARAM parameter) { return CallNextHookEx(NULL, code, word, parameter); }
static void at_end(void) {}

static DWORD WINAPI sleeper(void *nothing)
{
    (void)nothing;
    Sleep(INFINITE);
    return 0;
}

static void spoil_runtime(const char *library)
{
    HMODULE module = GetModuleHandleA(library);
    typedef void(__cdecl * handler_fn)(int);
    handler_fn(__cdecl * set)(int, handler_fn) =
        (handler_fn(__cdecl *)(int, handler_fn))(void *)GetProcAddress(module, "signal");
    set(SIGINT, on_signal);
}

static void spoil_console(void)
{
    SetConsoleTitleA("spoiled");
    SetConsoleOutputCP(437);
    SetConsoleCP(437);
    SetConsoleCtrlHandler(on_console, TRUE);
}

/* A child that does nothing and ends with this process. */
static void spoil_children(void)
{
    STARTUPINFOA start = {.cb = sizeof start};
    PROCESS_INFORMATION child;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
    HANDLE job = CreateJobObjectA(NULL, NULL);
    char command[] = "cmd.exe";
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    CreateProcessA(NULL, command, NULL, NULL, FALSE, CREATE_NO_WINDOW | CREATE_SUSPENDED, NULL, NULL, &start, &child);
    AssignProcessToJobObject(job, child.hProcess);
}

void inventory_spoil_process(void)
{
    spoil_runtime("msvcrt");
    spoil_runtime("ucrtbase");
    spoil_console();
    SetEnvironmentVariableW(L"SPOILED", L"1");
    SetCurrentDirectoryW(L"C:\\windows");
    SetDllDirectoryW(L"C:\\windows");
    SetUnhandledExceptionFilter(on_exception);
    AddVectoredExceptionHandler(0, on_exception);
    AddDllDirectory(L"C:\\windows");
    SetErrorMode(SEM_FAILCRITICALERRORS);
    SetPriorityClass(GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS);
    SetWindowsHookExA(WH_GETMESSAGE, on_hook, NULL, GetCurrentThreadId());
    atexit(at_end);
    CreateThread(NULL, 0, sleeper, NULL, 0, NULL);
    LoadLibraryA("ws2_32");
    LoadLibraryA("winmm");
    spoil_children();
    VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    HeapCreate(0, 0, 0);
    TlsAlloc();
    FlsAlloc(NULL);
    AddAtomA("spoiled");
    CreateWindowA("STATIC", "", WS_POPUP | WS_VISIBLE, 0, 0, 10, 10, NULL, NULL, NULL, NULL);
    SetFocus(NULL);
    SetStdHandle(STD_ERROR_HANDLE, (HANDLE)(uintptr_t)0x1234);
}

void inventory_spoil_thread(void)
{
    const uint16_t control = 0x0f7f;
    const uint32_t mxcsr = 0x7f80;
    __asm__ volatile("fldcw %0" : : "m"(control));
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
    SetThreadLocale(0x0804);
    SetThreadErrorMode(SEM_NOOPENFILEERRORBOX, NULL);
    SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_LOWEST);
    if (CoInitializeEx(NULL, COINIT_MULTITHREADED) == RPC_E_CHANGED_MODE) {
        for (int i = 0; i < 4; i++) /* the host's own, too, and what its windows took */
            CoUninitialize();
    }
}
