/* One request in a vendor's own way: sockets, WinINet or WinHTTP. */
#ifndef VENDOR_HTTP_H
#define VENDOR_HTTP_H

#include "memory.h"

/* What a vendor's HTTP does that others do not. */
struct http_habits {
    int keep;           /* idle connections that are kept; 0: one for each request */
    int version_1_0;    /* HTTP/1.0 */
    int chunk;          /* bytes of a chunk of the upload; 0: Content-Length */
    int expect;         /* Expect: 100-continue, and waits for it */
    int split;          /* head and body in packets of their own, the body in pieces of so many bytes; 0: all at once */
    int close;          /* Connection: close */
    int lower;          /* names of headers in lower case */
    const char *agent;  /* User-Agent; NULL: none */
    const char *type;   /* Content-Type */
    const char *more;   /* header lines, each with CR LF; NULL: none */
};

struct http_request {
    const char *method, *url;
    const char *body; /* NULL: none */
    size_t size;
};

struct http_answer {
    int status;
    char *body;
    size_t size;
};

/* 0, or why there is no answer. */
enum http_failure { HTTP_DONE, HTTP_BAD_ADDRESS, HTTP_NO_CONNECTION, HTTP_NO_ANSWER };
typedef enum http_failure http_client(struct pool *pool, const struct http_habits *habits,
                                      const struct http_request *request, struct http_answer *answer);

http_client http_sockets;
http_client http_wininet; /* where there is none: sockets */
http_client http_winhttp;

struct http_address {
    int secure, port;
    char *host, *path; /* the path with its query */
};
int http_address(struct pool *pool, const char *url, struct http_address *address); /* 0: it is none */

#endif
