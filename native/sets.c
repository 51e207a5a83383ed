/* sets.c - see sets.h. No C runtime: a part of the front. */
#include "sets.h"

enum { NAME_MAX = 64, FILE_ROOM = NAME_MAX + 4 }; /* a name, and perhaps the end of its line */

int vcshim_join(char path[VCSHIM_PATH_MAX], const char *const *parts)
{
    int used = 0;
    for (; *parts != NULL; parts++) {
        const char *part = *parts;
        while (*part != 0 && used < VCSHIM_PATH_MAX - 1) path[used++] = *part++;
        if (*part != 0) { /* too long: none */
            path[0] = 0;
            return 0;
        }
    }
    path[used] = 0;
    return used > 0;
}

static int is_of_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* The name in current.txt; 0 where there is none, or none that may be used. */
static int read_name(const char *sets, char name[FILE_ROOM])
{
    int32_t count = vcshim_read_file(sets, "current.txt", name, FILE_ROOM), i;
    while (count > 0 && (name[count - 1] == '\n' || name[count - 1] == '\r' || name[count - 1] == ' ')) count--;
    if (count < 1 || count > NAME_MAX || name[0] == '.') return 0; /* nor . and .. */
    for (i = 0; i < count; i++)
        if (!is_of_name(name[i])) return 0;
    name[count] = 0;
    return 1;
}

static int holds_core(const char *set)
{
    char begin[2];
    return vcshim_read_file(set, VCSHIM_CORE_FILE, begin, sizeof begin) > 0;
}

void vcshim_choose_set(const char *folder, char set[VCSHIM_PATH_MAX])
{
    static char sets[VCSHIM_PATH_MAX]; /* under the lock */
    char name[FILE_ROOM];
    const char *const plain[] = {folder, VCSHIM_PATH_SEPARATOR "vcshim", NULL};
    const char *const named[] = {sets, VCSHIM_PATH_SEPARATOR, name, NULL};
    vcshim_join(sets, plain);
    if (read_name(sets, name) && vcshim_join(set, named) && (holds_core(set) || !holds_core(sets))) return;
    vcshim_join(set, plain);
}
