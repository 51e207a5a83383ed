/* launch_windows.c - vcshim.exe: loads the core beside it and has it run the command (vcshim.c, which is a part of it).
 *
 * Links neither the core nor Python: Windows would show a box of its own where something is missing, and nothing where nobody
 * looks. What is missing is said on stderr instead, in the language of the user (shim/commands/catalogue/start.py).
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <string.h>
#include "lacking.h"
#include "program_messages.h" /* by enum vcshim_lacking; {path} and {error} stand in them */

enum { ROOM = 32768, CHINESE = 4 /* LANG_CHINESE, the lower ten bits of a LANGID */, GBK = 936, GB18030 = 54936 };

typedef int (*main_fn)(int argc, wchar_t **argv);

int vcshim_try_library(int count, wchar_t **words); /* trial_windows.c */

static WCHAR path[ROOM];
static char set[VCSHIM_PATH_MAX], missing[VCSHIM_PATH_MAX], text[2 * VCSHIM_PATH_MAX];
static WCHAR wide[2 * VCSHIM_PATH_MAX];
static char bytes[8 * VCSHIM_PATH_MAX];

static void put(const char *words)
{
    strncat(text, words, sizeof text - 1 - strlen(text));
}

static void put_number(unsigned long number)
{
    char digits[12];
    int at = 11;
    digits[at] = 0;
    do digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    put(digits + at);
}

static void put_message(const char *message, unsigned long error)
{
    char piece[2] = "";
    while (*message != 0) {
        if (strncmp(message, "{path}", 6) == 0) {
            put(missing);
            message += 6;
        } else if (strncmp(message, "{error}", 7) == 0) {
            put_number(error);
            message += 7;
        } else {
            piece[0] = *message++;
            put(piece);
        }
    }
}

/* In which files and pipes are written, as the commands do (shim/commands/console.py): GBK if that is the code page, else UTF-8. */
static UINT pipe_page(void)
{
    UINT page = GetConsoleOutputCP();
    if (page == 0) page = GetACP();
    return page == GBK || page == GB18030 ? page : CP_UTF8;
}

/* To a console as text, to anything else as bytes. */
static void say(void)
{
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    DWORD mode, count = (DWORD)MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, sizeof wide / sizeof wide[0]);
    int length;
    if (count > 0 && GetConsoleMode(out, &mode)) {
        WriteConsoleW(out, wide, count - 1, &count, NULL);
        return;
    }
    length = WideCharToMultiByte(pipe_page(), 0, wide, (int)count - 1, bytes, sizeof bytes, NULL, NULL);
    if (count > 1 && length > 0) WriteFile(out, bytes, (DWORD)length, &count, NULL);
    else WriteFile(out, text, (DWORD)strlen(text), &count, NULL);
}

/* After a double click the console closes with the program, and what was said with it. */
static void wait_for_reader(int chinese)
{
    DWORD users[2], count;
    char key;
    if (GetConsoleProcessList(users, 2) != 1) return;
    text[0] = 0;
    put(chinese ? press_enter.zh : press_enter.en);
    say();
    ReadFile(GetStdHandle(STD_INPUT_HANDLE), &key, 1, &count, NULL);
}

static int refuse(unsigned long error)
{
    const int chinese = (GetUserDefaultUILanguage() & 0x3FF) == CHINESE;
    enum vcshim_lacking lacking;
    strcpy(missing, set);
    strncat(missing, "\\" VCSHIM_CORE_FILE, sizeof missing - 1 - strlen(missing));
    lacking = vcshim_lacking(set, missing);
    put("vcshim: ");
    put_message(chinese ? program_messages[lacking].zh : program_messages[lacking].en, error);
    put("\r\n");
    say();
    wait_for_reader(chinese);
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    union {
        FARPROC plain;
        main_fn typed;
    } entry = {0};
    HMODULE core = NULL;
    DWORD length = GetModuleFileNameW(NULL, path, ROOM - sizeof VCSHIM_CORE_FILE), error = ERROR_BUFFER_OVERFLOW, mode, i;
    WCHAR *last;
    if (argc > 1 && wcscmp(argv[1], L"try-library") == 0) return vcshim_try_library(argc - 2, argv + 2);
    last = length == 0 ? NULL : wcsrchr(path, L'\\');
    if (last == NULL || (*last = 0, WideCharToMultiByte(CP_UTF8, 0, path, -1, set, sizeof set - sizeof VCSHIM_CORE_FILE, NULL, NULL) == 0))
        return refuse(error);
    *last++ = L'\\';
    for (i = 0; i < sizeof VCSHIM_CORE_FILE; i++) last[i] = (WCHAR)VCSHIM_CORE_FILE[i];
    SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode);
    core = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    error = GetLastError();
    SetThreadErrorMode(mode, NULL);
    if (core != NULL) entry.plain = GetProcAddress(core, "vcshim_main");
    if (entry.plain == NULL) return refuse(core == NULL ? error : GetLastError());
    return entry.typed(argc, argv);
}
