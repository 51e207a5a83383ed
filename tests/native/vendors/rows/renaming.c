/* Renames and drops fields; writes its ini by hand; its updater asks from a thread while the call goes on. */
#include "../vendor.h"

static const struct vendor row = {
    .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}},
    .joiner = "&", .tail = "&key=", .sign_encoding = LOWER_HEX,
    .ciphers = {{"AES", AES128, CBC, "0102030405060708", LOWER_HEX, KEY_DIRECT}},
    .renamed = {{"term_id", "termId"}}, .dropped = {"sign_type"},
    .added = {{"requestId", "uuid"}},
    .success = {"0000"},
    .out_kept = true, .out_dropped = {"id_type"}, .out_renamed = {{"user_name", "name"}},
    .out_added = {{"source", "ehc"}},
    .client = http_sockets, .updater = "/update/latest", .updater_thread = true, .ini = "VirtualCard.ini",
    .ini_by_hand = true,
    .http = {.keep = 4, .type = "application/json"},
};

VENDOR_ALL(row)
