/* Refuses addresses of this PC; UTF-8 from and to the host; exports VirtualCardTrans and nothing else. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"SM3", SM3}},
    .joiner = "&", .tail = "&key=", .sign_encoding = UPPER_HEX,
    .ciphers = {{"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT}},
    .success = {"0000"},
    .client = http_sockets, .refuses_loopback = true,
    .http = {.keep = 1, .type = "application/json"},
    .host_utf8 = true,
};

VENDOR_TRANS(row)
