/* core.h - the core as the front has it: found, loaded once, and asked. What the core does is boot.c's.
 *
 * For the files of the front; not for exports, which call front.h.
 */
#ifndef VCSHIM_CORE_H
#define VCSHIM_CORE_H
#include "failure.h"

enum { VCSHIM_INPUT_LIMIT = 4 * 1024 * 1024 }; /* bytes of one text; EC B.1.4 allows 200K for data, the vendor's DLL more */

/**
 * vcshim_ask_core:
 * @call: the call; receives the lengths of its texts, and what the core answers
 *
 * Passes a call to the core, which is loaded first where it is not there yet. On a thread of ours, after vcshim_settle().
 *
 * Returns: what became of it.
 */
enum outcome vcshim_ask_core(vcshim_call *call);

/* Of the core that was looked for last: its path, or that of a file that it lacks, and the system's error. */
const char *vcshim_missing_path(void);
unsigned long vcshim_missing_error(void);
#endif
