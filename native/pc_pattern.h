/* pc_pattern.h - whether a section is for this PC: [scanner@PC-017], [scanner@诊室*], as shim/settings/layers.py matches.
 *
 * Used by settings.c alone.
 */
#ifndef VCSHIM_PC_PATTERN_H
#define VCSHIM_PC_PATTERN_H
#include "ini_value.h"

/**
 * vcshim_is_this_pc:
 * @pattern: what stands behind the `@`, not empty
 * @raw: the same as it stands in the file
 * @layers: for @pc_name and @decode
 *
 * `*` is any text, `?` any character. Under vcshim_lock() only.
 */
int vcshim_is_this_pc(vcshim_span pattern, const vcshim_raw_path *raw, const vcshim_layers *layers);
#endif
