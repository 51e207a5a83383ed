/* front.c - what happens between an export and the core, the same for both DLLs and both systems.
 *
 * Hands each call to a thread of ours (threads.h). There it presets the failure reply, loads the core on the first call,
 * hands the call over and copies the answer out, bounded. It knows no JSON beyond the shape of a failure, no protocol and
 * no device. What it promises to the exports is in front.h.
 */
#include "front.h"
#include "answer.h"
#include "events.h"
#include "forward.h"
#include "guard.h"
#include "lacking.h"
#include "local_copy.h"
#include "platform.h"
#include "room.h"
#include "sets.h"
#include "threads.h"

enum {
    OUT_CAPACITY = 2048,    /* OutData where the settings are not read, VC 3.2, EC B.1.3 */
    MESSAGE_CAPACITY = 256, /* pErrmsg, VC 3.5 */
    SPARE_ROOM = 512,       /* bytes for a text where no memory can be had */
    NOTE_ROOM = 2048,       /* bytes for the file that is left where there is no log */
    NAME_ROOM = VCSHIM_PC_NAME_MAX + 32, /* bytes for its name */
    PIECE_ROOM = 512,       /* bytes for what stands between two places of a text of messages.h */
    CODE_ROOM = 32,         /* bytes of a returned code with its NUL, as in vcshim_call */
    CODE_SLOTS = 64
};

/* ---- rows --------------------------------------------------------------------------------------------------- */

/* What a host of each family is told when Python cannot speak: VC appendix 1, EC C.4 and the shape of OutData. */
typedef struct family_row {
    const char *code;
    int number;
    const char *unknown_code; /* the same where what was asked for may have been done: vcshim_call, @sent */
    int unknown_number;
    const char *before, *after; /* around the message; a message between quotes is escaped for JSON */
} family_row;

static const family_row families[] = {
    [VCSHIM_VC] = {"8009", 8009, "3003", 3003, "", ""},
    [VCSHIM_EC] = {"-1", -1, "-1", -1, "{\"code\":-1,\"data\":{},\"message\":\"", "\",\"orgId\":\"\"}"},
};

static const enum vcshim_family family_of[] = {
#define ROW(function, family) [function] = family,
    VCSHIM_EXPORT_ROWS(ROW)
#undef ROW
};

#include "messages.h" /* what is said of each outcome (answer.h) */

static const char cloned[] = "本进程由 clone 直接产生，不能使用 vcshim；请改用 fork，或 exec 程序后再调用";

static struct {
    int settled;
    int has_folder;
    vcshim_settings settings;
    char folder[VCSHIM_PATH_MAX];
    char set[VCSHIM_PATH_MAX];
    char pc[VCSHIM_PC_NAME_MAX];
    vcshim_copy copy;
    char vendor[VCSHIM_PATH_MAX]; /* the vendor's DLL, where one answers */
    vcshim_core_call_fn core;
    char missing[VCSHIM_PATH_MAX];
    unsigned long error;
    char codes[CODE_SLOTS][CODE_ROOM];
    unsigned char noted[OUTCOMES]; /* the file has been left for it */
    unsigned char told[OUTCOMES];  /* the system has been told of it */
    int has_no_fleet;              /* no copy of the hospital's settings counts */
} front;

/* ---- start ------------------------------------------------------------------------------------------------- */

static void copy_text(char *to, const char *text)
{
    while ((*to++ = *text++) != 0) {}
}

static int32_t setting(enum vcshim_key key) { return front.settings.values[key]; }

/* The files of settings, the weakest first: layers() of shim/configuration.py. */
enum layer { FLEET, MACHINE, BESIDE_US, LAYERS };

/* Receives the content of a file of settings; how many bytes, as vcshim_read_file(). Under the lock. */
static int32_t read_layer(enum layer layer, char *bytes)
{
    static char folder[VCSHIM_PATH_MAX];
    const int32_t capacity = VCSHIM_INI_LIMIT + 1;
    if (layer == FLEET && front.has_no_fleet) return VCSHIM_NO_FILE;
    if (layer == BESIDE_US) return vcshim_read_file(front.folder, "vcshim.ini", bytes, capacity);
    if (!vcshim_data_folder(layer == FLEET ? VCSHIM_LOCAL_DATA : VCSHIM_MACHINE_DATA, folder)) return VCSHIM_NO_FILE;
    return vcshim_read_file(folder, layer == FLEET ? "settings" VCSHIM_PATH_SEPARATOR "fleet.ini" : "vcshim.ini", bytes,
                            capacity);
}

