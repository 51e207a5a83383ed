/* guard.h - the floating-point state in which Python runs, and the host's, which comes back afterwards.
 *
 * Delphi runs with x87 and SSE exceptions unmasked (control word 1332h), and a new thread on Linux takes the state of its
 * creator. Python divides, compares NaNs and calls libraries that do, so exceptions must be masked inside; an unmasked
 * MXCSR is what kills the host, not the x87 word. The whole x87 state is saved, not the control word alone: tags, register
 * stack and sticky flags are restored too. front.c and threads_*.c include this file.
 */
#ifndef VCSHIM_GUARD_H
#define VCSHIM_GUARD_H
#include <stdint.h>

/* The saved state of one thread: owned by the caller, on its stack. */
#if defined(__i386__) || defined(__x86_64__)
typedef struct vcshim_float_state {
    unsigned char x87[108];
    uint32_t mxcsr;
} vcshim_float_state;

/**
 * vcshim_float_enter:
 * @state: receives the state of this thread
 *
 * Saves the floating-point state and sets the one that Windows gives a new thread: all exceptions masked, 53 bits of
 * precision, rounding to nearest, an empty register stack, direction flag clear. Every call is followed by one of
 * vcshim_float_leave() on the same thread.
 */
static inline void vcshim_float_enter(vcshim_float_state *state)
{
    const uint16_t control = 0x027F;
    const uint32_t mxcsr = 0x1F80;
    __asm__ volatile("fnsave %0\n\tstmxcsr %1\n\tcld" : "=m"(state->x87), "=m"(state->mxcsr));
    __asm__ volatile("fldcw %0\n\tldmxcsr %1" : : "m"(control), "m"(mxcsr));
}

/**
 * vcshim_float_leave:
 * @state: what vcshim_float_enter() filled
 *
 * Restores the state. The trap: a pending exception that the host has unmasked may fault at the host's next x87
 * instruction, exactly as it would have without the call.
 */
static inline void vcshim_float_leave(const vcshim_float_state *state)
{
    __asm__ volatile("ldmxcsr %1\n\tfrstor %0\n\tcld" : : "m"(state->x87), "m"(state->mxcsr));
}

/* Sets the direction of string instructions that compiled code relies on; a host in assembler may have left the other. */
static inline void vcshim_clear_direction(void) { __asm__ volatile("cld"); }
#else
/* Elsewhere no host is known that unmasks exceptions. */
typedef struct vcshim_float_state {
    int nothing;
} vcshim_float_state;
static inline void vcshim_float_enter(vcshim_float_state *state) { state->nothing = 0; }
static inline void vcshim_float_leave(const vcshim_float_state *state) { (void)state; }
static inline void vcshim_clear_direction(void) {}
#endif
#endif
