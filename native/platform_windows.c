/* platform_windows.c - platform.h over KERNEL32 alone: no C runtime, so that the front imports nothing else.
 *
 * ole32 (for CoTaskMemAlloc) is loaded from System32 when the first text is returned, never linked.
 */
#define WIN32_LEAN_AND_MEAN
#include "loader_windows.h"
#include "platform.h"
#include "settings.h"

static SRWLOCK lock = SRWLOCK_INIT;
static const char anchor = 0; /* its address identifies this module */

void vcshim_lock(void)
{
    if (!TryAcquireSRWLockExclusive(&lock) && !vcshim_is_ending()) AcquireSRWLockExclusive(&lock);
}
void vcshim_unlock(void) { ReleaseSRWLockExclusive(&lock); }

int64_t vcshim_ticks(void)
{
    LARGE_INTEGER now;
    QueryPerformanceCounter(&now);
    return now.QuadPart;
}

void *vcshim_take(size_t size) { return HeapAlloc(GetProcessHeap(), 0, size); }
void vcshim_give_back(void *memory) { HeapFree(GetProcessHeap(), 0, memory); }

static WCHAR *wide(const char *utf8)
{
    int count = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
    WCHAR *text = count > 0 ? vcshim_take((size_t)count * sizeof(WCHAR)) : NULL;
    if (text != NULL) MultiByteToWideChar(CP_UTF8, 0, utf8, -1, text, count);
    return text;
}

int vcshim_own_folder(char folder[VCSHIM_PATH_MAX])
{
    HMODULE self;
    DWORD length, at;
    int written = 0, from = 0;
    WCHAR *path = vcshim_take(32768 * sizeof(WCHAR));
    if (path == NULL) return 0;
    if (GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                           (LPCWSTR)&anchor, &self)
        && (length = GetModuleFileNameW(self, path, 32767)) > 0 && length < 32767) {
        for (at = length; at > 0 && path[at - 1] != L'\\' && path[at - 1] != L'/'; at--) {}
        if (at > 1) {
            path[at - 1] = 0;
            /* Wine 8 says UNC\server\share for \\server\share. */
            if (path[0] == L'U' && path[1] == L'N' && path[2] == L'C' && path[3] == L'\\') path[from = 2] = L'\\';
            written = WideCharToMultiByte(CP_UTF8, 0, path + from, -1, folder, VCSHIM_PATH_MAX, NULL, NULL);
        }
    }
    vcshim_give_back(path);
    return written > 0;
}

static int join(const char *folder, const char *name, char path[VCSHIM_PATH_MAX])
{
    int used = 0;
    while (*folder != 0 && used < VCSHIM_PATH_MAX - 2) path[used++] = *folder++;
    path[used++] = '\\';
    while (*name != 0 && used < VCSHIM_PATH_MAX - 1) path[used++] = *name++;
    path[used] = 0;
    return *folder == 0 && *name == 0;
}

/* What the DLL imports comes from its own folder or System32, also where the host has set other folders by
 * SetDefaultDllDirectories, which LOAD_WITH_ALTERED_SEARCH_PATH yields to. Windows 7 without update KB2533623 has neither. */
static HMODULE load_library(const WCHAR *path)
{
    HMODULE module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (module != NULL || GetLastError() != ERROR_INVALID_PARAMETER) return module;
    return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

vcshim_core_call_fn vcshim_load_core(const char *set, char path[VCSHIM_PATH_MAX], unsigned long *error)
{
    union {
        FARPROC plain;
        vcshim_core_call_fn typed;
    } entry = {0};
    const DWORD pin = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
    HMODULE core = NULL;
    DWORD mode = 0;
    WCHAR *name = NULL;
    *error = ERROR_BUFFER_OVERFLOW;
    /* Two fronts in two folders still share one interpreter: python3NN.dll can live only once in a process. */
    core = GetModuleHandleW(L"vcshim_core.dll");
    if (join(set, VCSHIM_CORE_FILE, path) && core == NULL && (name = wide(path)) != NULL) {
        /* No message box in the host for a missing disk or a bad image. */
        SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode);
        core = load_library(name);
        *error = GetLastError();
        SetThreadErrorMode(mode, NULL);
    }
    if (name != NULL) vcshim_give_back(name);
    if (core == NULL) return NULL;
    entry.plain = GetProcAddress(core, "vcshim_core_call_6");
    *error = GetLastError();
    if (entry.plain == NULL) return NULL;
    GetModuleHandleExW(pin, (LPCWSTR)entry.plain, &core);
    return entry.typed;
}

void *vcshim_load_library(const char *path, unsigned long *error)
{
    WCHAR *name = wide(path);
    HMODULE library = NULL;
    DWORD mode = 0;
    *error = ERROR_NOT_ENOUGH_MEMORY;
    if (name == NULL) return NULL;
    SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode);
    library = LoadLibraryW(name);
    *error = GetLastError();
    /* What it imports may lie beside it instead of beside the host program. */
    if (library == NULL && *error == ERROR_MOD_NOT_FOUND) library = LoadLibraryExW(name, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    SetThreadErrorMode(mode, NULL);
    vcshim_give_back(name);
    return library;
}

