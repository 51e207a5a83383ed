/* See vendor_system.h: Windows, with its own sockets and code pages. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vendor_system.h"

enum { GBK = 936 };

static CRITICAL_SECTION section;

__attribute__((constructor)) static void prepare(void)
{
    InitializeCriticalSection(&section);
}

static void start_sockets(void)
{
    static bool started;
    WSADATA data;
    EnterCriticalSection(&section);
    if (!started)
        started = WSAStartup(MAKEWORD(2, 2), &data) == 0;
    LeaveCriticalSection(&section);
}

long line_open(const char *host, int port)
{
    char service[8];
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    start_sockets();
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return -1;
    SOCKET made = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    BOOL yes = TRUE;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, (const char *)&yes, sizeof yes);
    bool good = connect(made, found->ai_addr, (int)found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (!good)
        closesocket(made);
    return good ? (long)made : -1;
}

bool line_send(long line, const char *bytes, size_t size)
{
    while (size > 0) {
        int sent = send((SOCKET)line, bytes, (int)size, 0);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

long line_receive(long line, char *bytes, size_t room)
{
    return recv((SOCKET)line, bytes, (int)room, 0);
}

void line_close(long line)
{
    closesocket((SOCKET)line);
}

void system_lock(void)
{
    EnterCriticalSection(&section);
}

void system_unlock(void)
{
    LeaveCriticalSection(&section);
}

struct work {
    system_work *work;
    void *context;
};

static DWORD WINAPI run(void *context)
{
    struct work work = *(struct work *)context;
    free(context);
    work.work(work.context);
    return 0;
}

static HANDLE started(system_work *work, void *context)
{
    struct work *made = malloc(sizeof *made);
    *made = (struct work){work, context};
    return CreateThread(NULL, 0, run, made, 0, NULL);
}

void system_in_thread(system_work *work, void *context)
{
    HANDLE thread = started(work, context);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

void system_start(system_work *work, void *context)
{
    CloseHandle(started(work, context));
}

void system_pause(unsigned milliseconds)
{
    Sleep(milliseconds);
}

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

void system_random(unsigned char *bytes, size_t size)
{
    SystemFunction036(bytes, (ULONG)size);
}

struct system_time system_now(void)
{
    SYSTEMTIME now;
    FILETIME file;
    GetLocalTime(&now);
    GetSystemTimeAsFileTime(&file);
    unsigned long long ticks = (unsigned long long)file.dwHighDateTime << 32 | file.dwLowDateTime;
    return (struct system_time){now.wYear, now.wMonth, now.wDay, now.wHour, now.wMinute, now.wSecond, now.wMilliseconds,
                                (long long)(ticks / 10000) - 11644473600000LL};
}

static wchar_t *widened(struct pool *pool, UINT page, const char *text, size_t size)
{
    int length = MultiByteToWideChar(page, 0, text, (int)size, NULL, 0);
    wchar_t *wide = pool_take(pool, ((size_t)length + 1) * sizeof *wide);
    MultiByteToWideChar(page, 0, text, (int)size, wide, length);
    return wide;
}

static void narrowed(struct text *out, UINT page, const wchar_t *wide, int length)
{
    char bytes[16];
    int size = WideCharToMultiByte(page, 0, wide, length, bytes, sizeof bytes, NULL, NULL);
    text_add(out, bytes, (size_t)size);
}

char *from_gbk(struct pool *pool, const char *text)
{
    struct text out = text_new(pool);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        bool four = at[0] >= 0x90 && at[1] >= '0' && at[1] <= '9' && at[2] >= 0x81 && at[3] >= '0' && at[3] <= '9';
        if (four) {
            unsigned code = 0x10000 + (((at[0] - 0x90u) * 10 + at[1] - '0') * 126 + at[2] - 0x81) * 10 + at[3] - '0';
            wchar_t pair[] = {(wchar_t)(0xd800 + ((code - 0x10000) >> 10)), (wchar_t)(0xdc00 + (code & 0x3ff))};
            narrowed(&out, CP_UTF8, pair, 2);
            at += 4;
            continue;
        }
        size_t size = at[0] >= 0x81 && at[1] >= 0x40 ? 2 : 1;
        wchar_t *wide = widened(pool, GBK, (const char *)at, size);
        narrowed(&out, CP_UTF8, wide, (int)wcslen(wide));
        at += size;
    }
    return out.bytes;
}

char *to_gbk(struct pool *pool, const char *text)
{
    struct text out = text_new(pool);
    for (const wchar_t *at = widened(pool, CP_UTF8, text, strlen(text)); *at != L'\0'; at++) {
        if (at[0] < 0xd800 || at[0] >= 0xdc00 || at[1] < 0xdc00 || at[1] >= 0xe000) {
            narrowed(&out, GBK, at, 1);
            continue;
        }
        unsigned linear = ((unsigned)(at[0] - 0xd800) << 10) + (at[1] - 0xdc00);
        char four[] = {(char)(0x90 + linear / 12600), (char)('0' + linear / 1260 % 10), (char)(0x81 + linear / 10 % 126),
                       (char)('0' + linear % 10)};
        text_add(&out, four, sizeof four);
        at++;
    }
    return out.bytes;
}

char *system_task_memory(const char *text)
{
    char *copy = CoTaskMemAlloc(strlen(text) + 1);
    return copy == NULL ? NULL : strcpy(copy, text);
}

void system_write_ini(const char *file, const char *section_name, const char *key, const char *value)
{
    char path[MAX_PATH + 32];
    GetCurrentDirectoryA(MAX_PATH, path);
    strcat(path, "\\");
    strcat(path, file);
    WritePrivateProfileStringA(section_name, key, value, path);
}

/* With an exception of the x87 pending that is not masked: the next of its instructions would raise it. */
void system_fault(void)
{
    const unsigned short zero_divide_unmasked = 0x037B;
    __asm__ volatile("fldcw %0\n\tfld1\n\tfldz\n\tfdivrp\n\tmovl 0, %%eax"
                     ::"m"(zero_divide_unmasked)
                     : "eax", "memory");
}

void system_raise(unsigned code)
{
    RaiseException(code, 0, 0, NULL);
}

#ifdef __i386__
/* Reached by the handler below; the label is in the assembler text of system_fault_and_go_on. */
extern char vendor_went_on[] __asm__("_vendor_went_on");

static int handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context, void *dispatcher)
{
    (void)frame;
    (void)dispatcher;
    if (record->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND))
        return ExceptionContinueSearch;
    context->Eip = (DWORD)vendor_went_on;
    return ExceptionContinueExecution;
}

__attribute__((noinline, noclone)) void system_fault_and_go_on(void)
{
    __asm__ volatile("pushl %0\n\t"
                     "pushl %%fs:0\n\t"
                     "movl %%esp, %%fs:0\n\t"
                     "movl 0, %%eax\n\t"
                     ".globl _vendor_went_on\n"
                     "_vendor_went_on:\n\t"
                     "popl %%fs:0\n\t"
                     "addl $4, %%esp"
                     :
                     : "r"(handler)
                     : "eax", "memory");
}
#else
void system_fault_and_go_on(void)
{
}
#endif
