"""The rules that make a cipher's key and its IV: the tables `KEY_RULES` and `IV_RULES`. Pure functions.

A key rule sees the cipher, the secret and the app_id; an IV rule sees its argument, the key and the size of a block.
Used by `ciphers`. `origin` is the evidence; docs/dialects.md, Evidence, explains the vectors that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from shim.crypto import byte_text, digests
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
    return byte_text.to_text(data, cipher.encoding)


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


_OTHERS = "not seen in this family; for sites that need it"


def _digest_of(name: str) -> Callable[[Cipher, str, str], bytes]:
    return lambda cipher, secret, app_id: _sized(digests.digest(name, secret.encode("utf-8")), cipher.key_bytes)


def _digest_text(name: str, encoding: str) -> Callable[[Cipher, str, str], bytes]:
    def make(cipher: Cipher, secret: str, app_id: str) -> bytes:
        return _fit(byte_text.to_text(digests.digest(name, secret.encode("utf-8")), encoding), cipher.key_bytes)

    return make


def _sized(data: bytes, size: int) -> bytes:
    return data[:size].ljust(size, b"\0")


def _sha1prng(cipher: Cipher, secret: str, app_id: str) -> bytes:
    """NB: 20 bytes come of one digest; what follows them is another state, which only keys of AES-192 and 256 need."""
    state = digests.digest("SHA-1", secret.encode("utf-8"))
    key = b""
    while len(key) < cipher.key_bytes:
        output = digests.digest("SHA-1", state)
        key += output
        state = _next_state(state, output)
    return key[: cipher.key_bytes]


def _next_state(state: bytes, output: bytes) -> bytes:
    """As sun.security.provider.SecureRandom: the sum of state, output and 1, byte by byte, each with its carry."""
    last, changed, following = 1, False, bytearray(state)
    for index, (one, other) in enumerate(zip(state, output, strict=True)):
        total = _signed(one) + _signed(other) + last
        following[index] = total & 0xFF
        changed |= following[index] != one
        last = total >> 8
    if not changed:
        following[0] = (following[0] + 1) & 0xFF
    return bytes(following)


def _signed(byte: int) -> int:
    return byte - 256 if byte > 127 else byte


def _of_base64(cipher: Cipher, secret: str, app_id: str) -> bytes:
    try:
        key = byte_text.from_text(secret, "base64")
    except ValueError:
        key = b""
    if len(key) != cipher.key_bytes:
        raise HostError(host.KEY_NOT_BASE64, wanted=cipher.key_bytes, size=len(secret))
    return key


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
    KeyRule(
        "last",
        "the last N bytes of the secret, zero padded",
        _OTHERS,
        lambda cipher, secret, app_id: _sized(secret.encode("utf-8")[-cipher.key_bytes :], cipher.key_bytes),
    ),
    KeyRule(
        "reversed",
        "the first N bytes of the secret read backwards",
        _OTHERS,
        lambda cipher, secret, app_id: _sized(secret.encode("utf-8")[::-1], cipher.key_bytes),
    ),
    KeyRule(
        "padded-0",
        "the first N bytes of the secret, padded with the character 0",
        _OTHERS,
        lambda cipher, secret, app_id: secret.encode("utf-8")[: cipher.key_bytes].ljust(cipher.key_bytes, b"0"),
    ),
    KeyRule(
        "padded-blank",
        "the first N bytes of the secret, padded with blanks",
        _OTHERS,
        lambda cipher, secret, app_id: secret.encode("utf-8")[: cipher.key_bytes].ljust(cipher.key_bytes),
    ),
    KeyRule("unbase64", "the bytes that the secret spells as base64; it must spell exactly N", _OTHERS, _of_base64),
    KeyRule("md5", "the first N bytes of the secret's MD5, zero padded", _OTHERS, _digest_of("MD5")),
    KeyRule(
        "md5-upper",
        "the first N characters of the secret's MD5 in upper hex",
        _OTHERS,
        _digest_text("MD5", "upper-hex"),
    ),
    KeyRule(
        "md5-lower",
        "the first N characters of the secret's MD5 in lower hex",
        _OTHERS,
        _digest_text("MD5", "lower-hex"),
    ),
    KeyRule("sha-256", "the first N bytes of the secret's SHA-256", _OTHERS, _digest_of("SHA-256")),
    KeyRule("sm3", "the first N bytes of the secret's SM3", _OTHERS, _digest_of("SM3")),
    KeyRule(
        "sha1prng",
        "the first N bytes of Java's SHA1PRNG, the secret being its seed",
        "not seen in this family; common in Java",
        _sha1prng,
    ),
    KeyRule(
        "app-id",
        "the first N bytes of the app_id, zero padded",
        _OTHERS,
        lambda cipher, secret, app_id: _fit(app_id, cipher.key_bytes),
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
        make: from the argument, the key, the block's size in bytes and the app_id to the IV; ValueError for a bad
            argument.
    """

    name: str
    argument: str
    meaning: str
    origin: str
    make: Callable[[str, bytes, int, str], bytes]


def _of_text(argument: str, key: bytes, size: int, app_id: str) -> bytes:
    return argument.encode("ascii")


def _of_hex(argument: str, key: bytes, size: int, app_id: str) -> bytes:
    return bytes.fromhex(argument)


def _without_argument(make: Callable[[bytes, int, str], bytes]) -> Callable[[str, bytes, int, str], bytes]:
    def checked(argument: str, key: bytes, size: int, app_id: str) -> bytes:
        if argument:
            raise ValueError("the rule takes no argument")
        return _sized(make(key, size, app_id), size)

    return checked


def _app_id_bytes(key: bytes, size: int, app_id: str) -> bytes:
    return app_id.encode("utf-8")


_IV_ROWS = (
    IvRule("text", "TEXT", "the ASCII text", "[E] Y1, Y2, Y6, Y7", _of_text),
    IvRule("hex", "HEX", "the bytes that the digits spell", "[E] Y3, Y4", _of_hex),
    IvRule("key", "", "the first block of the key", _OTHERS, _without_argument(lambda key, size, app_id: key)),
    IvRule(
        "key-end", "", "the last block of the key", _OTHERS, _without_argument(lambda key, size, app_id: key[-size:])
    ),
    IvRule(
        "key-reversed", "", "the key read backwards", _OTHERS, _without_argument(lambda key, size, app_id: key[::-1])
    ),
    IvRule(
        "key-md5",
        "",
        "the MD5 of the key",
        _OTHERS,
        _without_argument(lambda key, size, app_id: digests.digest("MD5", key)),
    ),
    IvRule("zero", "", "NULs", _OTHERS, _without_argument(lambda key, size, app_id: b"")),
    IvRule("app-id", "", "the first block of the app_id, zero padded", _OTHERS, _without_argument(_app_id_bytes)),
    IvRule(
        "sent",
        "",
        "random, and sent before the encrypted bytes",
        _OTHERS,
        _without_argument(lambda key, size, app_id: b""),
    ),
)

IV_RULES: Mapping[str, IvRule] = MappingProxyType({rule.name: rule for rule in _IV_ROWS})
