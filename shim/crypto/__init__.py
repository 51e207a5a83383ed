"""Digests, ciphers and signatures by name, over the standard implementations.

========================  ==========================================================================================
`digests`                 MD5: CPython's own code; SM3, SHA, HMAC: hashlib and hmac (OpenSSL), SM3 by gmssl if this
                          OpenSSL lacks it
`block_ciphers`           short texts under AES: pycryptodome's C code, see `short_aes`; AES and SM4: OpenSSL, see
                          `libcrypto`; without it, AES by pycryptodome and SM4 by gmssl, which is pure Python and some
                          hundred times slower; DES and 3DES: pycryptodome
`gcm`                     pycryptodome
`sm2`                     gmssl for the curve; what it leaves unchecked is checked here
`ed25519`                 OpenSSL
`byte_text`               hex and base64: how the bytes are written
========================  ==========================================================================================

Not here: protocols, keys, I/O. Every library is imported on first use, so that no site waits for what it does not need:
OpenSSL and ctypes are 6 ms of the first call. The dialects choose by the names in their tables; the simulator uses the
same primitives and nothing above them. Any thread may call any function.
"""
