/* loads.c - what native/imports_windows.c asks of Windows when a DLL is loaded, without loading any.
 *
 *   loads new|old FUNCTION NAME FLAGS   FUNCTION is ExW, W, ExA or A; FLAGS, in hexadecimal, are for the first and third
 *
 * `old` is a Windows 7 without update KB2533623. Prints each path with the flags that LoadLibraryExW gets, then the error,
 * or "python" where the handle of CPython's own DLL came back.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

static int is_old;

static HMODULE WINAPI noted(const wchar_t *path, HANDLE file, DWORD flags)
{
    (void)file;
    wprintf(L"%ls %lx\n", path, flags);
    SetLastError(is_old && (flags & 0x1f00) != 0 ? ERROR_INVALID_PARAMETER : ERROR_MOD_NOT_FOUND);
    return NULL;
}

#define LoadLibraryExW noted
#define VCSHIM_PYTHON_DLL L"kernel32.dll"
#include "../../native/imports_windows.c"

int main(int count, char **words)
{
    wchar_t name[MAX_PATH];
    HMODULE module;
    DWORD flags;
    if (count != 5) return 2;
    is_old = strcmp(words[1], "old") == 0;
    MultiByteToWideChar(CP_ACP, 0, words[3], -1, name, MAX_PATH);
    flags = strtoul(words[4], NULL, 16);
    if (strcmp(words[2], "ExW") == 0) module = load_library_ex_w(name, NULL, flags);
    else if (strcmp(words[2], "W") == 0) module = load_library_w(name);
    else if (strcmp(words[2], "ExA") == 0) module = load_library_ex_a(words[3], NULL, flags);
    else module = load_library_a(words[3]);
    if (module == GetModuleHandleW(VCSHIM_PYTHON_DLL)) printf("python\n");
    else printf("%lu\n", GetLastError());
    return 0;
}
