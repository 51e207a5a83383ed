/* Expect: 100-continue; the ciphertext is signed, an un-hexed key; blanks after each mark. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type",
    .digests = {{"SM3", SM3}, {"SHA256", SHA256}},
    .joiner = "&", .tail = "", .sign_encoding = LOWER_HEX, .sealed = true,
    .ciphers = {{"SM4", SM4, ECB, NULL, LOWER_HEX, KEY_UNHEX}},
    .style = {.colon = true, .comma = true},
    .success = {"0000"},
    .client = http_sockets,
    .http = {.keep = 1, .expect = 1, .agent = "curl/7.29.0", .type = "application/json", .more = "Accept: */*\r\n"},
};

VENDOR_ALL(row)
