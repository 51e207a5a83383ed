/* Registrations on 32-bit Windows: functions that only add to a list nobody can read. Their first bytes are replaced by a
 * jump to functions of this file, which note the caller's module and call the original. See inventory.h.
 */
#include "inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

enum { JUMP_SIZE = 5, JUMP = 0xe9 };

enum kind { CONSOLE_HANDLER, VECTORED_HANDLER, WINDOWS_HOOK, SEARCH_FOLDER, AT_EXIT, KIND_COUNT };

static const char *const items[KIND_COUNT] = {
    "console control handlers", "vectored exception handlers", "windows hooks", "DLL search folders", "exit handlers",
};

static struct {
    enum kind kind;
    bool there;
    const void *key;
    char module[REGISTRATION_SIZE];
} list[REGISTRATIONS_MAX];
static unsigned count;
static CRITICAL_SECTION lock;

static void add(enum kind kind, const void *caller, const void *key)
{
    HMODULE module = NULL;
    char path[MAX_PATH] = "?";
    if (count >= REGISTRATIONS_MAX)
        return;
    if (GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, caller,
                           &module))
        GetModuleFileNameA(module, path, sizeof path);
    const char *slash = strrchr(path, '\\');
    list[count].kind = kind;
    list[count].there = true;
    list[count].key = key;
    snprintf(list[count].module, REGISTRATION_SIZE, "%s", slash == NULL ? path : slash + 1);
    count++;
}

static void take_back(enum kind kind, const void *key)
{
    for (unsigned i = count; i-- > 0;) {
        if (list[i].kind == kind && list[i].there && list[i].key == key) {
            list[i].there = false;
            return;
        }
    }
}

/* ---- functions with a jump at their beginning ---- */

struct detour {
    const char *library, *name;
    const void *replacement;
    unsigned char *function; /* NULL where the system has none */
    unsigned char original[JUMP_SIZE], jump[JUMP_SIZE];
};

enum function {
    SET_CONSOLE_HANDLER, ADD_VECTORED, REMOVE_VECTORED, SET_HOOK_A, SET_HOOK_W, UNHOOK, ADD_FOLDER, DEFAULT_FOLDERS,
    UCRT_AT_EXIT, MSVCRT_AT_EXIT, FUNCTION_COUNT
};

static struct detour detours[FUNCTION_COUNT];

static void put(const struct detour *detour, const unsigned char *bytes)
{
    DWORD before;
    VirtualProtect(detour->function, JUMP_SIZE, PAGE_EXECUTE_READWRITE, &before);
    memcpy(detour->function, bytes, JUMP_SIZE);
    VirtualProtect(detour->function, JUMP_SIZE, before, &before);
    FlushInstructionCache(GetCurrentProcess(), detour->function, JUMP_SIZE);
}

/* The original, which can be called until `leave`. */
static void *enter(enum function function)
{
    EnterCriticalSection(&lock);
    put(&detours[function], detours[function].original);
    return detours[function].function;
}

static void leave(enum function function)
{
    put(&detours[function], detours[function].jump);
    LeaveCriticalSection(&lock);
}

#define CALLER __builtin_return_address(0)

static BOOL WINAPI set_console_handler(PHANDLER_ROUTINE handler, BOOL adds)
{
    BOOL(WINAPI *original)(PHANDLER_ROUTINE, BOOL) = (BOOL(WINAPI *)(PHANDLER_ROUTINE, BOOL))enter(SET_CONSOLE_HANDLER);
    BOOL done = original(handler, adds);
    if (done && adds)
        add(CONSOLE_HANDLER, CALLER, (const void *)handler);
    else if (done)
        take_back(CONSOLE_HANDLER, (const void *)handler);
    leave(SET_CONSOLE_HANDLER);
    return done;
}

static PVOID WINAPI add_vectored(ULONG first, PVECTORED_EXCEPTION_HANDLER handler)
{
    PVOID(WINAPI *original)(ULONG, PVECTORED_EXCEPTION_HANDLER) =
        (PVOID(WINAPI *)(ULONG, PVECTORED_EXCEPTION_HANDLER))enter(ADD_VECTORED);
    PVOID handle = original(first, handler);
    if (handle != NULL)
        add(VECTORED_HANDLER, CALLER, handle);
    leave(ADD_VECTORED);
    return handle;
}

static ULONG WINAPI remove_vectored(PVOID handle)
{
    ULONG(WINAPI *original)(PVOID) = (ULONG(WINAPI *)(PVOID))enter(REMOVE_VECTORED);
    ULONG done = original(handle);
    take_back(VECTORED_HANDLER, handle);
    leave(REMOVE_VECTORED);
    return done;
}

static HHOOK set_hook(enum function function, const void *caller, int kind, HOOKPROC hook, HINSTANCE module, DWORD thread)
{
    HHOOK(WINAPI *original)(int, HOOKPROC, HINSTANCE, DWORD) =
        (HHOOK(WINAPI *)(int, HOOKPROC, HINSTANCE, DWORD))enter(function);
    HHOOK handle = original(kind, hook, module, thread);
    if (handle != NULL)
        add(WINDOWS_HOOK, caller, handle);
    leave(function);
    return handle;
}

