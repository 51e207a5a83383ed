/* front.c - what happens between an export and the core, the same for both DLLs and both systems.
 *
 * Puts the host's state away and back, presets the failure reply, loads the core on the first call, hands the call
 * over and copies the answer out, bounded. It knows no JSON, no protocol and no device; it never faults on a pointer
 * of the host's, never prints, never exits. Any thread may enter at any time.
 */
#include "front.h"
#include "guard.h"
#include "platform.h"
#include "settings.h"

enum {
    INPUT_LIMIT = 4 * 1024 * 1024, /* bytes of one input text; EC B.1.4 allows 200K for data, the vendor's DLL more */
    INI_LIMIT = 256 * 1024,
    MESSAGE_CAPACITY = 256, /* pErrmsg, VC 3.5 */
    TEXT_SLOTS = 64
};

/* What a host of each family is told when Python cannot speak: VC appendix 1, EC C.4 and the shape of OutData. */
typedef struct failure_shape {
    const char *code;
    int number;
    const char *before, *after;
} failure_shape;
static const failure_shape VC_FAILURE = {"8009", 8009, "", ""};
static const failure_shape EC_FAILURE = {"-1", -1, "{\"code\":-1,\"data\":{},\"message\":\"", "\",\"orgId\":\"\"}"};

static struct {
    int settled;
    vcshim_settings settings;
    char folder[VCSHIM_PATH_MAX];
    vcshim_core_call_fn core;
    char missing[VCSHIM_PATH_MAX];
    unsigned long error;
    char texts[TEXT_SLOTS][32];
} front;

/* ---- start ------------------------------------------------------------------------------------------------- */

static const vcshim_settings *settings(void)
{
    vcshim_lock();
    if (!front.settled) {
        char *bytes = vcshim_take(INI_LIMIT);
        int32_t count = -1;
        if (!vcshim_own_folder(front.folder)) front.folder[0] = 0;
        if (bytes != NULL && front.folder[0] != 0)
            count = vcshim_read_file(front.folder, "vcshim.ini", bytes, INI_LIMIT);
        vcshim_settings_read(bytes, count, &front.settings);
        if (bytes != NULL) vcshim_give_back(bytes);
        front.settled = 1;
    }
    vcshim_unlock();
    return &front.settings;
}

/* A missing core is looked for again at every call: the folder may come back. A core that was found stays. */
static vcshim_core_call_fn core(void)
{
    vcshim_core_call_fn call;
    vcshim_lock();
    if (front.core == NULL) front.core = vcshim_load_core(front.folder, front.missing, &front.error);
    call = front.core;
    vcshim_unlock();
    return call;
}

/* ---- texts ------------------------------------------------------------------------------------------------- */

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

/* The preset reply, which only a positive answer of the core replaces. */
static void explain(vcshim_call *call, const failure_shape *shape, int32_t outcome, char *reason)
{
    writer w = {call->out, 0, call->out_capacity - 1, front.settings.charset, 0, 0};
    int32_t keep = length_of(shape->after, 64);
    if (call->out_capacity < 1) return;
    put(&w, shape->before, keep);
    w.json = shape->before[0] != 0;
    if (outcome == 0) {
        put(&w, "内部异常：组件没有给出应答，请查看日志，并联系软件供应商。", keep);
    } else if (outcome < 0) {
        put(&w, "多码融合码组件启动失败：", keep);
        put(&w, reason, keep);
    } else {
        put(&w, "多码融合码组件缺失：无法加载 ", keep);
        put(&w, front.missing, keep);
        put(&w, "（系统错误 ", keep);
        put_number(&w, front.error, keep);
        put(&w, "）。请重新安装 vcshim 文件夹。", keep);
    }
    w.full = w.json = 0;
    put(&w, shape->after, 0);
    if (w.full) w.used = 0; /* no room for a whole JSON object: an empty text, never half of one */
    w.bytes[w.used] = 0;
}

/* A text that stays valid for ever. A host that declares `string` in .NET frees it with CoTaskMemFree, every other
 * host never frees it: so each call gets memory of its own (a few bytes), unless [abi] return_memory = static. */
static char *lasting_text(const char *text)
{
    int32_t length = length_of(text, 31), slot, i;
    char *memory = front.settings.static_memory ? NULL : vcshim_lasting_memory((size_t)length + 1);
    if (memory != NULL) {
        for (i = 0; i < length; i++) memory[i] = text[i];
        memory[length] = 0;
        return memory;
    }
    vcshim_lock();
    for (slot = 0; slot < TEXT_SLOTS - 1; slot++) {
        for (i = 0; i <= length && front.texts[slot][i] == (i < length ? text[i] : 0); i++) {}
        if (i > length || front.texts[slot][0] == 0) break;
    }
    /* The last slot serves every code beyond the first 63 different ones; it keeps the first of them. */
    if (front.texts[slot][0] == 0)
        for (i = 0; i < length; i++) front.texts[slot][i] = text[i];
    memory = front.texts[slot];
    vcshim_unlock();
    return memory;
}

