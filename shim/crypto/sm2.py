"""SM2 signatures with SM3 (GB/T 32918) over gmssl's curve; what gmssl leaves unchecked is checked here. Any thread."""

from __future__ import annotations

import functools
import importlib
import re
import sys
from typing import Any

from shim import forks
from shim.crypto import digests
from shim.crypto.block_ciphers import library_missing
from shim.errors import OwnError
from shim.messages import cipher as rows

# GB/T 32918.5 clause 2: the recommended curve.
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
_GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
_HEX_64 = re.compile("[0-9A-Fa-f]{64}")


def sm2_sign(private_key: str, data: bytes, user_id: bytes, nonce: int | None = None) -> bytes:
    """The SM2 signature with SM3 (GB/T 32918.2 clause 6) of `data`: r and s, 32 bytes each.

    Args:
        private_key: 64 hex digits.
        user_id: the signer's distinguishing identifier, ``1234567812345678`` by default in the standards.
        nonce: the k of the standard. None derives it from key and data as in RFC 6979, which needs no random source
            and gives the same request the same sign.

    Raises:
        OwnError: SIGN_FAILED if the private key or the identifier cannot be used.
    """
    if not sm2_private_fits(private_key):
        raise OwnError(rows.SM2_PRIVATE_KEY, size=len(private_key))
    private = int(private_key, 16)
    hashed = _sm2_hash(_sm2_public(private_key), data, user_id)
    signature = _sm2_curve(private_key).sign(hashed, f"{_nonce(private, hashed, _N) if nonce is None else nonce:064x}")
    if signature is None:  # r or s came out as zero: about one in 2 to the 255th
        raise OwnError(rows.SM2_FAILED)
    return bytes.fromhex(signature)


def sm2_verify(public_key: str, data: bytes, user_id: bytes, signature: bytes) -> bool:
    """Whether `signature` (r and s, 32 bytes each) is that of `data` (GB/T 32918.2 clause 7).

    `public_key` is x and y, 128 hex digits, with or without 04 before them. False, too, for a signature of another
    length and for a key that is not a point of the curve.
    """
    point = sm2_point(public_key)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if point is None or len(signature) != 64 or not (1 <= r < _N and 1 <= s < _N) or (r + s) % _N == 0:
        return False
    try:
        return bool(_sm2_curve("0", point).verify(signature.hex(), _sm2_hash(point, data, user_id)))
    except TypeError:  # gmssl has None for the point at infinity and then subscripts it
        return False


def sm2_private_fits(private_key: str) -> bool:
    """Whether a text can be a private key: 64 hex digits, a number from 1 to n-2."""
    return _HEX_64.fullmatch(private_key) is not None and 1 <= int(private_key, 16) <= _N - 2


def sm2_point(public_key: str) -> str | None:
    """A public key as 128 hex digits without the leading 04; None if it is not a point of the curve."""
    digits = public_key[2:] if len(public_key) == 130 and public_key.startswith("04") else public_key
    if not (_HEX_64.fullmatch(digits[:64]) and _HEX_64.fullmatch(digits[64:])):
        return None
    x, y = int(digits[:64], 16), int(digits[64:], 16)
    on_curve = x < _P and y < _P and (y * y - x * x * x - _A * x - _B) % _P == 0
    return digits.lower() if on_curve else None


def sm2_to_der(signature: bytes) -> bytes:
    """A signature of r and s as the DER sequence that GM/T 0009 prescribes and many Java programs send."""
    from Crypto.Util.asn1 import DerSequence

    return DerSequence([int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")]).encode()


def sm2_from_der(data: bytes) -> bytes:
    """r and s, 32 bytes each, from a DER sequence. ValueError if it is not strict DER of two numbers below n."""
    from Crypto.Util.asn1 import DerSequence

    sequence = DerSequence().decode(data, strict=True, nr_elements=2, only_ints_expected=True)
    numbers = [sequence[0], sequence[1]]
    if not all(isinstance(number, int) and 0 < number < _N for number in numbers):
        raise ValueError("r or s is not a number below n")
    signature = b"".join(number.to_bytes(32, "big") for number in numbers)
    if sm2_to_der(signature) != data:
        raise ValueError("not strict DER")
    return signature


@functools.lru_cache(maxsize=4)
def _sm2_public(private_key: str) -> str:
    return str(_sm2_curve(private_key)._kg(int(private_key, 16), f"{_GX:064x}{_GY:064x}"))


def _sm2_hash(public_key: str, data: bytes, user_id: bytes) -> bytes:
    """e of the standard: the SM3 of Z (GB/T 32918.2 clause 5.5) and the data."""
    if len(user_id) > 8191:
        raise OwnError(rows.SM2_USER_ID, size=len(user_id))
    constants = b"".join(number.to_bytes(32, "big") for number in (_A, _B, _GX, _GY))
    length = (len(user_id) * 8).to_bytes(2, "big")
    z = digests.digest("SM3", length + user_id + constants + bytes.fromhex(public_key))
    return digests.digest("SM3", z + data)


def _nonce(private: int, hashed: bytes, order: int) -> int:
    """k by RFC 6979 section 3.2 with HMAC-SHA-256, for a curve whose order has 256 bits."""
    message = (int.from_bytes(hashed, "big") % order).to_bytes(32, "big")
    value, key = b"\x01" * 32, b"\x00" * 32
    for separator in (b"\x00", b"\x01"):
        key = _hmac_sha256(key, value + separator + private.to_bytes(32, "big") + message)
        value = _hmac_sha256(key, value)
    while True:
        value = _hmac_sha256(key, value)
        k = int.from_bytes(value, "big")
        if 1 <= k < order:
            return k
        key = _hmac_sha256(key, value + b"\x00")
        value = _hmac_sha256(key, value)


def _hmac_sha256(key: bytes, data: bytes) -> bytes:
    import hmac

    with forks.gate:
        return hmac.digest(key, data, "sha256")


def _sm2_curve(private_key: str, public_key: str = "") -> Any:
    """gmssl's SM2 over one key pair."""
    # HACK: gmssl.sm2 imports pycryptodomex, for DER that is not used here. The product ships the same code as
    # pycryptodome.
    try:
        try:
            from gmssl import sm2
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("Cryptodome"):
                raise
            importlib.import_module("Crypto.Util.asn1")
            for name in ("Crypto", "Crypto.Util", "Crypto.Util.asn1"):
                sys.modules.setdefault(name.replace("Crypto", "Cryptodome"), sys.modules[name])
            from gmssl import sm2
    except ImportError as error:
        raise library_missing(error) from error
    curve = sm2.CryptSM2(private_key, "")
    # NB: its constructor strips every leading 0 and 4 from a key that begins with 04, not just the prefix.
    curve.public_key = public_key
    return curve
