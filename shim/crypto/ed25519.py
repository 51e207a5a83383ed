"""Ed25519 (RFC 8032) by OpenSSL: the signatures of a hospital's settings. Not for platforms. Any thread."""

from __future__ import annotations

import functools
from typing import Any

from shim import forks
from shim.crypto import libcrypto
from shim.crypto.digests import algorithm_missing

_ED25519 = 1087  # NID_ED25519
ED25519_KEY_BYTES, ED25519_SIGNATURE_BYTES = 32, 64


def ed25519_public_key(private_key: bytes) -> bytes:
    """The public key (RFC 8032 5.1.5) of a private one; both have 32 bytes.

    Raises:
        ValueError: it has another size.
        OwnError: CIPHER_MISSING if the library of this PC lacks the algorithm.
    """
    import ctypes

    with _Ed25519Key(private_key, is_private=True) as key:
        out, size = ctypes.create_string_buffer(ED25519_KEY_BYTES), ctypes.c_size_t(ED25519_KEY_BYTES)
        if key.library.EVP_PKEY_get_raw_public_key(key.pointer, out, ctypes.byref(size)) != 1:
            raise ValueError("OpenSSL refused the key")
        return out.raw


def ed25519_sign(private_key: bytes, data: bytes) -> bytes:
    """The signature (RFC 8032 5.1.6) of `data`, 64 bytes. Raises as `ed25519_public_key`."""
    import ctypes

    with _Ed25519Key(private_key, is_private=True) as key:
        out, size = ctypes.create_string_buffer(ED25519_SIGNATURE_BYTES), ctypes.c_size_t(ED25519_SIGNATURE_BYTES)
        library = key.library
        if (
            library.EVP_DigestSignInit(key.context, None, None, None, key.pointer) != 1
            or library.EVP_DigestSign(key.context, out, ctypes.byref(size), data, len(data)) != 1
        ):
            raise ValueError("OpenSSL refused to sign")
        return out.raw


def ed25519_verify(public_key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` (RFC 8032 5.1.7) is that of `data`. False for one of another size.

    Raises as `ed25519_public_key`.
    """
    if len(signature) != ED25519_SIGNATURE_BYTES:
        return False
    with _Ed25519Key(public_key, is_private=False) as key:
        library = key.library
        if library.EVP_DigestVerifyInit(key.context, None, None, None, key.pointer) != 1:
            raise ValueError("OpenSSL refused the key")
        return bool(library.EVP_DigestVerify(key.context, signature, len(signature), data, len(data)) == 1)


class _Ed25519Key:
    """A key and a context in OpenSSL, for a block that no fork interrupts."""

    def __init__(self, key: bytes, *, is_private: bool) -> None:
        if len(key) != ED25519_KEY_BYTES:
            raise ValueError(f"a key of {len(key)} bytes")
        self.library = _signature_functions()
        self.pointer: Any = None
        self.context: Any = None
        self._key, self._is_private = key, is_private

    def __enter__(self) -> _Ed25519Key:
        forks.gate.__enter__()
        library = self.library
        new = library.EVP_PKEY_new_raw_private_key if self._is_private else library.EVP_PKEY_new_raw_public_key
        self.pointer, self.context = new(_ED25519, None, self._key, len(self._key)), library.EVP_MD_CTX_new()
        if not self.pointer or not self.context:
            self.__exit__()
            raise ValueError("OpenSSL refused the key, or has no memory")
        return self

    def __exit__(self, *error: object) -> None:
        self.library.EVP_MD_CTX_free(self.context)
        self.library.EVP_PKEY_free(self.pointer)
        forks.gate.__exit__(None, None, None)


@functools.cache
def _signature_functions() -> Any:
    """What Ed25519 needs of OpenSSL's libcrypto, as `libcrypto` has them.

    Raises:
        OwnError: CIPHER_MISSING if there is no libcrypto, or it lacks a function.
    """
    try:
        opened = libcrypto.open_libcrypto()
        if opened is None:
            raise algorithm_missing("Ed25519")
        from ctypes import POINTER, c_char_p, c_int, c_size_t, c_void_p

        size, key = POINTER(c_size_t), [c_int, c_void_p, c_char_p, c_size_t]
        return libcrypto.typed_functions(
            opened,
            {
                "EVP_PKEY_new_raw_public_key": (key, c_void_p),
                "EVP_PKEY_new_raw_private_key": (key, c_void_p),
                "EVP_PKEY_get_raw_public_key": ([c_void_p, c_char_p, size], c_int),
                "EVP_PKEY_free": ([c_void_p], None),
                "EVP_MD_CTX_new": ([], c_void_p),
                "EVP_MD_CTX_free": ([c_void_p], None),
                "EVP_DigestSignInit": ([c_void_p] * 5, c_int),
                "EVP_DigestSign": ([c_void_p, c_char_p, size, c_char_p, c_size_t], c_int),
                "EVP_DigestVerifyInit": ([c_void_p] * 5, c_int),
                "EVP_DigestVerify": ([c_void_p, c_char_p, c_size_t, c_char_p, c_size_t], c_int),
            },
        )
    except (ImportError, OSError, AttributeError) as error:
        raise algorithm_missing("Ed25519") from error
