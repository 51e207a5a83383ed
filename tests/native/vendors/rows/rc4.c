/* Outside the search space: RC4 with a key that is in the DLL and nowhere else. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}},
    .joiner = "&", .tail = "key=", .sign_encoding = UPPER_HEX,
    .ciphers = {{"AES", RC4, ECB, NULL, UPPER_HEX, KEY_OWN}},
    .success = {"0000"},
    .client = http_sockets,
    .http = {.keep = 1, .type = "application/json"},
};

VENDOR_ALL(row)
