/* A python.exe for a runtime folder that has none: runs Py_Main of the python3*.dll or vcs-py3*.dll beside it.
 *
 * Loads that DLL by name at run time, so that no import library is needed. Only the tests use it, to run
 * client_ctypes.py.
 */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

enum { EXIT_NO_PYTHON = 120, PATH_ROOM = 32768 };

typedef int py_main(int argc, wchar_t **argv);

static const wchar_t *const names[] = {L"python3?.dll", L"python3??.dll", L"vcs-py3??.dll"};

/* Puts the path of the only such DLL in the program's folder into `path`. */
static int find_dll(wchar_t *path)
{
    wchar_t *name;
    if (GetModuleFileNameW(NULL, path, PATH_ROOM - MAX_PATH) == 0 || (name = wcsrchr(path, L'\\')) == NULL)
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        WIN32_FIND_DATAW found;
        HANDLE search;
        wcscpy(name + 1, names[i]);
        search = FindFirstFileW(path, &found);
        if (search == INVALID_HANDLE_VALUE)
            continue;
        FindClose(search);
        wcscpy(name + 1, found.cFileName);
        return 1;
    }
    return 0;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t path[PATH_ROOM];
    HMODULE python = find_dll(path) ? LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH) : NULL;
    FARPROC entry = python == NULL ? NULL : GetProcAddress(python, "Py_Main");
    if (entry == NULL) {
        fwprintf(stderr, L"pyexe: cannot load %ls (error %lu)\n", path, GetLastError());
        return EXIT_NO_PYTHON;
    }
    return ((py_main *)(void *)entry)(argc, argv);
}
