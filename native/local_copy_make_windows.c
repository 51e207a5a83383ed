/* local_copy_make_windows.c - makes a copy of the set: under another name, each file with the checksum of the list. */
#include "local_copy_windows.h"

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
static int pour(vcshim_copy_work *work, HANDLE from, HANDLE to, char digest[HEX])
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
static int copy_file(vcshim_copy_work *work, int used, const vcshim_copy_row *row)
{
    HANDLE from = INVALID_HANDLE_VALUE, to = INVALID_HANDLE_VALUE;
    char digest[HEX];
    int done = 0, i;
    DWORD error;
    if (vcshim_copy_put_path(work->from, work->from_end, row) && vcshim_copy_put_path(work->to, used, row)) {
        make_folders(work->to, used);
        from = vcshim_copy_open(work->from, FILE_SHARE_READ | FILE_SHARE_DELETE);
        if (from != INVALID_HANDLE_VALUE)
            to = CreateFileW(work->to, GENERIC_WRITE, 0, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
        if (to != INVALID_HANDLE_VALUE) done = pour(work, from, to, digest);
    }
    error = GetLastError();
    if (from != INVALID_HANDLE_VALUE) CloseHandle(from);
    if (to != INVALID_HANDLE_VALUE) CloseHandle(to);
    if (!done) return vcshim_copy_fail(work, VCSHIM_COPY_NOT_WRITTEN, error, row);
    for (i = 0; i < HEX; i++)
        if (digest[i] != row->digest[i]) return vcshim_copy_fail(work, VCSHIM_COPY_DIFFERS, 0, row);
    return 1;
}

/* Fills the new folder in work->to, whose path ends at `used`, behind a separator. */
static int fill(vcshim_copy_work *work, int used)
{
    const char *at = work->list;
    char seal[HEX];
    vcshim_copy_row row;
    int more;
    while ((more = vcshim_copy_next_row(work, &at, &row)) == 1)
        if (!copy_file(work, used, &row)) return 0;
    if (more < 0) return vcshim_copy_fail(work, VCSHIM_COPY_NO_LIST, ERROR_INVALID_DATA, NULL);
    if (!vcshim_copy_put(work->to, used, VCSHIM_COPY_LIST) || !write_new(work->to, work->list, work->count)
        || !vcshim_copy_seal_of(work, work->to, used, seal) || !vcshim_copy_put(work->to, used, VCSHIM_COPY_SEAL)
        || !write_new(work->to, seal, HEX))
        return vcshim_copy_fail(work, VCSHIM_COPY_NOT_WRITTEN, GetLastError(), NULL);
    return 1;
}

int vcshim_copy_put_name(const vcshim_copy_work *work, WCHAR path[ROOM], const char *id, int number)
{
    int used = vcshim_copy_put_ascii(path, work->root_end, id, ID_DIGITS);
    if (number > 0) return vcshim_copy_put_number(path, vcshim_copy_put(path, used, L"-"), (unsigned long)number);
    used = vcshim_copy_put_number(path, vcshim_copy_put(path, used, L".new-"), GetCurrentProcessId());
    return vcshim_copy_put_number(path, vcshim_copy_put(path, used, L"-"), GetTickCount());
}

int vcshim_copy_make(vcshim_copy_work *work, const char *id)
{
    int used, inside, i, end, done = 0;
    make_folders(work->root, 3); /* behind C:\ */
    used = vcshim_copy_put_name(work, work->to, id, 0);
    inside = vcshim_copy_put(work->to, used, L"\\");
    if (inside == 0 || !CreateDirectoryW(work->to, NULL))
        return vcshim_copy_fail(work, VCSHIM_COPY_NOT_WRITTEN, GetLastError(), NULL);
    done = fill(work, inside);
    work->to[used] = 0;
    for (i = 1; done && i <= COPIES; i++) {
        end = vcshim_copy_put_name(work, work->copy, id, i);
        if (end == 0) break;
        if (!MoveFileW(work->to, work->copy) && GetFileAttributesW(work->copy) == INVALID_FILE_ATTRIBUTES) {
            vcshim_copy_fail(work, VCSHIM_COPY_NOT_WRITTEN, GetLastError(), NULL);
            break;
        }
        if (vcshim_copy_use(work, end)) {
            vcshim_copy_delete(work->to, used, 0); /* where the other one was quicker */
            work->report->outcome = VCSHIM_COPY_MADE;
            return 1;
        }
    }
    if (done && i > COPIES) vcshim_copy_fail(work, VCSHIM_COPY_NOT_WRITTEN, ERROR_ALREADY_EXISTS, NULL);
    work->to[used] = 0;
    vcshim_copy_delete(work->to, used, 0);
    return 0;
}
