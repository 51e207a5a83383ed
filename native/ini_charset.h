/* ini_charset.h - the characters of a file of settings, whatever it was saved in: as shim/settings/file.py decodes it.
 *
 * Used by settings.c and pc_pattern.c alone. No text is built: each character is looked at where it stands.
 */
#ifndef VCSHIM_INI_CHARSET_H
#define VCSHIM_INI_CHARSET_H
#include <stdint.h>

enum { VCSHIM_OTHER = 0x7F }; /* a character that no key and no word here needs */

typedef const unsigned char *vcshim_position;

/* The bytes of the character at @at, and what it is; 0 where there is none in this charset. */
typedef int (*vcshim_charset_fn)(vcshim_position at, vcshim_position end, uint32_t *c);

int vcshim_utf8_character(vcshim_position at, vcshim_position end, uint32_t *c);

/* Of GB18030. Only the signs that matter are told: the rest is VCSHIM_OTHER. */
int vcshim_gbk_character(vcshim_position at, vcshim_position end, uint32_t *c);

int vcshim_utf16_little(vcshim_position at, vcshim_position end, uint32_t *c);
int vcshim_utf16_big(vcshim_position at, vcshim_position end, uint32_t *c);

/* The end of the line at @at in one of the 8-bit charsets. */
vcshim_position vcshim_end_of_line(vcshim_position at, vcshim_position end);

/* Whether the file is in UTF-8 rather than GBK, as _is_rather_utf8() of file.py decides. */
int vcshim_is_rather_utf8(vcshim_position at, vcshim_position end);

/* The charset of a line, as _decoded() of file.py decides. */
vcshim_charset_fn vcshim_charset_of_line(int rather_utf8, vcshim_position at, vcshim_position end);

/* The ASCII of a character, as lines.py compares names: BLANKS, _FULL_WIDTH and the brackets of a section. */
static inline char vcshim_plain(uint32_t c)
{
    if (c == '\t' || c == 0x0B || c == 0x0C || c == 0x1A || c == 0xA0 || c == 0x200B || c == 0x3000 || c == 0xFEFF)
        return ' ';
    if (c >= 0xFF01 && c <= 0xFF5E) return (char)(c - 0xFEE0);
    if (c == 0x3010) return '[';
    if (c == 0x3011) return ']';
    return c < VCSHIM_OTHER ? (char)c : VCSHIM_OTHER;
}
#endif
