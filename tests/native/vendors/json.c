/* See json.h. */
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define strcasecmp _stricmp
#else
#include <strings.h>
#endif

struct reader {
    struct pool *pool;
    const char *at;
};

static void skip(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t\r\n");
}

static void add_utf8(struct text *text, unsigned code)
{
    char bytes[4];
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size; i-- > 1; code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)(first[size] | code);
    text_add(text, bytes, size);
}

static unsigned hex4(const char *at)
{
    char digits[5] = {0};
    memcpy(digits, at, strnlen(at, 4));
    return (unsigned)strtoul(digits, NULL, 16);
}

static bool escape(struct reader *reader, struct text *text)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char letter = *reader->at++;
    const char *found = letter == '\0' ? NULL : strchr(letters, letter);
    if (found != NULL) {
        text_add(text, &meanings[found - letters], 1);
        return true;
    }
    if (letter != 'u' || strlen(reader->at) < 4)
        return false;
    unsigned code = hex4(reader->at);
    reader->at += 4;
    if (code >= 0xd800 && code < 0xdc00 && strncmp(reader->at, "\\u", 2) == 0) {
        code = 0x10000 + ((code - 0xd800) << 10) + (hex4(reader->at + 2) - 0xdc00);
        reader->at += 6;
    }
    add_utf8(text, code);
    return true;
}

static char *string(struct reader *reader)
{
    struct text text = text_new(reader->pool);
    if (*reader->at++ != '"')
        return NULL;
    while (*reader->at != '"') {
        if (*reader->at == '\0')
            return NULL;
        if (*reader->at == '\\') {
            reader->at++;
            if (!escape(reader, &text))
                return NULL;
        } else {
            text_add(&text, reader->at++, 1);
        }
    }
    reader->at++;
    return text.bytes;
}

static struct json *value(struct reader *reader);

static bool items(struct reader *reader, struct json *parent, char end)
{
    struct json **place = &parent->first;
    for (reader->at++, skip(reader); *reader->at != end; skip(reader)) {
        char *name = NULL;
        if (parent->kind == JSON_OBJECT) {
            if ((name = string(reader)) == NULL)
                return false;
            skip(reader);
            if (*reader->at++ != ':')
                return false;
        }
        if ((*place = value(reader)) == NULL)
            return false;
        (*place)->name = name;
        place = &(*place)->next;
        skip(reader);
        if (*reader->at == ',')
            reader->at++;
        else if (*reader->at != end)
            return false;
    }
    reader->at++;
    return true;
}

static struct json *value(struct reader *reader)
{
    struct json *made = pool_take(reader->pool, sizeof *made);
    skip(reader);
    const char *start = reader->at;
    bool good = true;
    if (*start == '{' || *start == '[') {
        made->kind = *start == '{' ? JSON_OBJECT : JSON_ARRAY;
        good = items(reader, made, *start == '{' ? '}' : ']');
    } else if (*start == '"') {
        made->kind = JSON_TEXT;
        good = (made->text = string(reader)) != NULL;
    } else {
        size_t size = strcspn(start, " \t\r\n,]}:\"");
        reader->at += size;
        made->text = pool_copy(reader->pool, start, size);
        good = size > 0;
    }
    if (!good)
        return NULL;
    made->raw = pool_copy(reader->pool, start, (size_t)(reader->at - start));
    return made;
}

struct json *json_parse(struct pool *pool, const char *text)
{
    struct reader reader = {pool, text};
    struct json *made = value(&reader);
    skip(&reader);
    return *reader.at == '\0' ? made : NULL;
}

