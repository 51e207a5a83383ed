/* relay_x86.c - on 32-bit Windows, between the host and the vendor's DLL: nothing of ours shows to either.
 *
 * The vendor's export finds what the host would have handed it: every register and flag, the floating-point state, the
 * last error, a stack that is aligned as the host's was (to 4 bytes only, often). The host finds what the vendor's
 * export left, whatever its habits are, and as many bytes of arguments removed as it has removed: a host that calls
 * Set_QRflow_Mode was built for the vendor's convention.
 *
 * Around the export there is an exception frame. It sees what neither the vendor's own handlers nor its language's have
 * dealt with, and ends the call with a code. NB: not a vectored handler, which would see faults first that the vendor's
 * DLL expects and handles (IsBadReadPtr, Delphi's try).
 *
 * The stack from S, where the host's return address is:
 *     S+4…    the host's arguments
 *     S-8     our own function, the number of the export
 *     S-44    the host's registers and flags
 *     S-56    the exception frame: the next one, the handler; and the relay
 *     S-76…   the arguments for the vendor's export; its return address at S-80
 *
 * Other processors and systems: front.c, forwarded().
 */
#include "relay.h"
#ifdef VCSHIM_RELAYED
#define WIN32_LEAN_AND_MEAN
#include "forward.h"
#include "guard.h"
#include <windows.h>

/* As pushfl and pushal leave them, from the lower end. */
typedef struct registers {
    DWORD edi, esi, ebp, esp, ebx, edx, ecx, eax, flags;
} registers;

/* What the export pushes, and above it what the host has. */
typedef struct entry {
    registers host;
    void *own;
    DWORD function;
    DWORD return_address;
    uintptr_t arguments[VCSHIM_ARGUMENTS_MAX];
} entry;

typedef struct exception_frame {
    struct exception_frame *next;
    void *handler;
    struct vcshim_relay_call *call;
} exception_frame;

/* One call. @start: where the vendor's export is entered from; the offsets are known to the assembler below. */
typedef struct vcshim_relay_call {
    DWORD start;                           /* 0 */
    void *target;                          /* 4 */
    uintptr_t arguments[VCSHIM_ARGUMENTS_MAX]; /* 8 */
    entry *entry;                          /* 20 */
    struct vcshim_relay_call *outer;
    vcshim_float_state floats; /* the host's, for after a crash */
    vcshim_forward forward;
} vcshim_relay_call;

enum {
    ABOVE_VENDOR = 80,    /* from the return address of the vendor's export to S: a multiple of 16 */
    CONTINUE_SEARCH = 1,  /* ExceptionContinueSearch */
    UNWINDING = 0x2 | 0x4 /* EXCEPTION_UNWINDING, EXCEPTION_EXIT_UNWIND */
};

int vcshim_relay_fault(EXCEPTION_RECORD *record, exception_frame *frame, CONTEXT *context, void *dispatcher);

/* ---- the calls of a thread ------------------------------------------------------------------------------------ */

enum { NEWEST, ENTERED_LOW, ENTERED_HIGH, SLOTS }; /* of a thread: its newest relay; when the host entered it last */

static volatile LONG slots_made;
static int has_slots;
static DWORD slots[SLOTS];

static int make_slots(void)
{
    int i;
    if (InterlockedCompareExchange(&slots_made, 1, 0) == 0) {
        for (has_slots = 1, i = 0; i < SLOTS; i++) has_slots &= (slots[i] = TlsAlloc()) != TLS_OUT_OF_INDEXES;
        slots_made = 2;
    }
    while (slots_made != 2) Sleep(0);
    return has_slots;
}

static void note_entered(int64_t ticks)
{
    TlsSetValue(slots[ENTERED_LOW], (void *)(DWORD)ticks);
    TlsSetValue(slots[ENTERED_HIGH], (void *)(DWORD)(ticks >> 32));
}

