/* What can be seen of a process on 32-bit Windows. See inventory.h.
 *
 * A host of the kind that has everything: a form with an EDIT control, both C runtimes loaded, COM in a single-threaded
 * apartment on its main thread.
 */
#define COBJMACROS
#define _WIN32_WINNT 0x0601
#include "inventory.h"

#include <objbase.h>
#include <psapi.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tlhelp32.h>
#include <windows.h>
#include <winternl.h>

enum { TEXT = 32768, NAME_SIZE = 512, SYSTEM_HANDLES = 16, THREAD_START = 9, OBJECT_NAME = 1, OBJECT_TYPE = 2 };

static void *function_of(const char *library, const char *name)
{
    HMODULE module = GetModuleHandleA(library);
    return module == NULL ? NULL : (void *)GetProcAddress(module, name);
}

/* ---- the host's second thread and its form ---- */

static struct {
    HANDLE wanted, done;
    system_work *work;
    void *context;
} second;

static HWND form, edit;

static DWORD WINAPI second_main(void *nothing)
{
    (void)nothing;
    for (;;) {
        WaitForSingleObject(second.wanted, INFINITE);
        second.work(second.context, 1);
        SetEvent(second.done);
    }
    return 0;
}

/* The second thread's work may send messages to the form. */
void inventory_on_second(system_work *work, void *context)
{
    second.work = work;
    second.context = context;
    SetEvent(second.wanted);
    for (;;) {
        MSG message;
        if (MsgWaitForMultipleObjects(1, &second.done, FALSE, INFINITE, QS_ALLINPUT) == WAIT_OBJECT_0)
            return;
        while (PeekMessageA(&message, NULL, 0, 0, PM_REMOVE)) {
            TranslateMessage(&message);
            DispatchMessageA(&message);
        }
    }
}

void inventory_wait(unsigned milliseconds)
{
    DWORD start = GetTickCount(), gone;
    while ((gone = GetTickCount() - start) < milliseconds) {
        MSG message;
        MsgWaitForMultipleObjects(0, NULL, FALSE, milliseconds - gone, QS_ALLINPUT);
        while (PeekMessageA(&message, NULL, 0, 0, PM_REMOVE)) {
            TranslateMessage(&message);
            DispatchMessageA(&message);
        }
    }
}

/* One of its own, hidden: it must not take the focus from the form. */
static void open_console(void)
{
    FreeConsole();
    AllocConsole();
    ShowWindow(GetConsoleWindow(), SW_HIDE);
    inventory_wait(300);
}

static LRESULT CALLBACK on_form(HWND window, UINT message, WPARAM word, LPARAM parameter)
{
    if (message == WM_SETFOCUS)
        SetFocus(edit);
    return DefWindowProcA(window, message, word, parameter);
}

static void open_form(void)
{
    WNDCLASSA kind = {0};
    kind.lpfnWndProc = on_form;
    kind.hInstance = GetModuleHandleA(NULL);
    kind.lpszClassName = "his-form";
    RegisterClassA(&kind);
    form = CreateWindowA("his-form", "HIS", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 40, 40, 400, 200, NULL, NULL, kind.hInstance,
                         NULL);
    edit = CreateWindowA("EDIT", "", WS_CHILD | WS_VISIBLE, 20, 20, 300, 30, form, NULL, kind.hInstance, NULL);
    SetForegroundWindow(form);
    SetFocus(form);
    inventory_wait(200);
}

/* What the runtime makes of the environment when it is first asked, as it is in a host that was built with it. */
static void use_runtime(const char *library)
{
    void(__cdecl * set_zone)(void) = (void(__cdecl *)(void))function_of(library, "_tzset");
    WCHAR *(__cdecl * get)(const WCHAR *) = (WCHAR * (__cdecl *)(const WCHAR *)) function_of(library, "_wgetenv");
    get(L"PATH");
    set_zone();
}

bool inventory_prepare(void)
{
    if (FAILED(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED)))
        return false;
    use_runtime("msvcrt");
    use_runtime("ucrtbase");
    open_console();
    open_form();
    second.wanted = CreateEventA(NULL, FALSE, FALSE, NULL);
    second.done = CreateEventA(NULL, FALSE, FALSE, NULL);
    return CreateThread(NULL, 0, second_main, NULL, 0, NULL) != NULL;
}

/* ---- texts ---- */

