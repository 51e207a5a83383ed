/* events_windows.c - see events.h. advapi32 is loaded from System32 when the first event is written, never linked: the front
 * imports KERNEL32 alone, and hosts in which nothing fails do not need it.
 */
#include "events.h"
#include "threads.h"
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

enum { TEXT_ROOM = 2048, PATH_ROOM = 300 };

static LONG is_busy; /* the text belongs to the thread that writes it */
static WORD type;
static DWORD number;
static WCHAR words[TEXT_ROOM];

typedef HANDLE(WINAPI *register_fn)(LPCWSTR, LPCWSTR);
typedef BOOL(WINAPI *report_fn)(HANDLE, WORD, WORD, DWORD, PSID, WORD, DWORD, LPCWSTR *, LPVOID);
typedef BOOL(WINAPI *deregister_fn)(HANDLE);

/* A function of advapi32; NULL where there is none. */
static FARPROC function_of(const char *name)
{
    static const WCHAR file[] = L"\\advapi32.dll";
    WCHAR path[PATH_ROOM];
    UINT used = GetSystemDirectoryW(path, PATH_ROOM - sizeof file / sizeof file[0]), i;
    HMODULE library;
    if (used == 0 || used >= PATH_ROOM - sizeof file / sizeof file[0]) return NULL;
    for (i = 0; i < sizeof file / sizeof file[0]; i++) path[used + i] = file[i];
    library = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    return library == NULL ? NULL : GetProcAddress(library, name);
}

static void write_event(void)
{
    union {
        FARPROC plain;
        register_fn typed;
    } open = {function_of("RegisterEventSourceW")};
    union {
        FARPROC plain;
        report_fn typed;
    } report = {function_of("ReportEventW")};
    union {
        FARPROC plain;
        deregister_fn typed;
    } close = {function_of("DeregisterEventSource")};
    LPCWSTR text = words;
    if (open.plain != NULL && report.plain != NULL && close.plain != NULL) {
        HANDLE source = open.typed(NULL, L"vcshim");
        if (source != NULL) {
            report.typed(source, type, 0, number, NULL, 1, 0, &text, NULL);
            close.typed(source);
        }
    }
    InterlockedExchange(&is_busy, 0);
}

void vcshim_tell_system(enum vcshim_event event, const char *text, int32_t count)
{
    int length;
    if (vcshim_is_alone() || InterlockedExchange(&is_busy, 1) != 0) return;
    length = MultiByteToWideChar(CP_UTF8, 0, text, count, words, TEXT_ROOM - 1);
    words[length > 0 ? length : 0] = 0;
    type = event == VCSHIM_EVENT_FAILURE ? EVENTLOG_ERROR_TYPE : EVENTLOG_WARNING_TYPE;
    number = (DWORD)event;
    if (!vcshim_run_behind(write_event)) InterlockedExchange(&is_busy, 0);
}
