/* The host program of the bench: times what a library, or a bare socket, does. A line of stdin is a command.
 *
 *   windows                     load user32 and ole32, as a program with windows has (nothing on Linux)
 *   load PATH                   load a library; microseconds
 *   case URL FILE FILE ROOM     from now on: this address, InData, the expected OutData, and so many bytes for OutData
 *   socket PORT FILE FILE kept|fresh    from now on: a bare socket, with these bytes of a request and of its answer
 *   calls N                     N calls; microseconds of each
 *   repeat N                    N calls, and not a word of them
 *   threads T N                 T threads with N calls each, released together; microseconds until the last has ended
 *   screen N                    N calls of Set_QRflow_Mode, 1 and 0 in turn; microseconds of each
 *   python PATH HOME            load a libpython, start it with the library in HOME, import json, ssl, socket and
 *                               hashlib; microseconds
 *   wait MS, memory             sleep; bytes of the working set
 *
 * Each command is answered by one line. A call that does not return "00" and the expected OutData ends the program with
 * 1 and a word on stderr. Also built for Windows, and twice: with BARE_SOCKET it is the client by a socket, without it
 * the host of a library, which has no ws2_32.dll loaded before the library loads it. Not a test client:
 * tests/native/client.c is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define PSAPI_VERSION 2 /* in kernel32 */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <psapi.h>
typedef SOCKET line_handle;
#define STDCALL __stdcall
#else
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
typedef int line_handle;
#define STDCALL
#define closesocket close
#endif

enum { COMMAND_ROOM = 4096, THREADS = 64 };

struct bytes {
    char *at;
    size_t size;
};

typedef char *STDCALL trans(char *url, char *in_data, char *out_data);
typedef int STDCALL screen_mode(int mode);

static trans *virtual_card;
static screen_mode *set_screen;
static struct {
    int fresh, port;
    char url[512];
    struct bytes request, answer; /* of the socket; or InData and OutData */
    size_t room;
} now_called;

/* What a thread that calls has of its own. */
struct caller {
    line_handle line;
    int open;
    char *out;
    unsigned count;
};

static struct caller only; /* that of `calls` and `repeat` */

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "host: %s %s\n", what, which);
    exit(1);
}

/* ---- the system ---- */

#ifdef _WIN32

static double now(void)
{
    static double ticks; /* of a microsecond */
    LARGE_INTEGER count, frequency;
    if (ticks == 0) {
        QueryPerformanceFrequency(&frequency);
        ticks = (double)frequency.QuadPart / 1e6;
    }
    QueryPerformanceCounter(&count);
    return (double)count.QuadPart / ticks;
}

static void *load(const char *path)
{
    /* NB: also with that flag, DLLs beside a path that names no folder would not be found. */
    return LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

static void *symbol(void *library, const char *name)
{
    return (void *)GetProcAddress(library, name);
}

static void pause_for(unsigned ms)
{
    Sleep(ms);
}

static unsigned long long memory(void)
{
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters);
    return counters.WorkingSetSize;
}

static void load_windows(void)
{
    if (load("user32.dll") == NULL || load("ole32.dll") == NULL)
        fail("cannot load", "user32.dll, ole32.dll");
}

typedef HANDLE thread_handle;
#define THREAD_RETURNS DWORD WINAPI
#define start_thread(work, context) CreateThread(NULL, 0, work, context, 0, NULL)
static HANDLE start_line; /* an event that threads wait for */

static void begin_race(void)
{
    start_line = CreateEventA(NULL, TRUE, FALSE, NULL);
}

static void at_start_line(void)
{
    WaitForSingleObject(start_line, INFINITE);
}

static void release(void)
{
    SetEvent(start_line);
}

static void join(thread_handle thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

#else

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static void *load(const char *path)
{
    return dlopen(path, RTLD_NOW | (strstr(path, "libpython") != NULL ? RTLD_GLOBAL : 0)); /* for its modules */
}

static void *symbol(void *library, const char *name)
{
    return dlsym(library, name);
}

static void pause_for(unsigned ms)
{
    usleep(1000 * ms);
}

static unsigned long long memory(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*u %llu", &pages) != 1)
        fail("cannot read", "/proc/self/statm");
    fclose(file);
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static void load_windows(void)
{
}

typedef pthread_t thread_handle;
#define THREAD_RETURNS void *
static pthread_rwlock_t start_line = PTHREAD_RWLOCK_INITIALIZER; /* held until the threads are to run */

static thread_handle start_thread(void *(*work)(void *), void *context)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, context) != 0)
        fail("cannot start", "a thread");
    return thread;
}

