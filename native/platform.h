/* platform.h - what the front needs of an operating system, and nothing more.
 *
 * Implemented by platform_windows.c (KERNEL32 only, no C runtime) and platform_posix.c. For the files of the front.
 * Any thread may call any of these functions, except where a comment names the lock. Texts of our own are UTF-8.
 */
#ifndef VCSHIM_PLATFORM_H
#define VCSHIM_PLATFORM_H
#include "entry.h"
#include <stddef.h>

/* The values of [abi] charset, in the order of its words (settings.c). */
enum vcshim_charset {
    VCSHIM_GBK, /* GB18030, its superset */
    VCSHIM_UTF8,
    VCSHIM_AUTO /* the answer follows the question; a text that C writes itself is GBK */
};
enum { VCSHIM_PATH_MAX = 4096, VCSHIM_PC_NAME_MAX = 256 };

/* What vcshim_read_file() returns in the place of a count. */
enum { VCSHIM_NO_FILE = -1, VCSHIM_UNREADABLE_FILE = -2 };

/**
 * vcshim_core_call_fn:
 * @call: the call, see entry.h
 *
 * The one function that the core exports (boot.c). It starts the interpreter on the first call, or before it
 * (VCSHIM_WARM_UP). Its name has a number, which
 * changes with vcshim_call: of two versions of this project in one process the second must not be handed the first one's.
 *
 * Returns: 1 answered; 0 not answered; -1 the interpreter could not be started, with the step in call->number and the
 *   reason in call->out (UTF-8), for the engineer.
 *   After -1 the next call tries again, unless CPython itself has failed to start.
 */
typedef int32_t (*vcshim_core_call_fn)(vcshim_call *call);

/**
 * vcshim_own_folder:
 * @folder: receives the folder that this very DLL was loaded from, without a trailing separator
 *
 * Neither the host's folder nor the working directory: found by the address of a variable in this DLL. Not under
 * vcshim_lock(), as vcshim_load_core().
 *
 * Returns: 1, or 0 where it cannot be found; @folder is then undefined.
 */
int vcshim_own_folder(char folder[VCSHIM_PATH_MAX]);

/**
 * vcshim_loaded:
 *
 * Called by the platform when this DLL has been loaded, on the thread that loads it, which holds the loader's lock.
 * Implemented by core.c.
 */
void vcshim_loaded(void);

/**
 * vcshim_load_core:
 * @set: the folder of the core, see sets.h
 * @path: receives the absolute path of the core that was looked for
 * @error: receives the system's error number on failure
 *
 * Loads the core and pins it, so that it cannot be unloaded under a running call. Any thread, more than once; not under
 * vcshim_lock(): Windows loads under the loader's lock, and a thread that has that one, in a DllMain, may call and so wait
 * for ours.
 *
 * Returns: the core's function, valid for ever; NULL on failure.
 */
vcshim_core_call_fn vcshim_load_core(const char *set, char path[VCSHIM_PATH_MAX], unsigned long *error);

/**
 * vcshim_load_library:
 * @path: an absolute path
 * @error: receives the system's error number on failure
 *
 * Loads a DLL that is not ours, by the rules of the host for what it imports, and never unloads it.
 *
 * Returns: the library; NULL on failure.
 */
void *vcshim_load_library(const char *path, unsigned long *error);

/* The function of that name in a library; NULL where there is none. */
void *vcshim_function_of(void *library, const char *name);

/* Whether a library is this very DLL. */
int vcshim_is_own(void *library);

/**
 * vcshim_memory_of:
 * @text: a pointer that an export of the library returned
 * @library: the library
 *
 * Returns: VCSHIM_OF_MODULE, VCSHIM_OF_STACK (this thread's), or VCSHIM_OF_HEAP for anything else.
 */
enum vcshim_memory vcshim_memory_of(const char *text, void *library);

/* A file's name: "/" or "\\", and what stands around the name of a library. */
#ifdef _WIN32
#define VCSHIM_PATH_SEPARATOR "\\"
#define VCSHIM_LIBRARY_PREFIX ""
#define VCSHIM_LIBRARY_SUFFIX ".dll"
#else
#define VCSHIM_PATH_SEPARATOR "/"
#define VCSHIM_LIBRARY_PREFIX "lib"
#define VCSHIM_LIBRARY_SUFFIX ".so"
#endif
#define VCSHIM_CORE_FILE VCSHIM_LIBRARY_PREFIX "vcshim_core" VCSHIM_LIBRARY_SUFFIX

/* Whether a path needs no folder before it. */
int vcshim_is_absolute(const char *path);

/**
 * vcshim_decode_path:
 * @bytes: a path as it stands in vcshim.ini
 * @count: how many bytes
 * @charset: enum vcshim_file_charset (settings.h)
 * @path: receives it in UTF-8
 *
 * Returns: 1; 0 where it cannot be read or is too long.
 */
int vcshim_decode_path(const char *bytes, int32_t count, int charset, char path[VCSHIM_PATH_MAX]);

