/* Sockets; the scanned code in data, the terminal in extra. */
#include "../vendor.h"

static const struct vendor row = {
    .success = {"0"},
    .client = http_sockets,
    .http = {.keep = 2, .agent = "NationECCode", .type = "application/json;charset=utf-8"},
    .code_place = PLACE_DATA, .code_name = "ecQrCode",
    .terminal_place = PLACE_EXTRA, .terminal = {{"mac", "mac:colon"}, {"ip", "ip"}},
};

VENDOR_NATION(row)
