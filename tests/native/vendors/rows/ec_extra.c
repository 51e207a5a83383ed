/* WinINet; the code in extra, the terminal in data; GBK on the wire, \\/ in it; OutData in the order of the answer. */
#include "../vendor.h"

static const struct vendor row = {
    .success = {"0"},
    .body_gbk = true, .style = {.slash = true, .colon = true},
    .out_kept = true,
    .client = http_wininet,
    .http = {.keep = 1, .agent = "ec", .type = "text/json; charset=GBK"},
    .code_place = PLACE_EXTRA, .code_name = "authCode",
    .terminal_place = PLACE_DATA, .terminal = {{"mac", "mac:plain"}},
    .memory = RETURN_OUT,
};

VENDOR_NATION(row)
