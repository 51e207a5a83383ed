/* The platform of the bench: a server in C that keeps connections and answers with prepared bytes. Linux only.
 *
 * `server TABLE` prints its port. Each line of TABLE is `NAME DELAY_US FILE`: a POST to /NAME is answered with the bytes
 * of FILE, so many microseconds after it was read. A GET of anything is answered with what was counted, a line for each
 * name: NAME, the requests, and those whose body was another one than the first of that name. A thread a connection.
 * Not an HTTP server for anything else: every request needs a Content-Length.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 1 << 16, ROWS = 64, NAME_ROOM = 64, BACKLOG = 64 };

static struct row {
    char name[NAME_ROOM];
    useconds_t delay;
    char *answer;
    size_t size;
    atomic_ulong requests, others;
    char *first;
    size_t first_size;
} rows[ROWS];
static int row_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "server: %s %s\n", what, which);
    exit(1);
}

static void read_answer(struct row *row, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        fail("cannot read", path);
    row->size = (size_t)ftell(file);
    row->answer = malloc(row->size + 1);
    rewind(file);
    if (fread(row->answer, 1, row->size, file) != row->size)
        fail("cannot read", path);
    fclose(file);
}

static void read_table(const char *path)
{
    char answer[4096];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail("cannot read", path);
    while (row_count < ROWS &&
           fscanf(file, "%63s %u %4095[^\n]", rows[row_count].name, &rows[row_count].delay, answer) == 3)
        read_answer(&rows[row_count++], answer);
    fclose(file);
}

/* Reads one request; its size, with `body` at its body, or 0 at the end of the stream. */
static size_t read_request(int sock, char *buffer, char **body)
{
    size_t size = 0;
    for (;;) {
        ssize_t more = recv(sock, buffer + size, ROOM - 1 - size, 0);
        if (more <= 0)
            return 0;
        size += (size_t)more;
        buffer[size] = '\0';
        char *end = strstr(buffer, "\r\n\r\n");
        if (end == NULL)
            continue;
        *body = end + 4;
        char *length = strcasestr(buffer, "\r\ncontent-length:");
        if (length == NULL || length > end || size >= (size_t)(*body - buffer) + strtoul(length + 17, NULL, 10))
            return size;
    }
}

static struct row *row_of(const char *request)
{
    const char *name = request + sizeof "POST /" - 1;
    size_t size = strcspn(name, " ?");
    for (int i = 0; i < row_count; i++) {
        if (strlen(rows[i].name) == size && strncmp(rows[i].name, name, size) == 0)
            return &rows[i];
    }
    return NULL;
}

static void count(struct row *row, const char *body, size_t size)
{
    atomic_fetch_add(&row->requests, 1);
    pthread_mutex_lock(&mutex);
    if (row->first == NULL) {
        row->first = malloc(size + 1);
        memcpy(row->first, body, size);
        row->first_size = size;
    }
    pthread_mutex_unlock(&mutex);
    if (row->first_size != size || memcmp(row->first, body, size) != 0)
        atomic_fetch_add(&row->others, 1);
}

static int send_all(int sock, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(sock, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return 0;
        bytes += sent;
        size -= (size_t)sent;
    }
    return 1;
}

static int send_counts(int sock)
{
    char lines[ROWS * (NAME_ROOM + 64)], head[128];
    int size = 0;
    for (int i = 0; i < row_count; i++)
        size += sprintf(lines + size, "%s %lu %lu\n", rows[i].name, atomic_load(&rows[i].requests),
                        atomic_load(&rows[i].others));
    int head_size = sprintf(head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size);
    return send_all(sock, head, (size_t)head_size) && send_all(sock, lines, (size_t)size);
}

static void *serve_one(void *context)
{
    int sock = (int)(intptr_t)context, goes_on = 1;
    char buffer[ROOM], *body = buffer;
    size_t size;
    while (goes_on && (size = read_request(sock, buffer, &body)) > 0) {
        struct row *row = row_of(buffer);
        if (strncmp(buffer, "GET ", 4) == 0) {
            goes_on = send_counts(sock);
        } else if (row == NULL) {
            static const char none[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
            goes_on = send_all(sock, none, sizeof none - 1);
        } else {
            count(row, body, size - (size_t)(body - buffer));
            if (row->delay > 0)
                usleep(row->delay);
            goes_on = send_all(sock, row->answer, row->size);
        }
    }
    close(sock);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (argc != 2)
        fail("wants", "TABLE");
    read_table(argv[1]);
    if (bind(listener, (struct sockaddr *)&place, size) != 0 || listen(listener, BACKLOG) != 0)
        fail("cannot", "listen");
    getsockname(listener, (struct sockaddr *)&place, &size);
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    for (;;) {
        pthread_t thread;
        int sock = accept(listener, NULL, NULL);
        setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)sock) != 0)
            fail("cannot start", "a thread");
        pthread_detach(thread);
    }
}