/* Whether the other files say where the hospital's settings come from: without that, the copy of them counts for nothing. */
static int names_fleet(const vcshim_layers *layers, char *bytes)
{
    vcshim_raw_path of_file[VCSHIM_SECTION_KINDS][VCSHIM_PATH_COUNT];
    int is_set[VCSHIM_SECTION_KINDS] = {0, 0}, layer, kind;
    for (layer = MACHINE; layer < LAYERS; layer++) {
        vcshim_settings_paths(layers, bytes, read_layer((enum layer)layer, bytes), of_file);
        for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++) {
            const vcshim_raw_path *raw = &of_file[kind][VCSHIM_FLEET_SOURCE];
            if (raw->count >= 0) is_set[kind] = raw->bytes != NULL ? 1 : -1;
        }
    }
    return (is_set[VCSHIM_OF_THIS_PC] != 0 ? is_set[VCSHIM_OF_THIS_PC] : is_set[VCSHIM_OF_ALL]) > 0;
}

/* Where the vendor's DLL is: as [vendor] says, a relative path beside us, or NAME.vendor.dll beside us. */
static void find_vendor(const vcshim_layers *layers, char *bytes)
{
    static char paths[VCSHIM_SECTION_KINDS][VCSHIM_PATH_MAX]; /* under the lock */
    vcshim_raw_path of_file[VCSHIM_SECTION_KINDS][VCSHIM_PATH_COUNT];
    int is_set[VCSHIM_SECTION_KINDS] = {0, 0}, is_known[VCSHIM_SECTION_KINDS] = {0, 0}, layer, kind;
    const char *path;
    for (layer = 0; layer < LAYERS; layer++) {
        int32_t count = read_layer((enum layer)layer, bytes);
        vcshim_settings_paths(layers, bytes, count, of_file);
        for (kind = 0; kind < VCSHIM_SECTION_KINDS; kind++) {
            const vcshim_raw_path *raw = &of_file[kind][vcshim_product.vendor];
            if (raw->count < 0) continue;
            is_set[kind] = raw->bytes != NULL ? 1 : -1;
            is_known[kind] = raw->bytes != NULL && vcshim_decode_path(raw->bytes, raw->count, raw->charset, paths[kind]);
        }
    }
    kind = is_set[VCSHIM_OF_THIS_PC] != 0 ? VCSHIM_OF_THIS_PC : VCSHIM_OF_ALL;
    path = paths[kind];
    if (is_set[kind] <= 0) {
        const char *const usual[] = {front.folder, VCSHIM_PATH_SEPARATOR VCSHIM_LIBRARY_PREFIX, vcshim_product.name,
                                     ".vendor" VCSHIM_LIBRARY_SUFFIX, NULL};
        vcshim_join(front.vendor, usual);
    } else if (!is_known[kind]) {
        front.vendor[0] = 0;
    } else {
        const char *const beside[] = {front.folder, VCSHIM_PATH_SEPARATOR, path, NULL}, *const absolute[] = {path, NULL};
        vcshim_join(front.vendor, vcshim_is_absolute(path) ? absolute : beside);
    }
}

/* Whether all is known that the settings say. Until then the initial ones hold, and Python refuses every call. The
 * hospital's copy is done without where it cannot be read, as by Python. */
