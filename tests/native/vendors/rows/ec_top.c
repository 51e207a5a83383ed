/* WinHTTP; code and terminal beside data; OutData is the platform's answer letter for letter; returns 0. */
#include "../vendor.h"

static const struct vendor row = {
    .success = {"0", "0000"}, .returned_success = "0", .returned_failure = "-1",
    .client = http_winhttp,
    .http = {.keep = 1, .agent = "ec/2.0", .type = "application/json"},
    .code_place = PLACE_TOP, .code_name = "qrCode",
    .terminal_place = PLACE_TOP, .terminal = {{"macAddr", "mac:dash"}, {"localIp", "ip"}, {"sendTime", "clock:yyyy-MM-dd HH:mm:ss"}},
    .identifies_always = true,
    .answer_as_it_came = true, .out_verbatim = true,
    .memory = RETURN_TASK,
};

VENDOR_NATION(row)
