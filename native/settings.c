/* settings.c - see settings.h. A reader of `key = value` lines under a few sections; not a general ini parser.
 *
 * Each line becomes ASCII first, one byte for each character: full-width signs as ASCII, runs of any kind of blank as one
 * ' ', whatever else is not ASCII as OTHER. What a longer line than LINE_MAX has beyond that no key here needs.
 */
#include "settings.h"

enum { OTHER = 0x7F, LINE_MAX = 512, HEADING_MAX = 80, DIGITS_MAX = 19, NAME_MAX_POINTS = 512, NOT_UNDERSTOOD = -1 };

const vcshim_setting vcshim_setting_rows[VCSHIM_KEY_COUNT] = {
    /* section, key, initial, low, high, words */
    [VCSHIM_OUT_CAPACITY] = {"abi", "out_capacity", 2048, 256, 1048576, {NULL}},
    [VCSHIM_CHARSET] = {"abi", "charset", VCSHIM_GBK, 0, 0, {"gbk", "utf-8", "auto"}},
    [VCSHIM_RETURN_MEMORY] = {"abi", "return_memory", VCSHIM_COTASKMEM, 0, 0, {"cotaskmem", "static"}},
    [VCSHIM_SET_QRFLOW_MODE] = {"abi", "set_qrflow_mode", VCSHIM_IS_STDCALL, 0, 0, {"stdcall", "cdecl"}},
    [VCSHIM_AUDIENCE] = {"messages", "audience", VCSHIM_CLERK, 0, 0, {"clerk", "developer"}},
    [VCSHIM_MODE] = {"mode", "run", VCSHIM_NATIVE, 0, 0, {"native", "capture", "shadow"}},
    [VCSHIM_WARMS_UP] = {"start", "warm_up", 1, 0, 0, {"off", "on"}},
    [VCSHIM_LOCAL_COPY] = {"start", "local_copy", VCSHIM_COPY_AUTO, 0, 0, {"auto", "on", "off"}},
    [VCSHIM_EVENTS] = {"log", "windows_events", VCSHIM_FAILURES, 0, 0, {"off", "failures", "all"}},
};

const vcshim_path_setting vcshim_path_rows[VCSHIM_PATH_COUNT] = {
    [VCSHIM_VENDOR_VIRTUALCARDCHK] = {"vendor", "virtualcardchk"},
    [VCSHIM_VENDOR_NATIONECCODE] = {"vendor", "nationeccode"},
    [VCSHIM_FLEET_SOURCE] = {"fleet", "source"},
};

/* ---- charsets ------------------------------------------------------------------------------------------------- */

typedef const unsigned char *position;

/* The ASCII of a character, as lines.py compares names: BLANKS, _FULL_WIDTH and the brackets of a section. */
static char plain(uint32_t c)
{
    if (c == '\t' || c == 0x0B || c == 0x0C || c == 0x1A || c == 0xA0 || c == 0x200B || c == 0x3000 || c == 0xFEFF)
        return ' ';
    if (c >= 0xFF01 && c <= 0xFF5E) return (char)(c - 0xFEE0);
    if (c == 0x3010) return '[';
    if (c == 0x3011) return ']';
    return c < OTHER ? (char)c : OTHER;
}

/* The bytes of the UTF-8 character at `at`, and what it is; 0 where there is none. */
static int utf8_character(position at, position end, uint32_t *c)
{
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    int more = *at < 0x80 ? 0 : *at < 0xC2 ? -1 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : *at < 0xF5 ? 3 : -1, i;
    if (more < 0 || end - at <= more) return 0;
    *c = more == 0 ? *at : *at & (0x3Fu >> more);
    for (i = 1; i <= more; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
        *c = *c << 6 | (at[i] & 0x3F);
    }
    return *c < smallest[more] || *c > 0x10FFFF || (*c >= 0xD800 && *c < 0xE000) ? 0 : more + 1;
}

