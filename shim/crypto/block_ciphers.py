"""Block ciphers by name, with their modes and paddings: AES, SM4, DES, 3DES. Which library runs them is chosen here.

What it is not: where keys and IVs come from, and how the result is written. Any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from shim.crypto import short_aes
from shim.errors import OwnError
from shim.messages import cipher as rows

# Sizes in bytes of every algorithm that `encrypt` knows.
KEY_BYTES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"AES": (16, 24, 32), "DES": (8,), "3DES": (24,), "SM4": (16,)}
)
BLOCK_BYTES: Mapping[str, int] = MappingProxyType({"AES": 16, "DES": 8, "3DES": 8, "SM4": 16})
MODES = ("ECB", "CBC")
PADDINGS = ("pkcs7", "zero", "blank", "iso7816", "x923")

# pycryptodome raises OSError where it cannot load one of its libraries.
NOT_LOADED = (ImportError, OSError)


def encrypt(algorithm: str, mode: str, key: bytes, iv: bytes, plain: bytes, padding: str = "pkcs7") -> bytes:
    """Pad `plain` and encrypt it.

    Args:
        algorithm: a key of `KEY_BYTES`.
        mode: one of `MODES`.
        key: of one of the sizes in `KEY_BYTES`.
        iv: one block; ECB ignores it.
        padding: one of `PADDINGS`. ``zero`` and ``blank`` fill the last block with NULs or blanks, if it is not full.

    Raises:
        OwnError: CIPHER_FAILED names the algorithm; CIPHER_MISSING names the library that is not installed.
    """
    try:
        return _run(True, algorithm, mode, key, iv, _padded(plain, BLOCK_BYTES[algorithm], padding))
    except NOT_LOADED as error:
        raise library_missing(error) from error
    except (KeyError, ValueError) as error:
        raise OwnError(rows.NOT_ENCRYPTED, algorithm=algorithm, mode=mode, size=len(key)) from error


def _padded(plain: bytes, size: int, padding: str) -> bytes:
    if padding in _FILLERS:
        return plain + _FILLERS[padding] * (-len(plain) % size)
    if padding == "pkcs7":
        count = size - len(plain) % size
        return plain + bytes([count]) * count
    from Crypto.Util.Padding import pad

    return pad(plain, size, padding)


def _unpadded(data: bytes, size: int, padding: str) -> bytes:
    if padding in _FILLERS:
        return data.rstrip(_FILLERS[padding])
    if padding == "pkcs7":
        count = data[-1] if data else 0
        if not 1 <= count <= size or data[-count:] != bytes([count]) * count:
            raise ValueError("padding is not PKCS #7")
        return data[:-count]
    from Crypto.Util.Padding import unpad

    return unpad(data, size, padding)


_FILLERS = {"zero": b"\0", "blank": b" "}


def decrypt(algorithm: str, mode: str, key: bytes, iv: bytes, sealed: bytes, padding: str = "pkcs7") -> bytes:
    """Decrypt `sealed`, check its padding and remove it; arguments as those of `encrypt`.

    Raises:
        ValueError: wrong key, length or padding.
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    try:
        return _unpadded(_run(False, algorithm, mode, key, iv, sealed), BLOCK_BYTES[algorithm], padding)
    except NOT_LOADED as error:
        raise library_missing(error) from error


def decrypt_blocks(algorithm: str, key: bytes, sealed: bytes) -> bytes:
    """Decrypt every block by itself, without a look at padding or chaining: for those who search for a mode and an IV.

    Raises:
        ValueError: wrong length of key or data.
        OwnError: CIPHER_MISSING names the library that is not installed.
    """
    try:
        return _run(False, algorithm, "ECB", key, b"", sealed)
    except NOT_LOADED as error:
        raise library_missing(error) from error


def library_missing(error: ImportError | OSError) -> OwnError:
    """CIPHER_MISSING: a library is not installed."""
    return OwnError(rows.NO_LIBRARY, name=error.name if isinstance(error, ImportError) else "Crypto")


def sm4_library() -> str:
    """Which implementation SM4 uses in this process: ``openssl`` or ``gmssl``. For the doctor and the log."""
    from shim.crypto import libcrypto

    return "openssl" if libcrypto.cipher_functions() else "gmssl"


def _run(forward: bool, algorithm: str, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Run whole blocks through a cipher, without padding. ValueError or KeyError for a wrong size or name."""
    if mode not in MODES or len(key) not in KEY_BYTES[algorithm] or len(data) % BLOCK_BYTES[algorithm]:
        raise ValueError(f"{algorithm}/{mode}: key of {len(key)} bytes, data of {len(data)}")
    if mode == "CBC" and len(iv) != BLOCK_BYTES[algorithm]:
        raise ValueError(f"{algorithm}/{mode}: IV of {len(iv)} bytes")
    if algorithm == "AES" and len(data) <= short_aes.LONGEST:
        short = short_aes.short_aes()
        if short is not None:
            return short.run(forward, mode, key, iv, data)
    if algorithm in ("AES", "SM4"):
        from shim.crypto import libcrypto

        if libcrypto.cipher_functions():
            return libcrypto.run(forward, algorithm, mode, key, iv, data)
    if algorithm == "SM4":
        return _sm4_gmssl(forward, mode, key, iv, data)
    cipher = _pycryptodome(algorithm, mode, key, iv)
    return bytes(cipher.encrypt(data) if forward else cipher.decrypt(data))


def _pycryptodome(algorithm: str, mode: str, key: bytes, iv: bytes) -> Any:
    from Crypto.Util import _raw_api

    # NB: to load its first library it asks platform.architecture(), which runs the program `file` where there is one.
    known: list[str] = getattr(_raw_api, "cached_architecture", [])
    known[:] = known or ["", ""]
    # Three branches instead of an import by name, so that a program that freezes the runtime sees them.
    module: Any
    if algorithm == "3DES":
        # NB: pycryptodome refuses a key with two equal neighbouring thirds, as a short secret padded with zeros is.
        # Other libraries accept it and compute DES. The lowest bit of each byte is parity and has no effect.
        first, second, third = (bytes(byte & 0xFE for byte in key[at : at + 8]) for at in (0, 8, 16))
        if second in (first, third):
            algorithm, key = "DES", key[16:] if first == second else key[:8]
    if algorithm == "AES":
        from Crypto.Cipher import AES as module
    elif algorithm == "DES":
        from Crypto.Cipher import DES as module
    else:
        from Crypto.Cipher import DES3 as module
    if mode == "ECB":
        return module.new(key, module.MODE_ECB)
    return module.new(key, module.MODE_CBC, iv)


def _sm4_gmssl(forward: bool, mode: str, key: bytes, iv: bytes, data: bytes) -> bytes:
    from gmssl import sm4

    if not data:
        return b""
    cipher = sm4.CryptSM4(padding_mode=None)  # neither of its two paddings: `decrypt` checks the padding
    cipher.set_key(key, sm4.SM4_ENCRYPT if forward else sm4.SM4_DECRYPT)
    if mode == "CBC" and forward:
        # NB: its CBC pads whatever padding_mode says; the added block is cut off.
        return bytes(cipher.crypt_cbc(iv, data))[: len(data)]
    blocks = bytes(cipher.crypt_ecb(data))
    if mode == "ECB":
        return blocks
    before = iv + data[: -len(iv)]
    return bytes(left ^ right for left, right in zip(blocks, before, strict=True))