static HHOOK WINAPI set_hook_a(int kind, HOOKPROC hook, HINSTANCE module, DWORD thread)
{
    return set_hook(SET_HOOK_A, CALLER, kind, hook, module, thread);
}

static HHOOK WINAPI set_hook_w(int kind, HOOKPROC hook, HINSTANCE module, DWORD thread)
{
    return set_hook(SET_HOOK_W, CALLER, kind, hook, module, thread);
}

static BOOL WINAPI unhook(HHOOK handle)
{
    BOOL(WINAPI *original)(HHOOK) = (BOOL(WINAPI *)(HHOOK))enter(UNHOOK);
    BOOL done = original(handle);
    take_back(WINDOWS_HOOK, handle);
    leave(UNHOOK);
    return done;
}

static void *WINAPI add_folder(PCWSTR folder)
{
    void *(WINAPI *original)(PCWSTR) = (void *(WINAPI *)(PCWSTR))enter(ADD_FOLDER);
    void *cookie = original(folder);
    if (cookie != NULL)
        add(SEARCH_FOLDER, CALLER, cookie);
    leave(ADD_FOLDER);
    return cookie;
}

static BOOL WINAPI default_folders(DWORD flags)
{
    BOOL(WINAPI *original)(DWORD) = (BOOL(WINAPI *)(DWORD))enter(DEFAULT_FOLDERS);
    BOOL done = original(flags);
    if (done)
        add(SEARCH_FOLDER, CALLER, NULL);
    leave(DEFAULT_FOLDERS);
    return done;
}

typedef int(__cdecl *at_exit_fn)(void *);

static int at_exit(enum function function, const void *caller, void *handler)
{
    at_exit_fn original = (at_exit_fn)enter(function);
    int result = original(handler);
    add(AT_EXIT, caller, handler);
    leave(function);
    return result;
}

static int __cdecl ucrt_at_exit(void *handler)
{
    return at_exit(UCRT_AT_EXIT, CALLER, handler);
}

static int __cdecl msvcrt_at_exit(void *handler)
{
    return at_exit(MSVCRT_AT_EXIT, CALLER, handler);
}

static struct detour detours[FUNCTION_COUNT] = {
    [SET_CONSOLE_HANDLER] = {"kernelbase", "SetConsoleCtrlHandler", (const void *)set_console_handler, NULL, {0}, {0}},
    [ADD_VECTORED] = {"ntdll", "RtlAddVectoredExceptionHandler", (const void *)add_vectored, NULL, {0}, {0}},
    [REMOVE_VECTORED] = {"ntdll", "RtlRemoveVectoredExceptionHandler", (const void *)remove_vectored, NULL, {0}, {0}},
    [SET_HOOK_A] = {"user32", "SetWindowsHookExA", (const void *)set_hook_a, NULL, {0}, {0}},
    [SET_HOOK_W] = {"user32", "SetWindowsHookExW", (const void *)set_hook_w, NULL, {0}, {0}},
    [UNHOOK] = {"user32", "UnhookWindowsHookEx", (const void *)unhook, NULL, {0}, {0}},
    [ADD_FOLDER] = {"kernelbase", "AddDllDirectory", (const void *)add_folder, NULL, {0}, {0}},
    [DEFAULT_FOLDERS] = {"kernelbase", "SetDefaultDllDirectories", (const void *)default_folders, NULL, {0}, {0}},
    [UCRT_AT_EXIT] = {"ucrtbase", "_crt_atexit", (const void *)ucrt_at_exit, NULL, {0}, {0}},
    [MSVCRT_AT_EXIT] = {"msvcrt", "_onexit", (const void *)msvcrt_at_exit, NULL, {0}, {0}},
};

bool registrations_prepare(void)
{
    InitializeCriticalSection(&lock);
    for (struct detour *detour = detours; detour < detours + FUNCTION_COUNT; detour++) {
        HMODULE library = LoadLibraryA(detour->library);
        intptr_t distance;
        detour->function = library == NULL ? NULL : (unsigned char *)GetProcAddress(library, detour->name);
        if (detour->function == NULL)
            return false;
        memcpy(detour->original, detour->function, JUMP_SIZE);
        distance = (intptr_t)detour->replacement - (intptr_t)(detour->function + JUMP_SIZE);
        detour->jump[0] = JUMP;
        memcpy(detour->jump + 1, &distance, JUMP_SIZE - 1);
        put(detour, detour->jump);
    }
    return true;
}

void registrations_record(void)
{
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        inventory_begin(items[kind]);
        for (unsigned i = 0; i < count; i++) {
            if (list[i].kind == kind && list[i].there)
                inventory_member("%s", list[i].module);
        }
        inventory_end();
    }
}