/* The same of GB18030. Only the signs that matter are told: the rest is OTHER. */
static int gbk_character(position at, position end, uint32_t *c)
{
    *c = *at;
    if (*at < 0x80) return 1;
    if (*at == 0x80 || *at == 0xFF || end - at < 2) return 0;
    *c = OTHER;
    if (at[1] >= 0x30 && at[1] <= 0x39) {
        uint32_t code;
        if (end - at < 4 || at[2] <= 0x80 || at[2] == 0xFF || at[3] < 0x30 || at[3] > 0x39) return 0;
        code = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
        *c = code == 0x81308432 ? 0xA0 : code == 0x8136A437 ? 0x200B : code == 0x84319533 ? 0xFEFF : OTHER;
        return 4;
    }
    if (at[1] < 0x40 || at[1] == 0x7F || at[1] == 0xFF) return 0;
    if (at[0] == 0xA3 && at[1] > 0xA0 && at[1] != 0xA4 && at[1] != 0xFE) *c = 0xFF00u + at[1] - 0xA0;
    if (at[0] == 0xA1 && at[1] == 0xA1) *c = 0x3000;
    if (at[0] == 0xA1 && (at[1] == 0xBE || at[1] == 0xBF)) *c = 0x3010u + at[1] - 0xBE;
    return 2;
}

static int utf16_little(position at, position end, uint32_t *c)
{
    if (end - at < 2) return 0;
    *c = (uint32_t)at[1] << 8 | at[0];
    return 2;
}

static int utf16_big(position at, position end, uint32_t *c)
{
    if (end - at < 2) return 0;
    *c = (uint32_t)at[0] << 8 | at[1];
    return 2;
}

typedef int (*charset_fn)(position at, position end, uint32_t *c);

/* One of the 8-bit charsets. */
static position end_of_line(position at, position end)
{
    while (at < end && *at != '\r' && *at != '\n') at++;
    return at;
}

/* Whether all of a line is in a charset; *wide: whether it has a character of three bytes in UTF-8. */
static int is_valid(charset_fn charset, position at, position end, int *wide)
{
    uint32_t c = 0;
    int count;
    for (*wide = 0; at < end; at += count) {
        count = charset(at, end, &c);
        if (count == 0) return 0;
        if (c >= 0x800) *wide = 1;
    }
    return 1;
}

/* Whether the file is in UTF-8 rather than GBK, as _is_rather_utf8() of file.py decides. */
static int is_rather_utf8(position at, position end)
{
    int32_t valid = 0, invalid = 0;
    for (; at < end; at++) {
        position line = at;
        int wide;
        at = end_of_line(at, end);
        if (!is_valid(utf8_character, line, at, &wide)) invalid++;
        else valid += wide;
    }
    return valid >= invalid;
}

/* The charset of a line, as _decoded() of file.py decides. */
static charset_fn charset_of_line(int rather_utf8, position at, position end)
{
    int wide = 0, unused, is_utf8 = is_valid(utf8_character, at, end, &wide);
    if (is_utf8 && (rather_utf8 || wide)) return utf8_character;
    if (is_valid(gbk_character, at, end, &unused)) return gbk_character;
    return is_utf8 || rather_utf8 ? utf8_character : gbk_character;
}

/* ---- lines ---------------------------------------------------------------------------------------------------- */

/* A part of the file: from `begin` to before `end`. */
typedef struct span {
    const char *begin, *end;
} span;

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
    while (text.begin < text.end && *text.begin == ' ') text.begin++;
    while (text.begin < text.end && text.end[-1] == ' ') text.end--;
    return text;
}

static int32_t number(span text, const vcshim_setting *row)
{
    int64_t value = 0;
    if (text.begin == text.end || text.end - text.begin > DIGITS_MAX) return NOT_UNDERSTOOD;
    for (; text.begin < text.end; text.begin++) {
        if (*text.begin < '0' || *text.begin > '9') return NOT_UNDERSTOOD;
        if (value <= row->high) value = value * 10 + (*text.begin - '0'); /* beyond the limit it is not counted on */
    }
    return value < row->low || value > row->high ? NOT_UNDERSTOOD : (int32_t)value;
}

static int32_t word_index(span text, const vcshim_setting *row)
{
    int32_t i;
    for (i = 0; i < VCSHIM_WORDS_MAX && row->words[i] != NULL; i++)
        if (equals(text, row->words[i])) return i;
    return NOT_UNDERSTOOD;
}

