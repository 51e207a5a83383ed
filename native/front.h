/* front.h - what an export may ask of the front: one function for each shape of export.
 *
 * Only virtualcardchk.c and nationeccode.c include this file. The C types are the published ones (VC 3, EC B.1.3).
 */
#ifndef VCSHIM_FRONT_H
#define VCSHIM_FRONT_H
#include "entry.h"

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

/* char* exports: `out` is the host's OutData. The returned text stays valid for ever. */
char *vcshim_front_trans(enum vcshim_function function, const char *url, const char *in, char *out);

/* int exports: 0 is success, every failure a code of VC appendix 1 as a number. */
int vcshim_front_number(enum vcshim_function function, int mode, const char *a, const char *b, const char *c);

/* The int export that explains itself: `message` is the host's pErrmsg of 256 bytes. */
int vcshim_front_message(enum vcshim_function function, char *message);

/* 1 where [abi] set_qrflow_mode = cdecl: the host was built against VC 3.3 as printed, without __stdcall. */
int vcshim_front_qrflow_is_cdecl(void);
#endif