int64_t vcshim_relay_entered(int64_t otherwise)
{
    if (!make_slots()) return otherwise;
    return (int64_t)(((uint64_t)(DWORD)TlsGetValue(slots[ENTERED_HIGH]) << 32) | (DWORD)TlsGetValue(slots[ENTERED_LOW]));
}

static DWORD stack_limit(void)
{
    DWORD limit;
    __asm__("movl %%fs:8, %0" : "=r"(limit));
    return limit;
}

/* The calls that the host has left by longjmp, or by an exception that passed through, are below the new one. */
static void forget_left(const entry *now)
{
    vcshim_relay_call *call = TlsGetValue(slots[NEWEST]);
    while (call != NULL && (DWORD)call->entry <= (DWORD)now && (DWORD)call->entry >= stack_limit()) {
        vcshim_relay_call *outer = call->outer;
        vcshim_give_back(call);
        call = outer;
    }
    TlsSetValue(slots[NEWEST], call);
}

/* The call whose vendor's export has just returned with this stack pointer. */
static vcshim_relay_call *returned_to(DWORD esp)
{
    vcshim_relay_call *call = TlsGetValue(slots[NEWEST]);
    while (call->outer != NULL && (esp < call->start + 8 || esp > call->start + 8 + 4 * VCSHIM_ARGUMENTS_MAX))
        call = call->outer;
    return call;
}

static void set_arguments(vcshim_relay_call *call)
{
    int i;
    for (i = 0; i < VCSHIM_ARGUMENTS_MAX; i++) call->arguments[i] = call->forward.arguments[i];
}

/* ---- what the assembler calls --------------------------------------------------------------------------------- */

/* Returns the call to make; NULL where ours answers. A call without a target has its result already. */
__attribute__((used)) VCSHIM_FROM_HOST VCSHIM_STDCALL vcshim_relay_call *vcshim_relay_begin(entry *entry)
{
    vcshim_thread_state state;
    vcshim_relay_call *call = NULL;
    enum vcshim_answers who = VCSHIM_OURS_ANSWERS;
    int64_t entered;
    vcshim_thread_enter(&state);
    entered = vcshim_ticks();
    if (make_slots()) {
        note_entered(entered);
        call = vcshim_take(sizeof *call);
    }
    if (call != NULL) {
        forget_left(entry);
        vcshim_float_enter(&call->floats);
        vcshim_float_leave(&call->floats);
        call->forward.state = state;
        who = vcshim_forward_prepare(&call->forward, (enum vcshim_function)entry->function, entry->arguments);
        if (who == VCSHIM_OURS_ANSWERS) vcshim_give_back(call);
    }
    if (who != VCSHIM_OURS_ANSWERS) {
        call->entry = entry;
        call->target = who == VCSHIM_VENDOR_ANSWERS ? call->forward.target : NULL;
        call->start = (DWORD)&entry->return_address - ABOVE_VENDOR - 4;
        set_arguments(call);
        call->outer = TlsGetValue(slots[NEWEST]);
        TlsSetValue(slots[NEWEST], call);
    }
    vcshim_thread_leave(&state);
    return who == VCSHIM_OURS_ANSWERS ? NULL : call;
}

/* Puts what the host gets where the last three instructions take it from. Ends the call. */
static registers *leave(vcshim_relay_call *call, const registers *left, DWORD popped)
{
    DWORD host = (DWORD)&call->entry->return_address, back = call->entry->return_address;
    registers *last = (registers *)(host + 4 + popped - 4 - sizeof *last);
    registers copy = *left;
    TlsSetValue(slots[NEWEST], call->outer);
    vcshim_give_back(call);
    *last = copy;
    *(DWORD *)(host + popped) = back;
    return last;
}

/* The host's registers, with the result of a call that the vendor's export has not ended itself. */
static registers *leave_as_host(vcshim_relay_call *call)
{
    registers registers = call->entry->host;
    registers.eax = (DWORD)call->forward.result;
    return leave(call, &registers, (DWORD)call->forward.popped);
}

