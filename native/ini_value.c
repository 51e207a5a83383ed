/* ini_value.c - see ini_value.h. */
#include "ini_value.h"

enum { DIGITS_MAX = 19 };

int vcshim_equals(vcshim_span text, const char *word)
{
    while (text.begin < text.end && *word != 0 && vcshim_lower(*text.begin) == *word) {
        text.begin++;
        word++;
    }
    return text.begin == text.end && *word == 0;
}

static int32_t number(vcshim_span text, const vcshim_setting *row)
{
    int64_t value = 0;
    if (text.begin == text.end || text.end - text.begin > DIGITS_MAX) return VCSHIM_NOT_UNDERSTOOD;
    for (; text.begin < text.end; text.begin++) {
        if (*text.begin < '0' || *text.begin > '9') return VCSHIM_NOT_UNDERSTOOD;
        if (value <= row->high) value = value * 10 + (*text.begin - '0'); /* beyond the limit it is not counted on */
    }
    return value < row->low || value > row->high ? VCSHIM_NOT_UNDERSTOOD : (int32_t)value;
}

static int32_t word_index(vcshim_span text, const vcshim_setting *row)
{
    int32_t i;
    for (i = 0; i < VCSHIM_WORDS_MAX && row->words[i] != NULL; i++)
        if (vcshim_equals(text, row->words[i])) return i;
    return VCSHIM_NOT_UNDERSTOOD;
}

int32_t vcshim_value_for(const vcshim_setting *row, vcshim_span text)
{
    return row->words[0] == NULL ? number(text, row) : word_index(text, row);
}

vcshim_span vcshim_uncommented(vcshim_span text)
{
    const char *c;
    for (c = text.begin; c < text.end; c++) {
        int behind_blank = c > text.begin && c[-1] == ' ', before_blank = c + 1 < text.end && c[1] == ' ';
        int starts = c == text.begin || behind_blank;
        if ((*c == ';' && starts) || (*c == '#' && (behind_blank || (starts && before_blank)))) break;
    }
    text.end = c;
    return vcshim_trimmed(text);
}

vcshim_span vcshim_uncommented_path(vcshim_span text)
{
    const char *c;
    for (c = text.begin; c < text.end; c++) {
        int starts = c == text.begin || c[-1] == ' ', before_blank = c + 1 == text.end || c[1] == ' ';
        if (starts && (*c == ';' || (*c == '#' && before_blank))) break;
    }
    text.end = c;
    return vcshim_trimmed(text);
}

vcshim_span vcshim_value_of(vcshim_span text, vcshim_span (*without_comment)(vcshim_span text))
{
    vcshim_span quoted = text;
    if (text.begin < text.end && (*text.begin == '"' || *text.begin == '\'')) {
        for (quoted.end = ++quoted.begin; quoted.end < text.end; quoted.end++) {
            vcshim_span rest = {quoted.end + 1, text.end};
            if (*quoted.end != *text.begin) continue;
            rest = vcshim_trimmed(rest);
            if (rest.begin == rest.end || *rest.begin == ';' || *rest.begin == '#') return vcshim_trimmed(quoted);
        }
    }
    return without_comment(text);
}