void *vcshim_function_of(void *library, const char *name)
{
    union {
        FARPROC typed;
        void *plain;
    } found = {GetProcAddress(library, name)};
    return found.plain;
}

static HMODULE module_of(const void *address)
{
    HMODULE module = NULL;
    const DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    return GetModuleHandleExW(flags, (LPCWSTR)address, &module) ? module : NULL;
}

int vcshim_is_own(void *library) { return library == module_of(&anchor); }

enum vcshim_memory vcshim_memory_of(const char *text, void *library)
{
    MEMORY_BASIC_INFORMATION here, there;
    if (module_of(text) == library) return VCSHIM_OF_MODULE;
    if (VirtualQuery(__builtin_frame_address(0), &here, sizeof here) != 0 && VirtualQuery(text, &there, sizeof there) != 0
        && here.AllocationBase == there.AllocationBase) return VCSHIM_OF_STACK;
    return VCSHIM_OF_HEAP;
}

int vcshim_is_absolute(const char *path)
{
    return path[0] == '\\' || path[0] == '/' || (path[0] != 0 && path[1] == ':');
}

int vcshim_decode_path(const char *bytes, int32_t count, int charset, char path[VCSHIM_PATH_MAX])
{
    enum { UNITS = 2048 };
    WCHAR *units = vcshim_take(UNITS * sizeof(WCHAR));
    int length = 0, written = 0, i;
    if (units == NULL) return 0;
    if (charset == VCSHIM_FILE_UTF8 || charset == VCSHIM_FILE_GBK) {
        length = MultiByteToWideChar(charset == VCSHIM_FILE_UTF8 ? CP_UTF8 : 936, 0, bytes, count, units, UNITS);
    } else {
        const unsigned char *at = (const unsigned char *)bytes;
        int high = charset == VCSHIM_FILE_UTF16LE;
        for (i = 0; i + 1 < count && length < UNITS; i += 2) units[length++] = (WCHAR)(at[i + high] << 8 | at[i + !high]);
    }
    if (length > 0 && length < UNITS)
        written = WideCharToMultiByte(CP_UTF8, 0, units, length, path, VCSHIM_PATH_MAX - 1, NULL, NULL);
    path[written > 0 ? written : 0] = 0;
    vcshim_give_back(units);
    return written > 0;
}

/* An environment variable in UTF-8, with `rest` behind it. */
static int from_environment(const WCHAR *name, const char *rest, char folder[VCSHIM_PATH_MAX])
{
    enum { UNITS = 2048 };
    WCHAR *value = vcshim_take(UNITS * sizeof(WCHAR));
    char *utf8 = vcshim_take(VCSHIM_PATH_MAX);
    DWORD length = value == NULL ? 0 : GetEnvironmentVariableW(name, value, UNITS);
    int known = utf8 != NULL && length > 0 && length < UNITS
                && WideCharToMultiByte(CP_UTF8, 0, value, -1, utf8, VCSHIM_PATH_MAX, NULL, NULL) > 0
                && join(utf8, rest, folder);
    if (utf8 != NULL) vcshim_give_back(utf8);
    if (value != NULL) vcshim_give_back(value);
    return known;
}

int vcshim_data_folder(enum vcshim_data data, char folder[VCSHIM_PATH_MAX])
{
    if (data == VCSHIM_MACHINE_DATA)
        return from_environment(L"ProgramData", "vcshim", folder) || join("C:\\ProgramData", "vcshim", folder);
    return from_environment(L"LOCALAPPDATA", "vcshim", folder) || from_environment(L"TEMP", "vcshim", folder)
           || join("C:", "vcshim", folder);
}

