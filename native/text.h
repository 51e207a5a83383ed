/* text.h - three things that the C library does with texts, for the files of the front, which on Windows has none.
 *
 * For texts of our own alone: no length is checked, and a pointer of the host's is for platform.h.
 */
#ifndef VCSHIM_TEXT_H
#define VCSHIM_TEXT_H
#include <stdint.h>

/* As strcpy(): `to` has room for the text and its NUL. */
static inline void vcshim_copy_text(char *to, const char *text)
{
    while ((*to++ = *text++) != 0) {}
}

/* The bytes before the NUL, `limit` at most. */
static inline int32_t vcshim_length_of(const char *text, int32_t limit)
{
    int32_t length = 0;
    while (length < limit && text[length] != 0) length++;
    return length;
}

/* Whether two texts are the same, byte for byte. */
static inline int vcshim_is_same(const char *one, const char *other)
{
    while (*one == *other && *one != 0) one++, other++;
    return *one == *other;
}
#endif
