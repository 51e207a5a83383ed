/* HTTP by WinHTTP, as services do it: one session for all calls. See http.h. */
#include <windows.h>
#include <winhttp.h>
#include <stdio.h>
#include <string.h>

#include "http.h"
#include "vendor_system.h"

static wchar_t *wide(struct pool *pool, const char *text)
{
    int length = text == NULL ? 0 : MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *made = pool_take(pool, ((size_t)length + 1) * sizeof *made);
    if (length > 0)
        MultiByteToWideChar(CP_UTF8, 0, text, -1, made, length);
    return made;
}

static HINTERNET session_of(struct pool *pool, const struct http_habits *habits)
{
    static HINTERNET session;
    system_lock();
    if (session == NULL)
        session = WinHttpOpen(wide(pool, habits->agent), WINHTTP_ACCESS_TYPE_NO_PROXY, NULL, NULL, 0);
    system_unlock();
    return session;
}

static BOOL read_answer(struct pool *pool, HINTERNET request, struct http_answer *answer)
{
    struct text body = text_new(pool);
    char piece[4096];
    DWORD read, status = 0, size = sizeof status;
    if (!WinHttpReceiveResponse(request, NULL))
        return FALSE;
    WinHttpQueryHeaders(request, WINHTTP_QUERY_STATUS_CODE | WINHTTP_QUERY_FLAG_NUMBER, NULL, &status, &size, NULL);
    while (WinHttpReadData(request, piece, sizeof piece, &read) && read > 0)
        text_add(&body, piece, read);
    *answer = (struct http_answer){(int)status, body.bytes, body.size};
    return TRUE;
}

enum http_failure http_winhttp(struct pool *pool, const struct http_habits *habits, const struct http_request *request,
                               struct http_answer *answer)
{
    struct http_address address;
    char headers[512];
    if (!http_address(pool, request->url, &address))
        return HTTP_BAD_ADDRESS;
    HINTERNET connection =
        WinHttpConnect(session_of(pool, habits), wide(pool, address.host), (INTERNET_PORT)address.port, 0);
    HINTERNET made = WinHttpOpenRequest(connection, wide(pool, request->method), wide(pool, address.path), NULL,
                                        WINHTTP_NO_REFERER, WINHTTP_DEFAULT_ACCEPT_TYPES,
                                        WINHTTP_FLAG_REFRESH | (address.secure ? WINHTTP_FLAG_SECURE : 0));
    if (made == NULL)
        return HTTP_NO_CONNECTION;
    snprintf(headers, sizeof headers, "Content-Type: %s\r\n%s", habits->type, habits->more == NULL ? "" : habits->more);
    BOOL done = WinHttpSendRequest(made, request->body == NULL ? NULL : wide(pool, headers), (DWORD)-1,
                                   (void *)request->body, (DWORD)request->size, (DWORD)request->size, 0) &&
                read_answer(pool, made, answer);
    WinHttpCloseHandle(made);
    WinHttpCloseHandle(connection);
    return done ? HTTP_DONE : HTTP_NO_ANSWER;
}
