/* holdhost.c - a program that has files in use: `holdhost load DLL...` loads them, as a HIS does that runs; `holdhost open
 * FILE` opens one so that no other program can. It says "ready" and waits for the end of its standard input. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    HANDLE file = NULL;
    int i;
    if (count < 3) return 2;
    if (wcscmp(words[1], L"load") == 0) {
        for (i = 2; i < count; i++)
            if (LoadLibraryW(words[i]) == NULL) return 1;
    } else {
        file = CreateFileW(words[2], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
        if (file == INVALID_HANDLE_VALUE) return 1;
    }
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF) continue;
    if (file != NULL) CloseHandle(file);
    return 0;
}