static int same_word(const char *one, const char *other)
{
    while (*one == *other && *one != 0) one++, other++;
    return *one == *other;
}

/* The lines that are under way: which section they are in, and what they have set. `starts` and `ends` are where each
 * character of `line` stands in the file. */
typedef struct reading {
    char line[LINE_MAX];
    position starts[LINE_MAX], ends[LINE_MAX];
    int used;
    const char *section; /* of the rows; NULL: another, or none */
    enum vcshim_sections kind;
    enum vcshim_file_charset charset;
    const vcshim_layers *layers;
    int32_t values[VCSHIM_SECTION_KINDS][VCSHIM_KEY_COUNT];
    vcshim_raw_path (*paths)[VCSHIM_PATH_COUNT]; /* by kind; NULL: not wanted */
} reading;

/* The section of a heading, as one of the rows has it; NULL where no row is of it. */
static const char *section_of(span name)
{
    int i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++)
        if (equals(name, vcshim_setting_rows[i].section)) return vcshim_setting_rows[i].section;
    for (i = 0; i < VCSHIM_PATH_COUNT; i++)
        if (equals(name, vcshim_path_rows[i].section)) return vcshim_path_rows[i].section;
    return NULL;
}

/* Without the comment behind it: Comment.WORD of lines.py. */
static span uncommented(span text)
{
    const char *c;
    for (c = text.begin; c < text.end; c++) {
        int behind_blank = c > text.begin && c[-1] == ' ', before_blank = c + 1 < text.end && c[1] == ' ';
        int starts = c == text.begin || behind_blank;
        if ((*c == ';' && starts) || (*c == '#' && (behind_blank || (starts && before_blank)))) break;
    }
    text.end = c;
    return trimmed(text);
}

/* The same of a path, which may hold a `#`: Comment.TEXT of lines.py. */
static span uncommented_path(span text)
{
    const char *c;
    for (c = text.begin; c < text.end; c++) {
        int starts = c == text.begin || c[-1] == ' ', before_blank = c + 1 == text.end || c[1] == ' ';
        if (starts && (*c == ';' || (*c == '#' && before_blank))) break;
    }
    text.end = c;
    return trimmed(text);
}

/* Without quotes around it and the comment behind it. */
static span value_of(span text, span (*without_comment)(span text))
{
    span quoted = text;
    if (text.begin < text.end && (*text.begin == '"' || *text.begin == '\'')) {
        for (quoted.end = ++quoted.begin; quoted.end < text.end; quoted.end++) {
            span rest = {quoted.end + 1, text.end};
            if (*quoted.end != *text.begin) continue;
            rest = trimmed(rest);
            if (rest.begin == rest.end || *rest.begin == ';' || *rest.begin == '#') return trimmed(quoted);
        }
    }
    return without_comment(text);
}

static void apply(reading *to, span key, span value)
{
    int i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++) {
        const vcshim_setting *row = &vcshim_setting_rows[i];
        span text;
        if (!same_word(to->section, row->section) || !equals(key, row->key)) continue;
        text = value_of(value, uncommented);
        to->values[to->kind][i] = row->words[0] == NULL ? number(text, row) : word_index(text, row);
    }
    for (i = 0; i < VCSHIM_PATH_COUNT && to->paths != NULL; i++) {
        vcshim_raw_path *path = &to->paths[to->kind][i];
        span text;
        if (!same_word(to->section, vcshim_path_rows[i].section) || !equals(key, vcshim_path_rows[i].key)) continue;
        text = value_of(value, uncommented_path);
        path->bytes = text.begin == text.end ? NULL : (const char *)to->starts[text.begin - to->line];
        path->count = text.begin == text.end ? 0 : (int32_t)(to->ends[text.end - 1 - to->line] - (position)path->bytes);
        path->charset = to->charset;
    }
}

/* ---- sections for some PCs ------------------------------------------------------------------------------------- */

/* Names of PCs are compared by character, as layers.py does: a name may be Chinese. */
typedef struct points {
    uint32_t at[NAME_MAX_POINTS];
    int count; /* negative: it cannot be read */
} points;

