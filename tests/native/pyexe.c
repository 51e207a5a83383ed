/* A python.exe for a runtime folder that has none: runs Py_Main of the python3*.dll beside it.
 *
 * Loads that DLL by name at run time, so that no import library is needed. Only the tests use it, to run
 * client_ctypes.py.
 */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

enum { EXIT_NO_PYTHON = 120, PATH_ROOM = 32768 };

typedef int py_main(int argc, wchar_t **argv);

/* Puts the path of the only python3??.dll in the program's folder into `path`. */
static int find_dll(wchar_t *path)
{
    WIN32_FIND_DATAW found;
    HANDLE search;
    wchar_t *name;
    if (GetModuleFileNameW(NULL, path, PATH_ROOM - MAX_PATH) == 0 || (name = wcsrchr(path, L'\\')) == NULL)
        return 0;
    wcscpy(name + 1, L"python3??.dll");
    search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE)
        return 0;
    FindClose(search);
    wcscpy(name + 1, found.cFileName);
    return 1;
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
