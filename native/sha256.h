/* sha256.h - the SHA-256 of FIPS 180-4, for the front, which has no C runtime. Used by the local copy. */
#ifndef VCSHIM_SHA256_H
#define VCSHIM_SHA256_H
#include <stddef.h>
#include <stdint.h>

enum { VCSHIM_SHA256_HEX = 64 };

typedef struct vcshim_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
} vcshim_sha256;

void vcshim_sha256_begin(vcshim_sha256 *hash);
void vcshim_sha256_add(vcshim_sha256 *hash, const void *bytes, size_t count);

/* The digest as 64 hexadecimal digits in lower case, without a NUL. The hash is used up. */
void vcshim_sha256_end(vcshim_sha256 *hash, char hex[VCSHIM_SHA256_HEX]);
#endif
