/* streams_windows.c - see streams.h.
 *
 * HACK: a GUI host has standard handles that look healthy to GetFileType and fail in GetFileInformationByHandle;
 * CPython then ends the *host* with "can't initialize sys standard streams". SetStdHandle does not help: the C
 * runtime took its descriptors at process start. So CPython's own import of _get_osfhandle answers "no such
 * descriptor" for 0-2 while the interpreter starts. python38.dll would also need _dup.
 *
 * vcshim.exe can be started with such handles too, by a service or a remote shell. It hides those alone and leaves the
 * others to CPython; shim/commands/console.py then writes through the descriptors.
 */
#define WIN32_LEAN_AND_MEAN
#include "streams.h"
#include "imports.h"
#include <stdint.h>
#include <windows.h>

typedef intptr_t(__cdecl *get_osfhandle_fn)(int descriptor);
static void **slot;
static get_osfhandle_fn original;
static int hidden; /* bit n for descriptor n */

static intptr_t __cdecl no_standard_streams(int descriptor)
{
    return descriptor >= 0 && descriptor <= 2 && hidden >> descriptor & 1 ? -1 : original(descriptor);
}

static int find_slot(void)
{
    HMODULE python = GetModuleHandleW(VCSHIM_PYTHON_DLL);
    slot = python == NULL ? NULL : vcshim_find_import(python, "_get_osfhandle");
    if (slot == NULL) return 0;
    original = (get_osfhandle_fn)*slot;
    return 1;
}

/* What CPython asks of a descriptor that it takes for valid: a failure ends the process. */
static int is_usable(int descriptor)
{
    BY_HANDLE_FILE_INFORMATION information;
    HANDLE handle = (HANDLE)original(descriptor);
    return GetFileType(handle) != FILE_TYPE_DISK || GetFileInformationByHandle(handle, &information);
}

int vcshim_streams_hide(void)
{
    hidden = 7;
    return find_slot() && vcshim_put_import(slot, no_standard_streams);
}

int vcshim_streams_hide_unusable(void)
{
    int descriptor;
    if (!find_slot()) return 0;
    for (descriptor = 0; descriptor <= 2; descriptor++) hidden |= !is_usable(descriptor) << descriptor;
    return vcshim_put_import(slot, no_standard_streams);
}

void vcshim_streams_show(void)
{
    if (slot != NULL) (void)vcshim_put_import(slot, original);
}
