"""The rules that make a cipher's key and its IV: the tables `KEY_RULES` and `IV_RULES`. Pure functions.

A key rule sees the cipher, the secret and the app_id; an IV rule sees its argument, the key and the size of a block.
Used by `ciphers`. `origin` is the evidence; docs/dialects.md, Evidence, explains the vectors that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from shim import crypto
from shim.errors import HostError
from shim.messages import host

if TYPE_CHECKING:
    from shim.dialects.ciphers import Cipher

# ---- keys ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyRule:
    """One way of making the key.

    Args:
        name: the word for it in a cipher's notation.
        meaning: what the key is; for the documentation. N is the size of the key in bytes.
        origin: the evidence.
        make: from cipher, secret and app_id to N bytes; HostError INVALID_FIELD if this secret cannot be used.
    """

    name: str
    meaning: str
    origin: str
    make: Callable[[Cipher, str, str], bytes]


def derived_password(cipher: Cipher, secret: str, app_id: str) -> str:
    """The secret, encrypted by the same cipher with the app_id as the key: the sister products call it the password."""
    data = cipher.encrypt_bytes(_fit(app_id, cipher.key_bytes), secret.encode("utf-8"))
    return crypto.to_text(data, cipher.encoding)


def _fit(text: str, size: int) -> bytes:
    return text.encode("utf-8")[:size].ljust(size, b"\0")


def _direct(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(secret, cipher.key_bytes)


def _unhex(cipher: Cipher, secret: str, app_id: str) -> bytes:
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        key = b""
    if len(key) != cipher.key_bytes:
        raise HostError(host.KEY_NOT_HEX, wanted=cipher.key_bytes * 2, size=len(secret))
    return key


def _derived(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(derived_password(cipher, secret, app_id), cipher.key_bytes)


def _hex_upper(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(secret.encode("utf-8").hex().upper(), cipher.key_bytes)


def _hex_lower(cipher: Cipher, secret: str, app_id: str) -> bytes:
    return _fit(secret.encode("utf-8").hex(), cipher.key_bytes)


_KEY_ROWS = (
    KeyRule(
        "direct",
        "the first N bytes of the secret, zero padded",
        "[E] Y1, Y3; AES-256 with 32 bytes. [I] Y8",
        _direct,
    ),
    KeyRule(
        "unhex",
        "the bytes that the secret spells as hex; it must spell exactly N",
        "[E] codes 85:HEX64:1",
        _unhex,
    ),
    KeyRule(
        "derived",
        "the secret is encrypted by the same cipher with the app_id as the key; the first N characters of the result",
        "[E] Y2, Y4, Y5, Y6",
        _derived,
    ),
    KeyRule(
        "hex-upper",
        "the first N characters of the secret's bytes in upper hex",
        "[E] Y7; the case is a guess",
        _hex_upper,
    ),
    KeyRule(
        "hex-lower",
        "the first N characters of the secret's bytes in lower hex",
        "[E] Y7; the case is a guess",
        _hex_lower,
    ),
)

KEY_RULES: Mapping[str, KeyRule] = MappingProxyType({rule.name: rule for rule in _KEY_ROWS})

# ---- IVs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IvRule:
    """One way of making the IV of a CBC cipher.

    Args:
        name: the word for it in a cipher's notation: ``iv=NAME`` or ``iv=NAME:ARGUMENT``.
        argument: what stands after the colon, for the documentation; empty if nothing does.
        meaning: what the IV is; for the documentation.
        origin: the evidence.
        make: from the argument, the key and the block's size in bytes to the IV; ValueError for a bad argument.
    """

    name: str
    argument: str
    meaning: str
    origin: str
    make: Callable[[str, bytes, int], bytes]


def _of_text(argument: str, key: bytes, size: int) -> bytes:
    return argument.encode("ascii")


def _of_hex(argument: str, key: bytes, size: int) -> bytes:
    return bytes.fromhex(argument)


def _of_key(argument: str, key: bytes, size: int) -> bytes:
    if argument:
        raise ValueError("the rule takes no argument")
    return key[:size]


_IV_ROWS = (
    IvRule("text", "TEXT", "the ASCII text", "[E] Y1, Y2, Y6, Y7", _of_text),
    IvRule("hex", "HEX", "the bytes that the digits spell", "[E] Y3, Y4", _of_hex),
    IvRule("key", "", "the first block of the key", "not seen in this family; for sites that need it", _of_key),
)

IV_RULES: Mapping[str, IvRule] = MappingProxyType({rule.name: rule for rule in _IV_ROWS})