static int read_settings(void)
{
    vcshim_layers layers = {.pc_name = vcshim_pc_name, .decode = vcshim_decode_path};
    char *bytes = front.has_folder ? vcshim_take(VCSHIM_INI_LIMIT + 1) : NULL;
    int layer, understood = bytes != NULL;
    vcshim_settings_begin(&layers);
    front.has_no_fleet = 0;
    front.has_no_fleet = understood && (read_layer(FLEET, bytes) == VCSHIM_NO_FILE || !names_fleet(&layers, bytes));
    for (layer = 0; layer < LAYERS && understood; layer++) {
        int32_t count = read_layer((enum layer)layer, bytes);
        int is_read = vcshim_settings_add(&layers, bytes, count) && count != VCSHIM_UNREADABLE_FILE;
        understood = is_read || layer == FLEET;
    }
    if (!understood) vcshim_settings_begin(&layers);
    vcshim_settings_end(&layers, &front.settings);
    if (understood && setting(VCSHIM_MODE) != VCSHIM_NATIVE) find_vendor(&layers, bytes);
    if (bytes != NULL) vcshim_give_back(bytes);
    return understood;
}

/* Without the lock while the system is asked. */
static void find_folder(void)
{
    char *folder = vcshim_take(VCSHIM_PATH_MAX);
    if (folder == NULL) return;
    if (vcshim_own_folder(folder)) {
        vcshim_lock();
        copy_text(front.folder, folder);
        copy_text(front.pc, vcshim_pc_name());
        front.has_folder = 1;
        vcshim_unlock();
    }
    vcshim_give_back(folder);
}

/* Reads the settings, once, and even where the core is missing. A file that cannot be read just now is read again. */
static void settle(void)
{
    if (!front.has_folder) find_folder();
    vcshim_lock();
    if (!front.settled) front.settled = read_settings();
    vcshim_unlock();
}

static void choose_set(char set[VCSHIM_PATH_MAX])
{
    vcshim_lock();
    vcshim_choose_set(front.folder, set);
    vcshim_unlock();
}

/* Loads the core of the set in `set`, or of a copy of it on this PC. What keeps programs out of the user's folder keeps
 * DLLs out of it too: the set itself may be loaded then. */
static vcshim_core_call_fn load(char set[VCSHIM_PATH_MAX], char path[VCSHIM_PATH_MAX], unsigned long *error, vcshim_copy *copy)
{
    vcshim_core_call_fn call;
    choose_set(set);
    vcshim_use_local_copy(setting(VCSHIM_LOCAL_COPY), set, copy);
    call = vcshim_load_core(set, path, error);
    if (copy->outcome != VCSHIM_COPY_USED && copy->outcome != VCSHIM_COPY_MADE) return call;
    choose_set(set);
    if (call != NULL) return call;
    copy->outcome = VCSHIM_COPY_NOT_LOADED;
    copy->error = (uint32_t)*error;
    return vcshim_load_core(set, path, error);
}

static const enum outcome not_loaded[] = {
    [VCSHIM_LACKS_NOTHING_KNOWN] = NOT_LOADED,
    [VCSHIM_LACKS_FILE] = NO_FILE,
    [VCSHIM_LACKS_CRT] = NO_CRT,
    [VCSHIM_LACKS_FOLDERS] = NO_FOLDERS,
    [VCSHIM_HAS_SEMICOLON] = SEMICOLON,
};

/* A missing core is looked for again at every call, because the folder, or the memory, may come back. A loaded core
 * stays. */
static vcshim_core_call_fn core(enum outcome *why_not)
{
    vcshim_core_call_fn call = front.core;
    vcshim_copy copy;
    unsigned long error;
    char *set, *path;
    if (call != NULL) return call;
    *why_not = NO_MEMORY;
    if (!vcshim_has_room(VCSHIM_ROOM_TO_LOAD, vcshim_take, vcshim_give_back)) return NULL;
    if ((set = vcshim_take(VCSHIM_PATH_MAX * 2)) == NULL) return NULL;
    path = set + VCSHIM_PATH_MAX;
    call = load(set, path, &error, &copy);
    if (call == NULL) *why_not = not_loaded[vcshim_lacking(set, path)];
    vcshim_lock();
    if (call != NULL && front.core == NULL) {
        copy_text(front.set, set);
        front.copy = copy;
        front.core = call;
    }
    copy_text(front.missing, path);
    front.error = error;
    vcshim_unlock();
    vcshim_give_back(set);
    return call;
}

