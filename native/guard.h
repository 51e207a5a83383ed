/* guard.h - the host's floating-point state: put away on the way in, put back on the way out.
 *
 * Delphi runs with x87 and SSE exceptions unmasked (control word 1332h). Python divides, compares NaNs and calls
 * libraries that do, so a masked state is needed inside; an unmasked MXCSR is what kills the host, not the x87 word.
 * The whole x87 state is saved, not the control word alone: tags, stack and sticky flags come back as they were.
 */
#ifndef VCSHIM_GUARD_H
#define VCSHIM_GUARD_H
#include <stdint.h>

#if defined(__i386__) || defined(__x86_64__)
typedef struct vcshim_float_state {
    unsigned char x87[108];
    uint32_t mxcsr;
} vcshim_float_state;

static inline void vcshim_float_enter(vcshim_float_state *state)
{
    const uint16_t control = 0x027F; /* all masked, 53 bits: what Windows gives a new thread */
    const uint32_t mxcsr = 0x1F80;   /* all masked, round to nearest */
    __asm__ volatile("fnsave %0\n\tstmxcsr %1\n\tcld" : "=m"(state->x87), "=m"(state->mxcsr));
    __asm__ volatile("fldcw %0\n\tldmxcsr %1" : : "m"(control), "m"(mxcsr));
}

static inline void vcshim_float_leave(const vcshim_float_state *state)
{
    __asm__ volatile("ldmxcsr %1\n\tfrstor %0\n\tcld" : : "m"(state->x87), "m"(state->mxcsr));
}
#else
typedef struct vcshim_float_state {
    int nothing;
} vcshim_float_state;
static inline void vcshim_float_enter(vcshim_float_state *state) { state->nothing = 0; }
static inline void vcshim_float_leave(const vcshim_float_state *state) { (void)state; }
#endif
#endif
