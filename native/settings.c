/* settings.c - see settings.h. A reader of `key = value` lines under [abi]; not a general ini parser. */
#include "settings.h"

static int is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static int equals(const char *begin, const char *end, const char *word)
{
    while (begin < end && *word != 0 && lower(*begin) == *word) {
        begin++;
        word++;
    }
    return begin == end && *word == 0;
}

static void trim(const char **begin, const char **end)
{
    while (*begin < *end && is_blank(**begin)) (*begin)++;
    while (*begin < *end && is_blank((*end)[-1])) (*end)--;
}

static void apply(const char *key, const char *key_end, const char *value, const char *end, vcshim_settings *settings)
{
    if (equals(key, key_end, "out_capacity")) {
        int64_t number = 0;
        const char *digit = value;
        for (; digit < end && *digit >= '0' && *digit <= '9' && number < 10000000; digit++)
            number = number * 10 + (*digit - '0');
        if (digit == end && number >= 256 && number <= 1048576) settings->out_capacity = (int32_t)number;
    } else if (equals(key, key_end, "charset")) {
        settings->charset = equals(value, end, "utf-8") ? VCSHIM_UTF8 : VCSHIM_GBK;
    } else if (equals(key, key_end, "return_memory")) {
        settings->static_memory = equals(value, end, "static");
    } else if (equals(key, key_end, "set_qrflow_mode")) {
        settings->qrflow_cdecl = equals(value, end, "cdecl");
    }
}

void vcshim_settings_read(const char *bytes, int32_t count, vcshim_settings *settings)
{
    const char *end = bytes + (count > 0 ? count : 0);
    int in_abi = 0;
    settings->out_capacity = 2048;
    settings->charset = VCSHIM_GBK;
    settings->static_memory = 0;
    settings->qrflow_cdecl = 0;
    if (count >= 3 && bytes[0] == '\xEF' && bytes[1] == '\xBB' && bytes[2] == '\xBF') bytes += 3;
    while (bytes < end) {
        const char *line = bytes, *line_end, *equal;
        while (bytes < end && *bytes != '\n') bytes++;
        line_end = bytes;
        if (bytes < end) bytes++;
        trim(&line, &line_end);
        if (line == line_end || *line == ';' || *line == '#') continue;
        if (*line == '[') {
            in_abi = equals(line, line_end, "[abi]");
            continue;
        }
        for (equal = line; equal < line_end && *equal != '='; equal++) {}
        if (in_abi && equal < line_end) {
            const char *key = line, *key_end = equal, *value = equal + 1;
            trim(&key, &key_end);
            trim(&value, &line_end);
            apply(key, key_end, value, line_end, settings);
        }
    }
}
