"""A call of an export from bytes to bytes, and the last catch: what `abi` performs, with no C in it.

No exception leaves this module, KeyboardInterrupt and the like included: what has become of the call by then decides
its answer (shim/submission.py). It builds the service with the first call of a process, and anew where the settings
have changed. What it is not: pointers and cffi (shim/abi.py), the bytes of one parameter (shim/host_bytes.py), the
order of a call (shim/service.py). Used by `abi`; the tests call it as a host would.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shim import codec, forks, log
from shim.background import start_in_background
from shim.bilingual import word_list
from shim.call_order import entered_at
from shim.configuration import Configuration, is_unreadable
from shim.errors import HostError, OwnError, ShimError
from shim.host_bytes import (
    Answer,
    answer_charset,
    call_arguments,
    check_room,
    failure_answer,
    fitted_answer,
    out_too_long,
    passed_texts,
    text_parameters,
)
from shim.journal.call_journal import JournalTicket
from shim.local_copy import LoadedSet
from shim.log import Station
from shim.messages import host, settings, start
from shim.messages.clerk import IT_DEPARTMENT, LONGEST
from shim.prepared_failures import prepared_failure
from shim.reply import CallRecord, Reply
from shim.settings_watch import SettingsWatch
from shim.spec import EXPORT_BY_NAME, Export
from shim.submission import Submission, performing
from shim.wiring import Wired, announce, wire
from shim.workstation import station

if TYPE_CHECKING:
    from shim.capture.forwarding import Sink, VendorOutcome


@dataclass(slots=True)
class _Progress:
    """How far a call has come: what its answer needs if an exception ends it.

    `raised` is the kind of that exception, `place` where it came from if there is no log yet.
    """

    submission: Submission
    wired: Wired | None = None
    charset: str = "gbk"
    org_id: str = ""
    ticket: JournalTicket | None = None
    raised: type[BaseException] = Exception
    place: str = ""

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger("vcshim") if self.wired is None else self.wired.logger


class Port:
    """The exports in bytes. Any thread may call.

    Args:
        folder: where the DLLs and vcshim.ini are.
        loaded: where the core is.
        place: which PC this is.
    """

    def __init__(self, folder: Path, loaded: LoadedSet | None = None, place: Station | None = None) -> None:
        self._folder = folder
        self._place = place or station()
        self._loaded = loaded or LoadedSet()
        self._parents: Wired | None = None
        self._wired: Wired | None = None
        self._watch: SettingsWatch | None = None
        self._problems_named = False  # in the log, by this process or, before it was forked, by its parent
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        """Without a service: a forked child builds its own with its first call."""
        self._lock = threading.Lock()
        self._parents, self._wired = self._wired or self._parents, None
        self._is_announced = self._is_child = False
        self._problems_told = False
        self._utf_8_reported = False
        self._watches_fleet = False
        if self._watch is not None:
            self._watch = SettingsWatch(self._folder, self._watch.known)

    def answer(
        self,
        function: str,
        texts: Sequence[bytes | int],
        mode: int,
        capacity: int,
        submission: Submission | None = None,
        entered: int | None = None,
    ) -> Answer:
        """Perform a call. Never raises, whatever is raised inside: an exception of any kind ends as `submission` says.

        That is 8009 or -1 if nothing was handed over, else 3003 or -1 with the words that the outcome is unknown.

        Args:
            function: the name of an export.
            texts: the host's bytes, or one of the negative lengths; more than the export has are ignored.
            mode: the int argument, for the export that has one.
            capacity: bytes of the host's buffer with the NUL.
            submission: keeps whether the call may have had an effect outside.
            entered: when the host entered the export, see shim/call_order.py; None for now.
        """
        row = EXPORT_BY_NAME[function]
        if forks.lost:
            return self._lost(row, capacity)
        progress = _Progress(submission or Submission())
        try:
            with performing(progress.submission), entered_at(entered):
                return self._perform(row, texts, mode, capacity, progress)
        except BaseException as error:
            progress.raised = type(error)
            log.exception(progress.logger, "内部异常", function=row.name)
            if progress.wired is None:
                progress.place = _place(error)
        try:  # here the exception and its frames are gone, and what memory they held
            return self._failure(row, progress, capacity)
        except BaseException:
            return prepared_failure(row, progress.submission, progress.charset, capacity)

    def begin(self, function: str, texts: Sequence[bytes | int], mode: int) -> tuple[int, bytes | None]:
        """What to do before the vendor's DLL answers a call. Never raises: the vendor gets the host's own address then.

        Args: as for `answer`.

        Returns:
            The ticket of the call and the address to hand over: 0 and None where it is not recorded.
        """
        try:
            forwarding = self._wire().forwarding
            if forwarding is not None and not forks.lost:
                started = forwarding.begin(function, _readable(EXPORT_BY_NAME[function], texts), mode)
                return started.ticket, started.address
        except BaseException:
            log.exception(logging.getLogger("vcshim"), "内部异常", function=function)
        return 0, None

    def end(self, ticket: int, outcome: VendorOutcome) -> tuple[bool, bool]:
        """What to do after it. Never raises.

        Returns:
            Whether the vendor's export is to be called once more, with the host's own address; and whether anything of
            the call may have been sent.
        """
        try:
            forwarding = self._wire().forwarding
            if forwarding is not None:
                return forwarding.end(ticket, outcome), forwarding.was_sent(ticket)
        except BaseException:
            log.exception(logging.getLogger("vcshim"), "内部异常")
        return False, True

    def warm_up(self) -> None:
        """Do what calls do only once, so that the first one is as fast as the others. Leaves no trace outside.

        Nothing is sent, written or said, and nothing raises: what fails here, a call does again, and says.
        """
        try:
            with self._lock:
                wired = self._newly_wired() or self._wired
            assert wired is not None
            from shim.rehearsal import rehearse

            rehearse(wired)
        except BaseException:
            return

    def _perform(
        self, row: Export, texts: Sequence[bytes | int], mode: int, capacity: int, progress: _Progress
    ) -> Answer:
        wired = progress.wired = self._wire()
        progress.charset = wired.configuration.abi.charset
        try:
            wired.service.check_settings()  # before a text is read in a charset that may be wrong
            with wired.service.reading(row):
                passed = passed_texts(row, texts)
                arguments, progress.charset = call_arguments(row, passed, mode, progress.charset)
                self._question_charset(wired, row, passed)
                check_room(row, capacity)
            reply = self._call(wired, row.name, arguments)
        except ShimError as error:
            reply = _record(row, wired).failed(error)
        progress.org_id, progress.ticket = reply.org_id, reply.ticket
        return self._answer(wired, row, reply, progress.charset, capacity)

    def _question_charset(self, wired: Wired, row: Export, texts: Sequence[bytes]) -> None:
        """Name the texts that were read as GBK and are more likely UTF-8; they stay as they were read.

        A line in the log, once a process, or the end of the call, as [validate] level says.
        """
        level = wired.configuration.validate.level
        if wired.configuration.abi.charset != "gbk" or level == "off":
            return
        doubtful = [p.name for p, text in zip(text_parameters(row), texts, strict=True) if codec.resembles_utf_8(text)]
        if not doubtful:
            return
        finding = HostError(host.RATHER_UTF_8, parameters=word_list(doubtful))
        if level == "strict":
            raise finding
        with self._lock:
            reported, self._utf_8_reported = self._utf_8_reported, True
        if not reported:
            log.event(wired.logger, logging.WARNING, finding.message, function=row.name)

    def _wire(self) -> Wired:
        """The service of a call."""
        if self._watch is not None:
            self._watch.look()
        with self._lock:
            wired = self._newly_wired() or self._wired
            assert wired is not None
            # NB: with the lock: another call may have newer settings meanwhile, and put them in force first.
            fresh = None if self._watch is None else self._watch.fresh()
            if fresh is not None and not wired.configuration.unreadable:
                wired = self._wired = self._renewed(wired, fresh)
            if not self._is_announced:
                announce(
                    wired,
                    self._folder,
                    self._loaded,
                    is_child=self._is_child,
                    names_problems=not self._problems_named,
                )
                self._is_announced = self._problems_named = True
            if wired.configuration.fleet.source and not self._is_child and not self._watches_fleet:
                self._watches_fleet = _watch_fleet(wired, self._folder)
            return wired

    def _newly_wired(self) -> Wired | None:
        """A service that this process has not had yet; None if the one that it has will do. Under the lock."""
        before = self._wired
        if before is not None:
            if not before.configuration.unreadable or is_unreadable(self._folder):
                return None
            self._problems_named = False
        self._is_announced, self._is_child = False, self._parents is not None
        if self._watch is None or before is not None:
            self._watch = SettingsWatch(self._folder)
        self._wired, self._parents = wire(self._folder, self._parents, _open_shadow, self._place), None
        return self._wired

    def _renewed(self, wired: Wired, fresh: Configuration) -> Wired:
        """What is to be taken over of settings that have changed. Under the lock."""
        from shim.renewal import renewed

        problems = wired.configuration.problems
        try:
            wired = renewed(wired, fresh)
        except Exception:  # the call goes on with what is in force
            log.exception(wired.logger, "更改的设置未能采用")
        if wired.configuration.problems != problems:
            self._problems_told = False
        return wired

    def _call(self, wired: Wired, function: str, arguments: list[Any]) -> Reply:
        return wired.service.export(function)(*arguments)

    def _lost(self, row: Export, capacity: int) -> Answer:
        """The answer in a child that can use nothing of ours, the log included."""
        error = OwnError(start.NOT_STARTED, **start.FORKED)
        self._write_down(error)
        record = CallRecord(row, logging.Logger("no log", logging.CRITICAL))
        charset = "gbk"
        if self._wired is not None:
            charset = self._wired.configuration.abi.charset
            record.audience = self._wired.configuration.messages.audience
        reply = record.failed(error)
        room = max(capacity - 1, 0)
        return Answer(reply.code.encode(), reply.number, reply.fitted("utf-8" if charset == "utf-8" else "gbk", room))

    def _answer(self, wired: Wired, row: Export, reply: Reply, charset: str, capacity: int) -> Answer:
        """The reply in the host's charset, fitted to its buffer; an answer that must arrive whole is stored instead."""
        charset, room = answer_charset(charset), max(capacity - 1, 0)
        told, whole = reply, codec.encode(reply.out, charset)
        if len(whole) > room and reply.wrap is None:
            record = _record(row, wired)
            record.org_id, record.ticket = reply.org_id, reply.ticket
            told = record.failed(out_too_long(len(whole), room, _save(wired, reply.text)))
        told = self._with_problems(wired, row, told, charset, room)
        return fitted_answer(row, told, charset, capacity, whole if told is reply else None)

    def _with_problems(self, wired: Wired, row: Export, reply: Reply, charset: str, room: int) -> Reply:
        """The first failure of ours that has a text also says that vcshim.ini has problems: few people read the log.

        A clerk who is sent to the IT department anyway is told nothing more: the log is read there.
        """
        if self._problems_told or not reply.is_ours or row.output is None:
            return reply
        problems = [each for each in wired.configuration.problems if each not in wired.configuration.refusals]
        if not problems:
            return reply
        if wired.configuration.messages.audience == "clerk":
            note = settings.NOTE
            fits = IT_DEPARTMENT not in reply.text and len(reply.text + note) <= LONGEST
        else:
            note = settings.NOTE_FOR_DEVELOPERS.format(problem=_cut(problems[0], 60), count=len(problems))
            fits = len(codec.encode(note, charset)) <= room // 2  # the failure's own sentence matters more
        if not fits:
            return reply
        self._problems_told = True
        return replace(reply, note=note)

    def _failure(self, row: Export, progress: _Progress, capacity: int) -> Answer:
        """The answer of a call that an exception has ended."""
        record = CallRecord(row, progress.logger, org_id=progress.org_id, submission=progress.submission)
        error = record.internal_error()
        if progress.wired is None:  # tried again by the next call
            error = OwnError(start.NO_MEMORY)
            if not issubclass(progress.raised, MemoryError):
                facts = {"raised": progress.raised.__name__, "place": progress.place}
                error = OwnError(start.BROKEN, mark=start.BROKEN_MARK, **facts)
            self._write_down(error)
        else:
            record.audience = progress.wired.configuration.messages.audience
            record.journal, record.ticket = progress.wired.journal, progress.ticket
        return failure_answer(record.failed(error), answer_charset(progress.charset), capacity)

    def _write_down(self, error: OwnError) -> None:
        """Leave the engineer's line beside vcshim.ini where there is no log to hold it. Never raises."""
        try:
            (self._folder / start.file_name(self._place.pc)).write_bytes(
                f"\ufeff{error.message}\r\n".encode("utf-8", "replace")
            )
        except OSError:
            return  # a folder that this user may not write to: [messages] audience = developer shows the line


