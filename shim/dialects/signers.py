"""How the sign of a base string is made and verified: the table `SIGNERS`. Pure functions.

A signer sees the row, the bytes of the base string (which `envelope` makes) and the secret. It returns raw bytes, which
the row's `sign_encoding` turns into text. A new signer is a row here and a vector in tests/vectors/dialects.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from shim.crypto import byte_text, digests

if TYPE_CHECKING:
    from shim.dialects.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Signer:
    """One way of signing.

    Args:
        name: the word for it in the column `signers` and in vcshim.ini.
        meaning: for the documentation.
        origin: the evidence.
        make: from row, base string and secret to the raw sign.
        verify: whether the last argument, a sign as it was received, is that of row, base string and secret.
        needs: columns without which it cannot sign; a row with this signer must fill them.
    """

    name: str
    meaning: str
    origin: str
    make: Callable[[Dialect, bytes, str], bytes]
    verify: Callable[[Dialect, bytes, str, str], bool]
    needs: tuple[str, ...] = ()


# ---- signs that are verified by making them again --------------------------------------------------------------------


def _repeatable(name: str, meaning: str, origin: str, make: Callable[[Dialect, bytes, str], bytes]) -> Signer:
    def verify(dialect: Dialect, data: bytes, secret: str, received: str) -> bool:
        return is_same_sign(received, byte_text.to_text(make(dialect, data, secret), dialect.sign_encoding), dialect)

    return Signer(name, meaning, origin, make, verify)


def is_same_sign(received: str, expected: str, dialect: Dialect) -> bool:
    """Compare two signs in constant time. Hex may be in upper or in lower case, not in both."""
    data, text = (byte_text.repair(each, dialect.sign_encoding) for each in (received, expected))
    return _is_same(data.encode("utf-8", "replace"), text, dialect.sign_encoding)


def _is_same(data: bytes, text: str, encoding: str) -> bool:
    same = digests.are_same(data, text.encode("ascii"))
    if not encoding.startswith("base64"):
        same |= digests.are_same(data, text.swapcase().encode("ascii"))
    return same


def _digest(name: str, origin: str) -> Signer:
    return _repeatable(
        name,
        f"{name} of the base string, which ends with the secret",
        origin,
        lambda dialect, data, secret: digests.digest(name, data),
    )


def _hmac(name: str, digest: str, origin: str) -> Signer:
    return _repeatable(
        name,
        f"HMAC of the base string with {digest}, the secret being the key",
        origin,
        lambda dialect, data, secret: digests.hmac_digest(digest, secret.encode("utf-8"), data),
    )


# ---- SM2 -------------------------------------------------------------------------------------------------------------


def _sm2_make(dialect: Dialect, data: bytes, secret: str) -> bytes:
    from shim.crypto.sm2 import sm2_sign, sm2_to_der

    signature = sm2_sign(dialect.sm2_private_key, data, _sm2_user(dialect, secret))
    return sm2_to_der(signature) if dialect.sm2_form == "der" else signature


def _sm2_verify(dialect: Dialect, data: bytes, secret: str, received: str) -> bool:
    from shim.crypto.sm2 import sm2_from_der, sm2_verify

    try:
        signature = byte_text.from_text(received, dialect.sign_encoding)
        if dialect.sm2_form == "der":
            signature = sm2_from_der(signature)
    except ValueError:
        return False
    return sm2_verify(dialect.sm2_public_key, data, _sm2_user(dialect, secret), signature)


def _sm2_user(dialect: Dialect, secret: str) -> bytes:
    return (dialect.sm2_user_id or secret).encode("utf-8")


# ---- the table -------------------------------------------------------------------------------------------------------

_ROWS = (
    _digest("MD5", "[E] G1, G2, G3, G5, G6"),
    _digest("SM3", "[E] G4, N1"),
    _digest("SHA-256", "[E] codes 85:HEX64:1"),
    _digest("SHA-1", "not seen in this family; of other platforms"),
    _digest("SHA-384", "not seen in this family"),
    _digest("SHA-512", "not seen in this family; of other platforms"),
    _hmac("HMAC-MD5", "MD5", "not seen in this family; of other platforms"),
    _hmac("HMAC-SHA1", "SHA-1", "not seen in this family; of other platforms"),
    _hmac("HMAC-SHA512", "SHA-512", "not seen in this family"),
    _hmac(
        "HMAC-SHA256", "SHA-256", "not seen in this family; WeChat Pay V2 signs so, with the secret in the text, too"
    ),
    _hmac("HMAC-SM3", "SM3", "not seen in this family; the counterpart of HMAC-SHA256"),
    Signer(
        "SM2",
        "an SM2 signature with SM3 by `sm2_private_key`; verified with `sm2_public_key`",
        "[E] the NHSA's mobile payment; not seen in this family",
        _sm2_make,
        _sm2_verify,
        needs=("sm2_private_key",),
    ),
)

SIGNERS: Mapping[str, Signer] = MappingProxyType({signer.name: signer for signer in _ROWS})
