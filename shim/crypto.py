"""Digests and ciphers by name, over the standard implementations; no protocol, no keys of its own, no I/O.

MD5 and SM3 come from hashlib (OpenSSL), AES from pycryptodome, imported when first needed (40 ms that a site without
encryption never pays). L1: the dialects choose by the names in their
tables, the simulator uses the same primitives and nothing above them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from shim.errors import OwnError, Reason


def digest(name: str, data: bytes) -> bytes:
    """The digest `name` (``MD5``, ``SM3`` - GB/T 32905) of `data`, raw."""
    try:
        return hashlib.new(name.lower().replace("-", ""), data, usedforsecurity=False).digest()
    except ValueError as error:
        raise OwnError(Reason.SIGN_FAILED, f"本机密码库不支持摘要算法 {name}") from error


def encrypt(algorithm: str, mode: str, key: bytes, iv: bytes, plain: bytes) -> bytes:
    """`plain`, padded as PKCS#7, enciphered. `iv` is ignored by ECB. OwnError CIPHER_FAILED names the algorithm."""
    from Crypto.Util.Padding import pad

    try:
        return bytes(_CIPHERS[algorithm](mode, key, iv).encrypt(pad(plain, _BLOCK[algorithm])))
    except (KeyError, ValueError) as error:
        raise OwnError(
            Reason.CIPHER_FAILED, f"{algorithm}/{mode} 加密失败：请检查密钥长度（{len(key)} 字节）"
        ) from error


def decrypt(algorithm: str, mode: str, key: bytes, iv: bytes, sealed: bytes) -> bytes:
    """The text inside `sealed`, padding checked and removed. ValueError where key, length or padding do not fit."""
    from Crypto.Util.Padding import unpad

    return unpad(_CIPHERS[algorithm](mode, key, iv).decrypt(sealed), _BLOCK[algorithm])


def to_text(data: bytes, encoding: str) -> str:
    """Bytes as the wire shows them: ``HEX`` (upper), ``hex`` (lower) or ``base64``."""
    return {"HEX": lambda: data.hex().upper(), "hex": data.hex, "base64": lambda: base64.b64encode(data).decode()}[
        encoding
    ]()


def from_text(text: str, encoding: str) -> bytes:
    """The bytes behind a wire text, either hex case; base64 with the blanks that were once plus signs repaired.

    ValueError where the text is not of that encoding.
    """
    if encoding in ("HEX", "hex"):
        return bytes.fromhex(text.strip())
    try:
        return base64.b64decode(text.strip().replace(" ", "+"), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _aes(mode: str, key: bytes, iv: bytes) -> Any:
    from Crypto.Cipher import AES

    if mode == "ECB":
        return AES.new(key, AES.MODE_ECB)
    return AES.new(key, AES.MODE_CBC, iv)


_CIPHERS = {"AES": _aes}
_BLOCK = {"AES": 16}
