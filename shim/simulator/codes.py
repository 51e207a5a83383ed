"""The 多码融合码 as text, as wire.md describes it: ``ID:flag:token:reserve:organisation``. Pure: no list, no clock.

Flag 1 or nothing is static, 0 is dynamic: the token is the moment of expiry, enciphered together with a mark of the ID
by a key that only the platform has. ``85:ID:1`` is a static code, too. Not for insurance codes: they have no colon.
L3; used by cards, and by whoever shows a code.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shim import crypto
from shim.simulator.persons import TERM_ID

_TOKEN_KEY = b"simulator tokens"


@dataclass(frozen=True, slots=True)
class HealthCode:
    """A code that was read; `expires` in seconds of the epoch, None for a static one."""

    code_id: str
    expires: int | None


def static_code(code_id: str) -> str:
    """The code that never expires."""
    return f"{code_id}:1:::{TERM_ID}"


def dynamic_code(code_id: str, expires: int) -> str:
    """The code that is good until `expires`, in seconds of the epoch."""
    plain = expires.to_bytes(8, "big") + _mark(code_id)
    return f"{code_id}:0:{crypto.encrypt('AES', 'ECB', _TOKEN_KEY, b'', plain).hex().upper()}::{TERM_ID}"


def read_code(text: str) -> HealthCode:
    """A scanned code. ValueError where it is none, or where its token is not this platform's for this ID."""
    parts = text.split(":")
    if len(parts) == 3 and parts[0] == "85":
        return HealthCode(parts[1], None)
    if len(parts) != 5 or parts[1] not in ("", "0", "1"):
        raise ValueError("not ID, flag, token, reserve and organisation")
    if parts[1] != "0":
        return HealthCode(parts[0], None)
    plain = crypto.decrypt("AES", "ECB", _TOKEN_KEY, b"", bytes.fromhex(parts[2]))
    if plain[8:] != _mark(parts[0]):
        raise ValueError("the token of another code")
    return HealthCode(parts[0], int.from_bytes(plain[:8], "big"))


def _mark(code_id: str) -> bytes:
    return hashlib.sha256(code_id.encode("utf-8")).digest()[:7]
