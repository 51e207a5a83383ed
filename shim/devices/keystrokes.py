"""Keystrokes and their times in, codes out: what tells a keyboard-wedge scanner from a person. Pure.

A code is what was typed faster than a person can and ended by Enter: no gap above 100 ms, a second in all. Devices are
kept apart, so that a clerk may type while a scanner reads. L2, used by wedge_helper.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

GAP = 0.1
WHOLE = 1.0
SHORTEST = 4
LONGEST = 512


@dataclass(slots=True)
class Typed:
    """One device's keys since its last pause."""

    first: float = 0.0
    last: float = 0.0
    text: str = ""


@dataclass(slots=True)
class KeyFramer:
    """`key` takes each character that a key gave; Enter is "\\r"."""

    gap: float = GAP
    whole: float = WHOLE
    _devices: dict[int, Typed] = field(default_factory=dict)

    def key(self, device: int, character: str, now: float) -> str | None:
        """The code that this key ends, or None."""
        typed = self._devices.setdefault(device, Typed())
        if now - typed.last > self.gap or len(typed.text) > LONGEST:
            typed.first, typed.text = now, ""
        typed.last = now
        if character not in "\r\n":
            typed.text += character
            return None
        text, typed.text = typed.text.strip(), ""
        return text if len(text) >= SHORTEST and now - typed.first <= self.whole else None
