/* HTTP by WinINet, as Internet Explorer does it: one session for all calls. See http.h. */
#include <windows.h>
#include <wininet.h>
#include <stdio.h>
#include <string.h>

#include "http.h"
#include "vendor_system.h"

static HINTERNET session_of(const struct http_habits *habits)
{
    static HINTERNET session;
    system_lock();
    if (session == NULL)
        session = InternetOpenA(habits->agent, INTERNET_OPEN_TYPE_PRECONFIG, NULL, NULL, 0);
    system_unlock();
    return session;
}

static void read_answer(struct pool *pool, HINTERNET request, struct http_answer *answer)
{
    struct text body = text_new(pool);
    char piece[4096];
    DWORD read, size = sizeof answer->status;
    HttpQueryInfoA(request, HTTP_QUERY_STATUS_CODE | HTTP_QUERY_FLAG_NUMBER, &answer->status, &size, NULL);
    while (InternetReadFile(request, piece, sizeof piece, &read) && read > 0)
        text_add(&body, piece, read);
    answer->body = body.bytes;
    answer->size = body.size;
}

enum http_failure http_wininet(struct pool *pool, const struct http_habits *habits, const struct http_request *request,
                               struct http_answer *answer)
{
    struct http_address address;
    char headers[512];
    if (!http_address(pool, request->url, &address))
        return HTTP_BAD_ADDRESS;
    DWORD flags = INTERNET_FLAG_RELOAD | INTERNET_FLAG_NO_CACHE_WRITE | INTERNET_FLAG_NO_COOKIES | INTERNET_FLAG_NO_UI;
    flags |= habits->keep > 0 ? INTERNET_FLAG_KEEP_CONNECTION : 0;
    flags |= address.secure ? INTERNET_FLAG_SECURE | INTERNET_FLAG_IGNORE_CERT_CN_INVALID : 0;
    HINTERNET connection = InternetConnectA(session_of(habits), address.host, (INTERNET_PORT)address.port, NULL, NULL,
                                            INTERNET_SERVICE_HTTP, 0, 0);
    HINTERNET made = HttpOpenRequestA(connection, request->method, address.path, NULL, NULL, NULL, flags, 0);
    if (made == NULL)
        return HTTP_NO_CONNECTION;
    snprintf(headers, sizeof headers, "Content-Type: %s\r\n%s", habits->type, habits->more == NULL ? "" : habits->more);
    BOOL sent = HttpSendRequestA(made, request->body == NULL ? NULL : headers, (DWORD)-1, (void *)request->body,
                                 (DWORD)request->size);
    if (sent)
        read_answer(pool, made, answer);
    InternetCloseHandle(made);
    InternetCloseHandle(connection);
    return sent ? HTTP_DONE : HTTP_NO_ANSWER;
}
