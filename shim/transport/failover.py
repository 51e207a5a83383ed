"""A transport for platforms that have several addresses: fail-over of what was not sent, and fail-back.

A request goes to the first address that is up. It goes to the next one only if not a byte of it was handed to the
system for the one before, or if it is a query: what may have arrived is never sent twice (`Effect`). An address that
failed stands back behind the others; once its time is over a call has it tried in the background, by a connection and
nothing more, so that no call waits for it. An address that is up again is preferred again.

What it is not: a transport of its own. It hands each request to the one below it, and keeps the promises of `base`.
Used by wiring where `[transport] alternatives` names addresses; any thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from shim import forks, log, submission
from shim.background import start_in_background
from shim.deadline import Deadline
from shim.errors import PlatformError, Reason, ShimError
from shim.http_answer import HttpAnswer
from shim.log import Occasion
from shim.settings.pairs import Pairs
from shim.spec import Effect
from shim.submission import Submission
from shim.transport.address import Address, parse_proxy, parse_url
from shim.transport.base import Transport
from shim.transport.connection import Connector

_LONGEST_REST_SECONDS = 3600
# No server of the platform behind this address: said by what stands before it.
_NO_SERVER = frozenset({502, 503, 504})
# What a query may be sent again after, the worst for the outcome first: of several failures that one is told.
_NO_ANSWER = (Reason.UNKNOWN_OUTCOME, Reason.SEND_FAILED, Reason.CONNECT_FAILED)


class Probe:
    """Makes a connection to an address and closes it: is anybody there? Arguments as those of the transports."""

    def __init__(self, connect_seconds: float, proxy: str, ca_file: str) -> None:
        self._connect_seconds = connect_seconds
        self._proxy = proxy
        self._ca_file = ca_file

    def __call__(self, url: str) -> None:
        """Raises ShimError if no connection can be made."""
        connector = Connector(parse_proxy(self._proxy), self._ca_file)
        connector.connect(parse_url(url), Deadline(self._connect_seconds)).close()


@dataclass(slots=True, eq=False)
class _Place:
    """One address of a platform, and how it fared.

    Attributes:
        base: as the setting has it, without a slash at its end.
        failures: since the last answer from there; 0 while it is up.
        down: whether it stands back.
        rests_until: by time.monotonic(): when it may be tried in the background.
        probing: whether that is being done.
    """

    base: str
    address: Address
    failures: int = 0
    down: bool = False
    rests_until: float = 0.0
    probing: bool = False


class Failover:
    """Hands requests to `inner`, by the address that is up.

    Args:
        groups: the addresses of each platform; the first is what hosts pass as strUrl, or its beginning.
        probe: raises ShimError if an address cannot be reached.
        back_seconds: how long an address that failed rests at first.
    """

    def __init__(
        self,
        inner: Transport,
        groups: Sequence[Sequence[str]],
        probe: Callable[[str], None],
        back_seconds: float,
        logger: logging.Logger,
    ) -> None:
        self._inner = inner
        self._groups = [[_Place(base, parse_url(base)) for base in group] for group in groups]
        self._probe = probe
        self._back_seconds = back_seconds
        self._logger = logger
        self._lock = threading.Lock()
        forks.in_child(self._in_child)

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: Pairs = (),
    ) -> HttpAnswer:
        targets = self._targets(url)
        if not targets:
            return self._inner.post(url, body, content_type, effect, deadline, headers)
        failures: list[PlatformError] = []
        refused: HttpAnswer | None = None
        for left, (place, target) in zip(range(len(targets), 0, -1), targets, strict=True):
            attempt = _Attempt(submission.current())
            limit = _share(deadline, left) if effect is Effect.QUERY else deadline
            try:
                with submission.performing(Submission(attempt)):
                    answer = self._inner.post(target, body, content_type, effect, limit, headers)
            except PlatformError as error:
                if error.reason not in _NO_ANSWER:
                    raise
                self._failed(place, "" if error.row is None else error.row.key)
                failures.append(error)
                if not _may_go_on(error, effect, attempt):
                    break
            else:
                if answer.status not in _NO_SERVER:
                    self._answered(place)
                    return answer
                self._failed(place, f"HTTP {answer.status}")
                refused = refused or answer
                if effect is not Effect.QUERY:
                    break
            if deadline.passed:
                break
        if refused is not None:
            return refused
        raise _decisive(failures)

    # ---- which addresses ---------------------------------------------------------------------------------------------

    def _targets(self, url: str) -> list[tuple[_Place, str]]:
        """The addresses of the platform that strUrl leads to, as they are to be tried; none if it has this one only.

        HostError NO_URL or UNSUPPORTED_URL, as from any transport.
        """
        asked = parse_url(url)
        found: list[_Place] = []
        rest = ""
        for group in self._groups:
            behind = _behind(asked, group[0].address)
            if behind is not None and (not found or len(group[0].base) > len(found[0].base)):
                found, rest = group, behind
        user = asked.url.partition("//")[2].partition("/")[0].rpartition("@")[0] if asked.authorization else ""
        return [
            (place, url if place is found[0] else _with_user(place.base + rest, user))
            for place in self._in_order(found)
        ]

    def _in_order(self, group: list[_Place]) -> list[_Place]:
        """Those that are up first. Has those that have rested looked at."""
        now = time.monotonic()
        with self._lock:
            due = [place for place in group if place.down and not place.probing and now >= place.rests_until]
            for place in due:
                place.probing = True
            order = sorted(group, key=lambda place: (place.down, place.failures if place.down else 0))
        for place in due:
            self._start_probe(place)
        return order

    # ---- how they fare -----------------------------------------------------------------------------------------------

    def _failed(self, place: _Place, cause: str) -> None:
        with self._lock:
            fresh, place.down = not place.down, True
            self._rest(place)
        if fresh:
            peer = place.address.peer.authority
            text = "平台的一个地址不通，改用其他地址"
            log.marked(self._logger, logging.WARNING, text, Occasion.FALL_BACK, peer=peer, cause=cause)

    def _rest(self, place: _Place) -> None:
        """Under the lock."""
        place.failures += 1
        seconds = self._back_seconds * 2 ** min(place.failures - 1, 12)
        place.rests_until = time.monotonic() + min(seconds, _LONGEST_REST_SECONDS)

    def _answered(self, place: _Place) -> None:
        with self._lock:
            place.failures = 0
            back, place.down = place.down, False
        if back:
            self._log_back(place)

    def _start_probe(self, place: _Place) -> None:
        try:
            start_in_background(partial(self._look_at, place), "vcshim-fail-back")
        except (RuntimeError, MemoryError):  # the system has no thread left; a later call tries again
            place.probing = False

    def _look_at(self, place: _Place) -> None:
        is_up = False
        try:
            self._probe(place.base)
            is_up = True
        except ShimError:
            pass
        except BaseException:  # short of memory, or of a file: nothing is known of the address, which is tried again
            log.exception(self._logger, "平台的地址没有试成：内部异常")
        with self._lock:
            place.probing = False
            if not is_up:
                self._rest(place)
                return
            back, place.down = place.down, False  # its failures stay: what fails again at once rests for longer
        if back:
            self._log_back(place)

    def _log_back(self, place: _Place) -> None:
        log.event(self._logger, logging.INFO, "平台的地址已恢复，改回使用", peer=place.address.peer.authority)

    def _in_child(self) -> None:
        self._lock = threading.Lock()
        for group in self._groups:
            for place in group:
                place.probing = False


class _Attempt:
    """Where the transport below says that it may be sending: to this attempt, and to the call at once."""

    def __init__(self, call: Submission) -> None:
        self._call = call
        self._sent = 0

    @property
    def sent(self) -> int:
        return self._sent

    @sent.setter
    def sent(self, sent: int) -> None:
        self._sent = sent
        self._call.begun = self._call.begun or bool(sent)


def _behind(asked: Address, first: Address) -> str | None:
    """What of the path and query of `asked` comes behind `first`; None if it does not lead there."""
    if (asked.secure, asked.peer.port) != (first.secure, first.peer.port):
        return None
    if asked.peer.host.lower() != first.peer.host.lower():
        return None
    path = first.target.rstrip("/")
    rest = asked.target.removeprefix(path)
    if not asked.target.startswith(path) or (rest and rest[0] not in "/?"):
        return None
    return rest


def _with_user(url: str, user: str) -> str:
    """`url` with the user and password that strUrl names."""
    return url.replace("//", f"//{user}@", 1) if user else url


def _share(deadline: Deadline, left: int) -> Deadline:
    """The part of the time that one of `left` addresses may take."""
    return deadline if left == 1 else deadline.earlier(deadline.remaining / left)


def _may_go_on(error: PlatformError, effect: Effect, attempt: _Attempt) -> bool:
    """Whether the request may go to another address: nothing of it was handed over, or it changes nothing."""
    return effect is Effect.QUERY or (error.reason is Reason.CONNECT_FAILED and not attempt.sent)


def _decisive(failures: Sequence[PlatformError]) -> PlatformError:
    """What the host is told of several failures: the first of those that leave most open."""
    for reason in _NO_ANSWER:
        for error in failures:
            if error.reason is reason:
                return error
    return failures[0]
