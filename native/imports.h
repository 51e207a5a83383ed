/* imports.h - keeps CPython's DLL, and the modules that it loads, from what belongs to the host. For boot.c and vcshim.c.
 *
 * Windows looks for DLLs in the host's folder, and the C runtime's signal handlers are the process's. Functions that a
 * DLL imports are replaced in that DLL alone; the host and Windows' own DLLs keep theirs. On Linux there is nothing to do.
 */
#ifndef VCSHIM_IMPORTS_H
#define VCSHIM_IMPORTS_H

/* What a DLL may be kept from. */
enum {
    VCSHIM_FOLDERS = 1, /* from looking for DLLs anywhere but in our folders and System32 */
    VCSHIM_PROCESS = 2  /* from signal handlers and the error mode of the process */
};

#ifdef _WIN32
#include <stddef.h>

/* Overrides imports of python3NN.dll, and of each module that it loads from then on. Call it once, before the interpreter
 * starts. Returns 0 where an import was not found or could not be replaced: the interpreter must not be started in a host
 * then. */
int vcshim_imports_override(int kept_from);

/* Loads one of our DLLs by its path, as CPython's DLL does from the override on. NULL and GetLastError otherwise. */
void *vcshim_load_library(const wchar_t *path);

/* For overrides of imports_windows.c's neighbours: the place where `module` keeps the function `name` that it imports
 * from whatever DLL, NULL if it does not, and putting another function there. */
void **vcshim_find_import(void *module, const char *name);
int vcshim_put_import(void **slot, void *function);
#else
static inline int vcshim_imports_override(int kept_from)
{
    (void)kept_from;
    return 1;
}
#endif
#endif
