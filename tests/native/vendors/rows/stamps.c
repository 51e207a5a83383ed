/* Fills in clock, nonce, counter, MAC and address itself; writes an ini, asks for its update; cdecl. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"SHA256", SHA256}, {"MD5", MD5}},
    .joiner = "&", .tail = "&key=", .sign_encoding = UPPER_HEX,
    .ciphers = {{"AES", AES128, CBC, "0102030405060708", BASE64, KEY_DIRECT}},
    .drop_empty = true,
    .added = {
        {"timestamp", "clock:yyyyMMddHHmmssSSS"}, {"nonce", "random:hex-lower:32"}, {"serial", "counter:6"},
        {"sdk_version", "text:V1.1.2.20200608"}, {"mac", "mac:dash"}, {"biz_content.client_ip", "ip"},
    },
    .success = {"0000"},
    .client = http_sockets, .updater = "/update/version.txt?client=5", .ini = "update.ini",
    .http = {.keep = 2, .agent = "stamps", .type = "application/json"},
};

VENDOR_TRANS(row)
VENDOR_SCREEN(row, VENDOR_CDECL)
VENDOR_REST(row)
