/* streams_windows.c - see streams.h.
 *
 * HACK: a GUI host has standard handles that look healthy to GetFileType and fail in GetFileInformationByHandle;
 * CPython then ends the *host* with "can't initialize sys standard streams". SetStdHandle does not help: the C
 * runtime took its descriptors at process start. So python3NN.dll's own import of _get_osfhandle answers "no such
 * descriptor" for 0-2 while the interpreter starts. python38.dll would also need _dup.
 *
 * vcshim.exe can be started with such handles too, by a service or a remote shell. It hides those alone and leaves the
 * others to CPython; shim/commands/console.py then writes through the descriptors.
 */
#define WIN32_LEAN_AND_MEAN
#include "streams.h"
#include <Python.h>
#include <windows.h>

#define TEXT_OF(x) L## #x
#define DLL_NAME(major, minor) TEXT_OF(python) TEXT_OF(major) TEXT_OF(minor) L".dll"
#define PYTHON_DLL(major, minor) DLL_NAME(major, minor)

typedef intptr_t(__cdecl *get_osfhandle_fn)(int descriptor);
static get_osfhandle_fn *slot;
static get_osfhandle_fn original;
static int hidden; /* bit n for descriptor n */

static intptr_t __cdecl no_standard_streams(int descriptor)
{
    return descriptor >= 0 && descriptor <= 2 && hidden >> descriptor & 1 ? -1 : original(descriptor);
}

static get_osfhandle_fn *find_import(char *base, const char *name)
{
    IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    DWORD table = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    IMAGE_IMPORT_DESCRIPTOR *dll = (IMAGE_IMPORT_DESCRIPTOR *)(base + table);
    for (; table != 0 && dll->Name != 0; dll++) {
        IMAGE_THUNK_DATA *named = (IMAGE_THUNK_DATA *)(base + dll->OriginalFirstThunk);
        IMAGE_THUNK_DATA *bound = (IMAGE_THUNK_DATA *)(base + dll->FirstThunk);
        for (; named->u1.AddressOfData != 0; named++, bound++) {
            if (IMAGE_SNAP_BY_ORDINAL(named->u1.Ordinal)) continue;
            if (strcmp(((IMAGE_IMPORT_BY_NAME *)(base + named->u1.AddressOfData))->Name, name) == 0)
                return (get_osfhandle_fn *)&bound->u1.Function;
        }
    }
    return NULL;
}

static int put(get_osfhandle_fn function)
{
    DWORD protection;
    if (!VirtualProtect(slot, sizeof *slot, PAGE_READWRITE, &protection)) return 0;
    *slot = function;
    VirtualProtect(slot, sizeof *slot, protection, &protection);
    return 1;
}

static int find_slot(void)
{
    char *python = (char *)GetModuleHandleW(PYTHON_DLL(PY_MAJOR_VERSION, PY_MINOR_VERSION));
    slot = python == NULL ? NULL : find_import(python, "_get_osfhandle");
    if (slot == NULL) return 0;
    original = *slot;
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
    return find_slot() && put(no_standard_streams);
}

int vcshim_streams_hide_unusable(void)
{
    int descriptor;
    if (!find_slot()) return 0;
    for (descriptor = 0; descriptor <= 2; descriptor++) hidden |= !is_usable(descriptor) << descriptor;
    return put(no_standard_streams);
}

void vcshim_streams_show(void)
{
    if (slot != NULL) put(original);
}
