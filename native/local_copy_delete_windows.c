/* local_copy_delete_windows.c - deletes copies: one that was not finished, and those that no process has used for a week. */
#include "local_copy_windows.h"

/* 100 ns: a week. */
static const uint64_t UNUSED_FOR = (uint64_t)7 * 24 * 3600 * 10000000;

int vcshim_copy_delete(WCHAR path[ROOM], int used, int is_copy)
{
    WIN32_FIND_DATAW *is = vcshim_take(sizeof *is);
    int inside = vcshim_copy_put(path, used, L"\\"), all = 1;
    HANDLE search = is == NULL || !vcshim_copy_put(path, inside, L"*") ? INVALID_HANDLE_VALUE : FindFirstFileW(path, is);
    int found = search != INVALID_HANDLE_VALUE;
    for (; found; found = FindNextFileW(search, is)) {
        int end = vcshim_copy_put(path, inside, is->cFileName);
        if (is->cFileName[0] == L'.' && (is->cFileName[1] == 0 || (is->cFileName[1] == L'.' && is->cFileName[2] == 0))) continue;
        if (end == 0) all = 0;
        else if ((is->dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) == FILE_ATTRIBUTE_DIRECTORY)
            all &= vcshim_copy_delete(path, end, 0);
        else if (!is_copy || lstrcmpiW(is->cFileName, VCSHIM_COPY_LIST) != 0) all &= DeleteFileW(path) != 0;
    }
    if (search != INVALID_HANDLE_VALUE) FindClose(search);
    if (is != NULL) vcshim_give_back(is);
    if (all && is_copy && vcshim_copy_put(path, inside, VCSHIM_COPY_LIST)) DeleteFileW(path);
    path[used] = 0;
    return all && RemoveDirectoryW(path);
}

static uint64_t ticks_of(FILETIME time) { return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime; }

/* Whether the folder in work->other has been used, or made, in the last week. `inside` is behind its separator. */
static int is_recent(vcshim_copy_work *work, int inside, const WIN32_FIND_DATAW *folder)
{
    WIN32_FILE_ATTRIBUTE_DATA seal;
    FILETIME now, then = folder->ftLastWriteTime;
    GetSystemTimeAsFileTime(&now);
    if (vcshim_copy_put(work->other, inside, VCSHIM_COPY_SEAL)
        && GetFileAttributesExW(work->other, GetFileExInfoStandard, &seal)
        && (seal.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0)
        then = seal.ftLastWriteTime;
    return ticks_of(now) < ticks_of(then) + UNUSED_FOR;
}

/* Deletes the copy in work->other, unless a process uses it. */
static void retire(vcshim_copy_work *work, int used, int inside)
{
    HANDLE list;
    if (!vcshim_copy_put(work->other, inside, VCSHIM_COPY_LIST)) return;
    list = CreateFileW(work->other, GENERIC_READ | DELETE, FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (list == INVALID_HANDLE_VALUE && GetLastError() == ERROR_SHARING_VIOLATION) return;
    vcshim_copy_delete(work->other, used, 1);
    if (list == INVALID_HANDLE_VALUE) return;
    CloseHandle(list); /* only now is the file gone, and so can the folder be */
    work->other[used] = 0;
    RemoveDirectoryW(work->other);
}

void vcshim_copy_delete_unused(vcshim_copy_work *work)
{
    WIN32_FIND_DATAW *is = vcshim_take(sizeof *is);
    HANDLE search;
    int found, used = vcshim_copy_put(work->other, work->root_end, L"*");
    if (is == NULL || used == 0) return;
    search = FindFirstFileW(work->other, is);
    for (found = search != INVALID_HANDLE_VALUE; found; found = FindNextFileW(search, is)) {
        int inside;
        if (is->cFileName[0] == L'.' || (is->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)) continue;
        used = vcshim_copy_put(work->other, work->root_end, is->cFileName);
        if (used == 0 || lstrcmpiW(work->other, work->copy) == 0) continue;
        inside = vcshim_copy_put(work->other, used, L"\\");
        if (inside != 0 && !is_recent(work, inside, is)) retire(work, used, inside);
    }
    if (search != INVALID_HANDLE_VALUE) FindClose(search);
    vcshim_give_back(is);
}
