/* local_copy_windows.c - see local_copy.h. KERNEL32 alone, no C runtime, and no large array on a stack. */
#define WIN32_LEAN_AND_MEAN
#include "local_copy.h"
#include "loader_windows.h"
#include "settings.h"
#include "sha256.h"

enum { ROOM = 2048, BLOCK = 65536, LIST_LIMIT = 262144, ID_DIGITS = 16, COPIES = 9, HEX = VCSHIM_SHA256_HEX };

/* 100 ns: a week. */
static const uint64_t UNUSED_FOR = (uint64_t)7 * 24 * 3600 * 10000000;

static const WCHAR LIST[] = L"SHA256SUMS", SEAL[] = L"copy.seal";

/* The folders and files that are worked on. A path is put together from its beginning; `..._end` is where a name goes. */
typedef struct work {
    WCHAR from[ROOM], root[ROOM], copy[ROOM], to[ROOM], other[ROOM];
    int from_end, root_end;
    char *list; /* SHA256SUMS of the set */
    DWORD count;
    vcshim_copy *report;
    char block[BLOCK];
} work;

/* A line of the list. */
typedef struct row {
    const char *digest, *path, *end;
} row;

static SRWLOCK copying = SRWLOCK_INIT;

/* Under `copying`: what became of it, once this process has looked for a copy or tried to make one. */
static int is_decided;
static vcshim_copy decided;
static WCHAR *used_copy; /* NULL: none is used */

/* ---- texts ---------------------------------------------------------------------------------------------------- */

/* Appends `text` to what ends at `used`; the new end, or 0 where there is no room. */
static int put(WCHAR path[ROOM], int used, const WCHAR *text)
{
    if (used == 0) return 0;
    while (*text != 0 && used < ROOM - 1) path[used++] = *text++;
    path[used] = 0;
    return *text == 0 ? used : 0;
}

/* `text` is ours: ASCII. */
static int put_ascii(WCHAR path[ROOM], int used, const char *text, int count)
{
    int i;
    if (used == 0 || used + count >= ROOM) return 0;
    for (i = 0; i < count; i++) path[used++] = (WCHAR)(unsigned char)text[i];
    path[used] = 0;
    return used;
}

static int put_number(WCHAR path[ROOM], int used, unsigned long number)
{
    char digits[10];
    int at = 10;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return put_ascii(path, used, digits + at, 10 - at);
}

/* The path of a row, behind `used`, with the separators of Windows. */
static int put_path(WCHAR path[ROOM], int used, const row *row)
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

/* ---- failures ------------------------------------------------------------------------------------------------- */

static int fail(work *work, enum vcshim_copy_outcome outcome, DWORD error, const row *row)
{
    int i, count = row == NULL ? 0 : (int)(row->end - row->path);
    if (count >= (int)sizeof work->report->file) count = 0;
    work->report->outcome = outcome;
    work->report->error = error;
    for (i = 0; i < count; i++) work->report->file[i] = row->path[i];
    work->report->file[count] = 0;
    return 0;
}

/* ---- the list ------------------------------------------------------------------------------------------------- */

/* A path that cannot lead out of the folder: no drive, no empty part, no `.` and no `..`. */
static int stays_inside(const row *row)
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

/* The row at `*at`, which is moved behind it: 1; 0 at the end of the list, -1 where it is no list. */
static int next_row(const work *work, const char **at, row *row)
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

static HANDLE open_to_read(const WCHAR *path, DWORD shared)
{
    return CreateFileW(path, GENERIC_READ, shared, NULL, OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
}

static int write_new(const WCHAR *path, const char *bytes, DWORD count)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD written = 0;
    int whole;
    if (file == INVALID_HANDLE_VALUE) return 0;
    /* On the disk before the folder is renamed: after a power cut the copy is whole or not there. */
    whole = WriteFile(file, bytes, count, &written, NULL) && written == count && FlushFileBuffers(file);
    CloseHandle(file);
    return whole;
}

