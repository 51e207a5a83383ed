/* answer.h - what forward.c needs of front.c: the settings in force, the core, and the texts that C writes itself.
 *
 * Not for exports: those call front.h.
 */
#ifndef VCSHIM_ANSWER_H
#define VCSHIM_ANSWER_H
#include "front.h"
#include "settings.h"

enum { VCSHIM_INPUT_LIMIT = 4 * 1024 * 1024 }; /* bytes of one text; EC B.1.4 allows 200K for data, the vendor's DLL more */

/* What became of a call. The core's own answers are 1, 0 and -1 (platform.h). SEMICOLON: not loaded, and there is one in the
 * folder's name. */
enum outcome {
    ANSWERED,
    NOT_ANSWERED,
    UNKNOWN,
    NOT_STARTED,
    NOT_LOADED,
    NO_FILE,
    NO_CRT,
    NO_FOLDERS,
    SEMICOLON,
    NO_MEMORY,
    NO_THREAD,
    NO_VENDOR,
    VENDOR_IS_OURS,
    NO_EXPORT,
    CRASHED,
    CRASHED_SENT,
    OUTCOMES
};

/* Why there is no answer of the core's, or of the vendor's DLL. @step and @reason (UTF-8) are the core's, @path and @error
 * those of a file that is missing or has crashed. */
typedef struct failure {
    enum vcshim_function function;
    enum outcome outcome;
    int step;
    const char *reason;
    const char *path;
    unsigned long error;
} failure;

/**
 * vcshim_mode:
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

/* Passes a call to the core; on a thread of ours. Fills call->texts' lengths in first. */
enum outcome vcshim_ask_core(vcshim_call *call);

/* Leaves the engineer's line beside vcshim.ini, once a process for each outcome. */
void vcshim_note(const failure *why);

/* Writes the clerk's text to the host's buffer, which is OutData or @is_message pErrmsg; nothing where there is none. */
void vcshim_explain_to(char *out, int is_message, const failure *why);

/* What the export returns after such an outcome: a text that stays valid for ever, or a number. */
uintptr_t vcshim_failure_result(const failure *why, int returns_text);
#endif
