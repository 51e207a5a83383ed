/* dllmain.c - a library of a hospital program that calls VirtualCardChk.dll from its own DllMain: when it is loaded, and
 * when the process ends. As launcher (without -shared) it is the program around it.
 *
 * The environment tells it: CALLED_DLL, CALLED_INDATA (a file), CALLED_RESULT (receives a line a call: place, code, text in
 * hex), CALLED_ADDRESS and CALLED_SLOWLY (addresses). The program: dllmain LIBRARY [in-flight]; with the second word another thread is in a call when the process ends.
 */
#define WIN32_LEAN_AND_MEAN
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

typedef char *(__stdcall *trans_fn)(const char *url, const char *in, char *out);
typedef int(__stdcall *mode_fn)(int mode);

static void call(const char *place, const char *url)
{
    static char in[65536], out[2048];
    HMODULE library = LoadLibraryA(getenv("CALLED_DLL"));
    trans_fn trans = (trans_fn)(void *)GetProcAddress(library, "VirtualCardTrans");
    mode_fn mode = (mode_fn)(void *)GetProcAddress(library, "Set_QRflow_Mode");
    FILE *file = fopen(getenv("CALLED_INDATA"), "rb"), *result = fopen(getenv("CALLED_RESULT"), "a");
    size_t at, length = fread(in, 1, sizeof in - 1, file);
    in[length] = 0;
    fclose(file);
    fprintf(result, "%s mode %d\n", place, mode(0));
    fprintf(result, "%s %s ", place, trans(url, in, out));
    for (at = 0; out[at] != 0; at++) fprintf(result, "%02x", (unsigned char)out[at]);
    fprintf(result, "\n");
    fclose(result);
}

#ifdef AS_LIBRARY
BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID process_ends)
{
    (void)self;
    if (reason == DLL_PROCESS_ATTACH) call("attach", getenv("CALLED_ADDRESS"));
    if (reason == DLL_PROCESS_DETACH && process_ends != NULL) call("exit", getenv("CALLED_ADDRESS"));
    return TRUE;
}
#else
static DWORD WINAPI in_flight(LPVOID unused)
{
    (void)unused;
    call("in-flight", getenv("CALLED_SLOWLY"));
    return 0;
}

int main(int count, char **words)
{
    if (count < 2 || LoadLibraryA(words[1]) == NULL) return 2;
    call("main", getenv("CALLED_ADDRESS"));
    if (count > 2) {
        CreateThread(NULL, 0, in_flight, NULL, 0, NULL);
        Sleep(1000);
    }
    return 0;
}
#endif