static const char *utf8(const WCHAR *text, char *bytes, int size)
{
    if (WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, size, NULL, NULL) == 0)
        snprintf(bytes, (size_t)size, "?");
    return bytes;
}

static const char *module_of(const void *address)
{
    static char path[MAX_PATH];
    HMODULE module;
    if (address == NULL)
        return "none";
    if (!GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, address,
                            &module) ||
        GetModuleFileNameA(module, path, sizeof path) == 0)
        return "?";
    const char *slash = strrchr(path, '\\');
    return slash == NULL ? path : slash + 1;
}

/* ---- environment and folders ---- */

static void record_environment(void)
{
    static char bytes[TEXT];
    WCHAR *block = GetEnvironmentStringsW();
    inventory_begin("environment");
    for (const WCHAR *variable = block; *variable != 0; variable += wcslen(variable) + 1)
        inventory_member("%s", utf8(variable, bytes, sizeof bytes));
    inventory_end();
    FreeEnvironmentStringsW(block);
}

static void record_folders(void)
{
    WCHAR folder[1024] = L"";
    char bytes[1024 * 3];
    inventory_begin("folders");
    GetCurrentDirectoryW(1024, folder);
    inventory_member("current directory: %s", utf8(folder, bytes, sizeof bytes));
    folder[0] = 0;
    GetDllDirectoryW(1024, folder);
    inventory_member("DLL directory: %s", utf8(folder, bytes, sizeof bytes));
    inventory_end();
}

/* ---- a C runtime that host and library share ---- */

static void member_signals(const char *library)
{
    static const struct {
        int number;
        const char *name;
    } signals[] = {{2, "INT"}, {4, "ILL"}, {8, "FPE"}, {11, "SEGV"}, {15, "TERM"}, {21, "BREAK"}, {22, "ABRT"}};
    typedef void(__cdecl * handler_fn)(int);
    handler_fn(__cdecl * set)(int, handler_fn) = (handler_fn(__cdecl *)(int, handler_fn))function_of(library, "signal");
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        handler_fn handler = set(signals[i].number, (handler_fn)0);
        set(signals[i].number, handler);
        inventory_member("signal %s: %s", signals[i].name,
                         (uintptr_t)handler == 0   ? "default"
                         : (uintptr_t)handler == 1 ? "ignored"
                                                   : module_of((const void *)handler));
    }
}

static void member_locale(const char *library)
{
    static const char *const names[] = {"", "LC_COLLATE", "LC_CTYPE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME"};
    char *(__cdecl * set)(int, const char *) = (char *(__cdecl *)(int, const char *))function_of(library, "setlocale");
    for (int category = 1; category < 6; category++)
        inventory_member("%s: %s", names[category], set(category, NULL));
}

static void member_variables(const char *library)
{
    WCHAR ***(__cdecl * variables)(void) = (WCHAR * **(__cdecl *)(void)) function_of(library, "__p__wenviron");
    WCHAR **each = variables == NULL ? NULL : *variables();
    uint32_t digest = 0;
    for (; each != NULL && *each != NULL; each++)
        digest = digest * 31 + inventory_digest(*each, wcslen(*each) * sizeof **each);
    inventory_member("environment: %08x", (unsigned)digest);
}

static void member_rest(const char *library)
{
    int(__cdecl * get_mode)(int *) = (int(__cdecl *)(int *))function_of(library, "_get_fmode");
    int(__cdecl * set_umask)(int) = (int(__cdecl *)(int))function_of(library, "_umask");
    int(__cdecl * get_zone)(long *) = (int(__cdecl *)(long *))function_of(library, "_get_timezone");
    void *(__cdecl * get_handler)(void) = (void *(__cdecl *)(void))function_of(library, "_get_invalid_parameter_handler");
    int mode = 0, mask = set_umask(0);
    long zone = 0;
    set_umask(mask);
    if (get_mode != NULL)
        get_mode(&mode);
    if (get_zone != NULL)
        get_zone(&zone);
    inventory_member("file mode: %x", (unsigned)mode);
    inventory_member("umask: %o", (unsigned)mask);
    inventory_member("time zone: %ld", zone);
    inventory_member("invalid parameter handler: %s", get_handler == NULL ? "none" : module_of(get_handler()));
}

static void record_runtime(const char *item, const char *library)
{
    inventory_begin(item);
    member_signals(library);
    member_locale(library);
    member_variables(library);
    member_rest(library);
    inventory_end();
}

/* ---- console, standard handles, process settings ---- */

