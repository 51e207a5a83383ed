/* front.h - what the exports call: one function for each shape of export (shim/spec/rows.py, Shape).
 *
 * Only virtualcardchk.c and nationeccode.c call them; the other files of the front need the rows of the exports alone. The
 * C types are the published ones (VC 3, EC B.1.3). exports.h, which the build generates from the rows, declares the exports
 * themselves: a definition that differs from its row does not compile.
 *
 * Every function here may be called by any thread at any time, also before the core is loaded. None faults on a pointer
 * of the host's, none raises, prints or exits, and all of them leave the host's floating-point state, last error,
 * signal mask and working directory as they found them.
 */
#ifndef VCSHIM_FRONT_H
#define VCSHIM_FRONT_H
#include "entry.h"

enum { VCSHIM_MESSAGE_CAPACITY = 256 }; /* bytes of pErrmsg, VC 3.5 */

#if defined(_WIN32) && defined(__i386__)
#define VCSHIM_STDCALL __attribute__((stdcall))
/* Delphi and PowerBuilder keep the stack aligned to 4 bytes only; an aligned SSE store in our prologue would fault
 * in three calls of four. Every function that the host enters realigns first. */
#define VCSHIM_FROM_HOST __attribute__((force_align_arg_pointer))
#else
#define VCSHIM_STDCALL
#define VCSHIM_FROM_HOST
#endif

#if defined(_WIN32)
#define VCSHIM_EXPORT /* the .def file exports */
#else
#define VCSHIM_EXPORT __attribute__((visibility("default")))
#endif

/* By which codes an export answers, and what its text holds after a failure (shim/spec/rows.py, Family). */
enum vcshim_family {
    VCSHIM_VC, /* VC appendix 1; the message */
    VCSHIM_EC  /* EC C.4; JSON with code and message */
};

#include "exports.h"

/* Where the host's calls pass relay_x86.c before they come here. */
#if defined(_WIN32) && defined(__i386__)
#define VCSHIM_RELAYED
#endif

/* Which of the two DLLs this is: one definition in each file of exports. */
typedef struct vcshim_product_row {
    const char *name; /* without prefix and suffix */
    int vendor;       /* enum vcshim_path_key: where the vendor's DLL is set */
} vcshim_product_row;
extern const vcshim_product_row vcshim_product;

/**
 * vcshim_front_trans:
 * @function: the export
 * @url: strUrl, as the host passed it
 * @in: InData, as the host passed it
 * @out: the host's OutData: 2048 bytes, or as many as [abi] out_capacity says
 *
 * Performs a call of an export of the shape TRANS. @out receives a text with its NUL, whatever the outcome, unless it
 * is NULL or cannot be written; never more bytes than the setting allows.
 *
 * Returns: the code. The text stays valid for ever. It belongs to the host, which may free it with CoTaskMemFree (free
 *   on Linux) or never; with [abi] return_memory = static it is the front's and must not be freed. Never NULL.
 */
char *vcshim_front_trans(enum vcshim_function function, const char *url, const char *in, char *out);

/**
 * vcshim_front_number:
 * @function: the export
 * @mode: its int parameter; 0 for an export without one
 * @a: its first text; "" for an export without one
 * @b: the second
 * @c: the third
 *
 * Performs a call of an export of the shape NUMBER.
 *
 * Returns: 0 for success, else a code of VC appendix 1 as a number.
 */
int vcshim_front_number(enum vcshim_function function, int mode, const char *a, const char *b, const char *c);

/**
 * vcshim_front_message:
 * @function: the export
 * @message: the host's pErrmsg: 256 bytes (VC 3.5)
 *
 * Performs a call of an export of the shape MESSAGE. @message receives a text with its NUL, empty after success, unless
 * it is NULL or cannot be written.
 *
 * Returns: 0 for success, else a code of VC appendix 1 as a number.
 */
int vcshim_front_message(enum vcshim_function function, char *message);

/**
 * vcshim_front_qrflow_is_cdecl:
 *
 * Returns: 1 where [abi] set_qrflow_mode = cdecl, because the host was built against VC 3.3 as printed, without
 *   __stdcall; else 0. The trap: the settings are read by the first call, so ask after it.
 */
int vcshim_front_qrflow_is_cdecl(void);
#endif