static int32_t run_core(vcshim_core_call_fn run, vcshim_call *call)
{
    const vcshim_place place = {front.folder, front.set, front.copy, front.pc, vcshim_session()};
    call->place = &place;
    return run(call);
}

/* ---- before the first call ---------------------------------------------------------------------------------- */

/* What a first call would do before it sends anything. Whatever fails here, that call does again, and says. */
static void warm_up(void)
{
    char reason[VCSHIM_REASON_ROOM] = "";
    vcshim_call call = {.phase = VCSHIM_WARM_UP, .out = reason};
    vcshim_core_call_fn run;
    enum outcome why_not;
    settle();
    if (!front.settled || !setting(VCSHIM_WARMS_UP)) return;
    run = core(&why_not);
    if (run != NULL) (void)run_core(run, &call);
}

void vcshim_loaded(void) { vcshim_run_behind(warm_up); }

/* ---- texts that C writes itself ----------------------------------------------------------------------------- */

static int32_t length_of(const char *text, int32_t limit)
{
    int32_t length = 0;
    while (length < limit && text[length] != 0) length++;
    return length;
}

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

static int same_code(const char *one, const char *other)
{
    while (*one == *other && *one != 0) one++, other++;
    return *one == *other;
}

static int is_unloaded(enum outcome outcome) { return outcome >= NOT_LOADED && outcome <= SEMICOLON; }

/* In the mark: of an update the one that Microsoft gave it, or the system's error, or the step at which the start ended. */
static unsigned long number_of(const failure *why)
{
    if (why->outcome == NO_CRT) return 2999226;
    if (why->outcome == NO_FOLDERS) return 2533623;
    return is_unloaded(why->outcome) ? front.error : (unsigned long)why->step;
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
        if (is_place && same_code(piece, "{mark}")) {
            put(w, is_unloaded(why->outcome) ? "L" : "B", keep);
            put_number(w, number_of(why), keep);
        } else if (is_place && same_code(piece, "{path}")) {
            put(w, why->path == NULL ? front.missing : why->path, keep);
        } else if (is_place && same_code(piece, "{error}")) {
            put_number(w, why->path == NULL ? front.error : why->error, keep);
        } else if (is_place && same_code(piece, "{reason}")) {
            put(w, why->reason, keep);
        } else {
            put(w, piece, keep);
        }
    }
}

/* The text of a call that the core did not answer. `capacity` counts the NUL. */
static void explain(char *text, int32_t capacity, const failure *why)
{
    const family_row *family = &families[family_of[why->function]];
    writer w = {text, 0, capacity - 1, (enum vcshim_charset)setting(VCSHIM_CHARSET), 0, 0};
    int32_t keep = length_of(family->after, 64);
    put(&w, family->before, keep);
    w.json = family->before[0] != 0;
    put_message(&w, messages[why->outcome].clerk[why->function], why, keep);
    if (setting(VCSHIM_AUDIENCE) == VCSHIM_DEVELOPER) {
        put(&w, "详情：", keep);
        put_message(&w, messages[why->outcome].engineer, why, keep);
    }
    w.full = w.json = 0;
    put(&w, family->after, 0);
    if (w.full) w.used = 0; /* no room for a whole JSON object: an empty text, never half of one */
    text[w.used] = 0;
}

/* The file for the engineer's line: file_name() of shim/messages/start.py. */
static void name_note(char name[NAME_ROOM])
{
    const char *parts[] = {start_file[0], front.pc, start_file[1]};
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
    int is_fall_back = setting(VCSHIM_MODE) != VCSHIM_NATIVE && why->outcome < NO_VENDOR;
    if (front.told[why->outcome] || setting(VCSHIM_EVENTS) == VCSHIM_NO_EVENTS) return;
    front.told[why->outcome] = 1;
    vcshim_tell_system(is_fall_back ? VCSHIM_EVENT_FALL_BACK : VCSHIM_EVENT_FAILURE, text, count);
}

/* Leaves the engineer's line beside vcshim.ini where there is no log, and in that of the system: once in a process for each
 * outcome, in one file for each PC. Without memory of our own, because there may be none. */
