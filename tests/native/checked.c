/* See checked.h; the result line is described in README.md of this folder. */
#include "checked.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"
#include "system.h"

enum {
    GUARD_SIZE = 64,
    UNTOUCHED = 0xcc,         /* OutData before the call */
    RETURNED_LIMIT = 64,      /* bytes read of a returned string */
    SPECIAL_CAPACITY = 2048,  /* what the host believes a read-only buffer to have */
    UNTERMINATED_LENGTH = 61, /* odd, so that reading by words runs into the next page too */
    CWD_LIMIT = 256,
    LINE_ROOM = 1024,
    ERROR = 4711, /* the thread's error number before the call */
};

struct buffer {
    unsigned char *memory; /* guard, capacity bytes, guard; NULL for the special kinds */
    unsigned char *out;
    size_t capacity; /* readable bytes at out */
};

struct line {
    char *text;
    size_t size;
};

static char *no_access_page, *unterminated_text;

bool checked_prepare(void)
{
    size_t page = system_page_size();
    char *pages = system_pages(2 * page);
    no_access_page = system_pages(page);
    if (pages == NULL || no_access_page == NULL)
        return false;
    memset(pages, 'A', page);
    unterminated_text = pages + page - UNTERMINATED_LENGTH;
    return system_protect(pages + page, page, SYSTEM_NO_ACCESS) &&
           system_protect(no_access_page, page, SYSTEM_NO_ACCESS) && probe_prepare() == 0;
}

static uintptr_t input_pointer(const struct input *input)
{
    const char *const pointers[] = {
        [INPUT_NULL] = NULL,
        [INPUT_TEXT] = input->text,
        [INPUT_NO_ACCESS] = no_access_page,
        [INPUT_UNTERMINATED] = unterminated_text,
    };
    return (uintptr_t)pointers[input->kind];
}

static unsigned char guard_byte(size_t index)
{
    return (unsigned char)(0xa5 ^ index);
}

static bool buffer_allocate(const struct call *call, struct buffer *buffer)
{
    *buffer = (struct buffer){NULL, NULL, 0};
    switch (call->buffer) {
    case BUFFER_NULL:
        break;
    case BUFFER_NO_ACCESS:
        buffer->out = (unsigned char *)no_access_page;
        break;
    case BUFFER_READ_ONLY:
        buffer->capacity = SPECIAL_CAPACITY;
        buffer->out = system_pages(system_page_size());
        if (buffer->out == NULL)
            return false;
        memset(buffer->out, UNTOUCHED, SPECIAL_CAPACITY);
        return system_protect(buffer->out, system_page_size(), SYSTEM_READ_ONLY);
    case BUFFER_BYTES:
        buffer->capacity = call->capacity;
        buffer->memory = malloc(call->capacity + 2 * GUARD_SIZE);
        if (buffer->memory == NULL)
            return false;
        buffer->out = buffer->memory + GUARD_SIZE;
        for (size_t i = 0; i < GUARD_SIZE; i++)
            buffer->memory[i] = buffer->out[call->capacity + i] = guard_byte(i);
        memset(buffer->out, UNTOUCHED, call->capacity);
        break;
    }
    return true;
}

static const char *buffer_guards(const struct buffer *buffer)
{
    if (buffer->memory == NULL)
        return "n/a";
    for (size_t i = 0; i < GUARD_SIZE; i++) {
        if (buffer->memory[i] != guard_byte(i) || buffer->out[buffer->capacity + i] != guard_byte(i))
            return "BROKEN";
    }
    return "ok";
}

static void buffer_free(const struct call *call, struct buffer *buffer)
{
    if (call->buffer == BUFFER_READ_ONLY)
        system_pages_free(buffer->out, system_page_size());
    free(buffer->memory);
}

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    line->size += (size_t)vsnprintf(line->text + line->size, LINE_ROOM, format, values);
    va_end(values);
}

/* The bytes up to the first NUL, at most `limit`; returns the index of that NUL, or `limit` when there is none. */
static size_t add_hex(struct line *line, const unsigned char *bytes, size_t limit)
{
    static const char digits[] = "0123456789abcdef";
    size_t length = 0;
    for (; length < limit && bytes[length] != 0; length++) {
        line->text[line->size++] = digits[bytes[length] >> 4];
        line->text[line->size++] = digits[bytes[length] & 15];
    }
    if (length == 0)
        line->text[line->size++] = '-';
    return length;
}

static void add_result(struct line *line, const struct call *call, const struct probe *probe)
{
    if (!call->export->returns_text) {
        add(line, " ret=%d", (int)probe->result);
    } else if (probe->result == 0) {
        add(line, " ret=null");
    } else {
        add(line, " ret=");
        add_hex(line, (const unsigned char *)probe->result, RETURNED_LIMIT);
    }
}

