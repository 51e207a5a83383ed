/* failure.h - what became of a call that nobody answered, and what C itself says of it: to the host, for the engineer, and
 * in the log of the system.
 *
 * Its words are rows of shim/messages (messages_build.py). It knows no JSON beyond the shape of a failure. For the files of
 * the front; not for exports, which call front.h.
 */
#ifndef VCSHIM_FAILURE_H
#define VCSHIM_FAILURE_H
#include "front.h"

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

/* What a host of each family is told when Python cannot speak: VC appendix 1, EC C.4 and the shape of OutData. */
typedef struct vcshim_family_row {
    const char *code;
    int number;
    const char *unknown_code; /* the same where what was asked for may have been done: vcshim_call, @sent */
    int unknown_number;
    const char *before, *after; /* around the message; a message between quotes is escaped for JSON */
} vcshim_family_row;

/* The row of an export. */
const vcshim_family_row *vcshim_family_of(enum vcshim_function function);

/* What the export returns after such an outcome: a text that stays valid for ever, or a number. */
uintptr_t vcshim_failure_result(const failure *why, int returns_text);

/* Writes the clerk's text. @capacity counts the NUL. */
void vcshim_explain(char *text, int32_t capacity, const failure *why);

/* Writes the clerk's text to the host's buffer, of which @room bytes may be written, without memory of our own. Nothing
 * where there is none. */
void vcshim_explain_to(char *out, int32_t room, const failure *why);

/* Leaves the engineer's line beside vcshim.ini where there is no log, and in that of the system: once in a process for each
 * outcome, in one file for each PC. Without memory of our own, because there may be none. */
void vcshim_note(const failure *why);
#endif