static void begin_race(void)
{
    pthread_rwlock_wrlock(&start_line);
}

static void at_start_line(void)
{
    pthread_rwlock_rdlock(&start_line);
    pthread_rwlock_unlock(&start_line);
}

static void release(void)
{
    pthread_rwlock_unlock(&start_line);
}

static void join(thread_handle thread)
{
    pthread_join(thread, NULL);
}

#endif

static struct bytes read_file(const char *path)
{
    struct bytes bytes;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail("cannot read", path);
    bytes.size = (size_t)ftell(file);
    bytes.at = calloc(1, bytes.size + 1);
    rewind(file);
    if (fread(bytes.at, 1, bytes.size, file) != bytes.size)
        fail("cannot read", path);
    fclose(file);
    return bytes;
}

/* ---- a call ---- */

#ifdef BARE_SOCKET

static line_handle connected(int port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    int yes = 1;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    line_handle made = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(made, (struct sockaddr *)&place, sizeof place) != 0)
        fail("cannot connect to", "the server");
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, (const char *)&yes, sizeof yes);
    return made;
}

/* Reads an answer by its Content-Length, as any client of HTTP has to. */
static size_t read_answer(line_handle line, char *buffer, size_t room)
{
    size_t size = 0, whole = 0;
    for (;;) {
        int more = (int)recv(line, buffer + size, (int)(room - 1 - size), 0);
        if (more <= 0)
            return 0;
        size += (size_t)more;
        buffer[size] = '\0';
        char *end = whole > 0 ? NULL : strstr(buffer, "\r\n\r\n"), *length;
        if (end != NULL && (length = strstr(buffer, "Content-Length: ")) != NULL)
            whole = (size_t)(end + 4 - buffer) + strtoul(length + 16, NULL, 10);
        if (whole > 0 && size >= whole)
            return size;
    }
}

static void call_once(struct caller *caller)
{
    if (!caller->open)
        caller->line = connected(now_called.port);
    caller->open = !now_called.fresh;
    size_t size = now_called.request.size;
    if (send(caller->line, now_called.request.at, (int)size, 0) != (int)size)
        fail("cannot send", "");
    if (read_answer(caller->line, caller->out, now_called.answer.size + 2) != now_called.answer.size)
        fail("another answer", "");
    if (now_called.fresh)
        closesocket(caller->line);
}

static void hang_up(struct caller *caller)
{
    if (caller->open)
        closesocket(caller->line);
}

static void prepare(void)
{
#ifdef _WIN32
    WSADATA data;
    if (WSAStartup(0x202, &data) != 0)
        fail("no", "sockets");
#endif
}

#else

static void call_once(struct caller *caller)
{
    const char *code = virtual_card(now_called.url, now_called.request.at, caller->out);
    if (code == NULL || strcmp(code, "00") != 0)
        fail(code == NULL ? "NULL" : code, caller->out);
    if (strcmp(caller->out, now_called.answer.at) != 0)
        fail("another OutData:", caller->out);
}

static void hang_up(struct caller *caller)
{
    (void)caller;
}

static void prepare(void)
{
}

#endif

static double call(struct caller *caller)
{
    double started = now();
    call_once(caller);
    return now() - started;
}

static struct caller caller_of(unsigned count)
{
    return (struct caller){.count = count, .out = calloc(1, now_called.room)};
}

static void end_caller(struct caller *caller)
{
    hang_up(caller);
    free(caller->out);
    *caller = (struct caller){0};
}

/* ---- commands ---- */

static void choose(const char *request, const char *answer, size_t room)
{
    end_caller(&only);
    free(now_called.request.at);
    free(now_called.answer.at);
    now_called.request = read_file(request);
    now_called.answer = read_file(answer);
    now_called.room = room > 0 ? room : now_called.answer.size + 2;
    only = caller_of(0);
}

static void calls(unsigned count)
{
    while (count-- > 0)
        printf("%.1f ", call(&only));
}

static void repeat(unsigned count)
{
    while (count-- > 0)
        call(&only);
}

