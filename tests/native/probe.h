/* The checked call: enter a DLL as a legacy host does and record what it left behind.
 *
 * Read by C and by the assembler files probe_x86.S and probe_x64.S, hence the index macros: every member of
 * struct probe is one machine word. Not a debugger: it records, checked.c judges. Only the C client uses it.
 */
#ifndef PROBE_H
#define PROBE_H

#define PROBE_FUNCTION 0
#define PROBE_ARGUMENTS 1
#define PROBE_ARGUMENT_COUNT 4
#define PROBE_MISALIGNMENT 5
#define PROBE_CW_WANTED 6
#define PROBE_MXCSR_WANTED 7
#define PROBE_CW_BEFORE 8
#define PROBE_MXCSR_BEFORE 9
#define PROBE_RESULT 10
#define PROBE_CW_AFTER 11
#define PROBE_MXCSR_AFTER 12
#define PROBE_STACK_EXPECTED 13
#define PROBE_STACK_AFTER 14
#define PROBE_FLAGS_AFTER 15
#define PROBE_TAGS_AFTER 16
#define PROBE_FRAME 17
#define PROBE_CW_CALM 18
#define PROBE_MXCSR_CALM 19
#define PROBE_PRESET 20 /* PROBE_REGISTERS words */
#define PROBE_AFTER 28  /* PROBE_REGISTERS words */
#define PROBE_REGISTERS 8

#define PROBE_DIRECTION_FLAG 0x400
#define PROBE_X87_EMPTY 0xffff /* the tag word of an empty register stack */

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

struct probe {
    /* given */
    uintptr_t function;
    uintptr_t arguments[3];
    uintptr_t argument_count; /* 1 to 3 */
    uintptr_t misalignment;   /* x86: the stack pointer at the call is this far below a multiple of 16 */
    uintptr_t cw_wanted;      /* the host's x87 control word */
    uintptr_t mxcsr_wanted;
    /* recorded */
    uintptr_t cw_before; /* NB: reads back with bit 6 set, so "unchanged" means equal to this, not to cw_wanted */
    uintptr_t mxcsr_before;
    uintptr_t result;
    uintptr_t cw_after;
    uintptr_t mxcsr_after;
    uintptr_t stack_expected; /* x86: the stack pointer as a stdcall callee leaves it */
    uintptr_t stack_after;
    uintptr_t flags_after;
    uintptr_t tags_after; /* x87 tag word */
    /* private to the assembler part */
    uintptr_t frame;
    uintptr_t cw_calm;
    uintptr_t mxcsr_calm;
    /* given and recorded: callee-saved registers, in the order of probe_register_names */
    uintptr_t preset[PROBE_REGISTERS];
    uintptr_t after[PROBE_REGISTERS];
};

_Static_assert(offsetof(struct probe, mxcsr_calm) == PROBE_MXCSR_CALM * sizeof(uintptr_t), "index macros");
_Static_assert(offsetof(struct probe, after) == PROBE_AFTER * sizeof(uintptr_t), "index macros");

/* Makes the call with the host's floating-point state and leaves with the state it was entered with. Survives a
 * callee that breaks any of the things recorded. Any thread; probe_prepare() first, once per process. */
void probe_call(struct probe *probe);

/* Returns 0, or -1 when the process has run out of thread-local slots. */
int probe_prepare(void);

/* NULL-terminated, at most PROBE_REGISTERS names. */
extern const char *const probe_register_names[];

/* Whether a callee that cleans the wrong number of stack bytes can be told (x86 only). */
extern const int probe_sees_stack;

#endif
#endif
