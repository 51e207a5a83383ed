/* intruder.c - a library that creates the file which INTRUDER names as soon as it is loaded: where it has been, it shows. */
#include <stdio.h>
#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#endif

static void leave_a_trace(void)
{
    const char *path = getenv("INTRUDER");
    FILE *file = path == NULL ? NULL : fopen(path, "w");
    if (file != NULL) fclose(file);
}

#ifdef _WIN32
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    (void)self, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) leave_a_trace();
    return TRUE;
}
#else
__attribute__((constructor)) static void loaded(void) { leave_a_trace(); }
#endif
