/* screenhost.c - a hospital program that carries out orders line by line, while a test looks at the screens.
 *
 *   screenhost LIBRARY      VirtualCardChk's path; ASCII
 *
 * On Windows a form with an EDIT control that has the focus; orders are carried out by the form's thread, which
 * dispatches messages in between. On Linux a plain process. Every line on stdin is an order and is answered by one on
 * stdout:
 *
 *   mode N              Set_QRflow_Mode                     mode RESULT US
 *   trans URL IN        VirtualCardTrans, words in hex      trans RESULT-HEX OUTDATA-HEX US
 *   focus               who has it                          focus CLASS IN-FRONT EDIT-TEXT
 *   broadcast           WM_SETTINGCHANGE to all windows     broadcast MS
 *   quit, or the end    the program ends                    bye
 *
 * US are microseconds of the call. Exit code 0; 2 where the library or an order is not what it should be.
 */
#ifndef _WIN32
#define _POSIX_C_SOURCE 199309L
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#define CALL __stdcall
#else
#include <dlfcn.h>
#include <time.h>
#define CALL
#endif

enum { LINE = 65536, OUT_BYTES = 2048 };

typedef int(CALL *mode_fn)(int);
typedef char *(CALL *trans_fn)(char *, char *, char *);

static mode_fn set_mode;
static trans_fn trans;

static double microseconds(void)
{
#ifdef _WIN32
    LARGE_INTEGER now, each;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&each);
    return (double)now.QuadPart * 1e6 / (double)each.QuadPart;
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
#endif
}

static void fail(const char *what)
{
    printf("error %s\n", what);
    fflush(stdout);
    exit(2);
}

static char *unhex(char *text)
{
    size_t i, length = strlen(text) / 2;
    for (i = 0; i < length; i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], 0};
        text[i] = (char)strtol(pair, NULL, 16);
    }
    text[length] = 0;
    return text;
}

static void put_hex(const char *text)
{
    if (*text == 0) putchar('-');
    for (; *text != 0; text++) printf("%02x", (unsigned char)*text);
}

static void do_trans(char *url, char *in)
{
    static char out[OUT_BYTES];
    const char *result;
    double start;
    if (url == NULL || in == NULL) fail("trans wants two words");
    out[0] = 0;
    unhex(url);
    unhex(in);
    start = microseconds();
    result = trans(url, in, out);
    start = microseconds() - start;
    printf("trans ");
    put_hex(result == NULL ? "" : result);
    putchar(' ');
    put_hex(out);
    printf(" %.0f\n", start);
}

#ifdef _WIN32

static HWND form, edit;

static void do_focus(void)
{
    char name[64] = "none", text[256] = "";
    HWND focus = GetFocus();
    if (focus != NULL) GetClassNameA(focus, name, sizeof name);
    GetWindowTextA(edit, text, sizeof text);
    printf("focus %s %d %s\n", name, GetForegroundWindow() == form, text);
}

static void do_broadcast(void)
{
    DWORD start = GetTickCount();
    SendMessageA(HWND_BROADCAST, WM_SETTINGCHANGE, 0, (LPARAM) "Environment");
    printf("broadcast %lu\n", (unsigned long)(GetTickCount() - start));
}

#else

static void do_focus(void) { printf("focus none 0 \n"); }
static void do_broadcast(void) { printf("broadcast 0\n"); }

#endif

/* 0 at the end. */
static int obey(char *line)
{
    char *word = strtok(line, " \r\n");
    char *first = strtok(NULL, " \r\n");
    if (word == NULL || strcmp(word, "quit") == 0) {
        printf("bye\n");
        fflush(stdout);
        return 0;
    }
    if (strcmp(word, "mode") == 0 && first != NULL) {
        double start = microseconds();
        int result = set_mode(atoi(first));
        printf("mode %d %.0f\n", result, microseconds() - start);
    } else if (strcmp(word, "trans") == 0) {
        do_trans(first, strtok(NULL, " \r\n"));
    } else if (strcmp(word, "focus") == 0) {
        do_focus();
    } else if (strcmp(word, "broadcast") == 0) {
        do_broadcast();
    } else {
        fail(word);
    }
    fflush(stdout);
    return 1;
}

#ifdef _WIN32

enum { ORDER = WM_APP };

static LRESULT CALLBACK on_form(HWND window, UINT message, WPARAM word, LPARAM parameter)
{
    if (message == WM_SETFOCUS) {
        SetFocus(edit);
        HideCaret(edit); /* it would blink, and the test looks for whatever changes */
    }
    if (message == ORDER) return obey((char *)parameter);
    return DefWindowProcA(window, message, word, parameter);
}

/* Reads orders and hands each to the form's thread. */
static DWORD WINAPI listen(LPVOID nothing)
{
    static char line[LINE];
    (void)nothing;
    while (fgets(line, sizeof line, stdin) != NULL && SendMessageA(form, ORDER, 0, (LPARAM)line) != 0) continue;
    PostMessageA(form, WM_QUIT, 0, 0);
    return 0;
}

static void *symbol(HMODULE library, const char *name) { return (void *)GetProcAddress(library, name); }

int main(int argc, char **argv)
{
    WNDCLASSA kind = {0};
    HMODULE library = argc > 1 ? LoadLibraryA(argv[1]) : NULL;
    MSG message;
    if (library == NULL) fail("library");
    set_mode = (mode_fn)symbol(library, "Set_QRflow_Mode");
    trans = (trans_fn)symbol(library, "VirtualCardTrans");
    kind.lpfnWndProc = on_form;
    kind.hInstance = GetModuleHandleA(NULL);
    kind.hbrBackground = (HBRUSH)(COLOR_WINDOW + 1);
    kind.lpszClassName = "his-form";
    RegisterClassA(&kind);
    form = CreateWindowA("his-form", "HIS", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 40, 40, 400, 200, NULL, NULL,
                         kind.hInstance, NULL);
    edit = CreateWindowA("EDIT", "", WS_CHILD | WS_VISIBLE | WS_BORDER, 20, 20, 300, 30, form, NULL, kind.hInstance,
                         NULL);
    SetForegroundWindow(form);
    SetFocus(form);
    CreateThread(NULL, 0, listen, NULL, 0, NULL);
    while (GetMessageA(&message, NULL, 0, 0) > 0) {
        TranslateMessage(&message);
        DispatchMessageA(&message);
    }
    return 0;
}

#else

int main(int argc, char **argv)
{
    static char line[LINE];
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (library == NULL) fail("library");
    *(void **)&set_mode = dlsym(library, "Set_QRflow_Mode");
    *(void **)&trans = dlsym(library, "VirtualCardTrans");
    while (fgets(line, sizeof line, stdin) != NULL && obey(line)) continue;
    return 0;
}

#endif