static void add_point(points *to, uint32_t c)
{
    char folded = plain(c);
    if (folded == ' ' && (to->count == 0 || to->at[to->count - 1] == ' ')) return;
    if (to->count < NAME_MAX_POINTS) to->at[to->count++] = folded == OTHER ? c : (uint32_t)lower(folded);
}

static void points_of_utf8(const char *text, points *to)
{
    position at = (position)text, end = at;
    to->count = 0;
    while (*end != 0) end++;
    while (at < end) {
        uint32_t c = 0;
        int count = utf8_character(at, end, &c);
        if (count == 0) break;
        add_point(to, c);
        at += count;
    }
    if (at < end) to->count = -1;
    else if (to->count > 0 && to->at[to->count - 1] == ' ') to->count--;
}

/* A pattern as it stands in the file. */
static void points_of_span(span text, const reading *from, points *to)
{
    static char decoded[VCSHIM_PATH_MAX]; /* under the front's lock */
    position first = from->starts[text.begin - from->line], behind = from->ends[text.end - 1 - from->line];
    const char *c = text.begin;
    while (c < text.end && *c != OTHER) c++;
    to->count = 0;
    if (c == text.end)
        for (c = text.begin; c < text.end; c++) add_point(to, (uint32_t)*c);
    else if (from->layers->decode((const char *)first, (int32_t)(behind - first), from->charset, decoded))
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

static int is_this_pc(span text, const reading *to)
{
    static points pattern, name; /* under the front's lock */
    if (text.begin == text.end) return 0;
    points_of_span(text, to, &pattern);
    points_of_utf8(to->layers->pc_name(), &name);
    return pattern.count > 0 && name.count >= 0 && is_like(&pattern, &name);
}

static const char *find(span text, char a, char b)
{
    while (text.begin < text.end && *text.begin != a && *text.begin != b) text.begin++;
    return text.begin;
}

static void open_section(span heading, reading *to)
{
    span name = {heading.begin, find(heading, '@', '@')}, pc = {name.end, heading.end};
    to->kind = pc.begin < pc.end ? VCSHIM_OF_THIS_PC : VCSHIM_OF_ALL;
    to->section = section_of(trimmed(name));
    if (to->section == NULL || pc.begin == pc.end) return;
    pc.begin++;
    if (!is_this_pc(trimmed(pc), to)) to->section = NULL;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static void read_key(span line, reading *to)
{
    span bare = uncommented(line), key = bare, value = {line.end, line.end};
    key.end = find(bare, '=', ':');
    if (key.end < bare.end) {
        value.begin = key.end + 1;
    } else if (bare.begin < bare.end && bare.end[-1] == ']' && bare.end - bare.begin <= HEADING_MAX) {
        bare.end--;
        open_section(trimmed(bare), to);
        return;
    } /* a key without a delimiter has an empty value */
    if (to->section != NULL) apply(to, trimmed(key), trimmed(value));
}

static void read_line(span line, reading *to)
{
    while (line.begin < line.end && *line.begin == '[') {
        span name = {line.begin + 1, find(line, ']', ']')};
        if (name.end == line.end) name = uncommented(trimmed(name)); /* no closing bracket */
        open_section(trimmed(name), to);
        line.begin = name.end < line.end && *name.end == ']' ? name.end + 1 : line.end;
        line = trimmed(line);
    }
    if (line.begin < line.end && *line.begin != ';' && *line.begin != '#') read_key(line, to);
}

static void add(reading *to, uint32_t c, position at, int count)
{
    char folded = plain(c);
    if (to->used == LINE_MAX || (folded == ' ' && to->used > 0 && to->line[to->used - 1] == ' ')) return;
    to->starts[to->used] = at;
    to->ends[to->used] = at + count;
    to->line[to->used++] = folded;
}

static void finish_line(reading *to)
{
    span line = {to->line, to->line + to->used};
    read_line(trimmed(line), to);
    to->used = 0;
}

static void read_utf16(position at, position end, charset_fn charset, reading *to)
{
    uint32_t c;
    to->charset = charset == utf16_little ? VCSHIM_FILE_UTF16LE : VCSHIM_FILE_UTF16BE;
    for (at += 2; charset(at, end, &c) > 0; at += 2) {
        if (c == '\r' || c == '\n') finish_line(to);
        else add(to, c, at, 2);
    }
    finish_line(to);
}

static void read_bytes(position at, position end, reading *to)
{
    int marked = end - at >= 3 && at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF, rather_utf8;
    if (marked) at += 3;
    rather_utf8 = marked || is_rather_utf8(at, end);
    for (; at < end; at++) {
        position line_end = end_of_line(at, end);
        charset_fn charset = charset_of_line(rather_utf8, at, line_end);
        to->charset = charset == utf8_character ? VCSHIM_FILE_UTF8 : VCSHIM_FILE_GBK;
        while (at < line_end) {
            uint32_t c;
            int count = charset(at, line_end, &c);
            add(to, count == 0 ? OTHER : c, at, count == 0 ? 1 : count);
            at += count == 0 ? 1 : count;
        }
        finish_line(to);
    }
}

static int has_nul(position at, position end, charset_fn utf16)
{
    uint32_t c;
    for (; at < end; at += utf16 == NULL ? 1 : 2) {
        if (utf16 == NULL) c = *at;
        else if (utf16(at, end, &c) == 0) return 0;
        if (c == 0) return 1;
    }
    return 0;
}

/* Reads one file into `to`. 0 where it cannot be read at all. */
static int read_all(const char *bytes, int32_t count, reading *to)
{
    position at = (position)bytes, end;
    charset_fn utf16 = NULL;
    int kind, i;
    for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++)
        for (i = 0; i < VCSHIM_KEY_COUNT; i++) to->values[kind][i] = NOT_UNDERSTOOD;
    if (count <= 0) return 1;
    end = at + count;
    if (count >= 2 && at[0] == 0xFF && at[1] == 0xFE) utf16 = utf16_little;
    if (count >= 2 && at[0] == 0xFE && at[1] == 0xFF) utf16 = utf16_big;
    if (count > VCSHIM_INI_LIMIT || has_nul(at, end, utf16)) return 0;
    to->used = 0;
    to->section = NULL;
    if (utf16 != NULL) read_utf16(at, end, utf16, to);
    else read_bytes(at, end, to);
    return 1;
}

static reading current; /* under the front's lock; too much for a stack without __chkstk */

void vcshim_settings_begin(vcshim_layers *layers)
{
    int kind, i;
    for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++)
        for (i = 0; i < VCSHIM_KEY_COUNT; i++) layers->values[kind][i] = NOT_UNDERSTOOD;
}