static THREAD_RETURNS run_thread(void *context)
{
    struct caller *caller = context;
    call(caller); /* its connection is there when the race begins */
    at_start_line();
    for (unsigned i = 0; i < caller->count; i++)
        call(caller);
    return 0;
}

static void threads(unsigned count, unsigned each)
{
    static struct caller callers[THREADS];
    static thread_handle handles[THREADS];
    if (count > THREADS)
        fail("too many", "threads");
    begin_race();
    for (unsigned i = 0; i < count; i++) {
        callers[i] = caller_of(each);
        handles[i] = start_thread(run_thread, &callers[i]);
    }
    pause_for(100); /* for the calls before the race */
    double started = now();
    release();
    for (unsigned i = 0; i < count; i++)
        join(handles[i]);
    printf("%.1f", now() - started);
    for (unsigned i = 0; i < count; i++)
        end_caller(&callers[i]);
}

static void screen(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        double started = now();
        if (set_screen(i % 2 == 0) != 0)
            fail("Set_QRflow_Mode:", "not 0");
        printf("%.1f ", now() - started);
    }
}

static void load_library(const char *path)
{
    double started = now();
    void *library = load(path);
    double loaded = now() - started;
    if (library == NULL)
        fail("cannot load", path);
    virtual_card = (trans *)symbol(library, "VirtualCardTrans");
    set_screen = (screen_mode *)symbol(library, "Set_QRflow_Mode");
    if (virtual_card == NULL || set_screen == NULL)
        fail("no exports:", path);
    printf("%.1f", loaded);
}

/* As `python -I -S -c` does it, in this process. The flags are variables of the library, so no header is needed. */
static void python(const char *path, const char *home)
{
    static const char *const flags[] = {"Py_IsolatedFlag", "Py_IgnoreEnvironmentFlag", "Py_NoUserSiteDirectory",
                                        "Py_NoSiteFlag"};
    wchar_t wide[COMMAND_ROOM];
    double started = now();
    void *library = load(path);
    if (library == NULL)
        fail("cannot load", path);
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
        *(int *)symbol(library, flags[i]) = 1;
    for (size_t i = 0; i <= strlen(home); i++)
        wide[i] = (unsigned char)home[i];
    ((void (*)(const wchar_t *))symbol(library, "Py_SetPath"))(wide);
    ((void (*)(int))symbol(library, "Py_InitializeEx"))(0);
    if (((int (*)(const char *))symbol(library, "PyRun_SimpleString"))("import json, ssl, socket, hashlib") != 0)
        fail("cannot import in", path);
    printf("%.1f", now() - started);
}

static void command(char *line)
{
    char word[16] = "", a[COMMAND_ROOM] = "", b[COMMAND_ROOM] = "", c[COMMAND_ROOM] = "", d[16] = "";
    sscanf(line, "%15s %4095s %4095s %4095s %15s", word, a, b, c, d);
    if (strcmp(word, "load") == 0) {
        load_library(a);
    } else if (strcmp(word, "case") == 0) {
        snprintf(now_called.url, sizeof now_called.url, "%s", a);
        choose(b, c, strtoul(d, NULL, 10));
    } else if (strcmp(word, "socket") == 0) {
        now_called.fresh = strcmp(d, "fresh") == 0, now_called.port = atoi(a);
        choose(b, c, 0);
    } else if (strcmp(word, "calls") == 0) {
        calls((unsigned)atoi(a));
    } else if (strcmp(word, "repeat") == 0) {
        repeat((unsigned)atoi(a));
    } else if (strcmp(word, "threads") == 0) {
        threads((unsigned)atoi(a), (unsigned)atoi(b));
    } else if (strcmp(word, "screen") == 0) {
        screen((unsigned)atoi(a));
    } else if (strcmp(word, "python") == 0) {
        python(a, b);
    } else if (strcmp(word, "windows") == 0) {
        load_windows();
    } else if (strcmp(word, "wait") == 0) {
        pause_for((unsigned)atoi(a));
    } else if (strcmp(word, "memory") == 0) {
        printf("%llu", memory());
    } else {
        fail("no such command:", word);
    }
}

int main(void)
{
    char line[4 * COMMAND_ROOM];
    prepare();
    now(); /* whatever the clock does once */
    while (fgets(line, sizeof line, stdin) != NULL) {
        command(line);
        printf("\n");
        fflush(stdout);
    }
    return 0;
}
