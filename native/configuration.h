/* configuration.h - the settings in force: which files they come from, and what follows from them before Python is there.
 *
 * What a file may say is settings.h, and shim/configuration.py reads the same files for all the rest. For the files of the
 * front; not for exports, which call front.h.
 */
#ifndef VCSHIM_CONFIGURATION_H
#define VCSHIM_CONFIGURATION_H
#include "settings.h"

/* Reads the settings, once, and even where the core is missing. A file that cannot be read just now is read again. On a
 * thread of ours. */
void vcshim_settle(void);

/* Whether all is known that the settings say. Until then the initial ones hold, and Python refuses every call. */
int vcshim_is_settled(void);

/**
 * vcshim_mode_in_force:
 *
 * Reads the settings, if that has not been done, on a thread of ours.
 *
 * Returns: [mode] run; native where the settings cannot be read: Python then refuses the call.
 */
enum vcshim_mode vcshim_mode_in_force(void);

/* Of the settings in force: a number, or the index of a word. */
int32_t vcshim_setting_of(enum vcshim_key key);

/* The vendor's DLL: an absolute path in UTF-8; "" where it is too long. After vcshim_mode_in_force(). */
const char *vcshim_vendor_path(void);

/* The folder of this DLL; "" where it is not known (yet). */
const char *vcshim_front_folder(void);

/* The name of this PC, as it was when the folder was found; "" before that, and where the system does not say. */
const char *vcshim_this_pc(void);
#endif
