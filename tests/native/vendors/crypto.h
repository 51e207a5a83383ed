/* Digests, ciphers and encodings in plain C, written for the made-up vendors and shared with nothing of the product. */
#ifndef VENDOR_CRYPTO_H
#define VENDOR_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "memory.h"

enum digest { MD5, SHA1, SHA256, SM3, HMAC_SHA256, HMAC_SM3 }; /* HMAC: the secret is the key */
enum cipher { PLAIN, AES128, AES256, DES, SM4, RC4 };
enum mode { ECB, CBC };
enum encoding { UPPER_HEX, LOWER_HEX, BASE64 };

enum { DIGEST_MAX = 32 };

/* The size of the digest in bytes. */
size_t digest_make(enum digest digest, const char *secret, const char *data, size_t size, unsigned char *made);
size_t cipher_key_size(enum cipher cipher);
/* PKCS#7 padding but for RC4; `iv` of a block, unused for ECB. The size of what was made; 0 for what cannot be opened. */
size_t cipher_seal(enum cipher cipher, enum mode mode, const unsigned char *key, const unsigned char *iv,
                   const unsigned char *data, size_t size, unsigned char *made); /* room for one block more */
size_t cipher_open(enum cipher cipher, enum mode mode, const unsigned char *key, const unsigned char *iv,
                   const unsigned char *data, size_t size, unsigned char *made);
char *encode(struct pool *pool, enum encoding encoding, const unsigned char *data, size_t size);
unsigned char *decode(struct pool *pool, enum encoding encoding, const char *text, size_t *size); /* NULL: not that */

#endif
