"""The 多码融合码 as text, written and read: ``ID:flag:token:reserved:organisation``. Pure: no list of people, no clock.

Flag 1 or an empty flag marks a static code, flag 0 a dynamic one. The token of a dynamic code is its time of expiry,
encrypted together with a digest of the ID under a key that only the platform has. ``85:ID:1`` is a static code as well.
Insurance codes have no colon and are not read here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shim.crypto import block_ciphers
from shim.simulator.persons import TERM_ID

_TOKEN_KEY = b"simulator tokens"


@dataclass(frozen=True, slots=True)
class HealthCode:
    """A parsed code. `expires` is in seconds of the epoch, None for a static code."""

    code_id: str
    expires: int | None


def static_code(code_id: str) -> str:
    """Return the code of `code_id` that never expires."""
    return f"{code_id}:1:::{TERM_ID}"


def dynamic_code(code_id: str, expires: int) -> str:
    """Return the code of `code_id` that is valid until `expires`, in seconds of the epoch."""
    plain = expires.to_bytes(8, "big") + _id_digest(code_id)
    return f"{code_id}:0:{block_ciphers.encrypt('AES', 'ECB', _TOKEN_KEY, b'', plain).hex().upper()}::{TERM_ID}"


def parse_health_code(text: str) -> HealthCode:
    """Parse a scanned code.

    Raises:
        ValueError: `text` is not a 多码融合码, or its token was not issued by this platform for this ID.
    """
    parts = text.split(":")
    if len(parts) == 3 and parts[0] == "85":
        return HealthCode(parts[1], None)
    if len(parts) != 5 or parts[1] not in ("", "0", "1"):
        raise ValueError("not ID, flag, token, reserved and organisation")
    if parts[1] != "0":
        return HealthCode(parts[0], None)
    plain = block_ciphers.decrypt("AES", "ECB", _TOKEN_KEY, b"", bytes.fromhex(parts[2]))
    if plain[8:] != _id_digest(parts[0]):
        raise ValueError("the token of another code")
    return HealthCode(parts[0], int.from_bytes(plain[:8], "big"))


def _id_digest(code_id: str) -> bytes:
    return hashlib.sha256(code_id.encode("utf-8")).digest()[:7]
