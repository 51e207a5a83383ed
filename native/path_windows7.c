/* path_windows7.c - api-ms-win-core-path-l1-1-0.dll for Windows 7: the three functions that CPython's DLL imports.
 *
 * Windows 8 and later have them in an API set of that name and never look at this file; the loader of Windows 7 knows no
 * such set and finds the file beside CPython's DLL. They do what Microsoft documents (pathcch.h), on text alone: no disk is
 * asked. Of the flags only PATHCCH_ALLOW_LONG_PATHS is known, as in Windows 8.
 *
 * A DLL by itself, over KERNEL32 alone and without a C runtime. Nothing of ours calls it. tests/native/paths.c compares it
 * with the functions of the system on generated paths.
 */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

enum {
    MOST = 0x8000,         /* PATHCCH_MAX_CCH: characters of a path with its NUL */
    ALLOW_LONG_PATHS = 1,  /* PATHCCH_ALLOW_LONG_PATHS */
    VOLUME_LENGTH = 48     /* of \\?\Volume{GUID} */
};

#define TOO_LONG HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE)
#define NO_ROOM HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER)

static const WCHAR EXTENDED[] = L"\\\\?\\", EXTENDED_UNC[] = L"\\\\?\\UNC\\";
static const WCHAR VOLUME[] = L"\\\\?\\Volume{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}"; /* x: a digit of base 16 */

/* What a path begins with. */
enum root_kind {
    NO_ROOT,
    SLASH,        /* \ */
    DRIVE,        /* C: */
    UNC,          /* \\server\share */
    LONG_DRIVE,   /* \\?\C: */
    LONG_UNC,     /* \\?\UNC\server\share */
    LONG_VOLUME   /* \\?\Volume{GUID} */
};

/* ---- text --------------------------------------------------------------------------------------------------------- */

static SIZE_T length_of(const WCHAR *text)
{
    SIZE_T length = 0;
    while (text[length] != 0) length++;
    return length;
}

static void copy(WCHAR *to, const WCHAR *from, SIZE_T count)
{
    SIZE_T i;
    for (i = 0; i < count; i++) to[i] = from[i];
}

static WCHAR upper(WCHAR c) { return c >= L'a' && c <= L'z' ? (WCHAR)(c - 32) : c; }

static int is_letter(WCHAR c) { return upper(c) >= L'A' && upper(c) <= L'Z'; }

static int is_digit16(WCHAR c) { return (c >= L'0' && c <= L'9') || (upper(c) >= L'A' && upper(c) <= L'F'); }

static int is_name(const WCHAR *name, SIZE_T length, SIZE_T dots)
{
    return length == dots && name[0] == L'.' && name[dots - 1] == L'.';
}

static int begins(const WCHAR *path, const WCHAR *with)
{
    while (*with != 0 && upper(*path) == upper(*with)) path++, with++;
    return *with == 0;
}

static int is_volume(const WCHAR *path)
{
    SIZE_T i;
    for (i = 0; i < VOLUME_LENGTH; i++) {
        int same = VOLUME[i] == L'x' ? is_digit16(path[i]) : upper(path[i]) == upper(VOLUME[i]);
        if (!same) return 0;
    }
    return 1;
}

/* ---- roots -------------------------------------------------------------------------------------------------------- */

static enum root_kind root_of(const WCHAR *path)
{
    if (begins(path, EXTENDED)) {
        if (begins(path, EXTENDED_UNC)) return LONG_UNC;
        if (is_letter(path[4]) && path[5] == L':') return LONG_DRIVE;
        if (is_volume(path)) return LONG_VOLUME;
    }
    if (path[0] == L'\\') return path[1] == L'\\' ? UNC : SLASH;
    return is_letter(path[0]) && path[1] == L':' ? DRIVE : NO_ROOT;
}

/* Its characters, without a backslash behind it; of a UNC path, server and share are not counted. */
static SIZE_T root_length(enum root_kind kind)
{
    static const SIZE_T lengths[] = {
        [NO_ROOT] = 0, [SLASH] = 0, [DRIVE] = 2, [UNC] = 1, [LONG_DRIVE] = 6, [LONG_UNC] = 7, [LONG_VOLUME] = VOLUME_LENGTH,
    };
    return lengths[kind];
}

static const WCHAR *behind_name(const WCHAR *at)
{
    while (*at != 0 && *at != L'\\') at++;
    return *at == 0 ? at : at + 1;
}

/* Behind the root, and the backslash there; of a UNC path behind the share. NULL without a root. */
static const WCHAR *behind_root(const WCHAR *path)
{
    const enum root_kind kind = root_of(path);
    const WCHAR *at = path + root_length(kind);
    if (kind == NO_ROOT || (kind == UNC && begins(path, L"\\\\?"))) return NULL;
    if (*at == L'\\') at++;
    if (kind != UNC && kind != LONG_UNC) return at;
    at = behind_name(at);
    return kind == UNC && *at == L'\\' ? at : behind_name(at); /* \\server\\name: no share */
}

/* ---- simplifying --------------------------------------------------------------------------------------------------- */

/* Takes \\?\ off, which says that a path may be longer than usual, unless a volume follows. Completes C: then. Returns the
 * kind of what is left. `path` has room for a character more. */
static enum root_kind remove_prefix(WCHAR *path)
{
    const enum root_kind kind = root_of(path);
    if (kind == LONG_UNC) {
        copy(path + 2, path + 8, length_of(path + 8) + 1);
        return UNC;
    }
    if (kind != LONG_DRIVE) return kind;
    copy(path, path + 4, 2);
    if (path[6] == L'\\') {
        copy(path + 2, path + 6, length_of(path + 6) + 1);
    } else {
        path[2] = L'\\';
        copy(path + 3, path + 6, length_of(path + 6) + 1);
    }
    return DRIVE;
}

