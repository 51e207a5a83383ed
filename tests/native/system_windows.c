/* system.h on Windows, by KERNEL32 alone: a console host without USER32 must stay one. */
#include "system.h"

#include <stdlib.h>
#include <windows.h>

enum { DELPHI_THREAD_STACK = 0x100000 };

struct start {
    system_work *work;
    void *context;
    unsigned index;
    HANDLE released;
};

static const uintptr_t never_a_handle = 0x1234;

static HANDLE result_file = INVALID_HANDLE_VALUE;

static wchar_t *wide(const char *utf8)
{
    int length = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
    wchar_t *text = calloc((size_t)length + 1, sizeof *text);
    if (text != NULL)
        MultiByteToWideChar(CP_UTF8, 0, utf8, -1, text, length);
    return text;
}

void *system_load(const char *path, unsigned *error)
{
    wchar_t *name = wide(path);
    HMODULE library = name == NULL ? NULL : LoadLibraryW(name);
    *error = library == NULL ? GetLastError() : 0;
    free(name);
    return library;
}

void *system_symbol(void *library, const char *name)
{
    return (void *)(uintptr_t)GetProcAddress(library, name);
}

void system_unload(void *library)
{
    FreeLibrary(library);
}

bool system_chdir(const char *path)
{
    wchar_t *name = wide(path);
    bool done = name != NULL && SetCurrentDirectoryW(name);
    free(name);
    return done;
}

char *system_cwd(void)
{
    DWORD length = GetCurrentDirectoryW(0, NULL);
    wchar_t *text = calloc((size_t)length + 1, sizeof *text); /* not on the stack, which may be a small one */
    if (text == NULL)
        return NULL;
    length = GetCurrentDirectoryW(length + 1, text);
    int size = WideCharToMultiByte(CP_UTF8, 0, text, (int)length, NULL, 0, NULL, NULL);
    char *utf8 = calloc((size_t)size + 1, 1);
    if (utf8 != NULL)
        WideCharToMultiByte(CP_UTF8, 0, text, (int)length, utf8, size, NULL, NULL);
    free(text);
    return utf8;
}

void system_set_error(unsigned error)
{
    SetLastError(error);
}

unsigned system_error(void)
{
    return GetLastError();
}

const char *system_kind_of_memory(const void *memory)
{
    return HeapValidate(GetProcessHeap(), 0, memory) ? "heap" : "other";
}

char *system_read_file(const char *path)
{
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return NULL;
    DWORD size = GetFileSize(file, NULL), got = 0;
    char *text = calloc((size_t)size + 1, 1);
    if (text != NULL && (!ReadFile(file, text, size, &got, NULL) || got != size)) {
        free(text);
        text = NULL;
    }
    CloseHandle(file);
    return text;
}

bool system_result_open(const char *path)
{
    result_file = CreateFileA(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    return result_file != INVALID_HANDLE_VALUE;
}

void system_result_write(const char *bytes, size_t size)
{
    DWORD written;
    WriteFile(result_file, bytes, (DWORD)size, &written, NULL);
}

void system_close_standard_handles(void)
{
    CloseHandle(GetStdHandle(STD_INPUT_HANDLE));
    CloseHandle(GetStdHandle(STD_OUTPUT_HANDLE));
    CloseHandle(GetStdHandle(STD_ERROR_HANDLE));
}

void system_set_standard_handles(bool null)
{
    HANDLE handle = null ? NULL : (HANDLE)never_a_handle;
    SetStdHandle(STD_INPUT_HANDLE, handle);
    SetStdHandle(STD_OUTPUT_HANDLE, handle);
    SetStdHandle(STD_ERROR_HANDLE, handle);
}

uint64_t system_microseconds(void)
{
    LARGE_INTEGER now, frequency;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&frequency);
    uint64_t ticks = (uint64_t)now.QuadPart, rate = (uint64_t)frequency.QuadPart;
    return ticks / rate * 1000000 + ticks % rate * 1000000 / rate;
}

void system_sleep(unsigned milliseconds)
{
    Sleep(milliseconds);
}

void system_exit(int code)
{
    ExitProcess((UINT)code);
}

size_t system_page_size(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwPageSize;
}

void *system_pages(size_t size)
{
    return VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

bool system_protect(void *pages, size_t size, enum system_access access)
{
    static const DWORD flags[] = {PAGE_READWRITE, PAGE_READONLY, PAGE_NOACCESS};
    DWORD previous;
    return VirtualProtect(pages, size, flags[access], &previous);
}

void system_pages_free(void *pages, size_t size)
{
    (void)size;
    VirtualFree(pages, 0, MEM_RELEASE);
}

static DWORD WINAPI thread_main(void *parameter)
{
    struct start start = *(struct start *)parameter;
    free(parameter);
    if (start.released != NULL)
        WaitForSingleObject(start.released, INFINITE);
    start.work(start.context, start.index);
    return 0;
}

static HANDLE start_thread(system_work *work, void *context, unsigned index, HANDLE released)
{
    struct start *start = malloc(sizeof *start);
    if (start == NULL)
        return NULL;
    *start = (struct start){work, context, index, released};
    return CreateThread(NULL, DELPHI_THREAD_STACK, thread_main, start, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
}

bool system_run_threads(unsigned count, system_work *work, void *context)
{
    bool complete = true;
    HANDLE released = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE *threads = calloc(count, sizeof *threads);
    if (released == NULL || threads == NULL)
        return false;
    for (unsigned i = 0; i < count; i++) {
        threads[i] = start_thread(work, context, i, released);
        complete = complete && threads[i] != NULL;
    }
    SetEvent(released);
    for (unsigned i = 0; i < count; i++) {
        if (threads[i] == NULL)
            continue;
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
    free(threads);
    CloseHandle(released);
    return complete;
}

bool system_start_thread(system_work *work, void *context)
{
    HANDLE thread = start_thread(work, context, 0, NULL);
    if (thread == NULL)
        return false;
    CloseHandle(thread);
    return true;
}

uintptr_t system_this_thread(void)
{
    return GetCurrentThreadId();
}

bool system_thread_waits(uintptr_t thread)
{
    HANDLE handle = OpenThread(THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT, FALSE, (DWORD)thread);
    CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
    MEMORY_BASIC_INFORMATION place = {0};
    if (handle == NULL)
        return false;
    if (SuspendThread(handle) != (DWORD)-1) {
        if (GetThreadContext(handle, &context)) {
#ifdef _WIN64
            VirtualQuery((void *)(uintptr_t)context.Rip, &place, sizeof place);
#else
            VirtualQuery((void *)(uintptr_t)context.Eip, &place, sizeof place);
#endif
        }
        ResumeThread(handle);
    }
    CloseHandle(handle);
    return place.AllocationBase == GetModuleHandleA("ntdll.dll"); /* every wait ends in it */
}
