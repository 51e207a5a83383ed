/* What the C client needs from the operating system; system_windows.c and system_posix.c provide it.
 *
 * Paths are UTF-8. Not a portability layer for the product: only the C client uses it. Nothing here touches the
 * standard handles except the two functions that say so.
 */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum system_access { SYSTEM_READ_WRITE, SYSTEM_READ_ONLY, SYSTEM_NO_ACCESS };

/* NULL on failure, with the system's error number in *error (0 where there is none). */
void *system_load(const char *path, unsigned *error);
void *system_symbol(void *library, const char *name);
void system_unload(void *library);

bool system_chdir(const char *path);
char *system_cwd(void); /* caller frees */

/* The calling thread's error number, which a library leaves as it was: errno, or that of GetLastError. */
void system_set_error(unsigned error);
unsigned system_error(void);

/* Whether it is a block that CoTaskMemFree may free; "n/a" where there is no such thing. */
const char *system_kind_of_memory(const void *memory);

/* The whole file with a NUL after it, or NULL; caller frees. */
char *system_read_file(const char *path);

/* The result file: opened once, each write reaches the system at once. */
bool system_result_open(const char *path);
void system_result_write(const char *bytes, size_t size);

void system_close_standard_handles(void);
/* Windows: makes the standard handles 0 or a number that never was a handle. Nothing elsewhere. */
void system_set_standard_handles(bool null);
uint64_t system_microseconds(void);
void system_sleep(unsigned milliseconds);
_Noreturn void system_exit(int code); /* the regular way out, with detach and exit handlers run */

/* Whole pages, first `size` bytes usable; NULL on failure. */
size_t system_page_size(void);
void *system_pages(size_t size);
bool system_protect(void *pages, size_t size, enum system_access access);
void system_pages_free(void *pages, size_t size);

/* Runs work(context, 0 .. count-1), each in a thread of its own, all released together; returns when all ended. */
typedef void system_work(void *context, unsigned index);
bool system_run_threads(unsigned count, system_work *work, void *context);
bool system_start_thread(system_work *work, void *context);

/* The calling thread, and whether a thread stands in a wait of the system: it runs nothing, and is not merely kept from
 * running. */
uintptr_t system_this_thread(void);
bool system_thread_waits(uintptr_t thread);

#endif
