/* front.c - what happens between an export and the core, the same for both DLLs and both systems.
 *
 * Hands each call to a thread of ours (threads.h). There it presets the failure reply, hands the call to the core (core.h)
 * and copies the answer out, bounded. It knows no JSON, no protocol and no device. What it promises to the exports is in
 * front.h.
 */
#include "front.h"
#include "configuration.h"
#include "core.h"
#include "failure.h"
#include "forward.h"
#include "guard.h"
#include "platform.h"
#include "relay.h"
#include "returned_code.h"
#include "text.h"
#include "threads.h"

enum { OUT_CAPACITY = 2048 }; /* OutData where the settings are not read, VC 3.2, EC B.1.3 */

static const char cloned[] = "本进程由 clone 直接产生，不能使用 vcshim；请改用 fork，或 exec 程序后再调用";

/* ---- a call on a thread of ours ----------------------------------------------------------------------------- */

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

/* Copies a text of ours to the host, at most `capacity` bytes with the NUL. 0 where the host's memory is gone. */
static int hand_over(char *out, char *text, int32_t capacity)
{
    int32_t length;
    if (out == NULL || capacity < 1) return 1; /* nothing to hand over, or nowhere to put it */
    length = vcshim_length_of(text, capacity - 1);
    text[length] = 0;
    return vcshim_copy_out(out, text, length + 1);
}

/* Performs the call, in memory of ours: to the host's own nothing is written here. On a thread of ours. */
static void carry_out(void *context)
{
    job *job = context;
    vcshim_call *call = &job->call;
    int32_t room, capacity;
    vcshim_settle();
    capacity = job->room > 0 ? job->room : vcshim_setting_of(VCSHIM_OUT_CAPACITY);
    call->out_capacity = job->out == NULL ? 0 : vcshim_writable(job->out, capacity);
    room = call->out_capacity > VCSHIM_REASON_ROOM ? call->out_capacity : VCSHIM_REASON_ROOM;
    job->outcome = NO_MEMORY;
    job->text = job->memory = call->out = vcshim_take((size_t)room * 2);
    if (job->memory == NULL) return;
    job->memory[0] = 0;
    job->outcome = vcshim_ask_core(call);
    if (job->outcome != ANSWERED) {
        failure why = {call->function, job->outcome, call->number, job->memory, NULL, 0};
        job->memory[room - 1] = 0;
        vcshim_note(&why);
        if (call->out_capacity < 1) return;
        job->text = job->memory + room;
        vcshim_explain(job->text, call->out_capacity, &why);
    }
}

/* Hands over what came of it. On the host's thread: one that has left the call by longjmp gets nothing written any more.
 * An answer that could not be handed over is not a success. */
static void deliver(job *job)
{
    vcshim_call *call = &job->call;
    const vcshim_family_row *family = vcshim_family_of(call->function);
    const char *code = call->sent ? family->unknown_code : family->code;
    int answered = job->outcome == ANSWERED;
    if (job->memory == NULL) {
        const failure why = {call->function, job->outcome, 0, "", NULL, 0};
        vcshim_note(&why);
        vcshim_explain_to(job->out, call->out_capacity, &why);
    } else {
        answered &= hand_over(job->out, job->text, call->out_capacity);
        vcshim_give_back(job->memory);
    }
    call->code[sizeof call->code - 1] = 0;
    job->number = answered ? call->number : call->sent ? family->unknown_number : family->number;
    if (job->returns_code) job->code = vcshim_lasting_code(answered ? call->code : code, code);
}

/* Where no thread of ours can be had, or may be used: on the host's own, and with nothing of the process but memory. */
static void refuse(job *job, int is_stray)
{
    const failure stray = {job->call.function, NOT_STARTED, VCSHIM_CLONED, cloned, NULL, 0};
    const failure no_thread = {job->call.function, NO_THREAD, 0, "", NULL, 0}, *why = is_stray ? &stray : &no_thread;
    const vcshim_family_row *family = vcshim_family_of(job->call.function);
    int32_t room = job->room > 0 ? job->room : vcshim_is_settled() ? vcshim_setting_of(VCSHIM_OUT_CAPACITY) : OUT_CAPACITY;
    /* NB: in a child of a bare clone the lock of the heap may be held for ever. */
    char *code = job->returns_code && !is_stray ? vcshim_lasting_memory(VCSHIM_CODE_ROOM) : NULL;
    vcshim_note(why);
    vcshim_explain_to(job->out, job->out == NULL ? 0 : vcshim_writable(job->out, room), why);
    if (code != NULL) vcshim_copy_text(code, family->code);
    job->code = code != NULL ? code : (char *)family->code;
    job->number = family->number;
}

static void run(job *job)
{
    vcshim_thread_state state;
    enum vcshim_run outcome;
    vcshim_clear_direction();
    vcshim_thread_enter(&state);
#ifdef VCSHIM_RELAYED
    job->call.entered = vcshim_relay_entered(job->call.entered);
#endif
    outcome = vcshim_run_apart(carry_out, job, sizeof *job);
    if (outcome == VCSHIM_RUN) deliver(job);
    else refuse(job, outcome == VCSHIM_STRAY);
    vcshim_thread_leave(&state);
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
        .call = {.function = function, .entered = vcshim_ticks()}, .out = message, .room = VCSHIM_MESSAGE_CAPACITY};
#ifndef VCSHIM_RELAYED
    uintptr_t only = (uintptr_t)message, result;
    if (forwarded(function, &only, &result)) return (int)result;
#endif
    run(&job);
    return job.number;
}

int vcshim_front_qrflow_is_cdecl(void) { return vcshim_setting_of(VCSHIM_SET_QRFLOW_MODE) == VCSHIM_IS_CDECL; }
