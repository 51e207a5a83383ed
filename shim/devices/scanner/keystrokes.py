"""Keystrokes and their times in, codes out: what tells a keyboard-wedge scanner from a person. Pure.

A code is what was typed faster than a person can and ended by Enter: no gap above 100 ms, one second in all, and a
pause before it; a code whose beginning was missed is discarded. Devices are kept apart, so that a clerk may type while
a scanner reads. Used by wedge_helper.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST_GAP = 0.1
WHOLE = 1.0
SHORTEST = 4
LONGEST = 512
_NEVER = float("-inf")  # the beginning of what can no longer become a code


@dataclass(slots=True)
class Typed:
    """One device's keys since its last pause."""

    last: float
    first: float = _NEVER
    text: str = ""


@dataclass(slots=True)
class KeyFramer:
    """The framing of all keyboards while a scan waits.

    Attributes:
        began: when listening began, in seconds of the clock of `key`.
        code_began: when the first key of the last code was pressed.
        gap, whole: the longest pause between two keys and the longest duration of a code, in seconds.
    """

    began: float
    gap: float = LONGEST_GAP
    whole: float = WHOLE
    code_began: float = _NEVER
    _devices: dict[int, Typed] = field(default_factory=dict)

    def key(self, device: int, character: str, now: float) -> str | None:
        """Take the character of a key that was pressed at `now`; Enter is "\\r". The code that it ends, or None."""
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
        if len(text) < SHORTEST or now - typed.first > self.whole:
            return None
        self.code_began = typed.first
        return text