/* Removes the names "." and "..", the latter with the name before it, but nothing of the root. In place. */
static void remove_dots(WCHAR *path, enum root_kind kind)
{
    WCHAR *start = path + root_length(kind), *to;
    const WCHAR *from, *name, *end;
    const int rooted = *start == L'\\';
    int names = 0, emptied = 0, emptied_last = 0;
    from = to = start += rooted;
    for (name = from;; from = end, name = end + 1) {
        for (end = name; *end != 0 && *end != L'\\'; end++) {}
        emptied_last = 0;
        if (is_name(name, (SIZE_T)(end - name), 2)) {
            while (to > start && *--to != L'\\') {}
            if (names > 0 && --names == 0) emptied = emptied_last = 1;
        } else if (!is_name(name, (SIZE_T)(end - name), 1)) {
            if (names++ == 0 && (rooted || !emptied)) from = name; /* the backslash is there already, or was never */
            while (from < end) *to++ = *from++;
        }
        if (*end == 0) break;
    }
    *to = 0;
    if (kind == UNC && emptied_last) path[1] = 0;
}

/* Windows ignores dots at the end of a path; "*." is a pattern. */
static void remove_last_dots(WCHAR *path)
{
    SIZE_T length = length_of(path);
    while (length > 0 && path[length - 1] == L'.' && (length < 2 || path[length - 2] != L'*')) path[--length] = 0;
}

/* The shortest form of a path, in place; `path` has room for five more characters. Without its prefix it may have at most
 * `limit`. */
static HRESULT simplify(WCHAR *path, SIZE_T limit)
{
    const enum root_kind kind = remove_prefix(path);
    SIZE_T length = length_of(path);
    if (length >= limit) return TOO_LONG;
    remove_dots(path, kind);
    remove_last_dots(path);
    length = length_of(path);
    if (length == 0 || (kind == DRIVE && length == 2)) {
        path[length++] = L'\\';
        path[length] = 0;
    }
    if (kind == DRIVE && length >= MAX_PATH) {
        SIZE_T i;
        for (i = length + 1; i-- > 0;) path[i + 4] = path[i];
        copy(path, EXTENDED, 4);
    }
    return S_OK;
}

/* ---- the functions ------------------------------------------------------------------------------------------------- */

/* Writes both paths one behind the other, the first without what the second replaces. */
static void join(WCHAR *path, const WCHAR *first, const WCHAR *more)
{
    const enum root_kind kind = root_of(more);
    SIZE_T length = length_of(first);
    if (kind == SLASH && behind_root(first) != NULL) length = (SIZE_T)(behind_root(first) - first);
    if (more[0] == 0 || first[0] == 0 || (kind != NO_ROOT && kind != SLASH)) {
        if (first[0] == 0 || more[0] != 0) first = more;
        length = length_of(first);
        more = L"";
    }
    copy(path, first, length);
    if (more[0] != 0 && length > 0 && path[length - 1] != L'\\') path[length++] = L'\\';
    if (kind == SLASH && more[0] != 0) more++;
    copy(path + length, more, length_of(more) + 1);
}

HRESULT WINAPI PathCchCombineEx(WCHAR *out, SIZE_T room, const WCHAR *first, const WCHAR *more, ULONG flags)
{
    WCHAR *path;
    HRESULT result;
    if (out == NULL || room == 0 || room > MOST || (flags & ~(ULONG)ALLOW_LONG_PATHS) != 0) return E_INVALIDARG;
    if (first == NULL) first = L"";
    if (more == NULL) more = L"";
    if (length_of(first) >= MOST || length_of(more) >= MOST) {
        out[0] = 0;
        return TOO_LONG;
    }
    path = HeapAlloc(GetProcessHeap(), 0, (length_of(first) + length_of(more) + 8) * sizeof *path);
    if (path == NULL) {
        out[0] = 0;
        return E_OUTOFMEMORY;
    }
    join(path, first, more); /* NB: in memory of our own, because `out` may be one of the two */
    result = simplify(path, flags & ALLOW_LONG_PATHS ? MOST : MAX_PATH);
    if (result == S_OK && length_of(path) >= room) result = NO_ROOM;
    if (result == S_OK) copy(out, path, length_of(path) + 1);
    else out[0] = 0;
    HeapFree(GetProcessHeap(), 0, path);
    return result;
}

HRESULT WINAPI PathCchFindExtension(const WCHAR *path, SIZE_T room, const WCHAR **extension)
{
    const WCHAR *dot = NULL;
    SIZE_T i;
    if (extension == NULL) return E_INVALIDARG;
    *extension = NULL;
    if (path == NULL || room == 0 || room > MOST) return E_INVALIDARG;
    for (i = 0; i < room && path[i] != 0; i++) {
        if (path[i] == L'.') dot = path + i;
        else if (path[i] == L'\\' || path[i] == L' ') dot = NULL; /* of the last name; none has a blank */
    }
    if (i == room) return E_INVALIDARG;
    *extension = dot != NULL ? dot : path + i;
    return S_OK;
}

HRESULT WINAPI PathCchSkipRoot(const WCHAR *path, const WCHAR **rest)
{
    const WCHAR *behind = path == NULL || path[0] == 0 || rest == NULL ? NULL : behind_root(path);
    if (behind == NULL) return E_INVALIDARG;
    *rest = behind;
    return S_OK;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    (void)self, (void)reason, (void)reserved;
    return TRUE;
}
