/* Lets an exception of C++ out in its third call; HMAC; OutData is the whole answer. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"HMAC-SHA256", HMAC_SHA256}},
    .joiner = "&", .tail = "&key=", .sign_encoding = UPPER_HEX,
    .ciphers = {{"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT}},
    .success = {"0000"},
    .out_form = OUT_ENVELOPE, .out_failure = FAIL_ANSWER, .returned_failure = "-1",
    .client = http_sockets,
    .http = {.keep = 1, .type = "application/json"},
    .raise_on = 3,
};

VENDOR_ALL(row)
