/* local_copy_whole_windows.c - which folder is a whole copy: one with the list of the set, and the seal that it got when it
 * was made. */
#include "local_copy_windows.h"

/* ---- the list ------------------------------------------------------------------------------------------------- */

/* A path that cannot lead out of the folder: no drive, no empty part, no `.` and no `..`. */
static int stays_inside(const vcshim_copy_row *row)
{
    const char *at = row->path, *part = row->path;
    for (; at <= row->end; at++) {
        if (at == row->end || *at == '/') {
            if (at == part || (part[0] == '.' && (at == part + 1 || (part[1] == '.' && at == part + 2)))) return 0;
            part = at + 1;
        } else if (*at == ':' || *at == '\\' || (unsigned char)*at < ' ') {
            return 0;
        }
    }
    return 1;
}

static int is_digest(const char *text)
{
    int i;
    for (i = 0; i < HEX; i++)
        if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f'))) return 0;
    return 1;
}

int vcshim_copy_next_row(const vcshim_copy_work *work, const char **at, vcshim_copy_row *row)
{
    const char *end = work->list + work->count;
    if (*at == end) return 0;
    if (end - *at < HEX + 3 || !is_digest(*at) || (*at)[HEX] != ' ' || (*at)[HEX + 1] != ' ') return -1;
    row->digest = *at;
    row->path = row->end = *at + HEX + 2;
    while (row->end < end && *row->end != '\n') row->end++;
    if (row->end == end || !stays_inside(row)) return -1;
    *at = row->end + 1;
    return 1;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

HANDLE vcshim_copy_open(const WCHAR *path, DWORD shared)
{
    return CreateFileW(path, GENERIC_READ, shared, NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
}

int vcshim_copy_read_list(vcshim_copy_work *work)
{
    HANDLE file;
    DWORD most = LIST_LIMIT;
    int read;
    if (!vcshim_copy_put(work->from, work->from_end, VCSHIM_COPY_LIST))
        return vcshim_copy_fail(work, VCSHIM_COPY_NO_LIST, ERROR_BUFFER_OVERFLOW, NULL);
    file = vcshim_copy_open(work->from, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    if (file == INVALID_HANDLE_VALUE) return vcshim_copy_fail(work, VCSHIM_COPY_NO_LIST, GetLastError(), NULL);
    read = ReadFile(file, work->list, most, &work->count, NULL);
    CloseHandle(file);
    if (!read || work->count == 0 || work->count == most)
        return vcshim_copy_fail(work, VCSHIM_COPY_NO_LIST, ERROR_INVALID_DATA, NULL);
    return 1;
}

/* Whether an open file holds the list, no more and no less. */
static int holds_list(vcshim_copy_work *work, HANDLE file)
{
    DWORD count = 0, at = 0, i;
    do {
        if (!ReadFile(file, work->block, BLOCK, &count, NULL)) return 0;
        for (i = 0; i < count; i++, at++)
            if (at >= work->count || work->block[i] != work->list[at]) return 0;
    } while (count > 0);
    return at == work->count;
}

/* ---- the seal ------------------------------------------------------------------------------------------------- */

static void add_number(vcshim_sha256 *hash, DWORD number)
{
    unsigned char bytes[4] = {
        (unsigned char)number, (unsigned char)(number >> 8), (unsigned char)(number >> 16), (unsigned char)(number >> 24)};
    vcshim_sha256_add(hash, bytes, sizeof bytes);
}

int vcshim_copy_seal_of(vcshim_copy_work *work, WCHAR path[ROOM], int used, char seal[HEX])
{
    vcshim_sha256 hash;
    const char *at = work->list;
    vcshim_copy_row row;
    int more;
    vcshim_sha256_begin(&hash);
    while ((more = vcshim_copy_next_row(work, &at, &row)) == 1) {
        WIN32_FILE_ATTRIBUTE_DATA is;
        if (!vcshim_copy_put_path(path, used, &row) || !GetFileAttributesExW(path, GetFileExInfoStandard, &is)) return 0;
        vcshim_sha256_add(&hash, row.path, (size_t)(row.end - row.path));
        add_number(&hash, is.nFileSizeLow);
        add_number(&hash, is.nFileSizeHigh);
        add_number(&hash, is.ftLastWriteTime.dwLowDateTime);
        add_number(&hash, is.ftLastWriteTime.dwHighDateTime);
    }
    vcshim_sha256_end(&hash, seal);
    return more == 0;
}

/* ---- using a copy --------------------------------------------------------------------------------------------- */

/* Whether the seal of the copy is as it was made; says that the copy is used now. */
static int is_sealed(vcshim_copy_work *work, int used)
{
    char seal[HEX];
    HANDLE file;
    DWORD count = 0;
    FILETIME now;
    int i, same = 0;
    if (!vcshim_copy_seal_of(work, work->copy, used, seal)) return 0;
    if (!vcshim_copy_put(work->copy, used, VCSHIM_COPY_SEAL)) return 0;
    file = CreateFileW(work->copy, GENERIC_READ | FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 0;
    if (ReadFile(file, work->block, BLOCK, &count, NULL) && count == HEX)
        for (same = 1, i = 0; i < HEX; i++) same &= work->block[i] == seal[i];
    GetSystemTimeAsFileTime(&now);
    if (same) SetFileTime(file, NULL, NULL, &now);
    CloseHandle(file);
    return same;
}

int vcshim_copy_use(vcshim_copy_work *work, int used)
{
    HANDLE list;
    used = vcshim_copy_put(work->copy, used, L"\\");
    if (!vcshim_copy_put(work->copy, used, VCSHIM_COPY_LIST)) return 0;
    list = vcshim_copy_open(work->copy, FILE_SHARE_READ);
    if (list == INVALID_HANDLE_VALUE) return 0;
    if (holds_list(work, list) && is_sealed(work, used)) {
        work->copy[used - 1] = 0;
        return 1;
    }
    CloseHandle(list);
    return 0;
}
