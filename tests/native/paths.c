/* paths.c - compares native/path_windows7.c with the functions of the system on generated paths.
 *
 * paths.exe DLL COUNT SEED: COUNT pairs of paths, put together from pieces by a generator with that seed, each given to the
 * three functions of DLL and of kernelbase.dll. Prints every difference, and at the end how many pairs were compared, how
 * many were of each kind, and how many differed as is known: those that `difference_is_known` describes.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

enum { ROOM = 0x8000 + 16, MOST_SHOWN = 40 };

typedef HRESULT(WINAPI *combine_fn)(WCHAR *, SIZE_T, const WCHAR *, const WCHAR *, ULONG);
typedef HRESULT(WINAPI *extension_fn)(const WCHAR *, SIZE_T, const WCHAR **);
typedef HRESULT(WINAPI *root_fn)(const WCHAR *, const WCHAR **);

typedef struct functions {
    combine_fn combine;
    extension_fn extension;
    root_fn root;
} functions;

static WCHAR first[ROOM], more[ROOM], results[2][ROOM];
static uint64_t state;
static long shown, longer, unc, extended, dots;

static unsigned next(unsigned below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

/* ---- paths -------------------------------------------------------------------------------------------------------- */

static const WCHAR *const roots[] = {
    L"", L"", L"C:\\", L"C:\\", L"z:\\", L"C:", L"1:\\", L"\\", L"\\\\", L"\\\\server\\share\\", L"\\\\server\\share", L"\\\\server",
    L"\\\\?\\C:\\", L"\\\\?\\C:", L"\\\\?\\c:\\", L"\\\\?\\UNC\\server\\share\\", L"\\\\?\\unc\\server", L"\\\\?\\UNC\\", L"\\\\?\\",
    L"\\\\?", L"\\\\?\\UNC", L"\\\\.\\", L"\\\\?\\Volume{01234567-89ab-cDEF-0123-456789abcdef}\\",
    L"\\\\?\\Volume{01234567-89ab-cdef-0123-456789abcdef}", L"\\\\?\\Volume{01234567-89ab-cdef-0123-456789abcdeg}\\", L"C:/",
    L"\\/", L"\\\\\\", L"\u533b\u9662\\", L"\\??\\C:\\", L":", L"CC:\\",
};
static const WCHAR *const names[] = {
    L"a", L"b.txt", L"HIS", L".", L"..", L"..", L"...", L"", L" ", L"a.", L".a", L"..a", L"a..b", L"a..", L"*", L"*.", L"*.*", L"a b.c d",
    L"\u533b\u9662", L"\u626b\u7801 \u67aa.dll", L"C:", L"D:\\x", L"?", L"vcshim.exe", L"a.b.c", L"a/b", L"/", L"..\\..", L"\U0001F600",
    L"\x00e9\x0301", L"\xd800", L"aux", L"a;b", L". .", L"a. ",
};

static SIZE_T add(WCHAR *path, SIZE_T used, SIZE_T room, const WCHAR *piece)
{
    while (*piece != 0 && used < room - 1) path[used++] = *piece++;
    path[used] = 0;
    return used;
}

/* A long one has many names, or one name, of up to the most characters that a path can have, and a few more. */
static void make(WCHAR *path, int is_long)
{
    SIZE_T used = add(path, 0, ROOM, roots[next(sizeof roots / sizeof roots[0])]);
    const unsigned count = is_long ? 1 + next(4) : next(7);
    unsigned i;
    for (i = 0; i < count; i++) {
        if (i > 0) used = add(path, used, ROOM, L"\\");
        if (is_long && next(2) == 0) {
            SIZE_T until = next(8) == 0 ? ROOM - next(40) : used + next(next(4) == 0 ? 2000 : 300);
            while (used < until && used < ROOM - 1) path[used++] = L'x';
            path[used] = 0;
        } else used = add(path, used, ROOM, names[next(sizeof names / sizeof names[0])]);
    }
    if (next(5) == 0) add(path, used, ROOM, L"\\");
}

/* ---- comparing ------------------------------------------------------------------------------------------------------ */