static void record_console(void)
{
    char title[256] = "";
    GetConsoleTitleA(title, sizeof title);
    inventory_begin("console");
    inventory_member("window: %p", (void *)GetConsoleWindow());
    inventory_member("title: %s", title);
    inventory_member("code pages: %u %u", GetConsoleCP(), GetConsoleOutputCP());
    for (int i = 0; i < 3; i++) {
        DWORD mode = 0;
        if (GetConsoleMode(GetStdHandle((DWORD)(-10 - i)), &mode))
            inventory_member("mode %d: %lx", i, (unsigned long)mode);
    }
    inventory_end();
    inventory_begin("standard handles");
    for (int i = 0; i < 3; i++) {
        HANDLE handle = GetStdHandle((DWORD)(-10 - i));
        DWORD flags = 0;
        GetHandleInformation(handle, &flags);
        inventory_member("%d: %p, type %lu, flags %lx", i, (void *)handle, (unsigned long)GetFileType(handle),
                         (unsigned long)flags);
    }
    inventory_end();
}

static void record_process_settings(void)
{
    DWORD_PTR processors = 0, all = 0;
    DWORD level = 0, flags = 0;
    BOOL boost = FALSE, in_job = FALSE;
    HANDLE self = GetCurrentProcess();
    LPTOP_LEVEL_EXCEPTION_FILTER filter = SetUnhandledExceptionFilter(NULL);
    SetUnhandledExceptionFilter(filter);
    inventory_value("unhandled-exception filter", "%s %p", module_of((const void *)filter), (void *)filter);
    GetProcessAffinityMask(self, &processors, &all);
    GetProcessPriorityBoost(self, &boost);
    GetProcessShutdownParameters(&level, &flags);
    IsProcessInJob(self, NULL, &in_job);
    inventory_begin("process settings");
    inventory_member("error mode: %x", GetErrorMode());
    inventory_member("priority class: %lx", (unsigned long)GetPriorityClass(self));
    inventory_member("processors: %lx", (unsigned long)processors);
    inventory_member("priority boost: %d", boost);
    inventory_member("shutdown: %lx %lx", (unsigned long)level, (unsigned long)flags);
    inventory_member("in a job: %d", in_job);
    inventory_member("DPI aware: %d", IsProcessDPIAware());
    inventory_member("code page: %u", GetACP());
    inventory_end();
}

/* ---- threads, modules, children, windows ---- */

static void each_thread(void (*visit)(DWORD thread))
{
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
        if (entry.th32OwnerProcessID == GetCurrentProcessId())
            visit(entry.th32ThreadID);
    }
    CloseHandle(snapshot);
}

static unsigned thread_count;

static void count_thread(DWORD thread)
{
    (void)thread;
    thread_count++;
}

unsigned inventory_thread_count(void)
{
    thread_count = 0;
    each_thread(count_thread);
    return thread_count;
}

/* By the module that its function is in: threads have no names before Windows 10. */
static void record_one_thread(DWORD thread)
{
    void *start = NULL;
    HANDLE handle = OpenThread(THREAD_QUERY_INFORMATION, FALSE, thread);
    if (handle == NULL)
        return;
    NtQueryInformationThread(handle, (THREADINFOCLASS)THREAD_START, &start, sizeof start, NULL);
    CloseHandle(handle);
    inventory_member("%s", module_of(start));
}

static BOOL CALLBACK record_window(HWND window, LPARAM nothing)
{
    char name[NAME_SIZE] = "?";
    (void)nothing;
    GetClassNameA(window, name, sizeof name);
    inventory_member("%s%s", name, IsWindowVisible(window) ? " (visible)" : "");
    return TRUE;
}

static void record_windows_of(DWORD thread)
{
    EnumThreadWindows(thread, record_window, 0);
}

static void record_windows(void)
{
    inventory_begin("windows");
    each_thread(record_windows_of);
    for (HWND each = NULL; (each = FindWindowExA(HWND_MESSAGE, each, NULL, NULL)) != NULL;) {
        DWORD process = 0;
        GetWindowThreadProcessId(each, &process);
        if (process == GetCurrentProcessId())
            record_window(each, 0);
    }
    inventory_end();
}

static void record_modules(void)
{
    MODULEENTRY32W entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, GetCurrentProcessId());
    char path[NAME_SIZE * 3];
    inventory_begin("modules");
    for (BOOL more = Module32FirstW(snapshot, &entry); more; more = Module32NextW(snapshot, &entry))
        inventory_member("%s", utf8(entry.szExePath, path, sizeof path));
    inventory_end();
    CloseHandle(snapshot);
}

