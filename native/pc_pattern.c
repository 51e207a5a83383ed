/* pc_pattern.c - see pc_pattern.h. */
#include "pc_pattern.h"
#include "ini_charset.h"

enum { NAME_MAX_POINTS = 512 };

/* Names of PCs are compared by character, as layers.py does: a name may be Chinese. */
typedef struct points {
    uint32_t at[NAME_MAX_POINTS];
    int count; /* negative: it cannot be read */
} points;

static void add_point(points *to, uint32_t c)
{
    char folded = vcshim_plain(c);
    if (folded == ' ' && (to->count == 0 || to->at[to->count - 1] == ' ')) return;
    if (to->count < NAME_MAX_POINTS) to->at[to->count++] = folded == VCSHIM_OTHER ? c : (uint32_t)vcshim_lower(folded);
}

static void points_of_utf8(const char *text, points *to)
{
    vcshim_position at = (vcshim_position)text, end = at;
    to->count = 0;
    while (*end != 0) end++;
    while (at < end) {
        uint32_t c = 0;
        int count = vcshim_utf8_character(at, end, &c);
        if (count == 0) break;
        add_point(to, c);
        at += count;
    }
    if (at < end) to->count = -1;
    else if (to->count > 0 && to->at[to->count - 1] == ' ') to->count--;
}

/* A pattern as it stands in the file. */
static void points_of_span(vcshim_span text, const vcshim_raw_path *raw, const vcshim_layers *layers, points *to)
{
    static char decoded[VCSHIM_PATH_MAX]; /* under the front's lock */
    const char *c = text.begin;
    while (c < text.end && *c != VCSHIM_OTHER) c++;
    to->count = 0;
    if (c == text.end)
        for (c = text.begin; c < text.end; c++) add_point(to, (uint32_t)*c);
    else if (layers->decode(raw->bytes, raw->count, raw->charset, decoded))
        points_of_utf8(decoded, to);
    else
        to->count = -1;
}

/* `*` is any text, `?` any character: matches() of layers.py. */
static int is_like(const points *pattern, const points *name)
{
    int at = 0, position = 0, star = -1, taken = 0;
    while (position < name->count) {
        if (at < pattern->count && pattern->at[at] == '*') {
            star = at++;
            taken = position;
        } else if (at < pattern->count && (pattern->at[at] == '?' || pattern->at[at] == name->at[position])) {
            at++;
            position++;
        } else if (star >= 0) {
            at = star + 1;
            position = ++taken;
        } else {
            return 0;
        }
    }
    while (at < pattern->count && pattern->at[at] == '*') at++;
    return at == pattern->count;
}

int vcshim_is_this_pc(vcshim_span text, const vcshim_raw_path *raw, const vcshim_layers *layers)
{
    static points pattern, name; /* under the front's lock */
    points_of_span(text, raw, layers, &pattern);
    points_of_utf8(layers->pc_name(), &name);
    return pattern.count > 0 && name.count >= 0 && is_like(&pattern, &name);
}
