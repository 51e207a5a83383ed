/* HTTP/1.0, a connection for each request; AES-256; OutData letter for letter, of any length. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type",
    .digests = {{"SHA256", SHA256}, {"SM3", SM3}},
    .joiner = "&", .tail = "", .sign_encoding = LOWER_HEX, .sealed = true,
    .ciphers = {{"AES", AES256, ECB, NULL, BASE64, KEY_DIRECT}},
    .sign_place = SIGN_START, .style = {.colon = true},
    .success = {"200"},
    .out_verbatim = true, .out_failure = FAIL_CODE_MESSAGE,
    .client = http_sockets,
    .http = {.version_1_0 = 1, .type = "application/json"},
};

VENDOR_ALL(row)
