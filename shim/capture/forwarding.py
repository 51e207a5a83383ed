"""What happens in Python around a call that the vendor's DLL answers: before it an address, after it a record.

C calls the vendor's export between `begin` and `end`, on the host's own thread. Neither sends, scans, prints or shows
anything. Built by wiring; used by call_port.
"""

from __future__ import annotations

import itertools
import logging
import os
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shim import forks, log
from shim.capture.origin import Origin, parse_origin
from shim.capture.record import CapturedCall, Habits, Traffic
from shim.capture.recorder import CannotListen, LaneCall, Recorder
from shim.capture.state import StateFile
from shim.capture.store import CannotStore
from shim.capture.updater_ini import RealAddress, UpdaterInis
from shim.log import Occasion
from shim.spec import EXPORT_BY_NAME, Export, Family, Shape

_HTTP = re.compile(rb"(?i)https?(?:://|:\\/\\/|%3a%2f%2f)")
_CANCELLED = b"-2"  # EC: by the operator
_DIGITS = re.compile(rb"[0-9]+")
_SAME_SECONDS = 60.0  # how long a platform that cannot be reached counts as out of reach without trying
_MOST_SAME = 1000


@dataclass(frozen=True, slots=True)
class Started:
    """A call that is about to be forwarded.

    Attributes:
        ticket: names it for `end`; positive.
        address: what to hand over in the place of strUrl, without a NUL; None: the host's own.
    """

    ticket: int
    address: bytes | None


@dataclass(frozen=True, slots=True)
class VendorOutcome:
    """What the vendor's export gave: `code` of a char*, `number` of an int, `out` up to its NUL; None for none."""

    code: bytes | None
    number: int
    out: bytes | None
    habits: Habits = field(default_factory=Habits)


class Sink(Protocol):
    """Where captured calls go: a store, or the comparison of shadow. Any thread."""

    def append(self, call: CapturedCall) -> None:
        """Take a call; when this returns, it is kept or handed over.

        Raises:
            CannotStore: nothing can be kept any more; capture switches itself off.
        """


class ForwardedJournal(Protocol):
    """Where a row for each call goes. Never raises."""

    def began(self, function: str, texts: Sequence[bytes | None]) -> Any:
        """A call is about to be handed over; the result is for its end."""

    def ended(self, call: CapturedCall, ticket: Any) -> None:
        """A call has ended."""


@dataclass(slots=True)
class _Pending:
    """A call between its begin and its end.

    Attributes:
        number: of the call in this process.
        given: what was handed over in the place of strUrl; None: the host's own address.
        names: host and port in it, and in strUrl.
        lane: None where the recorder is not in between.
        first: the outcome with the recorder's address, once the call goes to the original one; with its cause.
        folder: the working directory at the beginning.
    """

    number: int
    row: Export
    texts: tuple[bytes | None, ...]
    mode: int
    began: float
    lane: LaneCall | None = None
    given: bytes | None = None
    names: tuple[bytes, bytes] = (b"", b"")
    first: VendorOutcome | None = None
    cause: str = ""
    unreachable: bool = False
    folder: str = ""
    journal_ticket: Any = None


