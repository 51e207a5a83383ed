/* ini_charset.c - see ini_charset.h. No table of GBK: that of the system is only for paths (platform.h). */
#include "ini_charset.h"

int vcshim_utf8_character(vcshim_position at, vcshim_position end, uint32_t *c)
{
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    int more = *at < 0x80 ? 0 : *at < 0xC2 ? -1 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : *at < 0xF5 ? 3 : -1, i;
    if (more < 0 || end - at <= more) return 0;
    *c = more == 0 ? *at : *at & (0x3Fu >> more);
    for (i = 1; i <= more; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
        *c = *c << 6 | (at[i] & 0x3F);
    }
    return *c < smallest[more] || *c > 0x10FFFF || (*c >= 0xD800 && *c < 0xE000) ? 0 : more + 1;
}

int vcshim_gbk_character(vcshim_position at, vcshim_position end, uint32_t *c)
{
    *c = *at;
    if (*at < 0x80) return 1;
    if (*at == 0x80 || *at == 0xFF || end - at < 2) return 0;
    *c = VCSHIM_OTHER;
    if (at[1] >= 0x30 && at[1] <= 0x39) {
        uint32_t code;
        if (end - at < 4 || at[2] <= 0x80 || at[2] == 0xFF || at[3] < 0x30 || at[3] > 0x39) return 0;
        code = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
        *c = code == 0x81308432 ? 0xA0 : code == 0x8136A437 ? 0x200B : code == 0x84319533 ? 0xFEFF : VCSHIM_OTHER;
        return 4;
    }
    if (at[1] < 0x40 || at[1] == 0x7F || at[1] == 0xFF) return 0;
    if (at[0] == 0xA3 && at[1] > 0xA0 && at[1] != 0xA4 && at[1] != 0xFE) *c = 0xFF00u + at[1] - 0xA0;
    if (at[0] == 0xA1 && at[1] == 0xA1) *c = 0x3000;
    if (at[0] == 0xA1 && (at[1] == 0xBE || at[1] == 0xBF)) *c = 0x3010u + at[1] - 0xBE;
    return 2;
}

int vcshim_utf16_little(vcshim_position at, vcshim_position end, uint32_t *c)
{
    if (end - at < 2) return 0;
    *c = (uint32_t)at[1] << 8 | at[0];
    return 2;
}

int vcshim_utf16_big(vcshim_position at, vcshim_position end, uint32_t *c)
{
    if (end - at < 2) return 0;
    *c = (uint32_t)at[0] << 8 | at[1];
    return 2;
}

vcshim_position vcshim_end_of_line(vcshim_position at, vcshim_position end)
{
    while (at < end && *at != '\r' && *at != '\n') at++;
    return at;
}

/* Whether all of a line is in a charset; *wide: whether it has a character of three bytes in UTF-8. */
static int is_valid(vcshim_charset_fn charset, vcshim_position at, vcshim_position end, int *wide)
{
    uint32_t c = 0;
    int count;
    for (*wide = 0; at < end; at += count) {
        count = charset(at, end, &c);
        if (count == 0) return 0;
        if (c >= 0x800) *wide = 1;
    }
    return 1;
}

int vcshim_is_rather_utf8(vcshim_position at, vcshim_position end)
{
    int32_t valid = 0, invalid = 0;
    for (; at < end; at++) {
        vcshim_position line = at;
        int wide;
        at = vcshim_end_of_line(at, end);
        if (!is_valid(vcshim_utf8_character, line, at, &wide)) invalid++;
        else valid += wide;
    }
    return valid >= invalid;
}

vcshim_charset_fn vcshim_charset_of_line(int rather_utf8, vcshim_position at, vcshim_position end)
{
    int wide = 0, unused, is_utf8 = is_valid(vcshim_utf8_character, at, end, &wide);
    if (is_utf8 && (rather_utf8 || wide)) return vcshim_utf8_character;
    if (is_valid(vcshim_gbk_character, at, end, &unused)) return vcshim_gbk_character;
    return is_utf8 || rather_utf8 ? vcshim_utf8_character : vcshim_gbk_character;
}