static void note(const failure *why)
{
    enum { MARK = 3 }; /* bytes */
    char text[NOTE_ROOM], name[NAME_ROOM];
    writer w = {text, 0, NOTE_ROOM - 1, VCSHIM_UTF8, 0, 0};
    if (why->outcome < NOT_STARTED) return;
    put(&w, "\xEF\xBB\xBF", 2);
    put_message(&w, messages[why->outcome].engineer, why, 2);
    tell_system(why, text + MARK, w.used - MARK);
    if (front.folder[0] == 0 || front.noted[why->outcome]) return;
    w.full = 0;
    put(&w, "\r\n", 0);
    name_note(name);
    front.noted[why->outcome] = (unsigned char)vcshim_write_file(front.folder, name, text, w.used);
}
/* ---- the call ---------------------------------------------------------------------------------------------- */

static enum outcome ask_core(vcshim_call *call)
{
    enum outcome why_not;
    vcshim_core_call_fn run = core(&why_not);
    int32_t answer;
    if (run == NULL) return why_not;
    answer = run_core(run, call);
    if (answer == 1) return ANSWERED;
    if (answer < 0) return call->number == VCSHIM_MEMORY ? NO_MEMORY : NOT_STARTED;
    return call->sent ? UNKNOWN : NOT_ANSWERED;
}

/* Copies a text of ours to the host, at most `capacity` bytes with the NUL. 0 where the host's memory is gone. */
static int hand_over(char *out, char *text, int32_t capacity)
{
    int32_t length;
    if (out == NULL || capacity < 1) return 1; /* nothing to hand over, or nowhere to put it */
    length = length_of(text, capacity - 1);
    text[length] = 0;
    return vcshim_copy_out(out, text, length + 1);
}

/* Writes the text of a call that the core did not answer, without memory of our own. */
static void explain_to(char *out, int32_t room, const failure *why)
{
    char spare[SPARE_ROOM];
    int32_t capacity = room < SPARE_ROOM ? room : SPARE_ROOM;
    if (capacity < 1) return;
    explain(spare, capacity, why);
    hand_over(out, spare, capacity);
}

/* One of the front's own copies of a code, for [abi] return_memory = static and for a host without memory. A code
 * beyond the first 64 different ones gets memory of its own, a few bytes a call; where there is none it becomes
 * `failure`, because another code in its place could be that of success. */
static char *static_code(const char *code, const char *failure)
{
    int32_t slot = 0;
    char *memory;
    vcshim_lock();
    while (slot < CODE_SLOTS && front.codes[slot][0] != 0 && !same_code(front.codes[slot], code)) slot++;
    memory = slot < CODE_SLOTS ? front.codes[slot] : vcshim_take(CODE_ROOM);
    if (memory == NULL)
        memory = (char *)failure;
    else if (slot == CODE_SLOTS || memory[0] == 0)
        copy_text(memory, code);
    vcshim_unlock();
    return memory;
}

/* A code that stays valid for ever. A host that declares `string` in .NET frees it with CoTaskMemFree, every other
 * host never frees it: so each call gets memory of its own, a few bytes. */
static char *lasting_code(const char *code, const char *failure)
{
    char *memory = NULL;
    if (setting(VCSHIM_RETURN_MEMORY) == VCSHIM_COTASKMEM)
        memory = vcshim_lasting_memory((size_t)length_of(code, CODE_ROOM - 1) + 1);
    if (memory == NULL) return static_code(code, failure);
    copy_text(memory, code);
    return memory;
}

/* ---- what the exports call ---------------------------------------------------------------------------------- */

/* A call with what the host gets of it. `out` is the host's buffer of `room` bytes. */
typedef struct job {
    vcshim_call call;
    char *out;
    int32_t room; /* 0: as many as the settings say */
    int returns_code;
    enum outcome outcome;
    char *memory; /* what `text` lies in; NULL: none could be had */
    char *text;   /* for the host */
    char *code;
    int number;
} job;

