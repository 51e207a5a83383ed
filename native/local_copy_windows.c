/* local_copy_windows.c - see local_copy.h. Whether this process uses a copy, and where; the steps are in
 * local_copy_windows.h. */
#include "local_copy_windows.h"
#include "loader_windows.h"
#include "settings.h"

static SRWLOCK copying = SRWLOCK_INIT;

/* Under `copying`: what became of it, once this process has looked for a copy or tried to make one. */
static int is_decided;
static vcshim_copy decided;
static WCHAR *used_copy; /* NULL: none is used */

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
static int find_root(vcshim_copy_work *work)
{
    DWORD used = GetEnvironmentVariableW(L"LOCALAPPDATA", work->root, ROOM - 64);
    if (used < 3 || used >= ROOM - 64 || work->root[1] != L':' || is_remote(work->root))
        return vcshim_copy_fail(work, VCSHIM_COPY_NO_PLACE, 0, NULL);
    work->root_end = vcshim_copy_put(work->root, (int)used, L"\\vcshim\\sets\\");
    return work->root_end > 0;
}

static void take_root(vcshim_copy_work *work)
{
    int i;
    for (i = 0; i <= work->root_end; i++) work->copy[i] = work->to[i] = work->other[i] = work->root[i];
}

/* ---- all of it ------------------------------------------------------------------------------------------------ */

static int find_or_make(vcshim_copy_work *work)
{
    vcshim_sha256 hash;
    char id[HEX];
    int i, used;
    if (!vcshim_copy_read_list(work) || !find_root(work)) return 0;
    take_root(work);
    vcshim_sha256_begin(&hash);
    vcshim_sha256_add(&hash, work->list, work->count);
    vcshim_sha256_end(&hash, id);
    for (i = 1; i <= COPIES; i++) {
        used = vcshim_copy_put_name(work, work->copy, id, i);
        if (used == 0 || GetFileAttributesW(work->copy) == INVALID_FILE_ATTRIBUTES) break;
        if (vcshim_copy_use(work, used)) {
            work->report->outcome = VCSHIM_COPY_USED;
            return 1;
        }
    }
    return vcshim_copy_make(work, id);
}

/* Whether there is a copy to use, as this process has found out. */
static int decide(vcshim_copy_work *work)
{
    int i;
    if (is_decided || GetModuleHandleW(L"vcshim_core.dll") != NULL) return used_copy != NULL;
    is_decided = 1;
    if (find_or_make(work) && (used_copy = vcshim_take(sizeof work->copy)) != NULL) {
        for (i = 0; i < ROOM; i++) used_copy[i] = work->copy[i];
        vcshim_copy_delete_unused(work);
    }
    decided = *work->report;
    return used_copy != NULL;
}

void vcshim_use_local_copy(int wanted, char set[VCSHIM_PATH_MAX], vcshim_copy *report)
{
    vcshim_copy_work *work;
    report->outcome = VCSHIM_COPY_UNWANTED;
    report->error = 0;
    report->file[0] = 0;
    if (wanted == VCSHIM_COPY_OFF || (work = vcshim_take(sizeof *work + LIST_LIMIT)) == NULL) return;
    work->list = (char *)(work + 1);
    work->report = report;
    work->from_end = MultiByteToWideChar(CP_UTF8, 0, set, -1, work->from, ROOM - 1) - 1;
    if (work->from_end > 0 && is_wanted(wanted, work->from)) {
        work->from_end = vcshim_copy_put(work->from, work->from_end, L"\\");
        if (!TryAcquireSRWLockExclusive(&copying) && !vcshim_is_ending()) AcquireSRWLockExclusive(&copying);
        if (decide(work)) WideCharToMultiByte(CP_UTF8, 0, used_copy, -1, set, VCSHIM_PATH_MAX, NULL, NULL);
        if (is_decided) *report = decided;
        ReleaseSRWLockExclusive(&copying);
    }
    vcshim_give_back(work);
}
