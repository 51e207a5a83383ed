/* See vendor_system.h: Linux. No exceptions there; a text for the host stays for ever. */
#include <errno.h>
#include <iconv.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "vendor_system.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

long line_open(const char *host, int port)
{
    char service[8];
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    int yes = 1;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return -1;
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    bool good = connect(made, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (!good)
        close(made);
    return good ? made : -1;
}

bool line_send(long line, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send((int)line, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

long line_receive(long line, char *bytes, size_t room)
{
    return recv((int)line, bytes, room, 0);
}

void line_close(long line)
{
    close((int)line);
}

void system_lock(void)
{
    pthread_mutex_lock(&mutex);
}

void system_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

struct work {
    system_work *work;
    void *context;
};

static void *run(void *context)
{
    struct work work = *(struct work *)context;
    free(context);
    work.work(work.context);
    return NULL;
}

static pthread_t started(system_work *work, void *context)
{
    struct work *made = malloc(sizeof *made);
    pthread_t thread;
    *made = (struct work){work, context};
    if (pthread_create(&thread, NULL, run, made) != 0)
        abort();
    return thread;
}

void system_in_thread(system_work *work, void *context)
{
    pthread_join(started(work, context), NULL);
}

void system_start(system_work *work, void *context)
{
    pthread_detach(started(work, context));
}

void system_pause(unsigned milliseconds)
{
    usleep(milliseconds * 1000);
}

void system_random(unsigned char *bytes, size_t size)
{
    if (getrandom(bytes, size, 0) != (ssize_t)size)
        abort();
}

struct system_time system_now(void)
{
    struct timespec now;
    struct tm local;
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    int ms = (int)(now.tv_nsec / 1000000);
    return (struct system_time){local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min,
                                local.tm_sec, ms, now.tv_sec * 1000LL + ms};
}

static char *converted(struct pool *pool, const char *to, const char *from, const char *text)
{
    size_t left = strlen(text), room = 4 * left + 8;
    char *made = pool_take(pool, room + 1), *out = made, *in = (char *)text;
    iconv_t converter = iconv_open(to, from);
    while (iconv(converter, &in, &left, &out, &room) == (size_t)-1 && left > 0) {
        *out++ = '?';
        in++, left--, room--;
    }
    iconv_close(converter);
    return made;
}

char *from_gbk(struct pool *pool, const char *text)
{
    return converted(pool, "UTF-8", "GB18030", text);
}

char *to_gbk(struct pool *pool, const char *text)
{
    return converted(pool, "GB18030", "UTF-8", text);
}

char *system_task_memory(const char *text)
{
    return strdup(text);
}

void system_write_ini(const char *file, const char *section, const char *key, const char *value)
{
    FILE *made = fopen(file, "w");
    if (made == NULL)
        return;
    fprintf(made, "[%s]\r\n%s=%s\r\n", section, key, value);
    fclose(made);
}

void system_fault(void)
{
}

void system_raise(unsigned code)
{
    (void)code;
}

void system_fault_and_go_on(void)
{
}
