/* How a vendor's DLL treats its host and the network, beside what it says. See vendor.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vendor.h"
#include "vendor_system.h"

enum { CODES = 64, CODE_ROOM = 40, CPP_EXCEPTION = 0xe06d7363 };

static unsigned calls;

bool listed(const char *const *list, const char *name)
{
    for (size_t i = 0; i < LIST_MAX && list[i] != NULL; i++) {
        if (strcmp(list[i], name) == 0)
            return true;
    }
    return false;
}

char *host_text(struct call *call, const char *text)
{
    if (text == NULL)
        text = "";
    return call->vendor->host_utf8 ? pool_copy(&call->pool, text, strlen(text)) : from_gbk(&call->pool, text);
}

/* ---- values of its own ---- */

static char *clock_text(struct call *call, const char *format)
{
    struct system_time now = system_now();
    struct text made = text_new(&call->pool);
    const struct { const char *mark; int value, digits; } parts[] = {
        {"yyyy", now.year, 4}, {"MM", now.month, 2}, {"dd", now.day, 2}, {"HH", now.hour, 2},
        {"mm", now.minute, 2}, {"SSS", now.millisecond, 3}, {"ss", now.second, 2},
    };
    if (strcmp(format, "unix") == 0) {
        text_print(&made, "%lld", now.unix_ms / 1000);
        return made.bytes;
    }
    if (strcmp(format, "unix-ms") == 0) {
        text_print(&made, "%lld", now.unix_ms);
        return made.bytes;
    }
    while (*format != '\0') {
        size_t i = 0;
        while (i < 7 && strncmp(format, parts[i].mark, strlen(parts[i].mark)) != 0)
            i++;
        if (i == 7) {
            text_add(&made, format++, 1);
            continue;
        }
        text_print(&made, "%0*d", parts[i].digits, parts[i].value);
        format += strlen(parts[i].mark);
    }
    return made.bytes;
}