const char *vcshim_pc_name(void)
{
    static char name[VCSHIM_PC_NAME_MAX]; /* under the front's lock */
    WCHAR units[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD length = MAX_COMPUTERNAME_LENGTH + 1;
    name[0] = 0;
    if (GetComputerNameW(units, &length))
        WideCharToMultiByte(CP_UTF8, 0, units, -1, name, VCSHIM_PC_NAME_MAX, NULL, NULL);
    return name;
}

uint32_t vcshim_session(void)
{
    DWORD session = 0;
    return ProcessIdToSessionId(GetCurrentProcessId(), &session) ? session : 0;
}

int32_t vcshim_read_file(const char *folder, const char *name, char *bytes, int32_t capacity)
{
    static char path[VCSHIM_PATH_MAX]; /* under the front's lock */
    DWORD count = 0, error = 0;
    WCHAR *wide_path = NULL;
    HANDLE file = INVALID_HANDLE_VALUE;
    int read = 0;
    if (join(folder, name, path) && (wide_path = wide(path)) != NULL)
        file = CreateFileW(wide_path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                           OPEN_EXISTING, 0, NULL);
    error = GetLastError();
    if (wide_path == NULL) return VCSHIM_UNREADABLE_FILE;
    vcshim_give_back(wide_path);
    if (file == INVALID_HANDLE_VALUE)
        return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ? VCSHIM_NO_FILE : VCSHIM_UNREADABLE_FILE;
    read = ReadFile(file, bytes, (DWORD)capacity, &count, NULL);
    CloseHandle(file);
    return read ? (int32_t)count : VCSHIM_UNREADABLE_FILE;
}

int vcshim_write_file(const char *folder, const char *name, const char *bytes, int32_t count)
{
    char *path = vcshim_take(VCSHIM_PATH_MAX);
    WCHAR *wide_path = NULL;
    HANDLE file = INVALID_HANDLE_VALUE;
    DWORD written = 0;
    if (path != NULL && join(folder, name, path) && (wide_path = wide(path)) != NULL)
        file = CreateFileW(wide_path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (wide_path != NULL) vcshim_give_back(wide_path);
    if (path != NULL) vcshim_give_back(path);
    if (file == INVALID_HANDLE_VALUE) return 0;
    if (!WriteFile(file, bytes, (DWORD)count, &written, NULL)) written = 0;
    CloseHandle(file);
    return written == (DWORD)count;
}

/* The bytes from `address` to the end of its region where `wanted` protections hold, else 0. */
static SIZE_T region(const char *address, DWORD wanted)
{
    MEMORY_BASIC_INFORMATION info;
    if (VirtualQuery(address, &info, sizeof info) == 0 || info.State != MEM_COMMIT) return 0;
    if ((info.Protect & (PAGE_GUARD | PAGE_NOACCESS)) != 0 || (info.Protect & wanted) == 0) return 0;
    return (SIZE_T)((const char *)info.BaseAddress + info.RegionSize - address);
}

int32_t vcshim_text_length(const char *text, int32_t limit)
{
    const DWORD readable = PAGE_READONLY | PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE
                           | PAGE_EXECUTE_WRITECOPY;
    int32_t length = 0;
    if (text == NULL) return VCSHIM_NULL;
    while (length <= limit) {
        SIZE_T room = region(text + length, readable);
        if (room == 0) return VCSHIM_UNREADABLE;
        for (; room > 0 && length <= limit; room--, length++)
            if (text[length] == 0) return length;
    }
    return VCSHIM_TOO_LONG;
}

int32_t vcshim_writable(char *out, int32_t wanted)
{
    const DWORD writable = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
    int32_t found = 0;
    if (out == NULL) return 0;
    while (found < wanted) {
        SIZE_T room = region(out + found, writable);
        if (room == 0) break;
        found = room > (SIZE_T)(wanted - found) ? wanted : found + (int32_t)room;
    }
    return found;
}

int vcshim_copy_out(char *out, const char *bytes, int32_t count)
{
    int32_t i;
    if (vcshim_writable(out, count) < count) return 0;
    for (i = 0; i < count; i++) out[i] = bytes[i];
    return 1;
}

int vcshim_encode(uint32_t character, enum vcshim_charset charset, char bytes[4])
{
    WCHAR units[2];
    int count = 1, written;
    units[0] = (WCHAR)character;
    if (character >= 0x10000) {
        units[0] = (WCHAR)(0xD800 + ((character - 0x10000) >> 10));
        units[1] = (WCHAR)(0xDC00 + ((character - 0x10000) & 0x3FF));
        count = 2;
    }
    written = WideCharToMultiByte(charset == VCSHIM_UTF8 ? CP_UTF8 : 936, 0, units, count, bytes, 4, NULL, NULL);
    if (written <= 0) bytes[0] = '?';
    return written > 0 ? written : 1;
}

char *vcshim_lasting_memory(size_t size)
{
    static union {
        FARPROC plain;
        void *(WINAPI *typed)(SIZE_T);
    } allocate;
    if (allocate.plain == NULL) {
        WCHAR path[300];
        UINT used = GetSystemDirectoryW(path, 280), i;
        const WCHAR *name = L"\\ole32.dll";
        HMODULE ole32;
        if (used == 0 || used >= 280) return NULL;
        for (i = 0; i <= 10; i++) path[used + i] = name[i];
        ole32 = load_library(path);
        if (ole32 == NULL) return NULL;
        allocate.plain = GetProcAddress(ole32, "CoTaskMemAlloc");
        if (allocate.plain == NULL) return NULL;
    }
    return allocate.typed(size);
}

void vcshim_pin(void)
{
    HMODULE self;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN, (LPCWSTR)&anchor, &self);
}

void vcshim_thread_enter(vcshim_thread_state *state) { state->error = GetLastError(); }
void vcshim_thread_leave(const vcshim_thread_state *state) { SetLastError(state->error); }

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module;
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) vcshim_loaded();
    return TRUE;
}

/* Compilers emit calls of these even without a C runtime. */
void *memset(void *to, int value, size_t count)
{
    volatile char *at = to;
    while (count-- > 0) *at++ = (char)value;
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    volatile char *at = to;
    const char *source = from;
    while (count-- > 0) *at++ = *source++;
    return to;
}
