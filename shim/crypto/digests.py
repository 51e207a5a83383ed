"""Digests and HMAC by name. SM3 by gmssl where this PC's OpenSSL lacks it. Any thread."""

from __future__ import annotations

from _operator import _compare_digest  # hmac, which has it under a public name, imports OpenSSL

from shim import forks
from shim.errors import OwnError
from shim.messages import cipher as rows

DIGEST_NAMES = ("MD5", "SM3", "SHA-256", "SHA-1", "SHA-384", "SHA-512")


def digest(name: str, data: bytes) -> bytes:
    """The digest of `data`; `name` is one of `DIGEST_NAMES` (SM3: GB/T 32905).

    Raises:
        OwnError: CIPHER_MISSING if the library of this PC lacks the algorithm.
    """
    try:
        if name == "MD5":
            from _md5 import md5  # type: ignore[import-not-found]

            md5_digest: bytes = md5(data, usedforsecurity=False).digest()
            return md5_digest
        import hashlib

        return hashlib.new(_hashlib_name(name), data, usedforsecurity=False).digest()
    except ValueError as error:
        if name == "SM3":
            return _sm3_gmssl(data)
        raise algorithm_missing(name) from error


def hmac_digest(name: str, key: bytes, data: bytes) -> bytes:
    """The HMAC (RFC 2104) of `data` with the digest `name`.

    Raises:
        OwnError: CIPHER_MISSING if the library of this PC lacks the algorithm.
    """
    import hmac

    try:
        with forks.gate:
            return hmac.digest(key, data, _hashlib_name(name))
    except ValueError as error:
        if name == "SM3":
            return _hmac_sm3_gmssl(key, data)
        raise algorithm_missing(name) from error


def are_same(left: bytes, right: bytes) -> bool:
    """Whether two digests are equal, in a time that does not tell where they differ."""
    return _compare_digest(left, right)


def algorithm_missing(name: str) -> OwnError:
    """CIPHER_MISSING: the libraries of this PC lack an algorithm."""
    return OwnError(rows.NO_DIGEST, name=name)


def _hashlib_name(name: str) -> str:
    return name.lower().replace("-", "")


def _sm3_gmssl(data: bytes) -> bytes:
    from gmssl import sm3

    return bytes.fromhex(sm3.sm3_hash(list(data)))


def _hmac_sm3_gmssl(key: bytes, data: bytes) -> bytes:
    """RFC 2104 section 2 over gmssl's SM3, whose blocks have 64 bytes; hmac accepts only digests that hashlib has."""
    block = (key if len(key) <= 64 else _sm3_gmssl(key)).ljust(64, b"\0")
    inner = _sm3_gmssl(bytes(byte ^ 0x36 for byte in block) + data)
    return _sm3_gmssl(bytes(byte ^ 0x5C for byte in block) + inner)
