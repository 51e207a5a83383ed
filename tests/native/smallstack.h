/* Calls from stacks of every kind: small ones, full ones, fibres, signal handlers; orders of the client with the inventory.
 *
 *   stack BYTES LINE      carry out LINE on a thread with a stack of BYTES
 *   deep BYTES LINE       on a thread whose stack is in use up to the last BYTES
 *   fibres N BYTES LINE   twice on each of N fibres with stacks of BYTES, in turn, all on one thread
 *   handler BYTES LINE    in a signal handler that runs on an alternate stack of BYTES (not on Windows)
 *   sequence N LINE       on N threads, one after another
 *   used call ...         make the call, and write down how many bytes of the caller's stack it touched
 */
#ifndef SMALLSTACK_H
#define SMALLSTACK_H

#include "system.h"

bool smallstack_command_stack(char **rest);
bool smallstack_command_deep(char **rest);
bool smallstack_command_fibres(char **rest);
bool smallstack_command_handler(char **rest);
bool smallstack_command_sequence(char **rest);
bool smallstack_command_used(char **rest);

/* ---- the system's part; all of them false where the system refuses ---- */

/* Runs work(context, 0) on a thread with a stack of `bytes` and waits. */
bool smallstack_on_thread(size_t bytes, system_work *work, void *context);

/* Bytes between here and the end of the calling thread's stack, less what the system needs itself. */
size_t smallstack_left(void);

/* Runs work(context, 0 .. count-1) on fibres of the calling thread, each of them `rounds` times in turn. */
bool smallstack_on_fibres(unsigned count, size_t bytes, unsigned rounds, system_work *work, void *context);

/* Runs work(context, 0) in a handler of a signal that is sent to the calling thread. */
bool smallstack_in_handler(size_t bytes, system_work *work, void *context);

#endif
