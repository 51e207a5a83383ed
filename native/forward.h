/* forward.h - a call that the vendor's DLL answers ([mode] run = capture or shadow): what is done before and after it.
 *
 * The vendor's export itself is called by relay_x86.c, which gives it the host's registers and stack, and elsewhere by
 * front.c. Both call vcshim_forward_prepare(), then the export, then vcshim_forward_finish(), on the host's thread.
 * Between the two nothing of ours is entered: no guard, no lock, no thread of ours.
 */
#ifndef VCSHIM_FORWARD_H
#define VCSHIM_FORWARD_H
#include "front.h"
#include "platform.h"

enum { VCSHIM_ARGUMENTS_MAX = 3 };

/* Who answers a call. */
enum vcshim_answers {
    VCSHIM_OURS_ANSWERS,   /* [mode] run = native: nothing was done */
    VCSHIM_VENDOR_ANSWERS, /* call @target with @arguments */
    VCSHIM_NOBODY_ANSWERS  /* there is no such export: @result and @out are filled in */
};

/**
 * vcshim_forward:
 * @target: the vendor's export
 * @arguments: what to pass; that of strUrl may be ours
 * @popped: bytes of arguments that the host expects to be removed where nobody answers, or the vendor's export crashes
 * @result: what the host gets
 * @state: the host's thread, as it entered; for the vendor
 *
 * One call. The rest is forward.c's.
 */
typedef struct vcshim_forward {
    void *target;
    uintptr_t arguments[VCSHIM_ARGUMENTS_MAX];
    int popped;
    uintptr_t result;
    vcshim_thread_state state;

    enum vcshim_function function;
    uintptr_t host_address; /* strUrl */
    char *address;          /* in its place; NULL: the host's own */
    char *before;           /* what the host's buffer held */
    int32_t before_count;
    char *out;
    int ticket;
    int is_second;
} vcshim_forward;

/**
 * vcshim_forward_prepare:
 * @forward: receives the call
 * @function: the export
 * @arguments: as the host passed them, as many as the export has
 *
 * On Windows the caller has the thread's last error in @state before anything else is called.
 *
 * Returns: see enum vcshim_answers. After VCSHIM_VENDOR_ANSWERS vcshim_forward_finish() must follow.
 */
enum vcshim_answers vcshim_forward_prepare(vcshim_forward *forward, enum vcshim_function function,
                                           const uintptr_t *arguments);

/* Whether the one parameter of the export is a number: Set_QRflow_Mode. */
int vcshim_forward_passes_mode(enum vcshim_function function);

/* How the vendor's export ended. */
typedef struct vcshim_ending {
    uintptr_t result;
    int32_t popped;       /* bytes of arguments that it removed; -1 where the system does not tell */
    int32_t control_word; /* of the x87; -1 where the system does not tell */
    uint32_t crashed;     /* exception code; 0 for none */
} vcshim_ending;

/**
 * vcshim_forward_finish:
 * @forward: the call
 * @ending: how the export ended
 *
 * Records the call, and fills in @result. After a crash it writes the host's buffer, too.
 *
 * Returns: 1 where the export is to be called once more, with @arguments as they are now; 0 where @result stands, and
 *   @forward has nothing more to give back.
 */
int vcshim_forward_finish(vcshim_forward *forward, const vcshim_ending *ending);
#endif
