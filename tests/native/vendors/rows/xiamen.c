/* Sockets, four connections kept; the returned text in its own memory. The family's default. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}, {"SM3", SM3}},
    .joiner = "&", .tail = "key=", .sign_encoding = UPPER_HEX,
    .ciphers = {
        {"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT},
        {"DES", DES, CBC, "hex:0102030405060708", BASE64, KEY_DIRECT},
        {"SM4", SM4, ECB, NULL, UPPER_HEX, KEY_DIRECT},
    },
    .success = {"0000"},
    .client = http_sockets,
    .http = {.keep = 4, .agent = "VirtualCardChk/1.1.2", .type = "application/json; charset=UTF-8"},
};

VENDOR_ALL(row)