class Forwarding:
    """The forwarded calls of this process. Any thread; never raises.

    Args:
        recorder: see there.
        sink: where calls go; None: nowhere.
        journal: called with every call, after the sink.
        state: see there.
        inis: see there.
    """

    def __init__(
        self,
        recorder: Recorder,
        sink: Sink | None,
        journal: ForwardedJournal | None,
        state: StateFile,
        inis: UpdaterInis,
        logger: logging.Logger,
    ) -> None:
        self._recorder = recorder
        self._sink = sink
        self._journal = journal
        self._state = state
        self._inis = inis
        self._logger = logger
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._host = log.host_program()
        self._start = time.time_ns() // 1000
        self._pending: dict[int, _Pending] = {}
        self._off = ""
        self._not_sent: set[int] = set()  # calls that crashed before anything was sent
        self._proven: set[tuple[str, str]] = set()  # functions and platforms whose traffic has come by a lane
        self._same: dict[tuple[object, ...], float] = {}  # failures that are the same without us, and until when

    @property
    def off(self) -> str:
        """Why capture switched itself off, in Chinese; "" while it is on."""
        return self._off

    def begin(self, function: str, texts: Sequence[bytes | None], mode: int) -> Started:
        """Prepare a call.

        Args:
            function: the export's name.
            texts: as in CapturedCall.
            mode: the int argument, for the export that has one.
        """
        ticket = 0
        try:
            ticket = next(self._numbers)
            pending = _Pending(ticket, EXPORT_BY_NAME[function], tuple(texts), mode, time.time())
            pending.folder = os.getcwd()
            if ticket == 1:
                self._inis.restore(pending.folder)  # what an earlier process left behind
            self._pending[ticket] = pending
            if self._journal is not None:
                pending.journal_ticket = self._journal.began(function, pending.texts)
            pending.given = self._address(pending)
            return Started(ticket, pending.given)
        except BaseException:
            log.exception(self._logger, "留存：内部异常，本次调用用原地址", function=function)
            return Started(ticket or 1, None)

    def end(self, ticket: int, outcome: VendorOutcome) -> bool:
        """Record a call.

        Returns:
            True: call the vendor's export once more with the host's own address, because nothing of the call was sent
            and the recorder's address is to blame; `end` follows again with the same ticket. Else False.
        """
        try:
            pending = self._pending.get(ticket)
            if pending is None:
                return False
            again = self._end(pending, outcome)
            if not again:
                del self._pending[ticket]
            return again
        except BaseException:
            self._pending.pop(ticket, None)
            log.exception(self._logger, "留存：内部异常，本次调用没有留存")
            return False

    def was_sent(self, ticket: int) -> bool:
        """Whether anything of a call that crashed may have reached a platform; asked once, after `end`."""
        with self._lock:
            certain = ticket in self._not_sent
            self._not_sent.discard(ticket)
        return not certain

    # ---- before ------------------------------------------------------------------------------------------------------

    def _address(self, pending: _Pending) -> bytes | None:
        """What to hand over; None for the host's own address."""
        index = _url_index(pending.row)
        url = pending.texts[index] if index is not None and index < len(pending.texts) else None
        origin = None if url is None or self._off else parse_origin(url)
        if origin is None:
            return None
        try:
            lane = self._recorder.begin(origin)
        except CannotListen as error:
            self._switch_off(str(error))
            return None
        if lane is None:
            return None
        pending.lane = lane
        pending.names = lane.authority, origin.spelled
        self._inis.note(_port(lane), _real(origin, lane))
        return lane.address

    # ---- after -------------------------------------------------------------------------------------------------------

    def _end(self, pending: _Pending, outcome: VendorOutcome) -> bool:
        ended = time.time()
        lane = pending.lane
        traffic: tuple[Traffic, ...] = ()
        if lane is not None:
            if self._asks_again(pending, lane, outcome):
                return True
            traffic = self._recorder.end(lane, abandons=bool(outcome.habits.crashed))
            if lane.requests:
                self._proven.add(_platform(pending, lane))
        elif pending.first is not None:
            self._compare(pending, pending.first, outcome)
        if pending.given is not None:
            self._restore(pending.folder)
        if outcome.habits.crashed:
            self._crashed(pending, lane, outcome)
        self._store(self._call(pending, outcome, ended, traffic), pending.journal_ticket)
        return False

    def _crashed(self, pending: _Pending, lane: LaneCall | None, outcome: VendorOutcome) -> None:
        certain = lane is not None and lane.abandoned and not _mentions_addresses(pending)
        if certain:
            self._not_sent.add(pending.number)
        log.event(
            self._logger, logging.ERROR, "原厂动态库在调用中崩溃，已向医院程序返回失败", function=pending.row.name,
            exception=f"0x{outcome.habits.crashed:08X}", sent="没有发出" if certain else "可能已发出",
        )  # fmt: skip

    def _restore(self, folder: str) -> None:
        self._inis.restore(folder)
        now = os.getcwd()
        if now != folder:
            self._inis.restore(now)

    def _call(
        self, pending: _Pending, outcome: VendorOutcome, ended: float, traffic: tuple[Traffic, ...]
    ) -> CapturedCall:
        index = _url_index(pending.row)
        return CapturedCall(
            f"{self._host}-{os.getpid()}-{self._start:x}-{pending.number}", self._host, pending.row.name,
            pending.texts, pending.mode, outcome.out, outcome.code, outcome.number, pending.began, ended, traffic,
            recorded=index is None or pending.lane is not None, habits=outcome.habits,
        )  # fmt: skip

    def _store(self, call: CapturedCall, ticket: Any) -> None:
        self._state.note_call(bool(call.recorded))
        if self._sink is not None and not self._off:
            try:
                self._sink.append(call)
            except CannotStore as error:
                self._switch_off(str(error))
            except BaseException:
                log.exception(self._logger, "留存：内部异常，本次调用没有留存", function=call.function)
        if self._journal is not None:
            self._journal.ended(call, ticket)

    def _switch_off(self, cause: str) -> None:
        with self._lock:
            if self._off:
                return
            self._off = cause
        text = "留存已在本进程关闭，以后的调用由原厂动态库直接访问平台"
        log.marked(self._logger, logging.ERROR, text, Occasion.FALL_BACK, cause=cause)
        self._state.note_off(cause)

    # ---- once more with the original address -------------------------------------------------------------------------

    def _asks_again(self, pending: _Pending, lane: LaneCall, outcome: VendorOutcome) -> bool:
        """Whether the call is to be made once more; then its lane is closed, so that nothing of it can be sent."""
        if not _is_failure(pending.row, outcome) or _mentions_addresses(pending):
            return False
        if self._is_known(pending, lane, outcome) or not self._recorder.abandon(lane):
            return False
        pending.cause = _cause(lane)
        pending.unreachable = bool(lane.causes)
        pending.first, pending.lane = outcome, None
        self._restore(pending.folder)
        log.marked(
            self._logger, logging.WARNING, "经留存的调用失败，且什么都没有发出，改用原地址再调用一次",
            Occasion.FALL_BACK, function=pending.row.name, cause=pending.cause,
        )  # fmt: skip
        return True

    def _is_known(self, pending: _Pending, lane: LaneCall, outcome: VendorOutcome) -> bool:
        """Whether this failure was the same with the original address before.

        NB: of a platform that was never reached through a lane nothing is known: its vendor's DLL may refuse our
        address with the same words as it refuses a faulty request.
        """
        key = _failure(pending, outcome, _cause(lane))
        with self._lock:
            if not lane.causes and _platform(pending, lane) not in self._proven:
                return False
            return time.monotonic() < self._same.get(key, 0.0)

    def _compare(self, pending: _Pending, first: VendorOutcome, second: VendorOutcome) -> None:
        """Draw the conclusion from a call that was made twice."""
        key = _failure(pending, first, pending.cause)
        failed = _is_failure(pending.row, second)
        if failed and key == _failure(pending, second, pending.cause):
            until = time.monotonic() + _SAME_SECONDS if pending.unreachable else float("inf")
            with self._lock:
                self._same[key] = until
                if len(self._same) > _MOST_SAME:
                    del self._same[next(iter(self._same))]
        elif not failed or not pending.unreachable:  # else the platform is out of reach, and each call tries both ways
            self._switch_off(pending.cause)


