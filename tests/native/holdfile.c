/* holdfile.c - opens the file that is its argument so that no other program can, says so, and waits for the end of its
 * standard input. */
#include <stdio.h>
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    HANDLE file;
    if (count != 2) return 2;
    file = CreateFileW(words[1], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 1;
    puts("open");
    fflush(stdout);
    while (getchar() != EOF) continue;
    CloseHandle(file);
    return 0;
}