struct json *json_find(const struct json *object, const char *name)
{
    if (object == NULL || object->kind != JSON_OBJECT)
        return NULL;
    for (struct json *field = object->first; field != NULL; field = field->next) {
        if (strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

struct json *json_text(struct pool *pool, const char *name, const char *text)
{
    struct json *made = pool_take(pool, sizeof *made);
    made->kind = JSON_TEXT;
    made->name = pool_copy(pool, name, strlen(name));
    made->text = pool_copy(pool, text, strlen(text));
    return made;
}

void json_set(struct json *object, struct json *field)
{
    struct json **place = &object->first;
    while (*place != NULL && strcmp((*place)->name, field->name) != 0)
        place = &(*place)->next;
    field->next = *place == NULL ? NULL : (*place)->next;
    *place = field;
}

void json_remove(struct json *object, const char *name)
{
    struct json **place = &object->first;
    while (*place != NULL && strcmp((*place)->name, name) != 0)
        place = &(*place)->next;
    if (*place != NULL)
        *place = (*place)->next;
}

static int compare(const struct json *left, const struct json *right, bool ignore_case)
{
    int order = ignore_case ? strcasecmp(left->name, right->name) : 0;
    return order != 0 ? order : strcmp(left->name, right->name);
}

void json_sort(struct json *object, bool ignore_case)
{
    struct json *sorted = NULL;
    while (object->first != NULL) {
        struct json *field = object->first, **place = &sorted;
        object->first = field->next;
        while (*place != NULL && compare(*place, field, ignore_case) <= 0)
            place = &(*place)->next;
        field->next = *place;
        *place = field;
    }
    object->first = sorted;
}

static void write_text(struct text *out, const char *text, struct json_style style)
{
    text_put(out, "\"");
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        static const char controls[] = "\b\f\n\r\t", letters[] = "bfnrt";
        const char *control = strchr(controls, *at);
        if (control != NULL) {
            text_print(out, "\\%c", letters[control - controls]);
        } else if (*at == '"' || *at == '\\' || (*at == '/' && style.slash)) {
            text_print(out, "\\%c", *at);
        } else if (*at < 0x20) {
            text_print(out, "\\u%04x", *at);
        } else if (*at >= 0x80 && style.unicode) {
            int more = *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : 1;
            unsigned code = *at & (0x3fu >> more);
            while (more-- > 0)
                code = code << 6 | (*++at & 0x3f);
            if (code >= 0x10000)
                text_print(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
            else
                text_print(out, "\\u%04x", code);
        } else {
            text_add(out, (const char *)at, 1);
        }
    }
    text_put(out, "\"");
}

static void write_value(struct text *out, const struct json *value, struct json_style style)
{
    if (value->kind == JSON_TEXT) {
        write_text(out, value->text, style);
        return;
    }
    if (value->kind == JSON_WORD) {
        text_put(out, value->text);
        return;
    }
    bool object = value->kind == JSON_OBJECT;
    struct json copy = *value;
    if (object && style.sorted) { /* sorts links of its own */
        struct json **place = &copy.first;
        for (const struct json *field = value->first; field != NULL; field = field->next, place = &(*place)->next) {
            *place = pool_take(out->pool, sizeof **place);
            **place = *field;
        }
        json_sort(&copy, false);
    }
    text_put(out, object ? "{" : "[");
    for (const struct json *item = copy.first; item != NULL; item = item->next) {
        if (item != copy.first)
            text_put(out, style.comma ? ", " : ",");
        if (object) {
            write_text(out, item->name, style);
            text_put(out, style.colon ? ": " : ":");
        }
        write_value(out, item, style);
    }
    text_put(out, object ? "}" : "]");
}

char *json_write(struct pool *pool, const struct json *value, struct json_style style)
{
    struct text out = text_new(pool);
    write_value(&out, value, style);
    return out.bytes;
}

const char *json_plain(struct pool *pool, const struct json *value)
{
    if (value == NULL || (value->kind == JSON_WORD && strcmp(value->text, "null") == 0))
        return "";
    if (value->kind == JSON_TEXT || value->kind == JSON_WORD)
        return value->text;
    return json_write(pool, value, (struct json_style){0});
}