/**
 * vcshim_read_file:
 * @folder: a folder
 * @name: the name of a file in it
 * @bytes: receives at most @capacity bytes, without a NUL
 * @capacity: bytes of @bytes
 *
 * Under vcshim_lock() only.
 *
 * Returns: how many bytes were read; VCSHIM_NO_FILE; VCSHIM_UNREADABLE_FILE where it is there and cannot be read.
 */
int32_t vcshim_read_file(const char *folder, const char *name, char *bytes, int32_t capacity);

/**
 * vcshim_write_file:
 * @folder: a folder
 * @name: the name of a file in it
 * @bytes: its new content
 * @count: how many bytes
 *
 * Returns: 1; 0 where the file could not be written, all of it.
 */
int vcshim_write_file(const char *folder, const char *name, const char *bytes, int32_t count);

/* Where vcshim keeps what does not stand beside the DLLs (shim/folders.py). */
enum vcshim_data { VCSHIM_LOCAL_DATA, VCSHIM_MACHINE_DATA };

/**
 * vcshim_data_folder:
 * @data: of this user, or of all users of this PC
 * @folder: receives the folder, which need not exist, without a trailing separator
 *
 * Asks the environment of the process; no file and no registry.
 *
 * Returns: 1, or 0 where the system does not say or the path is too long; @folder is then undefined.
 */
int vcshim_data_folder(enum vcshim_data data, char folder[VCSHIM_PATH_MAX]);

/* The name of this PC (shim/workstation.py), "" where the system does not say. Under vcshim_lock() only. */
const char *vcshim_pc_name(void);

/* The Windows session of this process; 0 elsewhere, and where the system does not say. */
uint32_t vcshim_session(void);

/**
 * vcshim_text_length:
 * @text: a pointer of the host's: NULL and anything else is allowed
 * @limit: the longest text to accept, in bytes
 *
 * Never faults. The trap: what is readable now may be unmapped by the host's other threads a moment later.
 *
 * Returns: the bytes before the NUL, or one of enum vcshim_no_text.
 */
int32_t vcshim_text_length(const char *text, int32_t limit);

/**
 * vcshim_writable:
 * @out: a pointer of the host's: NULL and anything else is allowed
 * @wanted: bytes that are to be written
 *
 * Never faults, changes nothing. The trap: this tells what memory is there, not how much of it the host allocated.
 *
 * Returns: how many of the @wanted bytes at @out may be written, 0 to @wanted.
 */
int32_t vcshim_writable(char *out, int32_t wanted);

/**
 * vcshim_copy_out:
 * @out: the host's memory
 * @bytes: what to write
 * @count: how many bytes
 *
 * Returns: 1; 0 where the host's memory is not there any more.
 */
int vcshim_copy_out(char *out, const char *bytes, int32_t count);

/**
 * vcshim_encode:
 * @character: a Unicode code point
 * @charset: what to write it in
 * @bytes: receives 1 to 4 bytes, no NUL; '?' where the charset lacks the character
 *
 * Returns: how many bytes were written.
 */
int vcshim_encode(uint32_t character, enum vcshim_charset charset, char bytes[4]);

/**
 * vcshim_lasting_memory:
 * @size: bytes
 *
 * Returns: memory that the host may free with CoTaskMemFree (Linux: free), or keep for ever; NULL when exhausted.
 */
char *vcshim_lasting_memory(size_t size);

/**
 * vcshim_ticks:
 *
 * Returns: a clock that never goes back and is the same for all threads and both DLLs. Only to be compared: its unit is
 *   the system's.
 */
int64_t vcshim_ticks(void);

/**
 * vcshim_take:
 * @size: bytes
 *
 * Returns: memory for the length of one call, not cleared, for vcshim_give_back(); NULL when exhausted.
 */
void *vcshim_take(size_t size);

/**
 * vcshim_give_back:
 * @memory: what vcshim_take() returned; not NULL
 */
void vcshim_give_back(void *memory);

/* One lock for the front's settings and its table of texts. Not recursive. Nothing under it waits for the loader. While
 * the process ends, when Windows has killed all threads but the caller, one that a dead thread has left locked is taken. */
void vcshim_lock(void);
void vcshim_unlock(void);

/**
 * vcshim_pin:
 *
 * Keeps this DLL in the process for good, so that it cannot be unloaded under a running call.
 */
void vcshim_pin(void);

/* What the system keeps per thread and waiting may disturb. Windows: the last error. POSIX: errno, and whether the thread
 * may be cancelled. */
typedef struct vcshim_thread_state {
    unsigned long error;
    int cancel_state;
} vcshim_thread_state;

/**
 * vcshim_thread_enter:
 * @state: receives the state of this thread
 *
 * Saves the state; on POSIX also defers a cancellation of the thread, which would leave a call without the one that waits
 * for it. Every call is followed by one of vcshim_thread_leave() on the same thread.
 */
void vcshim_thread_enter(vcshim_thread_state *state);

/**
 * vcshim_thread_leave:
 * @state: what vcshim_thread_enter() filled
 *
 * Restores the state.
 */
void vcshim_thread_leave(const vcshim_thread_state *state);
#endif
