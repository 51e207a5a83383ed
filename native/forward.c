/* forward.c - see forward.h. */
#include "forward.h"
#include "configuration.h"
#include "core.h"
#include "failure.h"
#include "threads.h"

enum { ADDRESS_ROOM = 8192 }; /* bytes: a strUrl of 2048 (VC 3.2), and hosts pass longer ones */

typedef struct export_row {
    const char *name;
    int parameters, texts, out, returns_text;
} export_row;

static const export_row rows[] = {
#define ROW(function, name, parameters, texts, out, returns_text) [function] = {name, parameters, texts, out, returns_text},
    VCSHIM_FORWARD_ROWS(ROW)
#undef ROW
};

/* Written once, by whichever call comes first; a second load of the same file gives the same library. */
static struct {
    void *library;
    void *exports[sizeof rows / sizeof rows[0]];
} vendor;

/* ---- the vendor's DLL ----------------------------------------------------------------------------------------- */

static int append(char *text, int used, int capacity, const char *more)
{
    while (*more != 0 && used < capacity - 1) text[used++] = *more++;
    text[used] = 0;
    return used;
}

/* Under the plain name, or as a compiler decorates a stdcall function. */
static void *export_of(const export_row *row)
{
    char decorated[64];
    const char bytes[3] = {'0' + (char)(row->parameters * 4 / 10), '0' + (char)(row->parameters * 4 % 10), 0};
    void *found = vcshim_function_of(vendor.library, row->name);
    int used = append(decorated, append(decorated, 0, sizeof decorated, "_"), sizeof decorated, row->name);
    if (found != NULL) return found;
    used = append(decorated, used, sizeof decorated, "@");
    append(decorated, used, sizeof decorated, bytes[0] == '0' ? bytes + 1 : bytes);
    found = vcshim_function_of(vendor.library, decorated);
    return found != NULL ? found : vcshim_function_of(vendor.library, decorated + 1);
}

/* Loads the DLL as the host would have: on its thread, and by the host's own rules for what that imports. */
static enum outcome find_export(vcshim_forward *forward, unsigned long *error)
{
    const export_row *row = &rows[forward->function];
    void **kept = &vendor.exports[forward->function];
    *error = 0;
    if (vendor.library == NULL) {
        void *library = vcshim_load_library(vcshim_vendor_path(), error);
        if (library == NULL) return NO_VENDOR;
        if (vcshim_is_own(library)) return VENDOR_IS_OURS;
        vendor.library = library;
    }
    if (*kept == NULL) *kept = export_of(row);
    forward->target = *kept;
    return *kept == NULL ? NO_EXPORT : ANSWERED;
}

int vcshim_forward_passes_mode(enum vcshim_function function) { return rows[function].texts == 0 && rows[function].out < 0; }

/* ---- before and after ----------------------------------------------------------------------------------------- */

typedef struct question {
    vcshim_call call;
    vcshim_vendor vendor;
    enum outcome outcome;
} question;

/* On a thread of ours, with a copy of the question. */
static void ask(void *context)
{
    question *question = context;
    question->call.vendor = &question->vendor;
    question->outcome = vcshim_ask_core(&question->call);
}

static question question_of(const vcshim_forward *forward, enum vcshim_phase phase)
{
    const export_row *row = &rows[forward->function];
    question question = {.call = {.phase = phase, .function = forward->function, .entered = vcshim_ticks()}};
    int i;
    for (i = 0; i < row->texts; i++) question.call.texts[i].bytes = (const char *)forward->arguments[i];
    if (row->texts > 0 && row->returns_text) question.call.texts[0].bytes = (const char *)forward->host_address;
    if (vcshim_forward_passes_mode(forward->function)) question.call.mode = (int32_t)forward->arguments[0];
    return question;
}


/* Asks Python for the address to hand over. Without Python, or a thread, the vendor gets the host's own; and where the
 * recorder could have no threads, which the vendor's export would wait for. */
static void before(vcshim_forward *forward)
{
    question asked = question_of(forward, VCSHIM_BEFORE_VENDOR);
    char *address = vcshim_is_alone() ? NULL : vcshim_take(ADDRESS_ROOM);
    if (address == NULL) return;
    address[0] = 0;
    asked.call.out = address;
    asked.call.out_capacity = ADDRESS_ROOM;
    if (vcshim_run_apart(ask, &asked, sizeof asked) == VCSHIM_RUN && asked.outcome == ANSWERED) {
        forward->ticket = asked.vendor.ticket;
        address[ADDRESS_ROOM - 1] = 0;
        if (address[0] != 0 && rows[forward->function].returns_text) {
            forward->address = address;
            forward->arguments[0] = (uintptr_t)address;
            return;
        }
    } else {
        const failure why = {forward->function, asked.outcome, asked.call.number, address, NULL, 0};
        vcshim_note(&why);
    }
    vcshim_give_back(address);
}

