/* lacking_windows.c - lacking.h over KERNEL32 alone. Asks for files, and loads the C runtime of the system to see if it can be.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include "lacking.h"

enum { NAME_ROOM = 64 };

static void join(const char *folder, const char *name, char path[VCSHIM_PATH_MAX])
{
    int used = 0;
    while (*folder != 0 && used < VCSHIM_PATH_MAX - 2) path[used++] = *folder++;
    path[used++] = '\\';
    while (*name != 0 && used < VCSHIM_PATH_MAX - 1) path[used++] = *name++;
    path[used] = 0;
}

static int is_there(const char *path)
{
    const SIZE_T room = VCSHIM_PATH_MAX * sizeof(WCHAR);
    WCHAR *wide = HeapAlloc(GetProcessHeap(), 0, room);
    int there = 1; /* without memory nothing is known */
    if (wide == NULL) return there;
    if (MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, VCSHIM_PATH_MAX) > 0)
        there = GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
    HeapFree(GetProcessHeap(), 0, wide);
    return there;
}

static int has_function(const char *dll, const char *name)
{
    HMODULE module = GetModuleHandleA(dll);
    return module != NULL && GetProcAddress(module, name) != NULL;
}

/* By its path: a host may have a file of that name. */
static int has_crt(void)
{
    static const WCHAR name[] = L"\\ucrtbase.dll";
    WCHAR path[MAX_PATH + sizeof name / sizeof name[0]];
    UINT used = GetSystemDirectoryW(path, MAX_PATH), i;
    HMODULE crt;
    if (used == 0 || used >= MAX_PATH) return 1;
    for (i = 0; i < sizeof name / sizeof name[0]; i++) path[used + i] = name[i];
    crt = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (crt != NULL) FreeLibrary(crt);
    return crt != NULL;
}

static int has_semicolon(const char *text)
{
    while (*text != 0 && *text != ';') text++;
    return *text != 0;
}

enum vcshim_lacking vcshim_lacking(const char *set, char path[VCSHIM_PATH_MAX])
{
    const int has_paths = has_function("kernelbase.dll", "PathCchCombineEx"); /* Windows 8 and later: ours is not needed */
    const char *left = has_paths ? VCSHIM_BESIDE_CORE : VCSHIM_BESIDE_CORE ";" VCSHIM_PATH_DLL;
    char name[NAME_ROOM];
    char *needed = HeapAlloc(GetProcessHeap(), 0, VCSHIM_PATH_MAX);
    enum vcshim_lacking lacking = VCSHIM_LACKS_NOTHING_KNOWN;
    DWORD mode = 0;
    if (needed == NULL) return lacking;
    while (lacking == VCSHIM_LACKS_NOTHING_KNOWN && *left != 0 && is_there(path)) {
        left = vcshim_next_needed(left, name, NAME_ROOM);
        join(set, name, needed);
        if (!is_there(needed)) lacking = VCSHIM_LACKS_FILE;
    }
    if (lacking == VCSHIM_LACKS_FILE) {
        join(set, name, path);
    } else if (is_there(path)) {
        SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode);
        if (!has_crt()) lacking = VCSHIM_LACKS_CRT;
        else if (!has_function("kernel32.dll", "AddDllDirectory")) lacking = VCSHIM_LACKS_FOLDERS;
        else if (has_semicolon(set)) lacking = VCSHIM_HAS_SEMICOLON;
        SetThreadErrorMode(mode, NULL);
    }
    HeapFree(GetProcessHeap(), 0, needed);
    return lacking;
}