def _record(row: Export, wired: Wired) -> CallRecord:
    """A call that ends here."""
    return CallRecord(row, wired.logger, audience=wired.configuration.messages.audience, journal=wired.journal)


def _readable(row: Export, texts: Sequence[bytes | int]) -> list[bytes | None]:
    """The host's bytes for each text parameter of the row; None for what is missing or cannot be read."""
    count = len(text_parameters(row))
    return [text if isinstance(text, bytes) else None for text in texts[:count]]


def _place(error: BaseException) -> str:
    """Where an exception came from: its last three frames. Never raises: "" where there is no memory for it."""
    try:
        return "，".join(log.trace(error.__traceback__)[-3:])
    except BaseException:
        return ""


def _open_shadow(settings: Configuration, logger: logging.Logger) -> Sink:
    """What compares the calls of [mode] run = shadow; imported only then."""
    from shim.replay.shadow import open_shadow

    return open_shadow(settings, logger)


def _watch_fleet(wired: Wired, folder: Path) -> bool:
    """Have the hospital's settings looked for by a thread, which imports what it needs; whether there is one."""

    def work() -> None:
        from shim.fleet.watch import FleetWatch

        FleetWatch(folder, wired.logger).run()

    try:
        start_in_background(work, "vcshim-fleet")
    except (RuntimeError, MemoryError):  # the system has no thread left: the next call tries again
        return False
    return True


def _save(wired: Wired, text: str) -> str | None:
    """The name of an answer that was saved; None where it was not, whyever: it costs the copy, never the call."""
    try:
        return wired.answer_store.save(text)
    except BaseException:
        log.exception(wired.logger, "应答未能保存")
        return None


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
