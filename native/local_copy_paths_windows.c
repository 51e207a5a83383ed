/* local_copy_paths_windows.c - paths in the set and in its copies, and the report of the file at which a copy failed. */
#include "local_copy_windows.h"

int vcshim_copy_put(WCHAR path[ROOM], int used, const WCHAR *text)
{
    if (used == 0) return 0;
    while (*text != 0 && used < ROOM - 1) path[used++] = *text++;
    path[used] = 0;
    return *text == 0 ? used : 0;
}

int vcshim_copy_put_ascii(WCHAR path[ROOM], int used, const char *text, int count)
{
    int i;
    if (used == 0 || used + count >= ROOM) return 0;
    for (i = 0; i < count; i++) path[used++] = (WCHAR)(unsigned char)text[i];
    path[used] = 0;
    return used;
}

int vcshim_copy_put_number(WCHAR path[ROOM], int used, unsigned long number)
{
    char digits[10];
    int at = 10;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return vcshim_copy_put_ascii(path, used, digits + at, 10 - at);
}

int vcshim_copy_put_path(WCHAR path[ROOM], int used, const vcshim_copy_row *row)
{
    int count = used == 0 ? 0
                          : MultiByteToWideChar(CP_UTF8, 0, row->path, (int)(row->end - row->path), path + used, ROOM - 1 - used),
        i;
    if (count == 0) return 0;
    for (i = used; i < used + count; i++)
        if (path[i] == L'/') path[i] = L'\\';
    path[used + count] = 0;
    return used + count;
}

int vcshim_copy_fail(vcshim_copy_work *work, enum vcshim_copy_outcome outcome, DWORD error, const vcshim_copy_row *row)
{
    int i, count = row == NULL ? 0 : (int)(row->end - row->path);
    if (count >= (int)sizeof work->report->file) count = 0;
    work->report->outcome = outcome;
    work->report->error = error;
    for (i = 0; i < count; i++) work->report->file[i] = row->path[i];
    work->report->file[count] = 0;
    return 0;
}
