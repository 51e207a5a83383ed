/* Outside the search space: what is signed ends in a salt that is in the DLL and nowhere else. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}},
    .joiner = "&", .tail = "key=", .sign_encoding = UPPER_HEX, .salt = "@vc#2019",
    .ciphers = {{"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT}},
    .success = {"0000"},
    .client = http_sockets,
    .http = {.keep = 1, .type = "application/json"},
};

VENDOR_ALL(row)