static char *random_text(struct call *call, const char *rule)
{
    static const struct { const char *name, *letters; } alphabets[] = {
        {"hex-lower:", "0123456789abcdef"}, {"hex-upper:", "0123456789ABCDEF"}, {"digits:", "0123456789"},
        {"alnum:", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"},
    };
    struct text made = text_new(&call->pool);
    unsigned char bytes[64];
    system_random(bytes, sizeof bytes);
    for (size_t i = 0; i < 4; i++) {
        if (strncmp(rule, alphabets[i].name, strlen(alphabets[i].name)) != 0)
            continue;
        size_t count = strtoul(rule + strlen(alphabets[i].name), NULL, 10), letters = strlen(alphabets[i].letters);
        for (size_t at = 0; at < count; at++)
            text_add(&made, &alphabets[i].letters[bytes[at % sizeof bytes] % letters], 1);
    }
    return made.bytes;
}

static char *uuid_text(struct call *call, bool plain)
{
    struct text made = text_new(&call->pool);
    unsigned char bytes[16];
    system_random(bytes, sizeof bytes);
    bytes[6] = (bytes[6] & 15) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    for (unsigned i = 0; i < 16; i++)
        text_print(&made, !plain && (i == 4 || i == 6 || i == 8 || i == 10) ? "-%02x" : "%02x", bytes[i]);
    return made.bytes;
}

static char *mac_text(struct call *call, const char *style)
{
    static const unsigned char mac[] = {0x00, 0x1b, 0x21, 0x9c, 0x5e, 0xa7}; /* of no PC: a vendor's DLL asks Windows */
    struct text made = text_new(&call->pool);
    const char *mark = strcmp(style, "colon") == 0 ? ":" : strcmp(style, "dash") == 0 ? "-" : "";
    for (unsigned i = 0; i < 6; i++)
        text_print(&made, strcmp(style, "colon") == 0 ? "%s%02x" : "%s%02X", i == 0 ? "" : mark, mac[i]);
    return made.bytes;
}

char *fill(struct call *call, const char *rule)
{
    struct text made = text_new(&call->pool);
    if (strncmp(rule, "text:", 5) == 0)
        text_put(&made, rule + 5);
    else if (strncmp(rule, "clock:", 6) == 0)
        return clock_text(call, rule + 6);
    else if (strncmp(rule, "random:", 7) == 0)
        return random_text(call, rule + 7);
    else if (strcmp(rule, "uuid") == 0 || strcmp(rule, "uuid-plain") == 0)
        return uuid_text(call, rule[4] != '\0');
    else if (strncmp(rule, "counter:", 8) == 0)
        text_print(&made, "%0*u", atoi(rule + 8), call->number);
    else if (strcmp(rule, "counter") == 0)
        text_print(&made, "%u", call->number);
    else if (strncmp(rule, "mac:", 4) == 0)
        return mac_text(call, rule + 4);
    else if (strcmp(rule, "ip") == 0)
        text_put(&made, "10.20.30.40");
    else if (strcmp(rule, "scan") == 0) /* what its scanner read: a made-up insurance code, another one for each call */
        text_print(&made, "424%017u%02u350000", call->number * 7919u, call->number % 100);
    return made.bytes;
}

/* ---- the network ---- */

struct exchange {
    struct call *call;
    struct http_request request;
    struct http_answer answer;
    enum http_failure failure;
};

static void send_one(void *context)
{
    struct exchange *exchange = context;
    const struct vendor *vendor = exchange->call->vendor;
    exchange->failure = vendor->client(&exchange->call->pool, &vendor->http, &exchange->request, &exchange->answer);
}

struct update {
    const struct vendor *vendor;
    char url[2048];
};

static void ask_for_update(void *context)
{
    struct update *update = context;
    struct call call = {.vendor = update->vendor};
    struct http_answer answer;
    struct http_request request = {.method = "GET", .url = update->url};
    update->vendor->client(&call.pool, &update->vendor->http, &request, &answer);
    pool_free(&call.pool);
    free(update);
}

/* The file's own lines stay as they are; the value of `url=` is replaced, or the section added at the end. */
static void write_ini_by_hand(struct call *call, const char *file, const char *url)
{
    struct text made = text_new(&call->pool);
    char line[4096];
    bool replaced = false;
    FILE *old = fopen(file, "rb");
    while (old != NULL && fgets(line, sizeof line, old) != NULL) {
        if (strncmp(line, "url=", 4) == 0) {
            text_put(&made, "url=");
            text_put(&made, url);
            text_put(&made, "\r\n");
            replaced = true;
        } else {
            text_put(&made, line);
        }
    }
    if (old != NULL)
        fclose(old);
    if (!replaced) {
        text_put(&made, "[Updater]\r\nurl=");
        text_put(&made, url);
        text_put(&made, "\r\n");
    }
    FILE *new = fopen(file, "wb");
    if (new == NULL)
        return;
    fwrite(made.bytes, 1, made.size, new);
    fclose(new);
}

static void update_itself(struct call *call)
{
    const struct vendor *vendor = call->vendor;
    struct http_address address;
    if (vendor->ini != NULL && vendor->ini_by_hand)
        write_ini_by_hand(call, vendor->ini, call->url);
    else if (vendor->ini != NULL)
        system_write_ini(vendor->ini, "Updater", "url", call->url);
    if (vendor->updater == NULL || call->number != 1 || !http_address(&call->pool, call->url, &address))
        return;
    struct update *update = calloc(1, sizeof *update);
    update->vendor = vendor;
    snprintf(update->url, sizeof update->url, "%s://%s:%d%s", address.secure ? "https" : "http", address.host,
             address.port, vendor->updater);
    if (vendor->updater_thread)
        system_start(ask_for_update, update);
    else
        ask_for_update(update);
}

char *post(struct call *call, const char *body, const char **code, const char **message)
{
    const struct vendor *vendor = call->vendor;
    if (vendor->refuses_loopback && (strstr(call->url, "//127.0.0.1") != NULL || strstr(call->url, "//localhost") != NULL)) {
        *code = "9004", *message = "平台地址不合法";
        return NULL;
    }
    update_itself(call);
    const char *sent = vendor->body_gbk ? to_gbk(&call->pool, body) : body;
    struct exchange exchange = {.call = call, .request = {"POST", call->url, sent, strlen(sent)}};
    if (vendor->thread)
        system_in_thread(send_one, &exchange);
    else
        send_one(&exchange);
    if (exchange.failure != HTTP_DONE || exchange.answer.status != 200) {
        *code = "3003", *message = exchange.failure == HTTP_DONE ? "平台应答异常" : "连接平台失败";
        return NULL;
    }
    return vendor->body_gbk ? from_gbk(&call->pool, exchange.answer.body) : exchange.answer.body;
}

/* ---- the host ---- */

void manners_begin(struct call *call)
{
    const struct vendor *vendor = call->vendor;
    system_lock();
    call->number = ++calls;
    system_unlock();
    if (vendor->own_faults)
        system_fault_and_go_on();
    if (vendor->fault_on == call->number)
        system_fault();
    if (vendor->raise_on == call->number)
        system_raise(CPP_EXCEPTION);
    if (vendor->hang_on == call->number)
        system_pause(vendor->hang_ms);
}

void manners_leave(const struct vendor *vendor)
{
#if defined(__i386__)
    unsigned short control_word = (unsigned short)vendor->control_word;
    if (control_word != 0)
        __asm__ volatile("fldcw %0" ::"m"(control_word));
    if (vendor->mxcsr != 0)
        __asm__ volatile("ldmxcsr %0" ::"m"(vendor->mxcsr));
#else
    (void)vendor;
#endif
}

/* The code in memory of the DLL that stays as it is for ever. */
static char *lasting(const char *code)
{
    static char codes[CODES][CODE_ROOM];
    size_t i = 0;
    system_lock();
    while (i < CODES - 1 && codes[i][0] != '\0' && strncmp(codes[i], code, CODE_ROOM - 1) != 0)
        i++;
    snprintf(codes[i], CODE_ROOM, "%s", code);
    system_unlock();
    return codes[i];
}

char *manners_end(struct call *call, const char *code, const char *out)
{
    const struct vendor *vendor = call->vendor;
    const char *shown = vendor->host_utf8 ? out : to_gbk(&call->pool, out);
    size_t size = strlen(shown);
    char *returned = NULL;
    if (call->out_data != NULL) {
        memcpy(call->out_data, shown, size + 1);
        if (vendor->fill > size)
            memset(call->out_data + size, 0, vendor->fill - size);
    }
    switch (vendor->memory) {
    case RETURN_MODULE: returned = lasting(code); break;
    case RETURN_TASK: returned = system_task_memory(code); break;
    case RETURN_OUT: returned = call->out_data == NULL ? lasting(code) : strcpy(call->out_data + size + 1, code); break;
    }
    pool_free(&call->pool);
    manners_leave(vendor);
    return returned;
}

int vendor_screen(const struct vendor *vendor, int mode)
{
    manners_leave(vendor);
    return mode == 0 || mode == 1 ? 0 : -1;
}

int vendor_print(const struct vendor *vendor, const char *code, const char *card, const char *name)
{
    manners_leave(vendor);
    return code != NULL && card != NULL && name != NULL && *code != '\0' ? 0 : 3;
}

int vendor_fill_in(const struct vendor *vendor, char *message)
{
    struct call call = {.vendor = vendor};
    const char *text = "未读取医保码";
    const char *shown = vendor->host_utf8 ? text : to_gbk(&call.pool, text);
    if (message != NULL)
        memcpy(message, shown, strlen(shown) + 1);
    pool_free(&call.pool);
    manners_leave(vendor);
    return 1;
}
