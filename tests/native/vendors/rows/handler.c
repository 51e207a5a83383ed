/* An access violation in every call, under a handler of its own; returns 0000. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}},
    .joiner = "&", .tail = "&key=", .sign_encoding = UPPER_HEX,
    .ciphers = {{"SM4", SM4, CBC, "0102030405060708", UPPER_HEX, KEY_HEX_UPPER}},
    .success = {"0000"}, .returned_success = "0000",
    .client = http_sockets,
    .http = {.close = 1, .type = "application/json"},
    .own_faults = true,
};

VENDOR_ALL(row)
