/* returned_code.h - the text that an export returns, in memory that stays valid for ever ([abi] return_memory).
 *
 * For the files of the front; not for exports, which call front.h.
 */
#ifndef VCSHIM_RETURNED_CODE_H
#define VCSHIM_RETURNED_CODE_H

enum { VCSHIM_CODE_ROOM = 32 }; /* bytes of a returned code with its NUL, as in vcshim_call */

/**
 * vcshim_lasting_code:
 * @code: what to return
 * @failure: what to return where there is no memory; stays valid for ever itself
 *
 * A host that declares `string` in .NET frees the text with CoTaskMemFree, every other host never frees it: so each call
 * gets memory of its own, a few bytes. With return_memory = static, and in a host without memory, it is one of the front's
 * own.
 *
 * Returns: the text; never NULL.
 */
char *vcshim_lasting_code(const char *code, const char *failure);
#endif
