"""What the extension screen shows and for how long: the rules of VC 2.2, driven by a clock. No thread, no device.

An authorisation code is valid for 60 seconds, which are counted down. Consent replaces it by a success message. A
refusal leaves the page and the countdown as they are. At zero the page goes.

A code that a registration returned is valid for ever, or for the seconds that the request asked for (time_expire, VC
4.1.1): the patient is told which, and sees no code that is over.
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
_NEW_CODES = frozenset({ScreenPhase.REGISTERED, ScreenPhase.EXPIRING, ScreenPhase.FOLLOW})
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
    """What is being shown, until when, for which out_authorize_no, and for how many seconds in all."""

    phase: ScreenPhase
    until: float
    number: str = ""
    code: str = field(default="", repr=False)
    total: float = 0


def valid_seconds(time_expire: str) -> float | None:
    """For how long a new code is valid, as the time_expire of its request says; None for ever.

    Nothing and 0 mean for ever. What is no number is for the platform to judge: the code may expire at any time, and
    is not called one to be kept.
    """
    text = time_expire.strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        return math.inf
    return None if seconds == 0 else seconds if seconds > 0 else math.inf  # NaN and -5 are no numbers of seconds


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

    def tell(self, step: Step, number: str, text: str, now: float, time_expire: str = "") -> bool:
        """Apply what an answer said; see Screen.tell.

        Returns:
            False if a code was to be shown now, and the answer has none.
        """
        if step not in self._steps:
            return True
        if step is Step.DECIDES:
            self._decide(number, text, now)
            return True
        text = text.strip()
        if not text:
            self._entry = None
            return not self._visible
        phase, total = ScreenPhase.WAITING, self._durations.valid
        if step is not Step.ASKS:
            phase, total, number = ScreenPhase.FOLLOW, self._durations.new_code, ""
        if step is Step.REGISTERS:
            valid = valid_seconds(time_expire)
            phase = ScreenPhase.REGISTERED if valid is None else ScreenPhase.EXPIRING
            total = total if valid is None else min(total, valid)
        self._entry = _Entry(phase, now + total, number, text, total)
        return True

    def content(self, now: float) -> ScreenContent:
        """What is to be shown at `now`."""
        self._expire(now)
        entry = self._entry
        if entry is None or not self._visible:
            return _HIDDEN
        if not entry.code:
            return ScreenContent(entry.phase)
        return ScreenContent(entry.phase, entry.code, math.ceil(entry.until - now), math.ceil(entry.total))

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
        if entry is None or phase is None or not entry.code or entry.phase in _NEW_CODES:
            return
        if entry.number != number:
            return
        if phase is ScreenPhase.SUCCEEDED:
            self._entry = _Entry(phase, now + self._durations.succeeded, number)
        else:
            self._entry = _Entry(phase, entry.until, number, entry.code, entry.total)

    def _expire(self, now: float) -> None:
        """Replace or drop an entry whose time has passed."""
        entry = self._entry
        if entry is not None and entry.phase is ScreenPhase.WAITING and now >= entry.until:
            entry = self._entry = _Entry(ScreenPhase.EXPIRED, entry.until + self._durations.expired, entry.number)
        if entry is not None and now >= entry.until:
            self._entry = None
