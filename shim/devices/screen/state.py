"""What the extension screen shows and for how long: the rules of VC 2.2, driven by a clock. No thread, no device.

An authorisation code is valid for 60 seconds, which are counted down. Consent replaces it by a success message. A
refusal leaves the page and the countdown as they are. At zero the page goes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.spec.rows import Step

# auth_status (VC 4.7.2) and the phase it leads to. A value that is not here is ignored.
PHASE_BY_STATUS: Mapping[str, ScreenPhase] = {
    "ing": ScreenPhase.WAITING,
    "succ": ScreenPhase.SUCCEEDED,
    "fail": ScreenPhase.REFUSED,
    "cancel": ScreenPhase.REFUSED,
}
_NEW_CODE = {Step.REGISTERS: ScreenPhase.REGISTERED, Step.FOLLOWS: ScreenPhase.FOLLOW}
_HIDDEN = ScreenContent(ScreenPhase.HIDDEN)


@dataclass(frozen=True, slots=True)
class Durations:
    """Seconds: how long an authorisation code is valid (VC 2.2), and how long the others are shown; 0: not at all."""

    valid: float = 60
    succeeded: float = 3
    expired: float = 3
    new_code: float = 60


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is being shown, until when, and for which out_authorize_no."""

    phase: ScreenPhase
    until: float
    number: str = ""
    code: str = field(default="", repr=False)


class ScreenState:
    """Used by one thread at a time. Every `now` is in seconds of the same monotonic clock.

    Args:
        durations: how long each phase lasts.
        steps: the steps that this site wants to see; others are ignored.
    """

    def __init__(self, durations: Durations, steps: frozenset[Step] = frozenset(Step)) -> None:
        self._durations = durations
        self._steps = steps
        self._visible = False
        self._entry: _Entry | None = None

    def set_visible(self, visible: bool) -> None:
        """Show or hide. What came before True is shown for the rest of its time; False forgets it (VC 3.3)."""
        self._visible = visible
        if not visible:
            self._entry = None

    def tell(self, step: Step, number: str, text: str, now: float) -> None:
        """Apply what an answer said; see Screen.tell."""
        if step not in self._steps:
            return
        if step is Step.ASKS:
            self._entry = _Entry(ScreenPhase.WAITING, now + self._durations.valid, number, text)
        elif step is Step.DECIDES:
            self._decide(number, text, now)
        else:
            self._entry = _Entry(_NEW_CODE[step], now + self._durations.new_code, code=text)

    def content(self, now: float) -> ScreenContent:
        """What is to be shown at `now`."""
        self._expire(now)
        entry = self._entry
        if entry is None or not self._visible:
            return _HIDDEN
        if not entry.code:
            return ScreenContent(entry.phase)
        return ScreenContent(entry.phase, entry.code, math.ceil(entry.until - now))

    def next_change(self, now: float) -> float | None:
        """Seconds until `content` changes without another call of `tell`; None for never."""
        self._expire(now)
        entry = self._entry
        if entry is None or not self._visible:
            return None
        left = entry.until - now
        return left - (math.ceil(left) - 1) if entry.code else left

    def _decide(self, number: str, status: str, now: float) -> None:
        """Apply an auth_status. One for another consent, or for one that is over, is ignored."""
        self._expire(now)
        entry = self._entry
        phase = PHASE_BY_STATUS.get(status)
        if entry is None or phase is None or not entry.code or entry.phase in _NEW_CODE.values():
            return
        if entry.number != number:
            return
        if phase is ScreenPhase.SUCCEEDED:
            self._entry = _Entry(phase, now + self._durations.succeeded, number)
        else:
            self._entry = _Entry(phase, entry.until, number, entry.code)

    def _expire(self, now: float) -> None:
        """Replace or drop an entry whose time has passed."""
        entry = self._entry
        if entry is not None and entry.phase is ScreenPhase.WAITING and now >= entry.until:
            entry = self._entry = _Entry(ScreenPhase.EXPIRED, entry.until + self._durations.expired, entry.number)
        if entry is not None and now >= entry.until:
            self._entry = None