/* ---- the call ---------------------------------------------------------------------------------------------- */

/* Runs the call in a buffer of our own and copies the text to `out`. 1: call->code and call->number are Python's. */
static int perform(vcshim_call *call, const failure_shape *shape, char *out)
{
    vcshim_core_call_fn run = core();
    int copied = 1;
    int32_t outcome = 1, i, buffer = call->out_capacity > 256 ? call->out_capacity : 256;
    char *reason = NULL;
    call->out = vcshim_take((size_t)buffer * 2);
    if (call->out == NULL) {
        if (call->out_capacity > 0) vcshim_copy_out(out, "", 1);
        return 0;
    }
    reason = call->out + buffer;
    call->out[0] = 0;
    reason[0] = 0;
    if (run != NULL) {
        outcome = run(call);
        if (outcome < 0)
            for (i = 0; i == 0 || (i < buffer && reason[i - 1] != 0); i++) reason[i] = call->out[i];
        reason[buffer - 1] = 0;
    }
    if (run == NULL || outcome != 1) explain(call, shape, run == NULL ? 1 : outcome, reason);
    if (out != NULL && call->out_capacity > 0) {
        int32_t length = length_of(call->out, call->out_capacity - 1);
        call->out[length] = 0;
        copied = vcshim_copy_out(out, call->out, length + 1);
    }
    vcshim_give_back(call->out);
    return run != NULL && outcome == 1 && copied; /* an answer that could not be handed over is no success */
}

static void take_text(vcshim_text *text, const char *bytes)
{
    text->bytes = bytes;
    text->length = vcshim_text_length(bytes, INPUT_LIMIT);
}

static char *trans(enum vcshim_function function, const char *url, const char *in, char *out)
{
    const failure_shape *shape = function == VCSHIM_NATION_EC_TRANS ? &EC_FAILURE : &VC_FAILURE;
    vcshim_call call = {0};
    call.function = function;
    call.out_capacity = vcshim_writable(out, settings()->out_capacity);
    take_text(&call.texts[0], url);
    take_text(&call.texts[1], in);
    if (!perform(&call, shape, out)) return lasting_text(shape->code);
    call.code[sizeof call.code - 1] = 0;
    return lasting_text(call.code);
}

static int number(vcshim_call *call, char *message)
{
    settings();
    call->out_capacity = message == NULL ? 0 : vcshim_writable(message, MESSAGE_CAPACITY);
    return perform(call, &VC_FAILURE, message) ? call->number : VC_FAILURE.number;
}

/* ---- what the exports call ---------------------------------------------------------------------------------- */

char *vcshim_front_trans(enum vcshim_function function, const char *url, const char *in, char *out)
{
    vcshim_float_state floats;
    vcshim_thread_state thread;
    char *code;
    vcshim_float_enter(&floats);
    vcshim_thread_enter(&thread);
    code = trans(function, url, in, out);
    vcshim_thread_leave(&thread);
    vcshim_float_leave(&floats);
    return code;
}

static int guarded_number(vcshim_call *call, char *message)
{
    vcshim_float_state floats;
    vcshim_thread_state thread;
    int result;
    vcshim_float_enter(&floats);
    vcshim_thread_enter(&thread);
    if (call->function == VCSHIM_EHEALTHID_PRINT) {
        int i;
        for (i = 0; i < 3; i++) take_text(&call->texts[i], call->texts[i].bytes);
    }
    result = number(call, message);
    vcshim_thread_leave(&thread);
    vcshim_float_leave(&floats);
    return result;
}

int vcshim_front_number(enum vcshim_function function, int mode, const char *a, const char *b, const char *c)
{
    vcshim_call call = {0};
    call.function = function;
    call.mode = mode;
    call.texts[0].bytes = a;
    call.texts[1].bytes = b;
    call.texts[2].bytes = c;
    return guarded_number(&call, NULL);
}

int vcshim_front_message(enum vcshim_function function, char *message)
{
    vcshim_call call = {0};
    call.function = function;
    return guarded_number(&call, message);
}

int vcshim_front_qrflow_is_cdecl(void) { return front.settings.qrflow_cdecl; }
