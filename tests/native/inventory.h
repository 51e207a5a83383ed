/* The inventory: everything that can be seen of a process, written down at the stages that a script names.
 *
 * inventory.c adds orders to the client's script (client.c, built with -DINVENTORY) and writes the lines;
 * inventory_posix.c and inventory_windows.c know what there is to see on each system, registrations_*.c what can only
 * be seen while it is done, and spoil_*.c change all of it, so that a test can see every item differ. Which difference
 * is expected is no matter of theirs (tests/vectors/inventory.json).
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include "system.h"

/* ---- orders, for client.c ---- */

bool inventory_command_note(char **rest);
bool inventory_command_other(char **rest);
bool inventory_command_rest(char **rest);
bool inventory_command_spoil(char **rest);

/* client.c: carries out one line of the script; the function of a call, NULL where its library is not loaded. */
bool client_run_line(char *line);
struct call;
void *client_function(const struct call *call);

/* ---- writing, for inventory_*.c; one thread at a time ---- */

/* One item with one value. */
__attribute__((format(printf, 2, 3))) void inventory_value(const char *item, const char *format, ...);

/* One item with a list of values in any order: begin, members, end. */
void inventory_begin(const char *item);
__attribute__((format(printf, 1, 2))) void inventory_member(const char *format, ...);
void inventory_end(void);

/* Changes with every byte. */
uint32_t inventory_digest(const void *bytes, size_t size);

/* ---- the system's part ---- */

/* Once, before anything is recorded: names the calling thread and starts the host's second thread. */
bool inventory_prepare(void);

/* Runs work(context, 1) on the second thread and waits. */
void inventory_on_second(system_work *work, void *context);

/* The items of the process, and those of the calling thread with `suffix` behind their names. */
void inventory_process(void);
void inventory_thread(const char *suffix);

/* The threads of the process, the host's two included. */
unsigned inventory_thread_count(void);

/* Waits and, on Windows, dispatches messages meanwhile. */
void inventory_wait(unsigned milliseconds);

/* Changes every item there is, as a library must not. */
void inventory_spoil_process(void);
void inventory_spoil_thread(void);

/* ---- registrations: what a process cannot be asked for, noted while it is done ---- */

enum { REGISTRATIONS_MAX = 512, REGISTRATION_SIZE = 96 };

/* One list for each kind: which modules have registered and not taken back. */
void registrations_record(void);
bool registrations_prepare(void);

#endif