/* Performs the call, in memory of ours: to the host's own nothing is written here. On a thread of ours. */
static void carry_out(void *context)
{
    job *job = context;
    vcshim_call *call = &job->call;
    int32_t i, room, capacity;
    settle();
    capacity = job->room > 0 ? job->room : setting(VCSHIM_OUT_CAPACITY);
    for (i = 0; i < 3; i++) call->texts[i].length = vcshim_text_length(call->texts[i].bytes, VCSHIM_INPUT_LIMIT);
    call->out_capacity = job->out == NULL ? 0 : vcshim_writable(job->out, capacity);
    room = call->out_capacity > VCSHIM_REASON_ROOM ? call->out_capacity : VCSHIM_REASON_ROOM;
    job->outcome = NO_MEMORY;
    job->text = job->memory = call->out = vcshim_take((size_t)room * 2);
    if (job->memory == NULL) return;
    job->memory[0] = 0;
    job->outcome = ask_core(call);
    if (job->outcome != ANSWERED) {
        failure why = {call->function, job->outcome, call->number, job->memory, NULL, 0};
        job->memory[room - 1] = 0;
        note(&why);
        if (call->out_capacity < 1) return;
        job->text = job->memory + room;
        explain(job->text, call->out_capacity, &why);
    }
}

/* Hands over what came of it. On the host's thread: one that has left the call by longjmp gets nothing written any more.
 * An answer that could not be handed over is not a success. */
static void deliver(job *job)
{
    vcshim_call *call = &job->call;
    const family_row *family = &families[family_of[call->function]];
    const char *code = call->sent ? family->unknown_code : family->code;
    int answered = job->outcome == ANSWERED;
    if (job->memory == NULL) {
        const failure why = {call->function, job->outcome, 0, "", NULL, 0};
        note(&why);
        explain_to(job->out, call->out_capacity, &why);
    } else {
        answered &= hand_over(job->out, job->text, call->out_capacity);
        vcshim_give_back(job->memory);
    }
    call->code[sizeof call->code - 1] = 0;
    job->number = answered ? call->number : call->sent ? family->unknown_number : family->number;
    if (job->returns_code) job->code = lasting_code(answered ? call->code : code, code);
}

/* Where no thread of ours can be had, or may be used: on the host's own, and with nothing of the process but memory. */
static void refuse(job *job, int is_stray)
{
    const failure stray = {job->call.function, NOT_STARTED, VCSHIM_CLONED, cloned, NULL, 0};
    const failure no_thread = {job->call.function, NO_THREAD, 0, "", NULL, 0}, *why = is_stray ? &stray : &no_thread;
    const family_row *family = &families[family_of[job->call.function]];
    int32_t room = job->room > 0 ? job->room : front.settled ? setting(VCSHIM_OUT_CAPACITY) : OUT_CAPACITY;
    /* NB: in a child of a bare clone the lock of the heap may be held for ever. */
    char *code = job->returns_code && !is_stray ? vcshim_lasting_memory(CODE_ROOM) : NULL;
    note(why);
    explain_to(job->out, job->out == NULL ? 0 : vcshim_writable(job->out, room), why);
    if (code != NULL) copy_text(code, family->code);
    job->code = code != NULL ? code : (char *)family->code;
    job->number = family->number;
}

static void run(job *job)
{
    vcshim_thread_state state;
    enum vcshim_run outcome;
    vcshim_clear_direction();
    vcshim_thread_enter(&state);
    outcome = vcshim_run_apart(carry_out, job, sizeof *job);
    if (outcome == VCSHIM_RUN) deliver(job);
    else refuse(job, outcome == VCSHIM_STRAY);
    vcshim_thread_leave(&state);
}

/* ---- what forward.c calls ----------------------------------------------------------------------------------- */

static void settle_apart(void *context)
{
    (void)context;
    settle();
}

enum vcshim_mode vcshim_mode_in_force(void)
{
    char nothing = 0;
    if (!front.settled) (void)vcshim_run_apart(settle_apart, &nothing, sizeof nothing);
    return front.settled ? (enum vcshim_mode)setting(VCSHIM_MODE) : VCSHIM_NATIVE;
}

int32_t vcshim_setting_of(enum vcshim_key key) { return setting(key); }

const char *vcshim_vendor_path(void) { return front.vendor; }

