/* HTTP by sockets, with connections that are kept for the next request. See http.h. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "vendor_system.h"

#ifdef _WIN32
#define strncasecmp _strnicmp
#else
#include <strings.h>
#endif

enum { KEPT = 16, PIECE = 16384 };

static struct kept {
    bool used;
    long line;
    int port;
    char host[128];
} kept[KEPT];

int http_address(struct pool *pool, const char *url, struct http_address *address)
{
    const char *at = url;
    if (strncasecmp(at, "http://", 7) == 0)
        address->secure = 0, at += 7;
    else if (strncasecmp(at, "https://", 8) == 0)
        address->secure = 1, at += 8;
    else
        return 0;
    size_t length = strcspn(at, "/?");
    address->host = pool_copy(pool, at, length);
    address->path = pool_copy(pool, at + length, strlen(at + length));
    if (*address->path != '/') {
        struct text path = text_new(pool);
        text_print(&path, "/");
        text_put(&path, address->path);
        address->path = path.bytes;
    }
    char *colon = strchr(address->host, ':');
    address->port = colon == NULL ? (address->secure ? 443 : 80) : atoi(colon + 1);
    if (colon != NULL)
        *colon = '\0';
    return *address->host != '\0';
}

static long take_kept(const struct http_address *address)
{
    long line = -1;
    system_lock();
    for (int i = 0; i < KEPT && line < 0; i++) {
        if (kept[i].used && kept[i].port == address->port && strcmp(kept[i].host, address->host) == 0) {
            line = kept[i].line;
            kept[i].used = false;
        }
    }
    system_unlock();
    return line;
}

static void keep(const struct http_habits *habits, const struct http_address *address, long line)
{
    system_lock();
    for (int i = 0; i < KEPT && i < habits->keep && line >= 0; i++) {
        if (!kept[i].used) {
            kept[i] = (struct kept){true, line, address->port, ""};
            snprintf(kept[i].host, sizeof kept[i].host, "%s", address->host);
            line = -1;
        }
    }
    system_unlock();
    if (line >= 0)
        line_close(line);
}

static void header(struct text *head, const struct http_habits *habits, const char *name, const char *value)
{
    char shown[64];
    snprintf(shown, sizeof shown, "%s", name);
    for (char *at = shown; habits->lower && *at != '\0'; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
    text_put(head, shown);
    text_put(head, ": ");
    text_put(head, value);
    text_put(head, "\r\n");
}

static struct text head_of(struct pool *pool, const struct http_habits *habits, const struct http_request *request,
                           const struct http_address *address)
{
    struct text head = text_new(pool);
    char number[160];
    text_put(&head, request->method);
    text_put(&head, " ");
    text_put(&head, address->path);
    text_put(&head, habits->version_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    snprintf(number, sizeof number, "%s:%d", address->host, address->port);
    header(&head, habits, "Host", number);
    if (habits->agent != NULL)
        header(&head, habits, "User-Agent", habits->agent);
    if (habits->close || (habits->keep == 0 && !habits->version_1_0))
        header(&head, habits, "Connection", "close");
    else if (habits->keep > 0 && habits->lower)
        header(&head, habits, "Connection", "Keep-Alive");
    if (habits->more != NULL)
        text_put(&head, habits->more);
    if (request->body != NULL) {
        header(&head, habits, "Content-Type", habits->type);
        snprintf(number, sizeof number, "%u", (unsigned)request->size);
        if (habits->chunk > 0)
            header(&head, habits, "Transfer-Encoding", "chunked");
        else
            header(&head, habits, "Content-Length", number);
        if (habits->expect)
            header(&head, habits, "Expect", "100-continue");
    }
    text_put(&head, "\r\n");
    return head;
}

static bool send_body(const struct http_habits *habits, const struct http_request *request, long line)
{
    size_t piece = habits->chunk > 0 ? (size_t)habits->chunk : habits->split > 0 ? (size_t)habits->split : request->size;
    char size_line[16];
    for (size_t at = 0; at < request->size; at += piece) {
        size_t size = request->size - at < piece ? request->size - at : piece;
        snprintf(size_line, sizeof size_line, "%x\r\n", (unsigned)size);
        if (habits->chunk > 0 && !line_send(line, size_line, strlen(size_line)))
            return false;
        if (!line_send(line, request->body + at, size) || (habits->chunk > 0 && !line_send(line, "\r\n", 2)))
            return false;
    }
    return habits->chunk == 0 || line_send(line, "0\r\n\r\n", 5);
}

struct reading {
    long line;
    struct text bytes;
    size_t at;
};

static bool more(struct reading *reading)
{
    char piece[PIECE];
    long size = line_receive(reading->line, piece, sizeof piece);
    if (size <= 0)
        return false;
    text_add(&reading->bytes, piece, (size_t)size);
    return true;
}

/* A line without its end; NULL where the peer has closed. */
static char *read_line(struct reading *reading, struct pool *pool)
{
    char *end;
    while ((end = strstr(reading->bytes.bytes + reading->at, "\r\n")) == NULL) {
        if (!more(reading))
            return NULL;
    }
    char *start = reading->bytes.bytes + reading->at;
    char *line = pool_copy(pool, start, (size_t)(end - start));
    reading->at += (size_t)(end - start) + 2;
    return line;
}

