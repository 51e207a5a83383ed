/* failure.c - see failure.h. Writes texts, and nothing else: what has failed, and what follows from it, others know. */
#include "failure.h"
#include "configuration.h"
#include "core.h"
#include "events.h"
#include "platform.h"
#include "returned_code.h"
#include "text.h"

enum {
    SPARE_ROOM = 512, /* bytes for a text where no memory can be had */
    NOTE_ROOM = 2048, /* bytes for the file that is left where there is no log */
    NAME_ROOM = VCSHIM_PC_NAME_MAX + 32, /* bytes for its name */
    PIECE_ROOM = 512 /* bytes for what stands between two places of a text of messages.h */
};

static const vcshim_family_row families[] = {
    [VCSHIM_VC] = {"8009", 8009, "3003", 3003, "", ""},
    [VCSHIM_EC] = {"-1", -1, "-1", -1, "{\"code\":-1,\"data\":{},\"message\":\"", "\",\"orgId\":\"\"}"},
};

static const enum vcshim_family family_of[] = {
#define ROW(function, family) [function] = family,
    VCSHIM_EXPORT_ROWS(ROW)
#undef ROW
};

#include "messages.h" /* what is said of each outcome */

static struct {
    unsigned char noted[OUTCOMES]; /* the file has been left for it */
    unsigned char told[OUTCOMES];  /* the system has been told of it */
} said;

/* ---- what the host gets --------------------------------------------------------------------------------------- */

const vcshim_family_row *vcshim_family_of(enum vcshim_function function) { return &families[family_of[function]]; }

uintptr_t vcshim_failure_result(const failure *why, int returns_text)
{
    const vcshim_family_row *family = vcshim_family_of(why->function);
    int unknown = why->outcome == CRASHED_SENT;
    const char *code = unknown ? family->unknown_code : family->code;
    if (!returns_text) return (uintptr_t)(intptr_t)(unknown ? family->unknown_number : family->number);
    return (uintptr_t)vcshim_lasting_code(code, code);
}

/* ---- texts ------------------------------------------------------------------------------------------------------ */

typedef struct writer {
    char *bytes;
    int32_t used, capacity; /* the NUL not counted */
    enum vcshim_charset charset;
    int json;
    int full;
} writer;

static uint32_t next_character(const char **utf8)
{
    const unsigned char *s = (const unsigned char *)*utf8;
    int more = s[0] < 0x80 ? 0 : s[0] < 0xE0 ? 1 : s[0] < 0xF0 ? 2 : 3;
    uint32_t character = more == 0 ? s[0] : s[0] & (0x3Fu >> more);
    int i;
    for (i = 1; i <= more; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            *utf8 += i;
            return '?';
        }
        character = character << 6 | (s[i] & 0x3F);
    }
    *utf8 += more + 1;
    return character;
}

/* Appends UTF-8 text in the host's charset, whole characters only; `keep` bytes of room stay free. */
static void put(writer *w, const char *utf8, int32_t keep)
{
    while (*utf8 != 0 && !w->full) {
        char bytes[8];
        int count = 0, i;
        uint32_t character = next_character(&utf8);
        if (w->json && character < 0x20) character = ' ';
        if (w->json && (character == '\\' || character == '"')) bytes[count++] = '\\';
        count += vcshim_encode(character, w->charset, bytes + count);
        if (w->used + count + keep > w->capacity) {
            w->full = 1;
        } else {
            for (i = 0; i < count; i++) w->bytes[w->used++] = bytes[i];
        }
    }
}

static void put_number(writer *w, unsigned long number, int32_t keep)
{
    char digits[12];
    int at = 11;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put(w, digits + at, keep);
}

static int is_unloaded(enum outcome outcome) { return outcome >= NOT_LOADED && outcome <= SEMICOLON; }

/* In the mark: of an update the one that Microsoft gave it, or the system's error, or the step at which the start ended. */
static unsigned long number_of(const failure *why)
{
    if (why->outcome == NO_CRT) return 2999226;
    if (why->outcome == NO_FOLDERS) return 2533623;
    return is_unloaded(why->outcome) ? vcshim_missing_error() : (unsigned long)why->step;
}

