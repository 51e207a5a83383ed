/* WinHTTP; digest and body in GBK; the returned text behind OutData in the host's buffer. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}, {"SM3", SM3}},
    .joiner = "&", .tail = "key=", .sign_encoding = UPPER_HEX, .gbk_sign = true,
    .ciphers = {
        {"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT},
        {"DES", DES, CBC, "hex:0102030405060708", BASE64, KEY_DIRECT},
    },
    .sign_place = SIGN_HOST, .body_gbk = true,
    .success = {"00"},
    .client = http_winhttp,
    .http = {.keep = 1, .agent = "WinHTTP/5.1", .type = "application/json;charset=GBK"},
    .memory = RETURN_OUT,
};

VENDOR_ALL(row)
