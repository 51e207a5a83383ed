/* settings.c - see settings.h. A reader of `key = value` lines under a few sections; not a general ini parser.
 *
 * Each line becomes ASCII first, one byte for each character: full-width signs as ASCII, runs of any kind of blank as one
 * ' ', whatever else is not ASCII as VCSHIM_OTHER. What a longer line than LINE_MAX has beyond that no key here needs.
 */
#include "settings.h"
#include "ini_charset.h"
#include "ini_value.h"
#include "pc_pattern.h"
#include "text.h"

enum { LINE_MAX = 512, HEADING_MAX = 80 };

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

/* ---- what a line sets --------------------------------------------------------------------------------------------- */

/* The lines that are under way: which section they are in, and what they have set. `starts` and `ends` are where each
 * character of `line` stands in the file. */
typedef struct reading {
    char line[LINE_MAX];
    vcshim_position starts[LINE_MAX], ends[LINE_MAX];
    int used;
    const char *section; /* of the rows; NULL: another, or none */
    enum vcshim_sections kind;
    enum vcshim_file_charset charset;
    const vcshim_layers *layers;
    int32_t values[VCSHIM_SECTION_KINDS][VCSHIM_KEY_COUNT];
    vcshim_raw_path (*paths)[VCSHIM_PATH_COUNT]; /* by kind; NULL: not wanted */
} reading;

/* The section of a heading, as one of the rows has it; NULL where no row is of it. */
static const char *section_of(vcshim_span name)
{
    int i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++)
        if (vcshim_equals(name, vcshim_setting_rows[i].section)) return vcshim_setting_rows[i].section;
    for (i = 0; i < VCSHIM_PATH_COUNT; i++)
        if (vcshim_equals(name, vcshim_path_rows[i].section)) return vcshim_path_rows[i].section;
    return NULL;
}

/* A part of the line, as it stands in the file. */
static vcshim_raw_path raw_of(vcshim_span text, const reading *from)
{
    vcshim_raw_path raw = {NULL, 0, from->charset};
    if (text.begin == text.end) return raw;
    raw.bytes = (const char *)from->starts[text.begin - from->line];
    raw.count = (int32_t)(from->ends[text.end - 1 - from->line] - (vcshim_position)raw.bytes);
    return raw;
}

static void apply(reading *to, vcshim_span key, vcshim_span value)
{
    int i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++) {
        const vcshim_setting *row = &vcshim_setting_rows[i];
        if (!vcshim_is_same(to->section, row->section) || !vcshim_equals(key, row->key)) continue;
        to->values[to->kind][i] = vcshim_value_for(row, vcshim_value_of(value, vcshim_uncommented));
    }
    for (i = 0; i < VCSHIM_PATH_COUNT && to->paths != NULL; i++) {
        const vcshim_path_setting *row = &vcshim_path_rows[i];
        if (!vcshim_is_same(to->section, row->section) || !vcshim_equals(key, row->key)) continue;
        to->paths[to->kind][i] = raw_of(vcshim_value_of(value, vcshim_uncommented_path), to);
    }
}

/* ---- sections -------------------------------------------------------------------------------------------------- */

static const char *find(vcshim_span text, char a, char b)
{
    while (text.begin < text.end && *text.begin != a && *text.begin != b) text.begin++;
    return text.begin;
}

static int is_this_pc(vcshim_span text, const reading *from)
{
    vcshim_raw_path raw = raw_of(text, from);
    return raw.bytes != NULL && vcshim_is_this_pc(text, &raw, from->layers);
}

