"""What stands on the extension screen, and for how long: a clock, some rules, no device.

Rules of VC 2.2: an authorisation code is good for 60 seconds, which are counted down; consent is shown; a refusal
leaves the page and the countdown as they are; at zero the page goes. L2, pure; used by showing.py, by one thread at a
time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from shim.devices.screen.base import Shown, State
from shim.spec.rows import Step

# auth_status (VC 4.7.2): what the screen shows then. A word that is not here changes nothing.
BY_STATUS: Mapping[str, State] = {
    "ing": State.WAITING,
    "succ": State.SUCCEEDED,
    "fail": State.REFUSED,
    "cancel": State.REFUSED,
}
_NEW_CODE = {Step.REGISTERS: State.REGISTERED, Step.FOLLOWS: State.FOLLOW}
_NOTHING = Shown(State.HIDDEN)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: how long an authorisation code is good (VC 2.2), and how long the others stand; 0: not at all."""

    valid: float = 60
    succeeded: float = 3
    expired: float = 3
    new_code: float = 60


@dataclass(frozen=True, slots=True)
class _Page:
    state: State
    until: float
    number: str = ""
    code: str = field(default="", repr=False)


class Board:
    """`steps` are those that this site wants to see. Every `now` is of one monotonic clock, in seconds."""

    def __init__(self, times: Times, steps: frozenset[Step] = frozenset(Step)) -> None:
        self._times = times
        self._steps = steps
        self._visible = False
        self._page: _Page | None = None

    def set_visible(self, visible: bool) -> None:
        """VC 3.3: what was asked for before 1 is shown with the seconds that are left of it; 0 forgets it."""
        self._visible = visible
        if not visible:
            self._page = None

    def tell(self, step: Step, number: str, text: str, now: float) -> None:
        """What an answer said; see Screen.tell."""
        if step not in self._steps:
            return
        if step is Step.ASKS:
            self._page = _Page(State.WAITING, now + self._times.valid, number, text)
        elif step is Step.DECIDES:
            self._decide(number, text, now)
        else:
            self._page = _Page(_NEW_CODE[step], now + self._times.new_code, code=text)

    def shown(self, now: float) -> Shown:
        """What stands there at `now`."""
        self._age(now)
        page = self._page
        if page is None or not self._visible:
            return _NOTHING
        if not page.code:
            return Shown(page.state)
        return Shown(page.state, page.code, math.ceil(page.until - now))

    def next_change(self, now: float) -> float | None:
        """Seconds until `shown` says something else without being told; None for never."""
        self._age(now)
        page = self._page
        if page is None or not self._visible:
            return None
        left = page.until - now
        return left - (math.ceil(left) - 1) if page.code else left

    def _decide(self, number: str, status: str, now: float) -> None:
        """An answer about another consent, or about one that is over, changes nothing."""
        self._age(now)
        page = self._page
        state = BY_STATUS.get(status)
        if page is None or state is None or not page.code or page.number != number or page.state in _NEW_CODE.values():
            return
        if state is State.SUCCEEDED:
            self._page = _Page(state, now + self._times.succeeded, number)
        else:
            self._page = _Page(state, page.until, number, page.code)

    def _age(self, now: float) -> None:
        page = self._page
        if page is not None and page.state is State.WAITING and now >= page.until:
            page = self._page = _Page(State.EXPIRED, page.until + self._times.expired, page.number)
        if page is not None and now >= page.until:
            self._page = None
