/* What the product is measured by: the same exports in plain C, on the code of the made-up vendors (tests/native/vendors).
 *
 * As our default dialect, ehcservice: InData to a body, MD5 or SM3, AES or SM4, a kept connection; for alterinfo a
 * connection of its own, as the product makes it. The answer is taken apart and opened. Unlike the product it does not
 * verify the sign of an answer, validates nothing, and writes no log and no journal.
 */
#include <string.h>

#include "../tests/native/vendors/vendor.h"

#define ROW(kept)                                                                                                      \
    {                                                                                                                  \
        .sign_name = "sign", .type_name = "sign_type", .digests = {{"MD5", MD5}, {"SM3", SM3}}, .joiner = "&",         \
        .tail = "key=", .sign_encoding = UPPER_HEX,                                                                    \
        .ciphers = {{"AES", AES128, CBC, "0102030405060708", UPPER_HEX, KEY_DIRECT},                                   \
                    {"SM4", SM4, ECB, NULL, UPPER_HEX, KEY_DIRECT}},                                                   \
        .success = {"0000"}, .client = http_sockets,                                                                   \
        .http = {.keep = kept, .agent = "yardstick", .type = "application/json; charset=UTF-8"},                       \
    }

static const struct vendor keeping = ROW(16), connecting = ROW(0);

VENDOR_EXPORT char *VENDOR_STDCALL VirtualCardTrans(char *url, char *in_data, char *out_data)
{
    int changes = strstr(in_data, "ehc.ehealthcard.alterinfo") != NULL;
    return vendor_trans(changes ? &connecting : &keeping, url, in_data, out_data);
}

VENDOR_SCREEN(keeping, VENDOR_STDCALL)
VENDOR_REST(keeping)
