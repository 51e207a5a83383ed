"""The digits of the insurance codes that phones show: whose code it is and when it expires, enciphered.

So a page can show a new code without storing anything: looking at a page changes nothing. Only the use of a code is
stored (store.insurance_codes). Pure: no list of people, no clock.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

# 17 digits without a leading zero, which all seeded codes have, hold 56 bits:
_HOLDER_BITS, _TIME_BITS, _COUNT_BITS = 22, 24, 10
_HALF_BITS = (_HOLDER_BITS + _TIME_BITS + _COUNT_BITS) // 2
_LOWEST = 10**16
_ROUNDS = range(4)


@dataclass(frozen=True, slots=True)
class CodeDigits:
    """What the digits say: the number of the holder's row, and the second of expiry, of which the low bits are kept.

    `count` tells codes of the same holder and second from each other.
    """

    holder: int
    expires: int
    count: int


def written_digits(content: CodeDigits) -> str:
    """Return the 17 digits.

    Raises:
        ValueError: There is no room for a holder's row of that number.
    """
    if content.holder >> _HOLDER_BITS:
        raise ValueError(f"the holder's row {content.holder} does not fit into an insurance code")
    value = (content.holder << _TIME_BITS) | content.expires % (1 << _TIME_BITS)
    return str(_LOWEST + _mixed((value << _COUNT_BITS) | content.count % (1 << _COUNT_BITS), _ROUNDS))


def parse_digits(text: str, now: float) -> CodeDigits | None:
    """Return what 17 digits say; None if they were not written by `written_digits`.

    Args:
        text: The digits.
        now: Seconds of the epoch: expiry is within 97 days of it, before or after.
    """
    if not re.fullmatch("[0-9]{17}", text) or not 0 <= int(text) - _LOWEST < 1 << 2 * _HALF_BITS:
        return None
    value = _mixed(int(text) - _LOWEST, _ROUNDS[::-1])
    whole, count = divmod(value, 1 << _COUNT_BITS)
    holder, low = divmod(whole, 1 << _TIME_BITS)
    half = 1 << (_TIME_BITS - 1)
    return CodeDigits(holder, int(now) + (low - int(now) + half) % (1 << _TIME_BITS) - half, count)


def _mixed(value: int, rounds: range) -> int:
    """Return a permutation of 56 bits, as a Feistel network makes it; the rounds in reverse order undo it."""
    left, right = divmod(value, 1 << _HALF_BITS)
    for number in rounds:
        data = b"insurance codes" + bytes((number,)) + right.to_bytes(4, "big")
        left, right = right, left ^ int.from_bytes(hashlib.sha256(data).digest()[:4], "big") % (1 << _HALF_BITS)
    return (right << _HALF_BITS) | left
