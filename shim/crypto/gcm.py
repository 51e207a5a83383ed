"""Authenticated encryption: AES-GCM by pycryptodome. For what this product keeps on a disk, no platform. Any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shim.crypto.block_ciphers import NOT_LOADED, library_missing

if TYPE_CHECKING:
    from Crypto.Cipher._mode_gcm import GcmMode


def seal_gcm(key: bytes, nonce: bytes, plain: bytes, header: bytes) -> bytes:
    """`plain` under AES-GCM (NIST SP 800-38D), followed by the tag of 16 bytes, which covers `header`, too.

    Args:
        key: 16, 24 or 32 bytes.
        nonce: 12 bytes, never used twice with one key.

    Raises:
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    cipher = _cipher(key, nonce, header)
    sealed, tag = cipher.encrypt_and_digest(plain)
    return sealed + tag


def open_gcm(key: bytes, nonce: bytes, sealed: bytes, header: bytes) -> bytes | None:
    """What `seal_gcm` sealed; None if key, nonce, header or a byte of `sealed` is another one.

    Raises:
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    cipher = _cipher(key, nonce, header)
    try:
        return cipher.decrypt_and_verify(sealed[:-16], sealed[-16:])
    except ValueError:
        return None


def _cipher(key: bytes, nonce: bytes, header: bytes) -> GcmMode:
    try:
        from Crypto.Cipher import AES
    except NOT_LOADED as error:
        raise library_missing(error) from error
    cipher = AES.new(key, AES.MODE_GCM, nonce=nonce)
    cipher.update(header)
    return cipher
