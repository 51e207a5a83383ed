/* edithost.c - a win32 program with one window and one EDIT control, as a form of a hospital program has it.
 *
 *   edithost VCDLL ECDLL single|multi STEP...    ANSI window, ASCII words; exit code 0 when it got through all steps
 *
 * STEP              what it does, and the line it writes
 *   keep=CODE       NationEcTrans with CODE as ecQrCode, address sim:           keep CODE-OF-THE-CALL
 *   fill=own        SetEcQrcode from the window's thread                        fill NUMBER HEX-OF-PERRMSG
 *   fill=other      ... from another thread while the window's thread pumps; fill=both: from two at once, two lines
 *   read=N,M        pumps until the EDIT holds N bytes and saw M Enters, and a while longer; then empties it
 *                                                                               edit HEX down=N char=N foreign=N
 *   down=VK, up=VK  presses or releases a key (keybd_event)
 *   front=CLASS     a window of that class comes to the front; front=: the form again; front=none: no window
 *   mark=FILE       makes that file: the steps before are done
 *   clip=TEXT, clip TEXT into the clipboard; what is in it                      clip TEXT
 *
 * `down` and `char` count WM_KEYDOWN VK_RETURN and WM_CHAR 13 of the EDIT, `foreign` the WM_CHAR of the other window.
 */
#define WIN32_LEAN_AND_MEAN
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

typedef int(__stdcall *fill_fn)(char *);
typedef char *(__stdcall *trans_fn)(char *, char *, char *);

static const DWORD LIMIT = 60000; /* ms; only ends what has failed */
static HWND form, edit, other;
static WNDPROC edit_procedure;
static int enters_down, enters_char, foreign;
static fill_fn fill;
static trans_fn trans;

typedef struct call {
    int number;
    char message[256];
} call;

static LRESULT CALLBACK on_edit(HWND window, UINT message, WPARAM word, LPARAM parameter)
{
    if (message == WM_KEYDOWN && word == VK_RETURN) enters_down++;
    if (message == WM_CHAR && word == '\r') {
        enters_char++;
        if (!(GetWindowLongA(window, GWL_STYLE) & ES_MULTILINE)) return 0; /* it would beep */
    }
    return CallWindowProcA(edit_procedure, window, message, word, parameter);
}

static LRESULT CALLBACK on_other(HWND window, UINT message, WPARAM word, LPARAM parameter)
{
    if (message == WM_CHAR) foreign++;
    return DefWindowProcA(window, message, word, parameter);
}

static LRESULT CALLBACK on_form(HWND window, UINT message, WPARAM word, LPARAM parameter)
{
    if (message == WM_SETFOCUS) SetFocus(edit);
    return DefWindowProcA(window, message, word, parameter);
}

static void pump(void)
{
    MSG message;
    while (PeekMessageA(&message, NULL, 0, 0, PM_REMOVE)) {
        TranslateMessage(&message);
        DispatchMessageA(&message);
    }
}

static void pump_for(DWORD ms)
{
    DWORD start = GetTickCount();
    do {
        pump();
        Sleep(1);
    } while (GetTickCount() - start < ms);
}

static HWND make(const char *name, WNDPROC procedure, int x)
{
    WNDCLASSA kind = {0};
    HWND window;
    kind.lpfnWndProc = procedure;
    kind.hInstance = GetModuleHandleA(NULL);
    kind.lpszClassName = name;
    kind.hbrBackground = (HBRUSH)(COLOR_WINDOW + 1);
    RegisterClassA(&kind);
    window = CreateWindowA(name, "form", WS_OVERLAPPEDWINDOW | WS_VISIBLE, x, 0, 700, 200, NULL, NULL,
                           kind.hInstance, NULL);
    if (window == NULL) exit(3);
    return window;
}

static void bring_to_front(HWND window, HWND focus)
{
    DWORD start = GetTickCount();
    SetForegroundWindow(window);
    SetFocus(focus);
    while ((GetForegroundWindow() != window || GetFocus() != focus) && GetTickCount() - start < LIMIT) pump_for(10);
    if (GetForegroundWindow() != window || GetFocus() != focus) exit(4);
}

static void front(const char *name)
{
    if (other != NULL) DestroyWindow(other);
    other = NULL;
    if (strcmp(name, "none") == 0) {
        DWORD start = GetTickCount();
        ShowWindow(form, SW_HIDE);
        while (GetForegroundWindow() == form && GetTickCount() - start < LIMIT) pump_for(10);
    } else if (name[0] != 0) {
        other = make(name, on_other, 800);
        bring_to_front(other, other);
    } else {
        ShowWindow(form, SW_SHOW);
        bring_to_front(form, edit);
    }
}

static DWORD WINAPI call_fill(void *parameter)
{
    call *made = parameter;
    memset(made->message, 0, sizeof made->message);
    made->number = fill(made->message);
    return 0;
}

static void show(const call *made)
{
    const unsigned char *at;
    printf("fill %d ", made->number);
    for (at = (const unsigned char *)made->message; *at != 0; at++) printf("%02x", *at);
    printf("\n");
}