static void record_children(void)
{
    PROCESSENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    inventory_begin("children");
    for (BOOL more = Process32First(snapshot, &entry); more; more = Process32Next(snapshot, &entry)) {
        if (entry.th32ParentProcessID == GetCurrentProcessId())
            inventory_member("%s", entry.szExeFile);
    }
    inventory_end();
    CloseHandle(snapshot);
}

/* ---- handles ---- */

typedef struct handle_entry {
    USHORT process, trace;
    UCHAR type, attributes;
    USHORT handle;
    PVOID object;
    ACCESS_MASK access;
} handle_entry;

typedef struct handle_list {
    ULONG count;
    handle_entry entries[1];
} handle_list;

static const char *object_text(HANDLE handle, int what, char *text, int size)
{
    static char memory[TEXT];
    const UNICODE_STRING *name = (const UNICODE_STRING *)memory;
    WCHAR wide[NAME_SIZE];
    memset(memory, 0, sizeof *name);
    if (NtQueryObject(handle, (OBJECT_INFORMATION_CLASS)what, memory, sizeof memory, NULL) < 0 || name->Buffer == NULL)
        return "";
    size_t length = name->Length / sizeof *wide < NAME_SIZE - 1 ? name->Length / sizeof *wide : NAME_SIZE - 1;
    memcpy(wide, name->Buffer, length * sizeof *wide);
    wide[length] = 0;
    return utf8(wide, text, size);
}

/* Kinds, and names where asking for one cannot block. */
static void record_handles(void)
{
    ULONG size = 1 << 20;
    handle_list *list = malloc(size);
    while (list != NULL && NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SYSTEM_HANDLES, list, size, NULL) < 0) {
        free(list);
        list = malloc(size *= 2);
    }
    inventory_begin("handles");
    for (ULONG i = 0; list != NULL && i < list->count; i++) {
        HANDLE handle = (HANDLE)(uintptr_t)list->entries[i].handle;
        char type[NAME_SIZE], name[NAME_SIZE * 3] = "";
        DWORD flags = 0;
        if (list->entries[i].process != (USHORT)GetCurrentProcessId())
            continue;
        snprintf(type, sizeof type, "%s", object_text(handle, OBJECT_TYPE, name, sizeof name));
        if (strcmp(type, "File") != 0 || GetFileType(handle) == FILE_TYPE_DISK)
            snprintf(name, sizeof name, "%s", object_text(handle, OBJECT_NAME, name, sizeof name));
        else
            snprintf(name, sizeof name, "pipe or socket");
        GetHandleInformation(handle, &flags);
        inventory_member("%s %s%s", type[0] == 0 ? "?" : type, name, flags & HANDLE_FLAG_INHERIT ? " (children inherit it)" : "");
    }
    inventory_end();
    free(list);
}

/* ---- memory and slots ---- */

static void record_memory(void)
{
    HANDLE heaps[256];
    MEMORY_BASIC_INFORMATION info;
    unsigned open_memory = 0;
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    for (char *at = NULL; VirtualQuery(at, &info, sizeof info) != 0; at = (char *)info.BaseAddress + info.RegionSize) {
        if (info.State == MEM_COMMIT && info.Type == MEM_PRIVATE && (info.Protect & PAGE_EXECUTE_READWRITE) != 0)
            open_memory++;
    }
    GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters);
    inventory_value("writable and executable memory", "%u", open_memory);
    inventory_value("heaps", "%lu", (unsigned long)GetProcessHeaps(256, heaps));
    inventory_value("figure.working set bytes", "%lu", (unsigned long)counters.WorkingSetSize);
}

static unsigned free_tls_slots(void)
{
    static DWORD slots[4096];
    unsigned count = 0;
    while (count < 4096 && (slots[count] = TlsAlloc()) != TLS_OUT_OF_INDEXES)
        count++;
    for (unsigned i = 0; i < count; i++)
        TlsFree(slots[i]);
    return count;
}

static unsigned free_fls_slots(void)
{
    static DWORD slots[8192];
    unsigned count = 0;
    while (count < 8192 && (slots[count] = FlsAlloc(NULL)) != FLS_OUT_OF_INDEXES)
        count++;
    for (unsigned i = 0; i < count; i++)
        FlsFree(slots[i]);
    return count;
}

