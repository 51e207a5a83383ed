"""Keystrokes and their times in, codes out: what tells a keyboard-wedge scanner from a person. Pure.

A code is what was typed faster than a person can and ended by Enter: no gap above 100 ms, a second in all, and a pause
before it, or its head may have gone by before anybody listened. Devices are kept apart, so that a clerk may type while
a scanner reads. L2, used by wedge_helper.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

GAP = 0.1
WHOLE = 1.0
SHORTEST = 4
LONGEST = 512
_NEVER = float("-inf")  # when a code began that can no longer become one


@dataclass(slots=True)
class Typed:
    """One device's keys since its last pause."""

    last: float
    first: float = _NEVER
    text: str = ""


@dataclass(slots=True)
class KeyFramer:
    """`key` takes each character that a key gave; Enter is "\\r". `began` is when listening began, in its seconds."""

    began: float
    gap: float = GAP
    whole: float = WHOLE
    _devices: dict[int, Typed] = field(default_factory=dict)

    def key(self, device: int, character: str, now: float) -> str | None:
        """The code that this key ends, or None."""
        typed = self._devices.setdefault(device, Typed(self.began))
        if now - typed.last > self.gap:
            typed.first, typed.text = now, ""
        elif len(typed.text) > LONGEST:
            typed.first, typed.text = _NEVER, ""
        typed.last = now
        if character not in "\r\n":
            typed.text += character
            return None
        text, typed.text = typed.text.strip(), ""
        return text if len(text) >= SHORTEST and now - typed.first <= self.whole else None