/* Reads the set's list into `work`. */
static int read_list(work *work)
{
    HANDLE file;
    DWORD most = LIST_LIMIT;
    int read;
    if (!put(work->from, work->from_end, LIST)) return fail(work, VCSHIM_COPY_NO_LIST, ERROR_BUFFER_OVERFLOW, NULL);
    file = open_to_read(work->from, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    if (file == INVALID_HANDLE_VALUE) return fail(work, VCSHIM_COPY_NO_LIST, GetLastError(), NULL);
    read = ReadFile(file, work->list, most, &work->count, NULL);
    CloseHandle(file);
    if (!read || work->count == 0 || work->count == most) return fail(work, VCSHIM_COPY_NO_LIST, ERROR_INVALID_DATA, NULL);
    return 1;
}

/* Whether an open file holds the list, no more and no less. */
static int holds_list(work *work, HANDLE file)
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

/* One number for the path, size and time of each file of the copy whose path ends at `used`: 0 where one is missing. */
static int seal_of(work *work, WCHAR path[ROOM], int used, char seal[HEX])
{
    vcshim_sha256 hash;
    const char *at = work->list;
    row row;
    int more;
    vcshim_sha256_begin(&hash);
    while ((more = next_row(work, &at, &row)) == 1) {
        WIN32_FILE_ATTRIBUTE_DATA is;
        if (!put_path(path, used, &row) || !GetFileAttributesExW(path, GetFileExInfoStandard, &is)) return 0;
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
static int is_sealed(work *work, int used)
{
    char seal[HEX];
    HANDLE file;
    DWORD count = 0;
    FILETIME now;
    int i, same = 0;
    if (!seal_of(work, work->copy, used, seal) || !put(work->copy, used, SEAL)) return 0;
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

/* Whether the folder in work->copy, whose path ends at `used`, is a whole copy. Its list then stays open as long as this
 * process lives: so nobody deletes the copy. */
static int use(work *work, int used)
{
    HANDLE list;
    if (!(used = put(work->copy, used, L"\\")) || !put(work->copy, used, LIST)) return 0;
    list = open_to_read(work->copy, FILE_SHARE_READ);
    if (list == INVALID_HANDLE_VALUE) return 0;
    if (holds_list(work, list) && is_sealed(work, used)) {
        work->copy[used - 1] = 0;
        return 1;
    }
    CloseHandle(list);
    return 0;
}

/* ---- making a copy -------------------------------------------------------------------------------------------- */

static void make_folders(WCHAR path[ROOM], int from)
{
    int at;
    for (at = from; path[at] != 0; at++) {
        if (path[at] != L'\\') continue;
        path[at] = 0;
        CreateDirectoryW(path, NULL); /* there already, or what is written into it fails */
        path[at] = L'\\';
    }
}

/* Copies one open file into another, and takes its digest. */
static int pour(work *work, HANDLE from, HANDLE to, char digest[HEX])
{
    vcshim_sha256 hash;
    DWORD count = 0, written;
    vcshim_sha256_begin(&hash);
    do {
        if (!ReadFile(from, work->block, BLOCK, &count, NULL)) return 0;
        vcshim_sha256_add(&hash, work->block, count);
        if (count > 0 && !WriteFile(to, work->block, count, &written, NULL)) return 0;
        if (count > 0 && written != count) {
            SetLastError(ERROR_DISK_FULL); /* as far as Wine tells: a part, and success */
            return 0;
        }
    } while (count > 0);
    vcshim_sha256_end(&hash, digest);
    return FlushFileBuffers(to);
}

/* Copies the file of a row to the folder in work->to, whose path ends at `used`. */
static int copy_file(work *work, int used, const row *row)
{
    HANDLE from = INVALID_HANDLE_VALUE, to = INVALID_HANDLE_VALUE;
    char digest[HEX];
    int done = 0, i;
    DWORD error;
    if (put_path(work->from, work->from_end, row) && put_path(work->to, used, row)) {
        make_folders(work->to, used);
        from = open_to_read(work->from, FILE_SHARE_READ | FILE_SHARE_DELETE);
        if (from != INVALID_HANDLE_VALUE)
            to = CreateFileW(work->to, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (to != INVALID_HANDLE_VALUE) done = pour(work, from, to, digest);
    }
    error = GetLastError();
    if (from != INVALID_HANDLE_VALUE) CloseHandle(from);
    if (to != INVALID_HANDLE_VALUE) CloseHandle(to);
    if (!done) return fail(work, VCSHIM_COPY_NOT_WRITTEN, error, row);
    for (i = 0; i < HEX; i++)
        if (digest[i] != row->digest[i]) return fail(work, VCSHIM_COPY_DIFFERS, 0, row);
    return 1;
}

/* Fills the new folder in work->to, whose path ends at `used`, behind a separator. */
static int fill(work *work, int used)
{
    const char *at = work->list;
    char seal[HEX];
    row row;
    int more;
    while ((more = next_row(work, &at, &row)) == 1)
        if (!copy_file(work, used, &row)) return 0;
    if (more < 0) return fail(work, VCSHIM_COPY_NO_LIST, ERROR_INVALID_DATA, NULL);
    if (!put(work->to, used, LIST) || !write_new(work->to, work->list, work->count)
        || !seal_of(work, work->to, used, seal) || !put(work->to, used, SEAL) || !write_new(work->to, seal, HEX))
        return fail(work, VCSHIM_COPY_NOT_WRITTEN, GetLastError(), NULL);
    return 1;
}

/* Deletes all below the folder in `path`, but for SHA256SUMS of its own, and then that and itself: so what has been
 * begun can be gone on with. The path ends at `used`, without a separator. */
static int delete_folder(WCHAR path[ROOM], int used, int is_copy)
{
    WIN32_FIND_DATAW *is = vcshim_take(sizeof *is);
    int inside = put(path, used, L"\\"), all = 1;
    HANDLE search = is == NULL || !put(path, inside, L"*") ? INVALID_HANDLE_VALUE : FindFirstFileW(path, is);
    int found = search != INVALID_HANDLE_VALUE;
    for (; found; found = FindNextFileW(search, is)) {
        int end = put(path, inside, is->cFileName);
        if (is->cFileName[0] == L'.' && (is->cFileName[1] == 0 || (is->cFileName[1] == L'.' && is->cFileName[2] == 0))) continue;
        if (end == 0) all = 0;
        else if ((is->dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) == FILE_ATTRIBUTE_DIRECTORY)
            all &= delete_folder(path, end, 0);
        else if (!is_copy || lstrcmpiW(is->cFileName, LIST) != 0) all &= DeleteFileW(path) != 0;
    }
    if (search != INVALID_HANDLE_VALUE) FindClose(search);
    if (is != NULL) vcshim_give_back(is);
    if (all && is_copy && put(path, inside, LIST)) DeleteFileW(path);
    path[used] = 0;
    return all && RemoveDirectoryW(path);
}

/* ID-N, or the name under which a copy is made. */
static int put_copy(const work *work, WCHAR path[ROOM], const char *id, int number)
{
    int used;
    if (number > 0) return put_number(path, put(path, put_ascii(path, work->root_end, id, ID_DIGITS), L"-"), (unsigned long)number);
    used = put_number(path, put(path, put_ascii(path, work->root_end, id, ID_DIGITS), L".new-"), GetCurrentProcessId());
    return put_number(path, put(path, used, L"-"), GetTickCount());
}

/* Makes a copy; it is renamed when it is whole. Another process may have been quicker, whose copy will do. */
static int make(work *work, const char *id)
{
    int used, inside, i, end, done = 0;
    make_folders(work->root, 3); /* behind C:\ */
    used = put_copy(work, work->to, id, 0);
    inside = put(work->to, used, L"\\");
    if (inside == 0 || !CreateDirectoryW(work->to, NULL)) return fail(work, VCSHIM_COPY_NOT_WRITTEN, GetLastError(), NULL);
    done = fill(work, inside);
    work->to[used] = 0;
    for (i = 1; done && i <= COPIES; i++) {
        end = put_copy(work, work->copy, id, i);
        if (end == 0) break;
        if (!MoveFileW(work->to, work->copy) && GetFileAttributesW(work->copy) == INVALID_FILE_ATTRIBUTES) {
            fail(work, VCSHIM_COPY_NOT_WRITTEN, GetLastError(), NULL);
            break;
        }
        if (use(work, end)) {
            delete_folder(work->to, used, 0); /* where the other one was quicker */
            work->report->outcome = VCSHIM_COPY_MADE;
            return 1;
        }
    }
    if (done && i > COPIES) fail(work, VCSHIM_COPY_NOT_WRITTEN, ERROR_ALREADY_EXISTS, NULL);
    work->to[used] = 0;
    delete_folder(work->to, used, 0);
    return 0;
}

/* ---- old copies ----------------------------------------------------------------------------------------------- */

static uint64_t ticks_of(FILETIME time) { return (uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime; }

/* Whether the folder in work->other has been used, or made, in the last week. `inside` is behind its separator. */
static int is_recent(work *work, int inside, const WIN32_FIND_DATAW *folder)
{
    WIN32_FILE_ATTRIBUTE_DATA seal;
    FILETIME now, then = folder->ftLastWriteTime;
    GetSystemTimeAsFileTime(&now);
    if (put(work->other, inside, SEAL) && GetFileAttributesExW(work->other, GetFileExInfoStandard, &seal)
        && (seal.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0)
        then = seal.ftLastWriteTime;
    return ticks_of(now) < ticks_of(then) + UNUSED_FOR;
}

/* Deletes the copy in work->other, unless a process uses it. */
static void retire(work *work, int used, int inside)
{
    HANDLE list;
    if (!put(work->other, inside, LIST)) return;
    list = CreateFileW(work->other, GENERIC_READ | DELETE, FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (list == INVALID_HANDLE_VALUE && GetLastError() == ERROR_SHARING_VIOLATION) return;
    delete_folder(work->other, used, 1);
    if (list == INVALID_HANDLE_VALUE) return;
    CloseHandle(list); /* only now is the file gone, and so can the folder be */
    work->other[used] = 0;
    RemoveDirectoryW(work->other);
}

/* Deletes what has not been used for a week, but for the copy in work->copy. */
static void retire_others(work *work)
{
    WIN32_FIND_DATAW *is = vcshim_take(sizeof *is);
    HANDLE search;
    int found, used = put(work->other, work->root_end, L"*");
    if (is == NULL || used == 0) return;
    search = FindFirstFileW(work->other, is);
    for (found = search != INVALID_HANDLE_VALUE; found; found = FindNextFileW(search, is)) {
        int inside;
        if (is->cFileName[0] == L'.' || (is->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)) continue;
        used = put(work->other, work->root_end, is->cFileName);
        if (used == 0 || lstrcmpiW(work->other, work->copy) == 0) continue;
        inside = put(work->other, used, L"\\");
        if (inside != 0 && !is_recent(work, inside, is)) retire(work, used, inside);
    }
    if (search != INVALID_HANDLE_VALUE) FindClose(search);
    vcshim_give_back(is);
}

/* ---- whether and where ---------------------------------------------------------------------------------------- */

static int is_slash(WCHAR c) { return c == L'\\' || c == L'/'; }

/* Whether a path is on another machine. */
static int is_remote(const WCHAR *path)
{
    WCHAR drive[] = L"?:\\";
    if (is_slash(path[0]) && is_slash(path[1])) {
        if (path[2] != L'?' && path[2] != L'.') return 1;
        path += 4; /* \\?\C:\ or \\?\UNC\server */
        if ((path[0] == L'U' || path[0] == L'u') && path[1] != L':') return 1;
    }
    drive[0] = path[0];
    return path[0] != 0 && path[1] == L':' && GetDriveTypeW(drive) == DRIVE_REMOTE;
}

static int is_wanted(int wanted, const WCHAR *set)
{
    const WCHAR *c;
    if (wanted != VCSHIM_COPY_AUTO) return wanted == VCSHIM_COPY_ON;
    for (c = set; *c != 0; c++)
        if (*c == L';') return 1; /* where a DLL's own folder is looked in, it stands for two folders */
    return is_remote(set);
}

/* %LOCALAPPDATA%\vcshim\sets\. Not %TEMP%, where others may write. */
static int find_root(work *work)
{
    DWORD used = GetEnvironmentVariableW(L"LOCALAPPDATA", work->root, ROOM - 64);
    if (used < 3 || used >= ROOM - 64 || work->root[1] != L':' || is_remote(work->root))
        return fail(work, VCSHIM_COPY_NO_PLACE, 0, NULL);
    work->root_end = put(work->root, (int)used, L"\\vcshim\\sets\\");
    return work->root_end > 0;
}

static void take_root(work *work)
{
    int i;
    for (i = 0; i <= work->root_end; i++) work->copy[i] = work->to[i] = work->other[i] = work->root[i];
}

/* ---- all of it ------------------------------------------------------------------------------------------------ */

static int find_or_make(work *work)
{
    vcshim_sha256 hash;
    char id[HEX];
    int i, used;
    if (!read_list(work) || !find_root(work)) return 0;
    take_root(work);
    vcshim_sha256_begin(&hash);
    vcshim_sha256_add(&hash, work->list, work->count);
    vcshim_sha256_end(&hash, id);
    for (i = 1; i <= COPIES; i++) {
        used = put_copy(work, work->copy, id, i);
        if (used == 0 || GetFileAttributesW(work->copy) == INVALID_FILE_ATTRIBUTES) break;
        if (use(work, used)) {
            work->report->outcome = VCSHIM_COPY_USED;
            return 1;
        }
    }
    return make(work, id);
}

/* Whether there is a copy to use, as this process has found out. */
static int decide(work *work)
{
    int i;
    if (is_decided || GetModuleHandleW(L"vcshim_core.dll") != NULL) return used_copy != NULL;
    is_decided = 1;
    if (find_or_make(work) && (used_copy = vcshim_take(sizeof work->copy)) != NULL) {
        for (i = 0; i < ROOM; i++) used_copy[i] = work->copy[i];
        retire_others(work);
    }
    decided = *work->report;
    return used_copy != NULL;
}

void vcshim_use_local_copy(int wanted, char set[VCSHIM_PATH_MAX], vcshim_copy *report)
{
    work *work;
    report->outcome = VCSHIM_COPY_UNWANTED;
    report->error = 0;
    report->file[0] = 0;
    if (wanted == VCSHIM_COPY_OFF || (work = vcshim_take(sizeof *work + LIST_LIMIT)) == NULL) return;
    work->list = (char *)(work + 1);
    work->report = report;
    work->from_end = MultiByteToWideChar(CP_UTF8, 0, set, -1, work->from, ROOM - 1) - 1;
    if (work->from_end > 0 && is_wanted(wanted, work->from)) {
        work->from_end = put(work->from, work->from_end, L"\\");
        if (!TryAcquireSRWLockExclusive(&copying) && !vcshim_is_ending()) AcquireSRWLockExclusive(&copying);
        if (decide(work)) WideCharToMultiByte(CP_UTF8, 0, used_copy, -1, set, VCSHIM_PATH_MAX, NULL, NULL);
        if (is_decided) *report = decided;
        ReleaseSRWLockExclusive(&copying);
    }
    vcshim_give_back(work);
}