static void add_buffer(struct line *line, const struct buffer *buffer)
{
    if (buffer->capacity == 0) {
        add(line, " out=null nul=none");
    } else {
        add(line, " out=");
        size_t nul = add_hex(line, buffer->out, buffer->capacity);
        if (nul < buffer->capacity)
            add(line, " nul=%u", (unsigned)nul);
        else
            add(line, " nul=none");
    }
    add(line, " guards=%s", buffer_guards(buffer));
}

static void add_compared(struct line *line, const char *name, uintptr_t before, uintptr_t after)
{
    if (before == after)
        add(line, " %s=ok", name);
    else
        add(line, " %s=BROKEN:%" PRIxPTR ">%" PRIxPTR, name, before, after);
}

static void add_state(struct line *line, const struct probe *probe)
{
    add_compared(line, "cw", probe->cw_before, probe->cw_after);
    add_compared(line, "mxcsr", probe->mxcsr_before, probe->mxcsr_after);
    add_compared(line, "x87", PROBE_X87_EMPTY, probe->tags_after);
    if (!probe_sees_stack)
        add(line, " esp=n/a");
    else if (probe->stack_after == probe->stack_expected)
        add(line, " esp=ok");
    else
        add(line, " esp=BROKEN:%+d", (int)(probe->stack_after - probe->stack_expected));
    const char *separator = "BROKEN:";
    add(line, " regs=");
    for (size_t i = 0; probe_register_names[i] != NULL; i++) {
        if (probe->after[i] == probe->preset[i])
            continue;
        add(line, "%s%s", separator, probe_register_names[i]);
        separator = ",";
    }
    if (*separator != ',')
        add(line, "ok");
    add(line, " df=%s", probe->flags_after & PROBE_DIRECTION_FLAG ? "BROKEN" : "ok");
}

/* A moved working directory is reported once and moved back. */
static void add_cwd(struct line *line, const char *before)
{
    char *after = system_cwd();
    if (before != NULL && after != NULL && strcmp(before, after) == 0) {
        add(line, " cwd=ok");
    } else {
        add(line, " cwd=BROKEN:");
        add_hex(line, (const unsigned char *)(after == NULL ? "?" : after), CWD_LIMIT);
        if (before != NULL)
            system_chdir(before);
    }
    free(after);
}

static struct probe prepared(const struct call *call, void *function, const struct buffer *buffer)
{
    struct probe probe = {
        .function = (uintptr_t)function,
        .misalignment = call->sequence % 4 * 4,
        .cw_wanted = call->cw,
        .mxcsr_wanted = call->mxcsr,
    };
    for (const char *parameter = call->export->parameters; *parameter != '\0'; parameter++) {
        unsigned i = probe.argument_count++;
        probe.arguments[i] = *parameter == 't'   ? input_pointer(&call->inputs[i])
                             : *parameter == 'i' ? (uintptr_t)(intptr_t)call->number
                                                 : (uintptr_t)buffer->out;
    }
    for (unsigned i = 0; i < PROBE_REGISTERS; i++)
        probe.preset[i] = (uintptr_t)0xb0b1b2b3 + 0x01010101 * i;
    return probe;
}

void checked_call(const struct call *call, void *function)
{
    struct buffer buffer;
    struct line line = {NULL, 0};
    if (!buffer_allocate(call, &buffer) ||
        (line.text = malloc(2 * (buffer.capacity + RETURNED_LIMIT) + 4 * LINE_ROOM)) == NULL) {
        static const char failed[] = "error no memory for a call\n";
        system_result_write(failed, sizeof failed - 1);
        return;
    }
    struct probe probe = prepared(call, function, &buffer);
    char *cwd = system_cwd();
    uint64_t start = system_microseconds();
    system_set_error(ERROR);
    probe_call(&probe);
    unsigned error = system_error();
    uint64_t spent = system_microseconds() - start;

    add(&line, "%s", call->id);
    add_result(&line, call, &probe);
    add_buffer(&line, &buffer);
    add_state(&line, &probe);
    add_cwd(&line, cwd);
    if (error == ERROR)
        add(&line, " error=ok");
    else
        add(&line, " error=BROKEN:%u", error);
    add(&line, " memory=%s", call->export->returns_text ? system_kind_of_memory((const void *)probe.result) : "n/a");
    add(&line, " us=%u\n", (unsigned)spent);
    system_result_write(line.text, line.size);
    free(line.text);
    free(cwd);
    buffer_free(call, &buffer);
}