static int has_dots(const WCHAR *path)
{
    for (; *path != 0; path = wcschr(path, L'\\') == NULL ? L"" : wcschr(path, L'\\') + 1)
        if (wcsncmp(path, L".", 1) == 0 && (path[1] == 0 || path[1] == L'\\' || path[1] == L'.')) return 1;
    return 0;
}
static void count_kinds(void)
{
    longer += wcslen(first) + wcslen(more) >= MAX_PATH;
    unc += first[0] == L'\\' && first[1] == L'\\' && first[2] != L'?';
    extended += wcsncmp(first, L"\\\\?\\", 4) == 0 || wcsncmp(more, L"\\\\?\\", 4) == 0;
    dots += has_dots(first) || has_dots(more);
}

/* The beginning of a path, in ASCII: what is no text in the system's code page would end the printing. */
static const char *text(const WCHAR *path, char *ascii)
{
    char *at = ascii;
    for (; *path != 0 && at < ascii + 80; path++) *at++ = *path >= 32 && *path < 127 ? (char)*path : '~';
    *at = 0;
    return ascii;
}

static void show(const char *what, HRESULT theirs, HRESULT ours)
{
    char ascii[4][100];
    if (shown++ < MOST_SHOWN)
        printf("%s [%s] [%s] (%u, %u): %lx [%s] %u, ours %lx [%s] %u\n", what, text(first, ascii[0]), text(more, ascii[1]),
               (unsigned)wcslen(first), (unsigned)wcslen(more), (unsigned long)theirs, text(results[0], ascii[2]),
               (unsigned)wcslen(results[0]), (unsigned long)ours, text(results[1], ascii[3]), (unsigned)wcslen(results[1]));
}

/* A drive or a volume whose root is not complete: C:, C:name, \\?\C:name, \\?\Volume{GUID}name. */
static int is_incomplete(const WCHAR *path)
{
    const WCHAR *drive = wcsncmp(path, L"\\\\?\\", 4) == 0 ? path + 4 : path;
    if (drive[0] < 128 && iswalpha(drive[0]) && drive[1] == L':') return drive[2] != L'\\';
    return wcsncmp(drive, L"Volume{", 7) == 0 && wcslen(drive) > 44 && drive[44] != L'\\';
}

static int begins(const WCHAR *path, const WCHAR *with) { return _wcsnicmp(path, with, wcslen(with)) == 0; }

/* \\\share, \\?\UNC\\share, \\?\UNC\server\\name; and a server named ?, with which what is left looks like a prefix. */
static int is_half_unc(const WCHAR *path)
{
    const WCHAR *server = begins(path, L"\\\\?\\UNC\\") ? path + 8 : path + 2;
    if (path[0] != L'\\' || path[1] != L'\\') return 0;
    return server[0] == L'\\' || (server > path + 2 && (server[0] == L'?' || (wcschr(server, L'\\') != NULL && wcschr(server, L'\\')[1] == L'\\')));
}

static int is_slash(const WCHAR *path) { return path[0] == L'\\' && path[1] != L'\\'; }

/* A name that looks like a drive, which Wine takes for one once dots have removed what is before it; none has a colon. */
static int has_colon(const WCHAR *path)
{
    const SIZE_T drive = begins(path, L"\\\\?\\") ? 6 : 2;
    return wcslen(path) > drive && wcschr(path + drive, L':') != NULL;
}

/* Dots that remove all names behind \\?\Volume{GUID}\, or an empty one behind another prefix. */
static int empties_root(const WCHAR *path)
{
    return begins(path, L"\\\\?\\Volume{") || (begins(path, L"\\\\?\\") && wcslen(path) > 6 && wcsstr(path + 6, L"\\\\") != NULL);
}

/* Longer than MAX_PATH with its prefix only. */
static int is_just_too_long(const WCHAR *path)
{
    return begins(path, L"\\\\?\\") && wcslen(path) >= MAX_PATH && wcslen(path) < MAX_PATH + 6;
}

/* What Microsoft documents, and Wine 8 does otherwise:
 * - no name is removed from a root: of C:a\..\b Wine leaves \b (and leaves the dots in C:..\b), of \\?\Volume{GUID}\a\.. no
 *   backslash, of \\?\C:\..\\a\..\.. two;
 * - paths of more than PATHCCH_MAX_CCH characters are refused by the length of each, in Wine by that of both, or not at all
 *   where the second replaces the first; those of more than MAX_PATH by what is left of them without \\?\, in Wine not where
 *   there is only the first;
 * - a path behind one backslash is put behind the root of the other: behind nothing where that is empty, where Wine removes
 *   the backslash. The root of half a UNC path is what PathCchSkipRoot says, in Wine's PathCchCombineEx it is another. */