int vcshim_settings_add(vcshim_layers *layers, const char *bytes, int32_t count)
{
    int kind, i;
    current.layers = layers;
    current.paths = NULL;
    if (!read_all(bytes, count, &current)) return 0;
    for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++)
        for (i = 0; i < VCSHIM_KEY_COUNT; i++)
            if (current.values[kind][i] != NOT_UNDERSTOOD) layers->values[kind][i] = current.values[kind][i];
    return 1;
}

void vcshim_settings_end(const vcshim_layers *layers, vcshim_settings *settings)
{
    int i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++) {
        int32_t of_all = layers->values[VCSHIM_OF_ALL][i], of_pc = layers->values[VCSHIM_OF_THIS_PC][i];
        settings->values[i] = of_pc != NOT_UNDERSTOOD    ? of_pc
                              : of_all != NOT_UNDERSTOOD ? of_all
                                                         : vcshim_setting_rows[i].initial;
    }
}

void vcshim_settings_paths(const vcshim_layers *layers, const char *bytes, int32_t count,
                           vcshim_raw_path paths[VCSHIM_SECTION_KINDS][VCSHIM_PATH_COUNT])
{
    int kind, i;
    for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++) {
        for (i = 0; i < VCSHIM_PATH_COUNT; i++) {
            paths[kind][i].bytes = NULL;
            paths[kind][i].count = -1;
            paths[kind][i].charset = VCSHIM_FILE_UTF8;
        }
    }
    current.layers = layers;
    current.paths = paths;
    (void)read_all(bytes, count, &current);
}