/* Appends a text of messages.h, with the values in the place of {mark}, {path}, {error} and {reason}. */
static void put_message(writer *w, const char *message, const failure *why, int32_t keep)
{
    while (*message != 0) {
        char piece[PIECE_ROOM];
        int used = 0, is_place = *message == '{';
        do piece[used++] = *message++;
        while (*message != 0 && *message != '{' && message[-1] != '}' && used < PIECE_ROOM - 1);
        piece[used] = 0;
        if (is_place && vcshim_is_same(piece, "{mark}")) {
            put(w, is_unloaded(why->outcome) ? "L" : "B", keep);
            put_number(w, number_of(why), keep);
        } else if (is_place && vcshim_is_same(piece, "{path}")) {
            put(w, why->path == NULL ? vcshim_missing_path() : why->path, keep);
        } else if (is_place && vcshim_is_same(piece, "{error}")) {
            put_number(w, why->path == NULL ? vcshim_missing_error() : why->error, keep);
        } else if (is_place && vcshim_is_same(piece, "{reason}")) {
            put(w, why->reason, keep);
        } else {
            put(w, piece, keep);
        }
    }
}

void vcshim_explain(char *text, int32_t capacity, const failure *why)
{
    const vcshim_family_row *family = vcshim_family_of(why->function);
    writer w = {text, 0, capacity - 1, (enum vcshim_charset)vcshim_setting_of(VCSHIM_CHARSET), 0, 0};
    int32_t keep = vcshim_length_of(family->after, 64);
    put(&w, family->before, keep);
    w.json = family->before[0] != 0;
    put_message(&w, messages[why->outcome].clerk[why->function], why, keep);
    if (vcshim_setting_of(VCSHIM_AUDIENCE) == VCSHIM_DEVELOPER) {
        put(&w, "详情：", keep);
        put_message(&w, messages[why->outcome].engineer, why, keep);
    }
    w.full = w.json = 0;
    put(&w, family->after, 0);
    if (w.full) w.used = 0; /* no room for a whole JSON object: an empty text, never half of one */
    text[w.used] = 0;
}

void vcshim_explain_to(char *out, int32_t room, const failure *why)
{
    char spare[SPARE_ROOM];
    int32_t capacity = room < SPARE_ROOM ? room : SPARE_ROOM;
    if (out == NULL || capacity < 1) return;
    vcshim_explain(spare, capacity, why);
    vcshim_copy_out(out, spare, vcshim_length_of(spare, capacity - 1) + 1);
}

/* ---- what is left for the engineer ------------------------------------------------------------------------------ */

/* The file for the engineer's line: file_name() of shim/messages/start.py. */
static void name_note(char name[NAME_ROOM])
{
    const char *parts[] = {start_file[0], vcshim_this_pc(), start_file[1]};
    int used = 0, i;
    for (i = 0; i < 3; i++) {
        const char *c = parts[i];
        for (; *c != 0; c++)
            name[used++] = i == 1 && (*c == '\\' || *c == '/' || *c == ':' || *c == '*' || *c == '?' || *c == '"' || *c == '<'
                                      || *c == '>' || *c == '|') ? '_' : *c;
    }
    name[used] = 0;
}

/* Tells the system what the file says. Where a vendor's DLL answers instead of a core that does not, it is a fall-back. */
static void tell_system(const failure *why, const char *text, int32_t count)
{
    int is_fall_back = vcshim_setting_of(VCSHIM_MODE) != VCSHIM_NATIVE && why->outcome < NO_VENDOR;
    if (said.told[why->outcome] || vcshim_setting_of(VCSHIM_EVENTS) == VCSHIM_NO_EVENTS) return;
    said.told[why->outcome] = 1;
    vcshim_tell_system(is_fall_back ? VCSHIM_EVENT_FALL_BACK : VCSHIM_EVENT_FAILURE, text, count);
}

void vcshim_note(const failure *why)
{
    enum { MARK = 3 }; /* bytes */
    char text[NOTE_ROOM], name[NAME_ROOM];
    writer w = {text, 0, NOTE_ROOM - 1, VCSHIM_UTF8, 0, 0};
    if (why->outcome < NOT_STARTED) return;
    put(&w, "\xEF\xBB\xBF", 2);
    put_message(&w, messages[why->outcome].engineer, why, 2);
    tell_system(why, text + MARK, w.used - MARK);
    if (vcshim_front_folder()[0] == 0 || said.noted[why->outcome]) return;
    w.full = 0;
    put(&w, "\r\n", 0);
    name_note(name);
    said.noted[why->outcome] = (unsigned char)vcshim_write_file(vcshim_front_folder(), name, text, w.used);
}
