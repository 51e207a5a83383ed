/* lacking.h - why the core has not been loaded, in words that the system has no number for.
 *
 * For the front (core.c), which is told a number such as 126 whatever is missing, and for vcshim.exe on Windows. Only asked
 * after a failure.
 */
#ifndef VCSHIM_LACKING_H
#define VCSHIM_LACKING_H
#include "platform.h"

enum vcshim_lacking {
    VCSHIM_LACKS_NOTHING_KNOWN,
    VCSHIM_LACKS_FILE,   /* one that the core needs beside it */
    VCSHIM_LACKS_CRT,    /* the universal C runtime, which Windows 7 to 8.1 have by update KB2999226 */
    VCSHIM_LACKS_FOLDERS, /* LOAD_LIBRARY_SEARCH_*, which Windows 7 has by update KB2533623 */
    VCSHIM_HAS_SEMICOLON /* nothing, but the folder's name has one: the loader takes what is around it for two folders */
};

/**
 * vcshim_lacking:
 * @set: the folder of the core, UTF-8
 * @path: the core that was looked for; receives the path of the missing file instead, where one is
 *
 * Returns: what is missing; of several the first.
 */
enum vcshim_lacking vcshim_lacking(const char *set, char path[VCSHIM_PATH_MAX]);

/* Copies the first name of a list with ";" between, such as VCSHIM_BESIDE_CORE (buildlib/compile.py): the files that the core
 * needs beside it. Returns the rest of the list. */
static inline const char *vcshim_next_needed(const char *from, char *name, int room)
{
    int used = 0;
    while (*from != 0 && *from != ';' && used < room - 1) name[used++] = *from++;
    name[used] = 0;
    return *from == ';' ? from + 1 : from;
}

#endif
