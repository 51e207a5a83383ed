/* Uploads in chunks; fields in a fixed order, SM3; fills OutData with NULs. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "digest", .type_name = "digest_type", .digests = {{"SM3", SM3}},
    .fixed = {"app_id", "biz_content", "digest_type", "enc_type", "method", "term_id", "timestamp", "version"},
    .joiner = "&", .tail = "&app_secret=", .sign_encoding = LOWER_HEX, .keep_empty = true,
    .ciphers = {{"SM4", SM4, ECB, NULL, UPPER_HEX, KEY_DIRECT}},
    .body_order = BODY_FIXED,
    .body_fields = {"version", "app_id", "method", "term_id", "timestamp", "enc_type", "digest_type", "digest",
                    "biz_content"},
    .success = {"10"},
    .client = http_sockets,
    .http = {.keep = 2, .chunk = 100, .type = "application/json"},
    .fill = 2048,
};

VENDOR_ALL(row)