static void fill_from(const char *where)
{
    call made[2];
    HANDLE threads[2];
    int count = strcmp(where, "both") == 0 ? 2 : 1, i;
    if (strcmp(where, "own") == 0) {
        call_fill(&made[0]);
        show(&made[0]);
        return;
    }
    for (i = 0; i < count; i++) threads[i] = CreateThread(NULL, 0, call_fill, &made[i], 0, NULL);
    while (MsgWaitForMultipleObjects((DWORD)count, threads, TRUE, 10, QS_ALLINPUT) >= WAIT_OBJECT_0 + (DWORD)count ||
           WaitForMultipleObjects((DWORD)count, threads, TRUE, 0) == WAIT_TIMEOUT)
        pump();
    for (i = 0; i < count; i++) {
        CloseHandle(threads[i]);
        show(&made[i]);
    }
}

static void read_edit(const char *wanted)
{
    static unsigned char text[4096];
    int length = atoi(wanted), enters = atoi(strchr(wanted, ',') + 1), i;
    DWORD start = GetTickCount();
    do {
        pump_for(5);
    } while ((GetWindowTextLengthA(edit) < length || enters_char < enters) && GetTickCount() - start < LIMIT);
    pump_for(length == 0 && enters == 0 ? 500 : 60);
    GetWindowTextA(edit, (char *)text, sizeof text);
    printf("edit ");
    for (i = 0; text[i] != 0; i++) printf("%02x", text[i]);
    printf(" down=%d char=%d foreign=%d\n", enters_down, enters_char, foreign);
    enters_down = enters_char = foreign = 0;
    SetWindowTextA(edit, "");
}

static void keep(const char *code)
{
    static char in[8192], out[2048], url[] = "sim:";
    snprintf(in, sizeof in,
             "{\"orgId\":\"1TESTORG\",\"transType\":\"ec.query\",\"data\":{\"orgId\":\"1TESTORG\",\"businessType\":"
             "\"01101\",\"operatorId\":\"9527\",\"operatorName\":\"tester\",\"ecQrCode\":\"%s\"}}",
             code);
    printf("keep %s\n", trans(url, in, out));
}

static void mark(const char *path)
{
    HANDLE file = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) exit(8);
    CloseHandle(file);
}

static void clipboard(const char *text)
{
    if (!OpenClipboard(form)) exit(5);
    if (text != NULL) {
        HGLOBAL memory = GlobalAlloc(GMEM_MOVEABLE, strlen(text) + 1);
        strcpy(GlobalLock(memory), text);
        GlobalUnlock(memory);
        EmptyClipboard();
        SetClipboardData(CF_TEXT, memory);
    } else {
        HANDLE memory = GetClipboardData(CF_TEXT);
        printf("clip %s\n", memory == NULL ? "" : (char *)GlobalLock(memory));
        if (memory != NULL) GlobalUnlock(memory);
    }
    CloseClipboard();
}

int main(int count, char **words)
{
    HMODULE vc, ec;
    int i;
    if (count < 4) return 2;
    setvbuf(stdout, NULL, _IONBF, 0);
    vc = LoadLibraryA(words[1]);
    ec = LoadLibraryA(words[2]);
    if (vc == NULL || ec == NULL) return 6;
    fill = (fill_fn)(void *)GetProcAddress(vc, "SetEcQrcode");
    trans = (trans_fn)(void *)GetProcAddress(ec, "NationEcTrans");
    form = make("edithost", on_form, 0);
    edit = CreateWindowA("EDIT", "",
                         WS_CHILD | WS_VISIBLE | WS_BORDER | ES_AUTOHSCROLL |
                             (strcmp(words[3], "multi") == 0 ? ES_MULTILINE | ES_AUTOVSCROLL | ES_WANTRETURN : 0),
                         10, 10, 600, 100, form, NULL, GetModuleHandleA(NULL), NULL);
    edit_procedure = (WNDPROC)(LONG_PTR)SetWindowLongPtrA(edit, GWLP_WNDPROC, (LONG_PTR)on_edit);
    SendMessageA(edit, EM_SETLIMITTEXT, 0, 0);
    bring_to_front(form, edit);
    for (i = 4; i < count; i++) {
        char *word = words[i], *value = strchr(word, '=');
        size_t length = value == NULL ? strlen(word) : (size_t)(value - word);
        char step[16] = "";
        memcpy(step, word, length < 15 ? length : 15);
        if (value != NULL) value++;
        if (strcmp(step, "keep") == 0) keep(value);
        else if (strcmp(step, "fill") == 0) fill_from(value);
        else if (strcmp(step, "read") == 0) read_edit(value);
        else if (strcmp(step, "down") == 0) keybd_event((BYTE)atoi(value), 0, 0, 0);
        else if (strcmp(step, "up") == 0) keybd_event((BYTE)atoi(value), 0, KEYEVENTF_KEYUP, 0);
        else if (strcmp(step, "front") == 0) front(value);
        else if (strcmp(step, "mark") == 0) mark(value);
        else if (strcmp(step, "clip") == 0) clipboard(value);
        else return 7;
        pump();
    }
    return 0;
}
