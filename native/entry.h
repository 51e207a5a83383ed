/* entry.h - the one call from C into Python: its data and its prototype.
 *
 * Read twice: by the C compiler (front.c, boot.c) and by the cffi builder (embed_build.py), which drops every line
 * that starts with '#' or '__declspec'. Nothing else may stand here. Only shim/abi.py sees these names in Python.
 */
#ifndef VCSHIM_ENTRY_H
#define VCSHIM_ENTRY_H
#include <stdint.h>

/* Which export was called (VC 3.2-3.5, EC B.1.3). shim/spec/functions.py holds the same five in this order. */
enum vcshim_function {
    VCSHIM_VIRTUAL_CARD_TRANS = 1,
    VCSHIM_SET_QRFLOW_MODE = 2,
    VCSHIM_EHEALTHID_PRINT = 3,
    VCSHIM_SET_EC_QRCODE = 4,
    VCSHIM_NATION_EC_TRANS = 5
};

/* Lengths that are not lengths: what the front found instead of a readable, NUL-terminated text. */
enum vcshim_no_text {
    VCSHIM_NULL = -1,
    VCSHIM_UNREADABLE = -2,
    VCSHIM_TOO_LONG = -3
};

/* A text of the host's: bytes in the host's charset, NUL not counted. The bytes stay the host's; they are valid
 * until the call returns. Where length is negative (enum vcshim_no_text) the bytes must not be touched. */
typedef struct vcshim_text {
    const char *bytes;
    int32_t length;
} vcshim_text;

/* One call. `out` is a buffer of the front's own, never the host's; `out_capacity` counts its bytes with the NUL.
 * Python fills `out`, and `code` (char* exports) or `number` (int exports), and only then answers 1. */
typedef struct vcshim_call {
    int32_t function;
    int32_t mode;
    vcshim_text texts[3];
    char *out;
    int32_t out_capacity;
    int32_t number;
    char code[32];
} vcshim_call;

/* 1: answered. Anything else, above all the 0 that cffi makes of an exception: nothing in `call` may be believed.
 * Any thread may call; the GIL is taken inside. */
#ifdef _WIN32
__declspec(dllexport)
#endif
int32_t vcshim_entry(vcshim_call *call);
#endif
