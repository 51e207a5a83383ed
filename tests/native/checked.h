/* One call of the script made, judged and reported: guarded buffers around the probe.
 *
 * Knows the result line and nothing of the script's other commands. Only the C client uses it.
 */
#ifndef CHECKED_H
#define CHECKED_H

#include "script.h"

/* Once, before the first call: special pages and the probe. Returns false when the system refuses. */
bool checked_prepare(void);

/* Makes the call at `function` and writes its result line. Any thread. */
void checked_call(const struct call *call, void *function);

#endif