/* Where nobody answers. */
__attribute__((used)) VCSHIM_FROM_HOST VCSHIM_STDCALL registers *vcshim_relay_refused(vcshim_relay_call *call)
{
    vcshim_thread_state state = call->forward.state;
    registers *last = leave_as_host(call);
    vcshim_thread_leave(&state);
    return last;
}

/* The vendor's export has returned, and left `left`. NULL: call it once more. */
__attribute__((used)) VCSHIM_FROM_HOST VCSHIM_STDCALL registers *vcshim_relay_returned(registers *left)
{
    vcshim_thread_state state;
    vcshim_relay_call *call;
    vcshim_ending ending = {0, 0, 0, 0};
    WORD control_word;
    int again;
    vcshim_thread_enter(&state);
    __asm__ volatile("fnstcw %0" : "=m"(control_word));
    call = returned_to((DWORD)(left + 1));
    ending.result = left->eax;
    ending.popped = (int32_t)((DWORD)(left + 1) - (call->start + 8));
    ending.control_word = control_word;
    again = vcshim_forward_finish(&call->forward, &ending);
    if (again) {
        set_arguments(call);
        vcshim_thread_leave(&call->forward.state);
        return NULL;
    }
    left = leave(call, left, (DWORD)ending.popped);
    vcshim_thread_leave(&state);
    return left;
}

/* The newest call of this thread, which is to be made once more. */
__attribute__((used)) VCSHIM_FROM_HOST VCSHIM_STDCALL vcshim_relay_call *vcshim_relay_current(void)
{
    vcshim_thread_state state;
    vcshim_relay_call *call;
    vcshim_thread_enter(&state);
    call = TlsGetValue(slots[NEWEST]);
    vcshim_thread_leave(&state);
    return call;
}

/* ---- the vendor's export crashes ------------------------------------------------------------------------------ */

/* Errors of the processor and of the system, and the exceptions of C++ and Delphi. Not: what the debugger is told, a
 * guard page, and a stack without room, in which nothing more can be done. */
static int is_crash(DWORD code)
{
    enum { DELPHI = 0x0EEDFADE };
    if (code == (DWORD)EXCEPTION_STACK_OVERFLOW || code == (DWORD)DBG_CONTROL_C) return 0;
    return code >> 30 == 3 || code == DELPHI || code == (DWORD)EXCEPTION_BREAKPOINT
           || code == (DWORD)EXCEPTION_DATATYPE_MISALIGNMENT;
}

__attribute__((used)) VCSHIM_FROM_HOST VCSHIM_STDCALL registers *vcshim_relay_crashed(vcshim_relay_call *call, DWORD code)
{
    vcshim_float_state floats = call->floats;
    vcshim_thread_state state = call->forward.state;
    vcshim_ending ending = {0, -1, -1, code};
    registers *last;
    call->forward.is_second = 1; /* an export that has crashed is not called again */
    (void)vcshim_forward_finish(&call->forward, &ending);
    last = leave_as_host(call);
    vcshim_float_leave(&floats);
    vcshim_thread_leave(&state);
    return last;
}

/* Unwinds to the frame, and goes on as if the vendor's export had returned. */
__attribute__((noreturn)) void vcshim_relay_escape(exception_frame *frame, EXCEPTION_RECORD *record, DWORD code);

__attribute__((used)) VCSHIM_FROM_HOST int vcshim_relay_fault(EXCEPTION_RECORD *record, exception_frame *frame,
                                                              CONTEXT *context, void *dispatcher)
{
    (void)context;
    (void)dispatcher;
    if ((record->ExceptionFlags & UNWINDING) != 0 || !is_crash(record->ExceptionCode)) return CONTINUE_SEARCH;
    vcshim_relay_escape(frame, record, record->ExceptionCode);
}

