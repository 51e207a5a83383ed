/* The orders of the inventory and its lines: one JSON object each, with stage, item and value. See inventory.h. */
#include "inventory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

enum { TEXT_SIZE = 65536, STAGE_SIZE = 32, STEP_MS = 100 };

/* Grows as needed: a block of environment variables may be long. */
static struct {
    char *bytes;
    size_t used, size;
} line;

static char stage[STAGE_SIZE];
static bool first_member;

static void put_bytes(const char *bytes, size_t count)
{
    if (line.used + count > line.size) {
        line.size = (line.used + count) * 2;
        line.bytes = realloc(line.bytes, line.size);
        if (line.bytes == NULL)
            abort();
    }
    memcpy(line.bytes + line.used, bytes, count);
    line.used += count;
}

static void put(const char *text)
{
    put_bytes(text, strlen(text));
}

static void put_quoted(const char *text)
{
    put("\"");
    for (const unsigned char *at = (const unsigned char *)text; *at != 0; at++) {
        char escaped[8];
        if (*at < 0x20 || *at == '"' || *at == '\\')
            snprintf(escaped, sizeof escaped, "\\u%04x", *at);
        else
            snprintf(escaped, sizeof escaped, "%c", *at);
        put(escaped);
    }
    put("\"");
}

static void put_formatted(const char *format, va_list values)
{
    char *text = malloc(TEXT_SIZE);
    if (text == NULL)
        abort();
    vsnprintf(text, TEXT_SIZE, format, values);
    put_quoted(text);
    free(text);
}

static void start_line(const char *item)
{
    line.used = 0;
    put("{\"stage\": ");
    put_quoted(stage);
    put(", \"item\": ");
    put_quoted(item);
    put(", \"value\": ");
}

static void finish_line(void)
{
    put("}\n");
    system_result_write(line.bytes, line.used);
}

void inventory_value(const char *item, const char *format, ...)
{
    va_list values;
    start_line(item);
    va_start(values, format);
    put_formatted(format, values);
    va_end(values);
    finish_line();
}

void inventory_begin(const char *item)
{
    start_line(item);
    put("[");
    first_member = true;
}

void inventory_member(const char *format, ...)
{
    va_list values;
    if (!first_member)
        put(", ");
    first_member = false;
    va_start(values, format);
    put_formatted(format, values);
    va_end(values);
}

void inventory_end(void)
{
    put("]");
    finish_line();
}

uint32_t inventory_digest(const void *bytes, size_t size)
{
    uint32_t digest = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        digest = (digest ^ ((const unsigned char *)bytes)[i]) * 16777619u;
    return digest;
}

/* ---- orders ---- */

static void note_second(void *context, unsigned index)
{
    (void)context;
    (void)index;
    inventory_thread(".second");
}

static bool prepared(void)
{
    static bool done;
    return done || (done = registrations_prepare() && inventory_prepare());
}

bool inventory_command_note(char **rest)
{
    char *word = script_word(rest);
    if (word == NULL || !prepared())
        return false;
    snprintf(stage, sizeof stage, "%s", word);
    inventory_process();
    registrations_record();
    inventory_thread("");
    inventory_on_second(note_second, NULL);
    return true;
}

struct other {
    char *line;
    bool done;
};

static void run_other(void *context, unsigned index)
{
    struct other *other = context;
    (void)index;
    other->done = client_run_line(other->line);
}

bool inventory_command_other(char **rest)
{
    struct other other = {*rest, false};
    if (!prepared())
        return false;
    inventory_on_second(run_other, &other);
    return other.done;
}

/* Waits until there are no more than so many threads, and in any case not longer than so many milliseconds: whether it
 * came to rest is what the next note says. */
bool inventory_command_rest(char **rest)
{
    char *threads = script_word(rest), *limit = script_word(rest);
    if (limit == NULL || !prepared())
        return false;
    unsigned most = (unsigned)strtoul(threads, NULL, 10);
    for (unsigned long left = strtoul(limit, NULL, 10) / STEP_MS; left > 0 && inventory_thread_count() > most; left--)
        inventory_wait(STEP_MS);
    return true;
}

static void spoil_second(void *context, unsigned index)
{
    (void)context;
    (void)index;
    inventory_spoil_thread();
}

bool inventory_command_spoil(char **rest)
{
    (void)rest;
    if (!prepared())
        return false;
    inventory_spoil_process();
    inventory_spoil_thread();
    inventory_on_second(spoil_second, NULL);
    return true;
}