enum outcome vcshim_ask_core(vcshim_call *call)
{
    int i;
    for (i = 0; i < 3; i++) call->texts[i].length = vcshim_text_length(call->texts[i].bytes, VCSHIM_INPUT_LIMIT);
    return ask_core(call);
}

void vcshim_note(const failure *why) { note(why); }

void vcshim_explain_to(char *out, int is_message, const failure *why)
{
    int32_t room = is_message ? MESSAGE_CAPACITY : setting(VCSHIM_OUT_CAPACITY);
    explain_to(out, out == NULL ? 0 : vcshim_writable(out, room), why);
}

uintptr_t vcshim_failure_result(const failure *why, int returns_text)
{
    const family_row *family = &families[family_of[why->function]];
    int unknown = why->outcome == CRASHED_SENT;
    const char *code = unknown ? family->unknown_code : family->code;
    if (!returns_text) return (uintptr_t)(intptr_t)(unknown ? family->unknown_number : family->number);
    return (uintptr_t)lasting_code(code, code);
}

/* ---- the exports -------------------------------------------------------------------------------------------- */

#ifndef VCSHIM_RELAYED
/* Lets the vendor's DLL answer, where it is to: 1, with what the host gets. */
static int forwarded(enum vcshim_function function, const uintptr_t *arguments, uintptr_t *result)
{
    vcshim_forward forward;
    enum vcshim_answers who;
    union {
        void *plain;
        uintptr_t (*typed)(uintptr_t, uintptr_t, uintptr_t);
    } target;
    vcshim_ending ending = {0, -1, -1, 0};
    vcshim_thread_enter(&forward.state);
    who = vcshim_forward_prepare(&forward, function, arguments);
    vcshim_thread_leave(&forward.state);
    if (who == VCSHIM_OURS_ANSWERS) return 0;
    while (who == VCSHIM_VENDOR_ANSWERS) {
        vcshim_thread_state after;
        int again;
        target.plain = forward.target;
        ending.result = target.typed(forward.arguments[0], forward.arguments[1], forward.arguments[2]);
        vcshim_thread_enter(&after);
        again = vcshim_forward_finish(&forward, &ending);
        vcshim_thread_leave(again ? &forward.state : &after);
        if (!again) break;
    }
    *result = forward.result;
    return 1;
}
#endif

char *vcshim_front_trans(enum vcshim_function function, const char *url, const char *in, char *out)
{
    job job = {
        .call = {.function = function, .texts = {{url, 0}, {in, 0}}, .entered = vcshim_ticks()}, .out = out,
        .returns_code = 1};
#ifndef VCSHIM_RELAYED
    uintptr_t arguments[] = {(uintptr_t)url, (uintptr_t)in, (uintptr_t)out}, result;
    if (forwarded(function, arguments, &result)) return (char *)result;
#endif
    run(&job);
    return job.code;
}

int vcshim_front_number(enum vcshim_function function, int mode, const char *a, const char *b, const char *c)
{
    job job = {.call = {
        .function = function, .mode = mode, .texts = {{a, 0}, {b, 0}, {c, 0}}, .entered = vcshim_ticks()}};
#ifndef VCSHIM_RELAYED
    uintptr_t texts[] = {(uintptr_t)a, (uintptr_t)b, (uintptr_t)c}, only = (uintptr_t)(intptr_t)mode, result;
    if (forwarded(function, vcshim_forward_passes_mode(function) ? &only : texts, &result)) return (int)result;
#endif
    run(&job);
    return job.number;
}

int vcshim_front_message(enum vcshim_function function, char *message)
{
    job job = {
        .call = {.function = function, .entered = vcshim_ticks()}, .out = message, .room = MESSAGE_CAPACITY};
#ifndef VCSHIM_RELAYED
    uintptr_t only = (uintptr_t)message, result;
    if (forwarded(function, &only, &result)) return (int)result;
#endif
    run(&job);
    return job.number;
}

int vcshim_front_qrflow_is_cdecl(void) { return setting(VCSHIM_SET_QRFLOW_MODE) == VCSHIM_IS_CDECL; }
