/* imports_windows.c - see imports.h.
 *
 * Folders. CPython loads an extension module with LOAD_LIBRARY_SEARCH_DEFAULT_DIRS, which includes the folder of the host's
 * program: an IPHLPAPI.DLL there would be loaded for our _socket.pyd. It looks for python3.dll there, hidapi for hid.dll
 * and Pillow for fribidi.dll, by bare names. The rule here: a path is loaded as it is, and what it imports comes from its
 * own folder or System32; a bare name means System32. So a file of the host's is not even looked for.
 *
 * Process. Importing _signal calls signal() for every signal and leaves a handler for SIGINT, with which Ctrl-C no longer
 * ends a host. Loading a module sets the error mode of the process for a moment.
 *
 * The functions that stand in are called with CPython's calling conventions, by any thread.
 */
#define WIN32_LEAN_AND_MEAN
#include "imports.h"
#include "warm_up.h"
#include <string.h>
#include <wchar.h>
#include <windows.h>

enum { PATH_ROOM = 32768 };

static const DWORD SEARCHES = LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR
                              | LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS
                              | LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;
static const DWORD DATA = LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE | LOAD_LIBRARY_AS_IMAGE_RESOURCE;
static const char PRIVATE[] = "vcs-"; /* how the names of our DLLs begin (buildlib/layout.py) */

static SRWLOCK lock = SRWLOCK_INIT;
static int kept;
static wchar_t home[PATH_ROOM]; /* our folder, with a separator at its end */

static int override_in(HMODULE module);

/* ---- folders -------------------------------------------------------------------------------------------------- */

static int is_python3(const wchar_t *name)
{
    const wchar_t *slash = wcsrchr(name, L'\\');
    if (slash != NULL) name = slash + 1;
    return _wcsicmp(name, L"python3") == 0 || _wcsicmp(name, L"python3.dll") == 0; /* LoadLibrary adds .dll */
}

static int is_bare(const wchar_t *name) { return wcspbrk(name, L"\\/:") == NULL; }

static int is_absolute(const wchar_t *name) { return (name[0] == L'\\' && name[1] == L'\\') || (name[0] != 0 && name[1] == L':'); }

/* An API set is a name without a file: System32 has it, by the loader's own table. */
static int is_api_set(const wchar_t *name) { return _wcsnicmp(name, L"api-", 4) == 0 || _wcsnicmp(name, L"ext-", 4) == 0; }

/* Whether a module lies in our folder or below it. Those of Windows are the host's as well. */
static int is_ours(HMODULE module)
{
    int ours;
    wchar_t *path = HeapAlloc(GetProcessHeap(), 0, PATH_ROOM * sizeof(wchar_t));
    if (path == NULL) return 0;
    ours = GetModuleFileNameW(module, path, PATH_ROOM) > 0 && _wcsnicmp(path, home, wcslen(home)) == 0;
    HeapFree(GetProcessHeap(), 0, path);
    return ours;
}

static HMODULE refuse(void)
{
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
}

/* Windows 7 without update KB2533623 knows no LOAD_LIBRARY_SEARCH_*. The old flag looks in the DLL's folder and System32
 * before any other, and not in the host's; unless the host has called SetDefaultDllDirectories, which Windows has then. */
static HMODULE load_from(const wchar_t *path, DWORD flags, DWORD folders)
{
    HMODULE module = LoadLibraryExW(path, NULL, flags | folders);
    if (module != NULL || GetLastError() != ERROR_INVALID_PARAMETER) return module;
    return LoadLibraryExW(path, NULL, flags | LOAD_WITH_ALTERED_SEARCH_PATH);
}

/* Functions of the first are forwarded to the second by Wine, which looks for it in the host's folder then. */
static const wchar_t *const forwards[][2] = {{L"cfgmgr32.dll", L"setupapi.dll"}};