def _url_index(row: Export) -> int | None:
    """Where strUrl stands among the texts of an export; None if it has none."""
    names = [parameter.name for parameter in row.inputs if parameter.is_text]
    return names.index("strUrl") if "strUrl" in names else None


def _port(lane: LaneCall) -> int:
    return int(lane.authority.rpartition(b":")[2])


def _real(origin: Origin, lane: LaneCall) -> RealAddress:
    authority = origin.spelled.decode("utf-8", "surrogateescape")
    return RealAddress(origin.scheme.decode("ascii"), authority, lane.path.decode("ascii"))


def _platform(pending: _Pending, lane: LaneCall) -> tuple[str, str]:
    return pending.row.name, lane.origin.name


def _is_failure(row: Export, outcome: VendorOutcome) -> bool:
    """Whether the vendor's export failed in a way that may be the address's fault."""
    if outcome.habits.crashed:
        return False  # what made it crash would do so again
    if row.shape is not Shape.TRANS:
        return outcome.number != 0
    code = (outcome.code or b"").strip()
    if row.family is Family.EC and code == _CANCELLED:
        return False
    return not (code and not code.strip(b"0"))  # 00, 0000, 0: success, in every dialect


def _mentions_addresses(pending: _Pending) -> bool:
    """Whether the host passed another address, as ECUrl: the vendor's DLL asks that one directly, unseen."""
    index = _url_index(pending.row)
    return any(text is not None and _HTTP.search(text) for at, text in enumerate(pending.texts) if at != index)


def _cause(lane: LaneCall) -> str:
    if lane.causes:
        return lane.causes[-1]
    if lane.spoke_tls:
        return "原厂动态库对交给它的本机地址也使用 TLS"
    if lane.refused:
        return "原厂动态库的连接没有被认出属于本进程"
    if lane.reached:
        return "原厂动态库没有发完请求"
    return "原厂动态库没有连接交给它的本机地址"


def _failure(pending: _Pending, outcome: VendorOutcome, cause: str) -> tuple[object, ...]:
    """What makes two failures the same: numbers in the text aside, which may be of a port, an error or a time."""
    out = outcome.out
    if out is not None:
        out = out.replace(*pending.names) if pending.names[0] else out
    return pending.row.name, outcome.code, outcome.number, None if out is None else _DIGITS.sub(b"#", out), cause