/* What the host's buffer holds, so that it can be seen which of it the vendor's export changes. */
static void remember_buffer(vcshim_forward *forward)
{
    int32_t i;
    forward->before_count = vcshim_writable(forward->out, vcshim_setting_of(VCSHIM_OUT_CAPACITY));
    if (forward->before_count < 1 || (forward->before = vcshim_take((size_t)forward->before_count)) == NULL) return;
    for (i = 0; i < forward->before_count; i++) forward->before[i] = forward->out[i];
}

static int32_t touched(const vcshim_forward *forward)
{
    int32_t last = forward->before == NULL ? 0 : vcshim_writable(forward->out, forward->before_count);
    while (last > 0 && forward->out[last - 1] == forward->before[last - 1]) last--;
    return last;
}

static void refuse(vcshim_forward *forward, enum outcome outcome, unsigned long error)
{
    const failure why = {forward->function, outcome, 0, "", vcshim_vendor_path(), error};
    int returns_text = rows[forward->function].returns_text;
    int32_t room = returns_text ? vcshim_setting_of(VCSHIM_OUT_CAPACITY) : VCSHIM_MESSAGE_CAPACITY;
    vcshim_note(&why);
    vcshim_explain_to(forward->out, forward->out == NULL ? 0 : vcshim_writable(forward->out, room), &why);
    forward->result = vcshim_failure_result(&why, returns_text);
}

enum vcshim_answers vcshim_forward_prepare(vcshim_forward *forward, enum vcshim_function function,
                                           const uintptr_t *arguments)
{
    const export_row *row = &rows[function];
    unsigned long error;
    enum outcome outcome;
    int i;
    if (vcshim_mode_in_force() == VCSHIM_NATIVE) return VCSHIM_OURS_ANSWERS;
    forward->function = function;
    for (i = 0; i < VCSHIM_ARGUMENTS_MAX; i++) forward->arguments[i] = i < row->parameters ? arguments[i] : 0;
    forward->host_address = forward->arguments[0];
    forward->out = row->out < 0 ? NULL : (char *)forward->arguments[row->out];
    forward->address = forward->before = NULL;
    forward->before_count = forward->ticket = forward->is_second = 0;
    forward->popped = row->parameters * 4;
    if (vcshim_forward_passes_mode(function) && vcshim_setting_of(VCSHIM_SET_QRFLOW_MODE) == VCSHIM_IS_CDECL)
        forward->popped = 0;
    vcshim_thread_leave(&forward->state); /* DllMain of the vendor's DLL sees the host's thread */
    outcome = find_export(forward, &error);
    if (outcome != ANSWERED) {
        refuse(forward, outcome, error);
        return VCSHIM_NOBODY_ANSWERS;
    }
    before(forward);
    remember_buffer(forward);
    return VCSHIM_VENDOR_ANSWERS;
}

static void give_back(vcshim_forward *forward)
{
    if (forward->address != NULL) vcshim_give_back(forward->address);
    if (forward->before != NULL) vcshim_give_back(forward->before);
    forward->address = forward->before = NULL;
}

int vcshim_forward_finish(vcshim_forward *forward, const vcshim_ending *ending)
{
    const export_row *row = &rows[forward->function];
    question told = question_of(forward, VCSHIM_AFTER_VENDOR);
    vcshim_vendor *vendor_told = &told.vendor;
    const char *code = row->returns_text && ending->crashed == 0 ? (const char *)ending->result : NULL;
    int again = 0, sent = 1;
    forward->result = ending->result;
    if (forward->ticket > 0) {
        vendor_told->ticket = forward->ticket;
        vendor_told->out.bytes = forward->out;
        vendor_told->out.length = vcshim_text_length(forward->out, VCSHIM_INPUT_LIMIT);
        vendor_told->code.bytes = code;
        vendor_told->code.length = vcshim_text_length(code, VCSHIM_INPUT_LIMIT);
        vendor_told->number = row->returns_text ? 0 : (int32_t)ending->result;
        vendor_told->popped = ending->popped;
        vendor_told->control_word = ending->control_word;
        vendor_told->crashed = ending->crashed;
        vendor_told->out_touched = touched(forward);
        vendor_told->pointer = (uint64_t)(uintptr_t)code;
        if (code != NULL) {
            int in_buffer = forward->out != NULL && code >= forward->out && code < forward->out + forward->before_count;
            vendor_told->memory = in_buffer ? VCSHIM_OF_BUFFER : (int32_t)vcshim_memory_of(code, vendor.library);
        }
        if (vcshim_run_apart(ask, &told, sizeof told) == VCSHIM_RUN && told.outcome == ANSWERED) {
            again = told.call.number == 1 && forward->address != NULL && !forward->is_second;
            sent = told.call.sent != 0;
        }
    }
    if (again) {
        forward->is_second = 1;
        forward->arguments[0] = forward->host_address;
        return 1;
    }
    if (ending->crashed != 0) refuse(forward, sent ? CRASHED_SENT : CRASHED, ending->crashed);
    give_back(forward);
    return 0;
}