/* NB: by its path, since a bare name would be answered with whatever DLL of that name the host has loaded. */
static HMODULE load_from_system32(const wchar_t *name, DWORD flags)
{
    size_t i;
    wchar_t path[MAX_PATH * 2];
    UINT used = GetSystemDirectoryW(path, MAX_PATH);
    if (is_api_set(name)) return LoadLibraryExW(name, NULL, flags | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (used == 0 || used >= MAX_PATH || wcslen(name) >= MAX_PATH) return refuse();
    path[used] = L'\\';
    for (i = 0; i < sizeof forwards / sizeof forwards[0]; i++) {
        if (_wcsicmp(name, forwards[i][0]) != 0) continue;
        wcscpy(path + used + 1, forwards[i][1]);
        (void)load_from(path, 0, LOAD_LIBRARY_SEARCH_SYSTEM32);
    }
    wcscpy(path + used + 1, name);
    return load_from(path, flags, LOAD_LIBRARY_SEARCH_SYSTEM32);
}

static HMODULE load_by_rule(const wchar_t *name, DWORD flags)
{
    const DWORD beside = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32;
    HMODULE module;
    flags &= ~SEARCHES;
    if (name == NULL) return refuse();
    /* CPython only wants it to be loaded, for modules of the stable ABI, of which we have none. */
    if (is_python3(name)) return GetModuleHandleW(VCSHIM_PYTHON_DLL);
    if (is_bare(name)) return load_from_system32(name, flags);
    if (!is_absolute(name)) return refuse(); /* it would be relative to the host's working directory */
    module = load_from(name, flags, beside);
    if (module != NULL && (flags & DATA) == 0 && is_ours(module)) {
        DWORD error = GetLastError();
        (void)override_in(module);
        SetLastError(error);
    }
    return module;
}

static HMODULE load(const wchar_t *name, DWORD flags)
{
    HMODULE module;
    DWORD error;
    vcshim_warm_up_loads(1);
    module = load_by_rule(name, flags);
    error = GetLastError();
    vcshim_warm_up_loads(0);
    SetLastError(error);
    return module;
}

void *vcshim_load_library(const wchar_t *path) { return load(path, 0); }

static HMODULE WINAPI load_library_ex_w(const wchar_t *name, HANDLE reserved, DWORD flags)
{
    (void)reserved;
    return load(name, flags);
}

static HMODULE WINAPI load_library_w(const wchar_t *name) { return load(name, 0); }

static HMODULE WINAPI load_library_ex_a(const char *name, HANDLE reserved, DWORD flags)
{
    HMODULE module = NULL;
    wchar_t *wide = HeapAlloc(GetProcessHeap(), 0, PATH_ROOM * sizeof(wchar_t));
    (void)reserved;
    if (wide == NULL) return refuse();
    if (name != NULL && MultiByteToWideChar(AreFileApisANSI() ? CP_ACP : CP_OEMCP, 0, name, -1, wide, PATH_ROOM) > 0)
        module = load(wide, flags);
    else refuse();
    HeapFree(GetProcessHeap(), 0, wide);
    return module;
}

static HMODULE WINAPI load_library_a(const char *name) { return load_library_ex_a(name, NULL, 0); }

/* ---- process -------------------------------------------------------------------------------------------------- */

typedef void(__cdecl *signal_handler)(int);

/* CPython takes SIG_ERR for a handler that is not its business. */
static signal_handler __cdecl no_signal(int number, signal_handler handler)
{
    (void)number, (void)handler;
    return (signal_handler)(intptr_t)-1;
}

static UINT WINAPI set_thread_error_mode(UINT mode)
{
    DWORD before = 0;
    SetThreadErrorMode(mode, &before);
    return before;
}

/* ---- overrides ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void *function;
    int keeps_from;
    int needed; /* of CPython's own DLL */
} overrides[] = {
    {"LoadLibraryExW", load_library_ex_w, VCSHIM_FOLDERS, 1},
    {"LoadLibraryW", load_library_w, VCSHIM_FOLDERS, 0},
    {"LoadLibraryExA", load_library_ex_a, VCSHIM_FOLDERS, 0},
    {"LoadLibraryA", load_library_a, VCSHIM_FOLDERS, 0},
    {"signal", no_signal, VCSHIM_PROCESS, 1},
    {"SetErrorMode", set_thread_error_mode, VCSHIM_PROCESS, 0},
};

static IMAGE_IMPORT_DESCRIPTOR *imports_of(char *base)
{
    IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    DWORD table = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    return table == 0 ? NULL : (IMAGE_IMPORT_DESCRIPTOR *)(base + table);
}

void **vcshim_find_import(void *module, const char *name)
{
    char *base = module;
    IMAGE_IMPORT_DESCRIPTOR *dll;
    for (dll = imports_of(base); dll != NULL && dll->Name != 0; dll++) {
        IMAGE_THUNK_DATA *bound = (IMAGE_THUNK_DATA *)(base + dll->FirstThunk);
        IMAGE_THUNK_DATA *named = (IMAGE_THUNK_DATA *)(base + dll->OriginalFirstThunk);
        if (dll->OriginalFirstThunk == 0) continue; /* the names are gone */
        for (; named->u1.AddressOfData != 0; named++, bound++) {
            if (IMAGE_SNAP_BY_ORDINAL(named->u1.Ordinal)) continue;
            if (strcmp(((IMAGE_IMPORT_BY_NAME *)(base + named->u1.AddressOfData))->Name, name) == 0)
                return (void **)&bound->u1.Function;
        }
    }
    return NULL;
}

int vcshim_put_import(void **slot, void *function)
{
    DWORD protection;
    int put = 1;
    AcquireSRWLockExclusive(&lock); /* two slots of one page */
    if (*slot != function) {
        put = VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &protection);
        if (put) {
            *slot = function;
            VirtualProtect(slot, sizeof *slot, protection, &protection);
        }
    }
    ReleaseSRWLockExclusive(&lock);
    return put;
}

/* In a module, and in those of our DLLs that came with it. */
static int override_in(HMODULE module)
{
    IMAGE_IMPORT_DESCRIPTOR *dll;
    size_t i;
    int done = 1;
    for (i = 0; i < sizeof overrides / sizeof overrides[0]; i++) {
        void **slot = overrides[i].keeps_from & kept ? vcshim_find_import(module, overrides[i].name) : NULL;
        if (slot != NULL && !vcshim_put_import(slot, overrides[i].function)) done = 0;
    }
    for (dll = imports_of((char *)module); dll != NULL && dll->Name != 0; dll++) {
        const char *name = (const char *)module + dll->Name;
        HMODULE ours = _strnicmp(name, PRIVATE, sizeof PRIVATE - 1) == 0 ? GetModuleHandleA(name) : NULL;
        if (ours != NULL && ours != module && !override_in(ours)) done = 0;
    }
    return done;
}

int vcshim_imports_override(int kept_from)
{
    HMODULE python = GetModuleHandleW(VCSHIM_PYTHON_DLL);
    DWORD used = python == NULL ? 0 : GetModuleFileNameW(python, home, PATH_ROOM);
    size_t i;
    if (used == 0 || used >= PATH_ROOM) return 0;
    wcsrchr(home, L'\\')[1] = 0;
    for (i = 0; i < sizeof overrides / sizeof overrides[0]; i++)
        if (overrides[i].needed && vcshim_find_import(python, overrides[i].name) == NULL) return 0;
    kept = kept_from;
    return override_in(python);
}
