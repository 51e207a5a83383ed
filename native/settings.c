/* settings.c - see settings.h. A reader of `key = value` lines under [abi]; not a general ini parser. */
#include "settings.h"

const vcshim_setting vcshim_setting_rows[VCSHIM_KEY_COUNT] = {
    /* key, initial, low, high, words */
    [VCSHIM_OUT_CAPACITY] = {"out_capacity", 2048, 256, 1048576, {NULL}},
    [VCSHIM_CHARSET] = {"charset", VCSHIM_GBK, 0, 0, {"gbk", "utf-8", "auto"}},
    [VCSHIM_RETURN_MEMORY] = {"return_memory", VCSHIM_COTASKMEM, 0, 0, {"cotaskmem", "static"}},
    [VCSHIM_SET_QRFLOW_MODE] = {"set_qrflow_mode", VCSHIM_IS_STDCALL, 0, 0, {"stdcall", "cdecl"}},
};

/* A part of the file: from `begin` to before `end`. */
typedef struct span {
    const char *begin, *end;
} span;

static int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static int equals(span text, const char *word)
{
    while (text.begin < text.end && *word != 0 && lower(*text.begin) == *word) {
        text.begin++;
        word++;
    }
    return text.begin == text.end && *word == 0;
}

static span trimmed(span text)
{
    while (text.begin < text.end && is_blank(*text.begin)) text.begin++;
    while (text.begin < text.end && is_blank(text.end[-1])) text.end--;
    return text;
}

static int32_t number(span text, const vcshim_setting *row)
{
    int64_t value = 0;
    if (text.begin == text.end) return row->initial;
    for (; text.begin < text.end; text.begin++) {
        if (*text.begin < '0' || *text.begin > '9') return row->initial;
        if (value <= row->high) value = value * 10 + (*text.begin - '0'); /* beyond the limit it is not counted on */
    }
    return value < row->low || value > row->high ? row->initial : (int32_t)value;
}

static int32_t word_index(span text, const vcshim_setting *row)
{
    int32_t i;
    for (i = 0; i < VCSHIM_WORDS_MAX && row->words[i] != NULL; i++)
        if (equals(text, row->words[i])) return i;
    return row->initial;
}

static void apply(span key, span value, vcshim_settings *settings)
{
    int i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++) {
        const vcshim_setting *row = &vcshim_setting_rows[i];
        if (equals(key, row->key)) settings->values[i] = row->words[0] == NULL ? number(value, row) : word_index(value, row);
    }
}

/* Cuts the first line off the rest of the file. */
static span next_line(span *rest)
{
    span line = *rest;
    while (rest->begin < rest->end && *rest->begin != '\n') rest->begin++;
    line.end = rest->begin;
    if (rest->begin < rest->end) rest->begin++;
    return trimmed(line);
}

static void read_line(span line, int *in_abi, vcshim_settings *settings)
{
    span key = line, value = line;
    if (line.begin == line.end || *line.begin == ';' || *line.begin == '#') return;
    if (*line.begin == '[') {
        *in_abi = equals(line, "[abi]");
        return;
    }
    while (value.begin < line.end && *value.begin != '=') value.begin++;
    key.end = value.begin;
    if (value.begin < line.end) value.begin++; /* a key without `=` has an empty value */
    if (*in_abi) apply(trimmed(key), trimmed(value), settings);
}

void vcshim_settings_read(const char *bytes, int32_t count, vcshim_settings *settings)
{
    span rest = {bytes, bytes};
    int in_abi = 0, i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++) settings->values[i] = vcshim_setting_rows[i].initial;
    if (count <= 0) return;
    rest.end += count;
    if (count >= 3 && bytes[0] == '\xEF' && bytes[1] == '\xBB' && bytes[2] == '\xBF') rest.begin += 3;
    while (rest.begin < rest.end) read_line(next_line(&rest), &in_abi, settings);
}
