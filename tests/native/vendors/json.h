/* JSON as a vendor's DLL needs it: a tree that keeps the order of fields and the letters of every value. UTF-8. */
#ifndef VENDOR_JSON_H
#define VENDOR_JSON_H

#include <stdbool.h>

#include "memory.h"

enum json_kind { JSON_WORD, JSON_TEXT, JSON_OBJECT, JSON_ARRAY }; /* a word: null, true, false or a number */

struct json {
    enum json_kind kind;
    char *name;       /* of a field */
    char *text;       /* of a text without escapes, of a word as it stands */
    char *raw;        /* the value letter for letter */
    struct json *first, *next;
};

/* How values are written again. */
struct json_style {
    bool sorted, colon, comma; /* fields by name; a blank after each mark */
    bool unicode, slash;       /* \uXXXX beyond ASCII; \/ */
};

struct json *json_parse(struct pool *pool, const char *text); /* NULL where it is none; a trailing comma is let pass */
struct json *json_find(const struct json *object, const char *name);
struct json *json_text(struct pool *pool, const char *name, const char *text);
/* The field in its place, or at the end. */
void json_set(struct json *object, struct json *field);
void json_remove(struct json *object, const char *name);
void json_sort(struct json *object, bool ignore_case);
/* A value as people read it: a text without its marks, everything else compact. Never NULL; "" for NULL and null. */
const char *json_plain(struct pool *pool, const struct json *value);
char *json_write(struct pool *pool, const struct json *value, struct json_style style);

#endif
