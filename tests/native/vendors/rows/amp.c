/* WinINet; fields sorted; a key that is derived from app_id; the returned text for CoTaskMemFree. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}, {"SM3", SM3}},
    .joiner = "&", .tail = "&key=", .sign_encoding = UPPER_HEX,
    .ciphers = {
        {"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DERIVED},
        {"DES", DES, CBC, "hex:0102030405060708", BASE64, KEY_DERIVED},
        {"SM4", SM4, CBC, "0102030405060708", UPPER_HEX, KEY_DERIVED},
    },
    .body_order = BODY_SORTED,
    .success = {"0", "0000"},
    .client = http_wininet,
    .http = {.keep = 1, .agent = "Mozilla/4.0 (compatible)", .type = "application/json; charset=GBK"},
    .memory = RETURN_TASK,
};

VENDOR_ALL(row)
