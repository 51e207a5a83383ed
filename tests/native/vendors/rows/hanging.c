/* Hangs 20 seconds in its second call; biz_content letter for letter as the host wrote it. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}},
    .joiner = "&", .tail = "&sign_key=", .sign_encoding = UPPER_HEX,
    .ciphers = {{"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT}},
    .content_verbatim = true,
    .success = {"0000"},
    .client = http_sockets,
    .http = {.keep = 1, .split = 50, .type = "application/json"},
    .hang_on = 2, .hang_ms = 20000,
};

VENDOR_ALL(row)
