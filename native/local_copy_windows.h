/* local_copy_windows.h - what the parts of the local copy (local_copy.h) share: the folders that are worked on, and the
 * steps.
 *
 * local_copy_windows.c decides whether and where; local_copy_whole_windows.c knows which folder is a whole copy,
 * local_copy_make_windows.c makes one, local_copy_delete_windows.c deletes those that nobody uses, and
 * local_copy_paths_windows.c puts paths together. KERNEL32 alone, no C runtime, and no large array on a stack. Only these
 * five include this file.
 */
#ifndef VCSHIM_LOCAL_COPY_WINDOWS_H
#define VCSHIM_LOCAL_COPY_WINDOWS_H
#define WIN32_LEAN_AND_MEAN
#include "local_copy.h"
#include "sha256.h"
#include <windows.h>

enum { ROOM = 2048, BLOCK = 65536, LIST_LIMIT = 262144, ID_DIGITS = 16, COPIES = 9, HEX = VCSHIM_SHA256_HEX };

#define VCSHIM_COPY_LIST L"SHA256SUMS"
#define VCSHIM_COPY_SEAL L"copy.seal"

/* The folders and files that are worked on. A path is put together from its beginning; `..._end` is where a name goes. */
typedef struct vcshim_copy_work {
    WCHAR from[ROOM], root[ROOM], copy[ROOM], to[ROOM], other[ROOM];
    int from_end, root_end;
    char *list; /* SHA256SUMS of the set */
    DWORD count;
    vcshim_copy *report;
    char block[BLOCK];
} vcshim_copy_work;

/* A line of the list. */
typedef struct vcshim_copy_row {
    const char *digest, *path, *end;
} vcshim_copy_row;

/* ---- paths ---------------------------------------------------------------------------------------------------- */

/* Appends `text` to what ends at `used`; the new end, or 0 where there is no room, or was none. */
int vcshim_copy_put(WCHAR path[ROOM], int used, const WCHAR *text);

/* The same of @count characters of ours: ASCII. */
int vcshim_copy_put_ascii(WCHAR path[ROOM], int used, const char *text, int count);

int vcshim_copy_put_number(WCHAR path[ROOM], int used, unsigned long number);

/* The path of a row, behind `used`, with the separators of Windows. */
int vcshim_copy_put_path(WCHAR path[ROOM], int used, const vcshim_copy_row *row);

/* Says in work->report why there is no copy, and at which file, if at one. Returns 0. */
int vcshim_copy_fail(vcshim_copy_work *work, enum vcshim_copy_outcome outcome, DWORD error, const vcshim_copy_row *row);

/* ---- which folder is a whole copy ----------------------------------------------------------------------------- */

/* The row at `*at`, which is moved behind it: 1; 0 at the end of the list, -1 where it is no list. */
int vcshim_copy_next_row(const vcshim_copy_work *work, const char **at, vcshim_copy_row *row);

/* Reads the set's list into `work`. */
int vcshim_copy_read_list(vcshim_copy_work *work);

/* Opens a file that is read from its beginning to its end. */
HANDLE vcshim_copy_open(const WCHAR *path, DWORD shared);

/* One number for the path, size and time of each file of the copy whose path ends at `used`: 0 where one is missing. */
int vcshim_copy_seal_of(vcshim_copy_work *work, WCHAR path[ROOM], int used, char seal[HEX]);

/* Whether the folder in work->copy, whose path ends at `used`, is a whole copy. Its list then stays open as long as this
 * process lives: so nobody deletes the copy. */
int vcshim_copy_use(vcshim_copy_work *work, int used);

/* ---- making and deleting -------------------------------------------------------------------------------------- */

/* ID-N, or the name under which a copy is made. */
int vcshim_copy_put_name(const vcshim_copy_work *work, WCHAR path[ROOM], const char *id, int number);

/* Makes a copy; it is renamed when it is whole. Another process may have been quicker, whose copy will do. */
int vcshim_copy_make(vcshim_copy_work *work, const char *id);

/* Deletes all below the folder in `path`, but for SHA256SUMS of its own, and then that and itself: so what has been
 * begun can be gone on with. The path ends at `used`, without a separator. */
int vcshim_copy_delete(WCHAR path[ROOM], int used, int is_copy);

/* Deletes what has not been used for a week, but for the copy in work->copy. */
void vcshim_copy_delete_unused(vcshim_copy_work *work);
#endif
