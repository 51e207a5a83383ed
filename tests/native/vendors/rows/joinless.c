/* Leaves control word and MXCSR changed; nothing between the fields; \\uXXXX and \\/ in the body. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}, {"SM3", SM3}},
    .joiner = "", .tail = "&sign_key=", .sign_encoding = UPPER_HEX, .ignore_case = true,
    .ciphers = {{"SM4", SM4, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT}},
    .content_object = true, .content_sorted = true,
    .style = {.unicode = true, .slash = true},
    .success = {"0000"},
    .client = http_sockets,
    .http = {.keep = 1, .lower = 1, .type = "application/json"},
    .control_word = 0x027f, .mxcsr = 0x1f80,
};

VENDOR_ALL(row)
