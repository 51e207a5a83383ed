/* ini_value.h - the parts of a line of vcshim.ini that has become ASCII (settings.c): comments, quotes, words and numbers, as
 * shim/settings/lines.py takes them.
 *
 * Used by settings.c and pc_pattern.c alone.
 */
#ifndef VCSHIM_INI_VALUE_H
#define VCSHIM_INI_VALUE_H
#include "settings.h"

enum { VCSHIM_NOT_UNDERSTOOD = -1 }; /* in the place of a value */

/* A part of a line: from `begin` to before `end`. */
typedef struct vcshim_span {
    const char *begin, *end;
} vcshim_span;

static inline char vcshim_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static inline vcshim_span vcshim_trimmed(vcshim_span text)
{
    while (text.begin < text.end && *text.begin == ' ') text.begin++;
    while (text.begin < text.end && text.end[-1] == ' ') text.end--;
    return text;
}

/* Whether @text is @word, which is in lower case. */
int vcshim_equals(vcshim_span text, const char *word);

/* Without the comment behind it: Comment.WORD of lines.py. */
vcshim_span vcshim_uncommented(vcshim_span text);

/* The same of a path, which may hold a `#`: Comment.TEXT of lines.py. */
vcshim_span vcshim_uncommented_path(vcshim_span text);

/* Without quotes around it and the comment behind it. */
vcshim_span vcshim_value_of(vcshim_span text, vcshim_span (*without_comment)(vcshim_span text));

/* What @text is for a row: a number, or the index of a word; or VCSHIM_NOT_UNDERSTOOD. */
int32_t vcshim_value_for(const vcshim_setting *row, vcshim_span text);
#endif