static int difference_is_known(void)
{
    const int dotted = has_dots(first) || has_dots(more);
    return is_incomplete(first) || is_incomplete(more) || wcslen(first) + wcslen(more) + 2 >= 0x8000
           || (dotted && (empties_root(first) || empties_root(more) || has_colon(first) || has_colon(more)))
           || (is_slash(more) && (first[0] == 0 || is_half_unc(first))) || is_just_too_long(first)
           || first[0] == L':' || more[0] == L':' || begins(first, L"\\\\?\\UNC\\?") || begins(more, L"\\\\?\\UNC\\?");
}

static long compare_combine(const functions *both)
{
    HRESULT codes[2];
    const SIZE_T room = next(3) != 0 ? 0x8000 : next(3) != 0 ? next(400) : next(0x8010);
    const ULONG flags = next(4) != 0;
    const unsigned how = next(8);
    int i;
    for (i = 0; i < 2; i++) {
        const WCHAR *one = how == 1 ? NULL : first, *other = how == 2 ? NULL : more;
        wmemset(results[i], L'#', ROOM - 1);
        results[i][ROOM - 1] = 0;
        if (how == 3 || how == 4) { /* the buffer is one of the paths */
            wcscpy(results[i], how == 3 ? first : more);
            if (how == 3) one = results[i];
            else other = results[i];
        }
        codes[i] = both[i].combine(results[i], room, one, other, flags);
    }
    if (codes[0] == codes[1] && (FAILED(codes[0]) || wcscmp(results[0], results[1]) == 0)) return 0;
    if (difference_is_known()) return 1;
    show(how == 1 ? "combine NULL," : how == 2 ? "combine , NULL" : flags ? "combine long" : "combine", codes[0], codes[1]);
    return 0;
}

static void compare_others(const functions *both)
{
    const WCHAR *ends[2][2] = {{NULL, NULL}, {NULL, NULL}};
    HRESULT codes[2][2];
    const SIZE_T room = next(4) != 0 ? 0x8000 : next(0x8010);
    int i;
    for (i = 0; i < 2; i++) {
        codes[0][i] = both[i].extension(first, room, &ends[0][i]);
        codes[1][i] = both[i].root(first, &ends[1][i]);
    }
    results[0][0] = results[1][0] = 0;
    if (codes[0][0] != codes[0][1] || ends[0][0] != ends[0][1]) show("extension", codes[0][0], codes[0][1]);
    if (codes[1][0] != codes[1][1] || (SUCCEEDED(codes[1][0]) && ends[1][0] != ends[1][1])) {
        swprintf(results[0], ROOM, L"%d", (int)(ends[1][0] - first));
        swprintf(results[1], ROOM, L"%d", (int)(ends[1][1] - first));
        show("root", codes[1][0], codes[1][1]);
    }
}

static int load(const char *name, functions *all)
{
    HMODULE dll = LoadLibraryA(name);
    if (dll == NULL) return 0;
    all->combine = (combine_fn)(void *)GetProcAddress(dll, "PathCchCombineEx");
    all->extension = (extension_fn)(void *)GetProcAddress(dll, "PathCchFindExtension");
    all->root = (root_fn)(void *)GetProcAddress(dll, "PathCchSkipRoot");
    return all->combine != NULL && all->extension != NULL && all->root != NULL;
}

int main(int argc, char **argv)
{
    functions both[2];
    long i, count, known = 0;
    if (argc != 4 || !load("kernelbase.dll", &both[0]) || !load(argv[1], &both[1])) return 2;
    count = strtol(argv[2], NULL, 10);
    state = (uint64_t)strtoul(argv[3], NULL, 10);
    for (i = 0; i < count; i++) {
        const int is_long = next(10) == 0;
        make(first, is_long);
        make(more, is_long && next(2) == 0);
        count_kinds();
        known += compare_combine(both);
        compare_others(both);
    }
    printf("%ld compared, %ld longer than MAX_PATH, %ld UNC, %ld with \\\\?\\, %ld with dots, %ld differ as known, %ld differ\n", count, longer,
           unc, extended, dots, known, shown);
    return shown != 0;
}
