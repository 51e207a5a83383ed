/* sets.h - which set the core is loaded from: the folder of the core and of all that it needs.
 *
 * A set is the folder vcshim beside the front, as an unpacked zip has it; or one of several folders in that one, and the
 * file current.txt names which (shim/sets.py writes it). The front chooses whenever it looks for the core: an upgrade is
 * another folder and another name in the file, whoever has the DLLs loaded. Used by core.c;
 * vcshim_join() by configuration.c, too.
 */
#ifndef VCSHIM_SETS_H
#define VCSHIM_SETS_H
#include "platform.h"

/**
 * vcshim_join:
 * @path: receives the parts as one text; "" where they are too long
 * @parts: texts, NULL after the last
 *
 * Returns: 1; 0 where @path is "".
 */
int vcshim_join(char path[VCSHIM_PATH_MAX], const char *const *parts);

/**
 * vcshim_choose_set:
 * @folder: the folder of the front
 * @set: receives the folder of the set
 *
 * The set that current.txt names, where its folder holds a core; else the folder vcshim itself, where that holds one. If
 * neither does, the one that is named, so that a message can say what is missing. A name that is not one of [A-Za-z0-9._-],
 * 1 to 64 characters, is no name: nothing outside the folder vcshim is ever chosen.
 *
 * Under vcshim_lock() only.
 */
void vcshim_choose_set(const char *folder, char set[VCSHIM_PATH_MAX]);
#endif
