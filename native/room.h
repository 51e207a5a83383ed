/* room.h - whether this process can still have the memory that a start takes. Included by core.c and boot.c.
 *
 * CPython starts only once in a process: a start that runs out of memory halfway would be the last one, and a hospital
 * program runs for days. So the memory is taken and given back before the start; a start that would fail is not begun.
 */
#ifndef VCSHIM_ROOM_H
#define VCSHIM_ROOM_H

#include <stddef.h>

enum {
    /* MB for all that follows, as measured, and a few more. */
#ifdef _WIN32
    /* The start takes 10 of private memory and 47 of address space; a library that then does not fit is imported by a
     * later call. */
    VCSHIM_ROOM_TO_LOAD = 34,
    VCSHIM_ROOM_TO_START = 26,
    VCSHIM_ROOM_TO_IMPORT = 18
#else
    /* The core and its libraries take 7, the interpreter 7, ours 12 and the first call 4. But where glibc cannot reserve the
     * 64 that it wants for a thread, it takes a page for every piece of memory, however small: 60 in all. It tries again
     * at every piece, and may succeed once less than those 60 are left; so both must fit. */
    VCSHIM_ROOM_TO_LOAD = 60 + 64,
    VCSHIM_ROOM_TO_START = 50,
    VCSHIM_ROOM_TO_IMPORT = 40
#endif
};

/* Whether `megabytes` can be had. In small blocks, because the address space of a 32-bit host is in pieces. */
static int vcshim_has_room(int megabytes, void *(*take)(size_t size), void (*give_back)(void *memory))
{
    enum { BLOCK = 1024 * 1024 };
    void *blocks[VCSHIM_ROOM_TO_LOAD];
    int taken = 0, enough;
    while (taken < megabytes && (blocks[taken] = take(BLOCK)) != NULL) {
        *(volatile char *)blocks[taken] = 0; /* or a compiler may leave out the whole loop */
        taken++;
    }
    enough = taken == megabytes;
    while (taken > 0) give_back(blocks[--taken]);
    return enough;
}

#endif
