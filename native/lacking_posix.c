/* lacking_posix.c - lacking.h for Linux, where no update can be missing. */
#include "lacking.h"
#include <stdio.h>
#include <unistd.h>

enum { NAME_ROOM = 64 };

enum vcshim_lacking vcshim_lacking(const char *set, char path[VCSHIM_PATH_MAX])
{
    const char *left = VCSHIM_BESIDE_CORE;
    char name[NAME_ROOM], needed[VCSHIM_PATH_MAX];
    while (*left != 0 && access(path, F_OK) == 0) {
        left = vcshim_next_needed(left, name, NAME_ROOM);
        if (snprintf(needed, sizeof needed, "%s/%s", set, name) < (int)sizeof needed && access(needed, F_OK) != 0) {
            snprintf(path, VCSHIM_PATH_MAX, "%s", needed);
            return VCSHIM_LACKS_FILE;
        }
    }
    return VCSHIM_LACKS_NOTHING_KNOWN;
}