/* ---- the assembler -------------------------------------------------------------------------------------------- */

__asm__(".text\n"
        ".globl _vcshim_relay\n"
        "_vcshim_relay:\n\t"
        "pushfl\n\t"
        "pushal\n\t"
        "cld\n\t"
        "movl %esp, %eax\n\t"
        "pushl %eax\n\t"
        "call _vcshim_relay_begin@4\n\t"
        "testl %eax, %eax\n\t"
        "jnz 1f\n\t"
        /* ours answers: the export's own function, which returns to the host */
        "popal\n\t"
        "popfl\n\t"
        "popl %eax\n\t"
        "addl $4, %esp\n\t"
        "jmp *%eax\n"
        "1:\tmovl %eax, %ebx\n\t"
        "cmpl $0, 4(%ebx)\n\t"
        "je 4f\n\t"
        "pushl %ebx\n\t"
        "pushl $_vcshim_relay_fault\n\t"
        "pushl %fs:0\n\t"
        "movl %esp, %fs:0\n"
        /* the vendor's export, with the host's registers: `ret` leads to it, and it returns to 3 */
        "2:\tmovl 0(%ebx), %esp\n\t"
        "movl 4(%ebx), %eax\n\t"
        "movl %eax, 0(%esp)\n\t"
        "movl $3f, 4(%esp)\n\t"
        "movl 8(%ebx), %eax\n\t"
        "movl %eax, 8(%esp)\n\t"
        "movl 12(%ebx), %eax\n\t"
        "movl %eax, 12(%esp)\n\t"
        "movl 16(%ebx), %eax\n\t"
        "movl %eax, 16(%esp)\n\t"
        "subl $36, %esp\n\t"
        "movl 20(%ebx), %esi\n\t"
        "movl %esp, %edi\n\t"
        "movl $9, %ecx\n\t"
        "rep movsl\n\t"
        "popal\n\t"
        "popfl\n\t"
        "ret\n"
        "3:\tpushfl\n\t"
        "pushal\n\t"
        "cld\n\t"
        "movl %esp, %eax\n\t"
        "pushl %eax\n\t"
        "call _vcshim_relay_returned@4\n\t"
        "testl %eax, %eax\n\t"
        "jz 6f\n\t"
        "movl %fs:0, %ecx\n\t"
        "movl (%ecx), %ecx\n\t"
        "movl %ecx, %fs:0\n\t"
        "jmp 5f\n"
        /* nobody answers */
        "4:\tpushl %ebx\n\t"
        "call _vcshim_relay_refused@4\n"
        "5:\tmovl %eax, %esp\n\t"
        "popal\n\t"
        "popfl\n\t"
        "ret\n"
        "6:\tcall _vcshim_relay_current@0\n\t"
        "movl %eax, %ebx\n\t"
        "jmp 2b\n"

        ".globl _vcshim_relay_escape\n"
        "_vcshim_relay_escape:\n\t"
        "fnclex\n\t" /* an exception of the x87 would be raised again by the next of its instructions */
        "movl 4(%esp), %esi\n\t"
        "movl 8(%esp), %edi\n\t"
        "movl 12(%esp), %ebx\n\t"
        "pushl %esi\n\t" /* kept over RtlUnwind, which keeps no register */
        "pushl %ebx\n\t"
        "pushl $0\n\t"
        "pushl %edi\n\t"
        "pushl $7f\n\t"
        "pushl %esi\n\t"
        "call _RtlUnwind@16\n"
        "7:\tpopl %ebx\n\t"
        "popl %esi\n\t"
        "movl (%esi), %ecx\n\t"
        "movl %ecx, %fs:0\n\t"
        "cld\n\t"
        "pushl %ebx\n\t"
        "pushl 8(%esi)\n\t"
        "call _vcshim_relay_crashed@8\n\t"
        "jmp 5b\n");
#endif
