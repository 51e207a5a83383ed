/* intruder.c - a library that writes its path to the file which INTRUDER names as soon as it is loaded: where it has been,
 * it shows. It exports nothing. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

static void leave_a_trace(const char *self)
{
    const char *path = getenv("INTRUDER");
    FILE *file = path == NULL ? NULL : fopen(path, "a");
    if (file == NULL) return;
    fprintf(file, "%s\n", self);
    fclose(file);
}

#ifdef _WIN32
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    char path[MAX_PATH] = "";
    (void)reserved;
    GetModuleFileNameA(self, path, sizeof path);
    if (reason == DLL_PROCESS_ATTACH) leave_a_trace(path);
    return TRUE;
}
#else
__attribute__((constructor)) static void loaded(void)
{
    Dl_info info;
    leave_a_trace(dladdr((void *)loaded, &info) == 0 ? "" : info.dli_fname);
}
#endif
