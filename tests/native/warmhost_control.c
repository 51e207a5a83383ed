/* What `warm-ups --wine --control` loads in the place of our library: nothing of ours, but a thread that loads DLLs of Windows
 * and then computes, as the one does that prepares for calls. Ends that Wine loses with it are Wine's own.
 */
#include <windows.h>

enum { STACK = 0x100000 };

static DWORD WINAPI run(LPVOID unused)
{
    static const char *const names[] = {"advapi32.dll", "bcrypt.dll",   "crypt32.dll", "iphlpapi.dll",
                                        "ole32.dll",    "oleaut32.dll", "shell32.dll", "ws2_32.dll"};
    volatile unsigned counter = 0;
    unsigned i;
    (void)unused;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) LoadLibraryA(names[i]);
    for (;;) counter++;
    return 0;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
    HANDLE thread;
    (void)self, (void)reserved;
    if (reason != DLL_PROCESS_ATTACH) return TRUE;
    if ((thread = CreateThread(NULL, STACK, run, NULL, 0, NULL)) != NULL) CloseHandle(thread);
    return TRUE;
}
