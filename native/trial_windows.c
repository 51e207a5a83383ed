/* trial_windows.c - `vcshim.exe try-library DLL [EXPORT]`: a host in a few lines, for the installer.
 *
 * It loads a DLL by its path, as a host does, and with EXPORT calls that Trans function once, with a request that has no
 * method and so is refused before anything is sent. It prints what the function returned and, on the next line, OutData;
 * or the number of the error and what could not be done. This program has loaded neither a core nor Python then:
 * both are the DLL's to do. Not for people, and no test of a platform or a device.
 */
#define WIN32_LEAN_AND_MEAN
#include <stdio.h>
#include <windows.h>

int vcshim_try_library(int count, wchar_t **words)
{
    typedef char *(__stdcall *trans_fn)(const char *url, const char *in_data, char *out_data);
    union {
        FARPROC plain;
        trans_fn typed;
    } entry = {0};
    static char out[1 << 20], name[128]; /* any [abi] out_capacity */
    HMODULE library = NULL;
    const char *code;
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    if (count < 1 || (library = LoadLibraryW(words[0])) == NULL) {
        printf("%lu\nLoadLibrary\n", GetLastError());
        return 2;
    }
    if (count < 2) return 0;
    if (WideCharToMultiByte(CP_UTF8, 0, words[1], -1, name, sizeof name, NULL, NULL) > 0)
        entry.plain = GetProcAddress(library, name);
    if (entry.plain == NULL) {
        printf("%lu\nGetProcAddress\n", GetLastError());
        return 2;
    }
    code = entry.typed("", "{}", out);
    printf("%s\n%s\n", code == NULL ? "" : code, out);
    return 0;
}
