/* A thread for each request; the fields of biz_content are signed; the answer is under data. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "digest", .type_name = "digest_type", .digests = {{"MD5", MD5}},
    .joiner = "&", .tail = "&key=", .sign_encoding = UPPER_HEX, .inner = true,
    .ciphers = {{"AES", AES128, ECB, NULL, UPPER_HEX, KEY_DIRECT}},
    .success = {"200"}, .answer_data = true,
    .client = http_sockets, .thread = true,
    .http = {.keep = 4, .type = "application/json; charset=utf-8"},
    .out_failure = FAIL_JSON,
};

VENDOR_ALL(row)