static void open_section(vcshim_span heading, reading *to)
{
    vcshim_span name = {heading.begin, find(heading, '@', '@')}, pc = {name.end, heading.end};
    to->kind = pc.begin < pc.end ? VCSHIM_OF_THIS_PC : VCSHIM_OF_ALL;
    to->section = section_of(vcshim_trimmed(name));
    if (to->section == NULL || pc.begin == pc.end) return;
    pc.begin++;
    if (!is_this_pc(vcshim_trimmed(pc), to)) to->section = NULL;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static void read_key(vcshim_span line, reading *to)
{
    vcshim_span bare = vcshim_uncommented(line), key = bare, value = {line.end, line.end};
    key.end = find(bare, '=', ':');
    if (key.end < bare.end) {
        value.begin = key.end + 1;
    } else if (bare.begin < bare.end && bare.end[-1] == ']' && bare.end - bare.begin <= HEADING_MAX) {
        bare.end--;
        open_section(vcshim_trimmed(bare), to);
        return;
    } /* a key without a delimiter has an empty value */
    if (to->section != NULL) apply(to, vcshim_trimmed(key), vcshim_trimmed(value));
}

static void read_line(vcshim_span line, reading *to)
{
    while (line.begin < line.end && *line.begin == '[') {
        vcshim_span name = {line.begin + 1, find(line, ']', ']')};
        if (name.end == line.end) name = vcshim_uncommented(vcshim_trimmed(name)); /* no closing bracket */
        open_section(vcshim_trimmed(name), to);
        line.begin = name.end < line.end && *name.end == ']' ? name.end + 1 : line.end;
        line = vcshim_trimmed(line);
    }
    if (line.begin < line.end && *line.begin != ';' && *line.begin != '#') read_key(line, to);
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static void add(reading *to, uint32_t c, vcshim_position at, int count)
{
    char folded = vcshim_plain(c);
    if (to->used == LINE_MAX || (folded == ' ' && to->used > 0 && to->line[to->used - 1] == ' ')) return;
    to->starts[to->used] = at;
    to->ends[to->used] = at + count;
    to->line[to->used++] = folded;
}

static void finish_line(reading *to)
{
    vcshim_span line = {to->line, to->line + to->used};
    read_line(vcshim_trimmed(line), to);
    to->used = 0;
}

static void read_utf16(vcshim_position at, vcshim_position end, vcshim_charset_fn charset, reading *to)
{
    uint32_t c;
    to->charset = charset == vcshim_utf16_little ? VCSHIM_FILE_UTF16LE : VCSHIM_FILE_UTF16BE;
    for (at += 2; charset(at, end, &c) > 0; at += 2) {
        if (c == '\r' || c == '\n') finish_line(to);
        else add(to, c, at, 2);
    }
    finish_line(to);
}

static void read_bytes(vcshim_position at, vcshim_position end, reading *to)
{
    int marked = end - at >= 3 && at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF, rather_utf8;
    if (marked) at += 3;
    rather_utf8 = marked || vcshim_is_rather_utf8(at, end);
    for (; at < end; at++) {
        vcshim_position line_end = vcshim_end_of_line(at, end);
        vcshim_charset_fn charset = vcshim_charset_of_line(rather_utf8, at, line_end);
        to->charset = charset == vcshim_utf8_character ? VCSHIM_FILE_UTF8 : VCSHIM_FILE_GBK;
        while (at < line_end) {
            uint32_t c;
            int count = charset(at, line_end, &c);
            add(to, count == 0 ? VCSHIM_OTHER : c, at, count == 0 ? 1 : count);
            at += count == 0 ? 1 : count;
        }
        finish_line(to);
    }
}

static int has_nul(vcshim_position at, vcshim_position end, vcshim_charset_fn utf16)
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
    vcshim_position at = (vcshim_position)bytes, end;
    vcshim_charset_fn utf16 = NULL;
    int kind, i;
    for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++)
        for (i = 0; i < VCSHIM_KEY_COUNT; i++) to->values[kind][i] = VCSHIM_NOT_UNDERSTOOD;
    if (count <= 0) return 1;
    end = at + count;
    if (count >= 2 && at[0] == 0xFF && at[1] == 0xFE) utf16 = vcshim_utf16_little;
    if (count >= 2 && at[0] == 0xFE && at[1] == 0xFF) utf16 = vcshim_utf16_big;
    if (count > VCSHIM_INI_LIMIT || has_nul(at, end, utf16)) return 0;
    to->used = 0;
    to->section = NULL;
    if (utf16 != NULL) read_utf16(at, end, utf16, to);
    else read_bytes(at, end, to);
    return 1;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static reading current; /* under the front's lock; too much for a stack without __chkstk */

void vcshim_settings_begin(vcshim_layers *layers)
{
    int kind, i;
    for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++)
        for (i = 0; i < VCSHIM_KEY_COUNT; i++) layers->values[kind][i] = VCSHIM_NOT_UNDERSTOOD;
}

int vcshim_settings_add(vcshim_layers *layers, const char *bytes, int32_t count)
{
    int kind, i;
    current.layers = layers;
    current.paths = NULL;
    if (!read_all(bytes, count, &current)) return 0;
    for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++)
        for (i = 0; i < VCSHIM_KEY_COUNT; i++)
            if (current.values[kind][i] != VCSHIM_NOT_UNDERSTOOD) layers->values[kind][i] = current.values[kind][i];
    return 1;
}

void vcshim_settings_end(const vcshim_layers *layers, vcshim_settings *settings)
{
    int i;
    for (i = 0; i < VCSHIM_KEY_COUNT; i++) {
        int32_t of_all = layers->values[VCSHIM_OF_ALL][i], of_pc = layers->values[VCSHIM_OF_THIS_PC][i];
        settings->values[i] = of_pc != VCSHIM_NOT_UNDERSTOOD    ? of_pc
                              : of_all != VCSHIM_NOT_UNDERSTOOD ? of_all
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
