/* platform.h - what the front needs of an operating system, and nothing more.
 *
 * Implemented by platform_windows.c (KERNEL32 only) and platform_posix.c. Used by front.c and settings.c.
 */
#ifndef VCSHIM_PLATFORM_H
#define VCSHIM_PLATFORM_H
#include "entry.h"
#include <stddef.h>

enum vcshim_charset { VCSHIM_GBK, VCSHIM_UTF8 };
enum { VCSHIM_PATH_MAX = 4096 };

/* The core's one function: 1 answered, 0 not answered, -1 not started, with the reason in call->out (UTF-8). */
typedef int32_t (*vcshim_core_call_fn)(vcshim_call *call);

/* The folder that this very DLL was loaded from, UTF-8, without a trailing separator. 0 where it cannot be told. */
int vcshim_own_folder(char folder[VCSHIM_PATH_MAX]);

/* Load <folder>/vcshim/<core> by absolute path and pin both it and this DLL. NULL on failure, with the file that was
 * looked for in `path` and the system's error number in `error`. */
vcshim_core_call_fn vcshim_load_core(const char *folder, char path[VCSHIM_PATH_MAX], unsigned long *error);

/* Up to `capacity` bytes of the file `folder`/`name`; the count, or -1. */
int32_t vcshim_read_file(const char *folder, const char *name, char *bytes, int32_t capacity);

/* Bytes before the NUL, or one of enum vcshim_no_text. Never faults, whatever `text` points to. */
int32_t vcshim_text_length(const char *text, int32_t limit);

/* How many of the `wanted` bytes at `out` may be written. Never faults. */
int32_t vcshim_writable(char *out, int32_t wanted);

/* Copy into the host's memory; 0 where that memory is not there any more. */
int vcshim_copy_out(char *out, const char *bytes, int32_t count);

/* The host's charset: writes the 1-4 bytes of one character ('?' where there are none) and returns how many. */
int vcshim_encode(uint32_t character, enum vcshim_charset charset, char bytes[4]);

/* Memory that outlives every call and that CoTaskMemFree may free (POSIX: free). NULL when exhausted. */
char *vcshim_lasting_memory(size_t size);

/* Memory for the length of one call. */
void *vcshim_take(size_t size);
void vcshim_give_back(void *memory);

/* One lock for the front's start and its table of texts. */
void vcshim_lock(void);
void vcshim_unlock(void);

/* What the system keeps per thread and a call may disturb (Windows: last error and error mode; POSIX: errno, SIGPIPE). */
typedef struct vcshim_thread_state {
    unsigned long words[2];
    unsigned char signals[136];
} vcshim_thread_state;
void vcshim_thread_enter(vcshim_thread_state *state);
void vcshim_thread_leave(const vcshim_thread_state *state);
#endif