static bool read_bytes(struct reading *reading, struct text *out, size_t size)
{
    while (reading->bytes.size - reading->at < size) {
        if (!more(reading))
            return false;
    }
    text_add(out, reading->bytes.bytes + reading->at, size);
    reading->at += size;
    return true;
}

/* The status, with what the head says of the body; -1 where the peer has closed. */
static int read_head(struct reading *reading, struct pool *pool, long *length, bool *chunked, bool *closes)
{
    char *line = read_line(reading, pool);
    if (line == NULL || strlen(line) < 12)
        return -1;
    int status = atoi(line + 9);
    *length = -1, *chunked = false, *closes = strncmp(line, "HTTP/1.0", 8) == 0;
    while ((line = read_line(reading, pool)) != NULL && *line != '\0') {
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            *length = atol(line + 15);
        else if (strncasecmp(line, "Transfer-Encoding:", 18) == 0)
            *chunked = true;
        else if (strncasecmp(line, "Connection:", 11) == 0)
            *closes = strstr(line, "lose") != NULL;
    }
    return line == NULL ? -1 : status;
}

static bool read_chunks(struct reading *reading, struct pool *pool, struct text *body)
{
    for (;;) {
        char *line = read_line(reading, pool);
        size_t size = line == NULL ? 0 : strtoul(line, NULL, 16);
        if (line == NULL)
            return false;
        if (size == 0) {
            while ((line = read_line(reading, pool)) != NULL && *line != '\0')
                ;
            return line != NULL;
        }
        if (!read_bytes(reading, body, size) || read_line(reading, pool) == NULL)
            return false;
    }
}

/* Whether an answer came; sets *again where the line was closed before a byte of one. */
static bool exchange(struct pool *pool, const struct http_habits *habits, const struct http_request *request,
                     const struct http_address *address, long line, struct http_answer *answer, bool *closes,
                     bool *again)
{
    struct text head = head_of(pool, habits, request, address);
    struct reading reading = {line, text_new(pool), 0};
    bool waits = request->body != NULL && habits->expect, chunked;
    long length;
    if (request->body != NULL && !waits && habits->split == 0 && habits->chunk == 0)
        text_add(&head, request->body, request->size);
    *again = true;
    if (!line_send(line, head.bytes, head.size))
        return false;
    int status = waits ? read_head(&reading, pool, &length, &chunked, closes) : 100;
    if (status == 100 && request->body != NULL && (waits || habits->split > 0 || habits->chunk > 0) &&
        !send_body(habits, request, line))
        return false;
    while (status == 100)
        status = read_head(&reading, pool, &length, &chunked, closes);
    *again = reading.bytes.size == 0;
    if (status < 0)
        return false;
    struct text body = text_new(pool);
    if (chunked && !read_chunks(&reading, pool, &body))
        return false;
    if (!chunked && length >= 0 && !read_bytes(&reading, &body, (size_t)length))
        return false;
    if (!chunked && length < 0) {
        while (more(&reading))
            ;
        *closes = true;
        read_bytes(&reading, &body, reading.bytes.size - reading.at);
    }
    *answer = (struct http_answer){status, body.bytes, body.size};
    return true;
}

enum http_failure http_sockets(struct pool *pool, const struct http_habits *habits, const struct http_request *request,
                               struct http_answer *answer)
{
    struct http_address address;
    bool closes = false, again = false;
    if (!http_address(pool, request->url, &address) || address.secure)
        return HTTP_BAD_ADDRESS;
    long line = habits->keep > 0 ? take_kept(&address) : -1;
    if (line >= 0) {
        if (exchange(pool, habits, request, &address, line, answer, &closes, &again)) {
            keep(habits, &address, closes ? (line_close(line), -1) : line);
            return HTTP_DONE;
        }
        line_close(line);
        if (!again)
            return HTTP_NO_ANSWER;
    }
    line = line_open(address.host, address.port);
    if (line < 0)
        return HTTP_NO_CONNECTION;
    if (!exchange(pool, habits, request, &address, line, answer, &closes, &again)) {
        line_close(line);
        return HTTP_NO_ANSWER;
    }
    if (closes || habits->keep == 0)
        line_close(line);
    else
        keep(habits, &address, line);
    return HTTP_DONE;
}

#ifndef _WIN32
enum http_failure http_wininet(struct pool *pool, const struct http_habits *habits, const struct http_request *request,
                               struct http_answer *answer)
{
    return http_sockets(pool, habits, request, answer);
}

enum http_failure http_winhttp(struct pool *pool, const struct http_habits *habits, const struct http_request *request,
                               struct http_answer *answer)
{
    return http_sockets(pool, habits, request, answer);
}
#endif
