/* settings.h - the [abi] keys of vcshim.ini that C itself must obey, even when the core is missing.
 *
 * Everything else in that file is shim/settings'; tests/unit/settings/test_settings.py holds both readers to one table.
 */
#ifndef VCSHIM_SETTINGS_H
#define VCSHIM_SETTINGS_H
#include "platform.h"

typedef struct vcshim_settings {
    int32_t out_capacity;       /* bytes of OutData with the NUL: 256 to 1048576, default 2048 (VC 3.2, EC B.1.3) */
    enum vcshim_charset charset;/* of texts that C writes itself; `auto` counts as GBK */
    int static_memory;          /* return_memory = static */
    int qrflow_cdecl;           /* set_qrflow_mode = cdecl */
} vcshim_settings;

/* A file that is absent, or a value that is not understood, leaves the default. */
void vcshim_settings_read(const char *bytes, int32_t count, vcshim_settings *settings);
#endif
