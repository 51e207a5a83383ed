/* Reads from address 0 in its third call. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"SM3", SM3}, {"MD5", MD5}},
    .joiner = "&", .tail = "key=", .sign_encoding = UPPER_HEX,
    .ciphers = {{"SM4", SM4, ECB, NULL, UPPER_HEX, KEY_DIRECT}},
    .success = {"0000"},
    .client = http_sockets,
    .http = {.keep = 1, .type = "application/json"},
    .fault_on = 3,
};

VENDOR_ALL(row)
