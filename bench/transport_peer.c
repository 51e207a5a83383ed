/* The yardstick of bench/transport.py: a server that keeps connections, and a client that is as quick as sockets are.
 *
 * `peer serve ANSWER` prints its port and answers every request with the bytes of a file. `peer kept|fresh PORT REQUEST`
 * times calls: for each line of stdin, a number, it prints as many microseconds; `fresh` makes a connection for each. The
 * first line it prints is 0 and the first call. The client is also built for Windows.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
typedef SOCKET handle;
#else
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
typedef int handle;
#define closesocket close
#endif

enum { MOST = 1 << 16 };

static char answer[MOST], request[MOST];
static int answer_size, request_size;

static void fail(const char *what)
{
    fprintf(stderr, "peer: %s\n", what);
    exit(1);
}

static int read_file(const char *path, char *buffer)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail("cannot read a file");
    size_t size = fread(buffer, 1, MOST, file);
    fclose(file);
    return (int)size;
}

static void at_once(handle sock)
{
    int yes = 1;
    setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, (const char *)&yes, sizeof yes);
}

/* Reads one message with a Content-Length; 0 at the end of the stream. */
static int read_message(handle sock, char *buffer)
{
    int size = 0;
    for (;;) {
        int more = (int)recv(sock, buffer + size, MOST - 1 - size, 0);
        if (more <= 0)
            return 0;
        size += more;
        buffer[size] = '\0';
        char *end = strstr(buffer, "\r\n\r\n");
        if (end == NULL)
            continue;
        char *length = strstr(buffer, "Content-Length: ");
        if (length == NULL)
            length = strstr(buffer, "content-length: ");
        if (length == NULL)
            fail("a message without a length");
        if (size >= (int)(end + 4 - buffer) + atoi(length + 16))
            return size;
    }
}

#ifndef _WIN32

static void *serve_one(void *context)
{
    handle sock = (handle)(intptr_t)context;
    char buffer[MOST];
    while (read_message(sock, buffer) > 0) {
        if (send(sock, answer, (size_t)answer_size, MSG_NOSIGNAL) != answer_size)
            break;
    }
    close(sock);
    return NULL;
}

static void serve(void)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    handle listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&place, size) != 0 || listen(listener, 64) != 0)
        fail("cannot listen");
    getsockname(listener, (struct sockaddr *)&place, &size);
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    for (;;) {
        pthread_t thread;
        handle sock = accept(listener, NULL, NULL);
        at_once(sock);
        if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)sock) != 0)
            fail("cannot start a thread");
        pthread_detach(thread);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

#else

static double now(void)
{
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart * 1e6 / (double)frequency.QuadPart;
}

#endif

static handle connected(int port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    handle sock = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sock, (struct sockaddr *)&place, sizeof place) != 0)
        fail("cannot connect");
    at_once(sock);
    return sock;
}

static double call(int fresh, int port, handle *kept)
{
    static char buffer[MOST];
    double started = now();
    if (fresh)
        *kept = connected(port);
    if (send(*kept, request, (size_t)request_size, 0) != request_size || read_message(*kept, buffer) == 0)
        fail("no answer");
    if (fresh)
        closesocket(*kept);
    return now() - started;
}

int main(int argc, char **argv)
{
    char line[64];
#ifdef _WIN32
    WSADATA data;
    if (WSAStartup(0x202, &data) != 0)
        fail("no sockets");
#else
    if (argc == 3 && strcmp(argv[1], "serve") == 0) {
        answer_size = read_file(argv[2], answer);
        serve();
    }
#endif
    if (argc != 4)
        fail("serve ANSWER, kept PORT REQUEST or fresh PORT REQUEST");
    int fresh = strcmp(argv[1], "fresh") == 0, port = atoi(argv[2]);
    request_size = read_file(argv[3], request);
    double started = now();
    handle kept = fresh ? 0 : connected(port);
    call(fresh, port, &kept);
    printf("0 %.1f\n", now() - started);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        for (int count = atoi(line); count > 0; count--)
            printf("%.1f ", call(fresh, port, &kept));
        printf("\n");
        fflush(stdout);
    }
    return 0;
}