static void record_slots(void)
{
    unsigned atoms = 0;
    for (unsigned atom = 0xc000; atom < 0xd000; atom++) {
        char name[NAME_SIZE];
        atoms += GetAtomNameA((ATOM)atom, name, sizeof name) > 0;
    }
    inventory_value("free TLS slots", "%u", free_tls_slots());
    inventory_value("free FLS slots", "%u", free_fls_slots());
    inventory_value("local atoms", "%u", atoms);
    inventory_value("figure.USER objects", "%lu", (unsigned long)GetGuiResources(GetCurrentProcess(), GR_USEROBJECTS));
    inventory_value("figure.GDI objects", "%lu", (unsigned long)GetGuiResources(GetCurrentProcess(), GR_GDIOBJECTS));
}

static void record_winsock(void)
{
    int(WINAPI * name)(char *, int) = (int(WINAPI *)(char *, int))function_of("ws2_32", "gethostname");
    char host[256];
    inventory_value("Winsock", "%s", name == NULL ? "not loaded" : name(host, sizeof host) == 0 ? "started" : "not started");
}

/* ---- the desktop ---- */

static void record_desktop(void)
{
    char name[NAME_SIZE] = "none";
    HWND front = GetForegroundWindow();
    if (front != NULL)
        GetClassNameA(front, name, sizeof name);
    inventory_begin("desktop");
    inventory_member("in front: %s", name);
    inventory_member("focus: %s", GetFocus() == edit ? "the host's EDIT" : "elsewhere");
    inventory_member("clipboard: %lu", (unsigned long)GetClipboardSequenceNumber());
    for (int key = 1; key < 256; key++) {
        if (GetAsyncKeyState(key) & 0x8000)
            inventory_member("pressed: %d", key);
    }
    inventory_end();
}

/* ---- the whole ---- */

void inventory_process(void)
{
    record_environment();
    record_folders();
    record_runtime("C runtime msvcrt", "msvcrt");
    record_runtime("C runtime ucrtbase", "ucrtbase");
    record_console();
    record_process_settings();
    inventory_begin("threads");
    each_thread(record_one_thread);
    inventory_end();
    record_windows();
    record_modules();
    record_children();
    record_handles();
    record_memory();
    record_slots();
    record_winsock();
    record_desktop();
}

static const char *apartment(void)
{
    static const char *const names[] = {"single-threaded", "multi-threaded", "neutral", "main single-threaded"};
    APTTYPE type;
    APTTYPEQUALIFIER qualifier;
    HRESULT result = CoGetApartmentType(&type, &qualifier);
    if (result == CO_E_NOTINITIALIZED)
        return "none";
    return FAILED(result) || (unsigned)type >= 4 ? "?" : names[type];
}

static void value_of(const char *name, const char *suffix, const char *format, unsigned long value)
{
    char item[64];
    snprintf(item, sizeof item, "%s%s", name, suffix);
    inventory_value(item, format, value);
}

void inventory_thread(const char *suffix)
{
    uint16_t control;
    uint32_t mxcsr;
    char item[64];
    HANDLE context = NULL, self = GetCurrentThread();
    GUITHREADINFO gui = {.cbSize = sizeof gui};
    ULONG guarantee = 0;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    value_of("x87 control word", suffix, "%04lx", control);
    value_of("MXCSR", suffix, "%04lx", mxcsr);
    snprintf(item, sizeof item, "COM apartment%s", suffix);
    inventory_value(item, "%s", apartment());
    GetCurrentActCtx(&context);
    SetThreadStackGuarantee(&guarantee);
    snprintf(item, sizeof item, "thread settings%s", suffix);
    inventory_begin(item);
    inventory_member("locale: %lx", (unsigned long)GetThreadLocale());
    inventory_member("UI language: %x", GetThreadUILanguage());
    inventory_member("error mode: %lx", (unsigned long)GetThreadErrorMode());
    inventory_member("priority: %d", GetThreadPriority(self));
    inventory_member("activation context: %p", (void *)context);
    inventory_member("stack guarantee: %lu", (unsigned long)guarantee);
    inventory_member("desktop: %p", (void *)GetThreadDesktop(GetCurrentThreadId()));
    inventory_member("keyboard layout: %p", (void *)GetKeyboardLayout(0));
    inventory_member("window with the focus: %d", GetGUIThreadInfo(GetCurrentThreadId(), &gui) && gui.hwndFocus != NULL);
    inventory_end();
    ReleaseActCtx(context);
}
