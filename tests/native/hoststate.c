/* hoststate.c - a win32 program that notes what a process has one of, makes calls, and reports what changed.
 *
 * Beside the per-call checks of client.c: error mode, environment, locale, console, DLL search path, current directory,
 * code pages, loaded standard handles, and whether a returned text is memory that CoTaskMemFree may free. Knows nothing
 * of the product's protocol; its last words are the DLL, the address and the InData file.
 *
 *   hoststate RESULT DLL URL INDATA   writes one `name=ok|CHANGED...` line each to RESULT; exit code 0 when it got there
 */
#define WIN32_LEAN_AND_MEAN
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

typedef char *(__stdcall *trans_fn)(char *, char *, char *);

typedef struct state {
    UINT error_mode;
    DWORD thread_error_mode;
    char locale[256];
    LCID thread_locale;
    UINT code_pages[3];
    WCHAR folder[1024], dll_folder[1024];
    HANDLE handles[3];
    DWORD console_modes[2];
    HWND console;
    size_t environment_size;
    WCHAR environment[32768];
} state;

static void note(state *s)
{
    WCHAR *block = GetEnvironmentStringsW(), *end = block;
    int i;
    memset(s, 0, sizeof *s);
    s->error_mode = GetErrorMode();
    s->thread_error_mode = GetThreadErrorMode();
    snprintf(s->locale, sizeof s->locale, "%s", setlocale(LC_ALL, NULL));
    s->thread_locale = GetThreadLocale();
    s->code_pages[0] = GetACP();
    s->code_pages[1] = GetConsoleCP();
    s->code_pages[2] = GetConsoleOutputCP();
    GetCurrentDirectoryW(1024, s->folder);
    GetDllDirectoryW(1024, s->dll_folder);
    for (i = 0; i < 3; i++) s->handles[i] = GetStdHandle((DWORD)(-10 - i));
    for (i = 0; i < 2; i++) GetConsoleMode(s->handles[i], &s->console_modes[i]);
    s->console = GetConsoleWindow();
    while (end[0] != 0 || end[1] != 0) end++;
    s->environment_size = (size_t)(end - block);
    if (s->environment_size < 32768) memcpy(s->environment, block, s->environment_size * sizeof(WCHAR));
    FreeEnvironmentStringsW(block);
}

static void compare(FILE *result, const char *name, const void *before, const void *after, size_t size)
{
    fprintf(result, "%s=%s\n", name, memcmp(before, after, size) == 0 ? "ok" : "CHANGED");
}

int main(int count, char **words)
{
    static state before, after;
    static char in_data[65536], out[2048];
    FILE *result, *file;
    HMODULE library;
    trans_fn trans;
    size_t length;
    int call, spoil = count > 5;
    if (count < 5 || (result = fopen(words[1], "w")) == NULL || (file = fopen(words[4], "rb")) == NULL) return 2;
    length = fread(in_data, 1, sizeof in_data - 1, file);
    in_data[length] = 0;
    fclose(file);
    SetErrorMode(SEM_NOGPFAULTERRORBOX);
    SetEnvironmentVariableW(L"HIS_OWN", L"\x533b\x9662");
    note(&before);
    if ((library = LoadLibraryA(words[2])) == NULL) return 3;
    trans = (trans_fn)(void *)GetProcAddress(library, "VirtualCardTrans");
    for (call = 0; call < 5; call++) {
        char *code;
        SetLastError(4711);
        code = trans(words[3], in_data, out);
        fprintf(result, "code=%s\n", code);
        fprintf(result, "last_error=%s\n", GetLastError() == 4711 ? "ok" : "CHANGED");
        fprintf(result, "heap=%s\n", HeapValidate(GetProcessHeap(), 0, code) ? "own block" : "not a block");
    }
    if (spoil) { /* the negative control: every check can fail */
        SetErrorMode(SEM_FAILCRITICALERRORS);
        SetThreadErrorMode(SEM_NOOPENFILEERRORBOX, NULL);
        setlocale(LC_ALL, "English");
        SetThreadLocale(0x0804);
        SetCurrentDirectoryW(L"C:\\windows");
        SetDllDirectoryW(L"C:\\windows");
        SetStdHandle(STD_ERROR_HANDLE, (HANDLE)0x1234);
        SetEnvironmentVariableW(L"HIS_OWN", NULL);
    }
    note(&after);
    compare(result, "error_mode", &before.error_mode, &after.error_mode, sizeof before.error_mode);
    compare(result, "thread_error_mode", &before.thread_error_mode, &after.thread_error_mode, sizeof(DWORD));
    compare(result, "locale", before.locale, after.locale, sizeof before.locale);
    compare(result, "thread_locale", &before.thread_locale, &after.thread_locale, sizeof(LCID));
    compare(result, "code_pages", before.code_pages, after.code_pages, sizeof before.code_pages);
    compare(result, "folder", before.folder, after.folder, sizeof before.folder);
    compare(result, "dll_folder", before.dll_folder, after.dll_folder, sizeof before.dll_folder);
    compare(result, "handles", before.handles, after.handles, sizeof before.handles);
    compare(result, "console", &before.console, &after.console, sizeof before.console);
    compare(result, "console_modes", before.console_modes, after.console_modes, sizeof before.console_modes);
    compare(result, "environment", before.environment, after.environment, sizeof before.environment);
    fclose(result);
    return 0;
}
