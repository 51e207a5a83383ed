"""What a call gives back: the code and the text of its export, and the one log line that every call leaves.

What it is: success and failure in the terms of an export's row (shim/spec/exports.py), fitted to the host's buffer.
What it is not: the order of a call (shim/service.py), nor bytes (shim/call_port.py); these two use it.
"""

from __future__ import annotations

import logging
import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from shim import codec, log, submission
from shim.bilingual import Bilingual, filled
from shim.deadline import Deadline
from shim.dialects import nation
from shim.errors import HostError, OwnError, PlatformError, PlatformRefusal, Reason, ShimError, State
from shim.host_codes import REFUSED, SUCCESS_WORDS, failure_code, replaced_word
from shim.journal.call_journal import Journal, JournalCall, JournalTicket, NoJournal, shown_serial
from shim.journal.calls import CallOutcome
from shim.messages import own
from shim.messages.clerk import sentence, wordless_refusal
from shim.messages.outcome import logged_outcome
from shim.spec import EC_CODES, SEEN_CODES, VC_CODES, Effect, Export, Family, Shape
from shim.submission import Submission

PLATFORM_NAMES = {
    Family.VC: Bilingual("多码融合平台", "the health code platform"),
    Family.EC: Bilingual("医保平台", "the insurance platform"),
}
# Of both documents, because a VC call passes on what the insurance platform says of an insurance code.
_KNOWN = SEEN_CODES | EC_CODES | VC_CODES
# The errors of ours that know what became of a call which may have had an effect outside. Others were meant for before.
_KNOWS_WHAT_WAS_DONE = frozenset({Reason.OUT_TOO_SMALL, *(each for each in Reason if each.leaves_outcome_unknown)})
# What the log says of a refusal; in English `vcshim spec CODE` stands for the words of the tables, which are Chinese.
_REFUSES = "{platform}拒绝（说明 {size} 字）", "{platform} refuses (its text has {size} characters)"
_REFUSES_BY = (
    f"{_REFUSES[0]}：{{meaning}}。{{remedy}}",
    f"{_REFUSES[1]}; see vcshim spec {{code}}",
)
_REFUSES_BY_ANOTHER = (
    f"{_REFUSES[0]}：平台的返回码 ***（{{length}} 字）以 {{code}} 代替。{{remedy}}",
    f"{_REFUSES[1]}; {{code}} takes the place of its own code (*** ({{length}} characters)); see vcshim spec {{code}}",
)
# C ends a text at a NUL, and a window shows other control characters as boxes.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the host gets.

    Attributes:
        code: what the export returns; a number's is written as digits.
        text: the text for OutData or pErrmsg.
        wrap: puts `text` into the form that the host parses. None for the answer of a platform, which is in that form
            already and must arrive whole; any other text may be shortened.
        org_id: what an EC failure that takes the place of this reply must repeat.
        is_ours: it is a failure of our own making, not a platform's refusal and not a success.
        note: follows `text`, and stays whole where `text` is shortened.
        ticket: the call's row in the journal, for a failure that takes the place of this reply.
        is_success: the call went well, and `code` is what this vendor's export returns then.
    """

    code: str
    text: str
    wrap: Callable[[str], str] | None = None
    org_id: str = ""
    is_ours: bool = False
    note: str = ""
    ticket: JournalTicket | None = None
    is_success: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether the code is one of those that may cross into C for success."""
        return self.is_success and self.code in SUCCESS_WORDS

    @property
    def number(self) -> int:
        """The code as a C int. What is not a number of 32 bits becomes that of an internal failure, never 0."""
        return int(self.code) if re.fullmatch("-?[0-9]{1,9}", self.code) else int(Reason.INTERNAL.vc_code)

    @property
    def out(self) -> str:
        """OutData, or pErrmsg, where there is room for all of it."""
        return self.text if self.wrap is None else self.wrap(self.text + self.note)

    def fitted(self, charset: str, room: int, whole: bytes | None = None) -> bytes:
        """The same in `charset` and at most `room` bytes, the NUL not counted. `whole` is all of it, if that is known.

        As much of the text as fits, in whole characters and with its wrapping intact; empty where not even the
        wrapping fits.
        """
        out = codec.encode(self.out, charset) if whole is None else whole
        if len(out) <= room:
            return out
        wrap = self.wrap or (lambda text: text)

        def shortened(length: int) -> bytes:
            return codec.encode(wrap(self.text[:length] + self.note), charset)

        fitting = bisect_right(range(len(self.text)), room, key=lambda length: len(shortened(length)))
        return shortened(fitting - 1) if fitting else b""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """In which form a vendor's export answers, where it is not that of the specification.

    Attributes:
        success: what it returns after success; "" for the word of the export's row.
        refusal: what it returns after a platform's refusal; "" for the platform's own code.
        failure: from code, message and orgId to the text for OutData. The code never reads as success.
        shows_code: `failure` shows the code, and a code of letters need not be named in the message.
        passes_refusals: OutData of a platform's refusal is its answer as it came.
    """

    success: str = ""
    refusal: str = ""
    failure: Callable[[str, str, str], str] | None = None
    shows_code: bool = False
    passes_refusals: bool = False


@dataclass(slots=True)
class CallRecord:
    """One call in progress: what its log line will say, and how it ends. Used by the thread of the call only.

    Attributes:
        deadline: when the call must be over.
        facts: what the log line says beside the outcome; free of patients' data.
        org_id: the orgId of the request, as soon as it is known: EC answers repeat it.
        submission: whether the call may have had an effect outside.
        audience: that of [messages].
        platform: the name of the platform that is asked; that of the export's own document until another is.
        effect: what the row of the method says of the request; CHANGE until it is known.
        serial: the host's own number of the business, by which the platform finds it; "" if it is not known.
        journal: where the call's row goes.
        ticket: of that row, once it was begun.
        form: in which form the export answers, as soon as it is known.
    """

    export: Export
    logger: logging.Logger
    deadline: Deadline = field(default_factory=lambda: Deadline(0))
    facts: dict[str, Any] = field(default_factory=dict)
    org_id: str = ""
    submission: Submission = field(default_factory=submission.current)
    audience: str = "clerk"
    platform: str = ""
    effect: Effect = Effect.CHANGE
    serial: str = ""
    journal: Journal = field(default_factory=NoJournal)
    ticket: JournalTicket | None = None
    _began: float = field(default_factory=time.time)
    form: AnswerForm = AnswerForm()
    _started: float = field(default_factory=time.perf_counter)
    _stages: list[log.CallStage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platform = self.platform or PLATFORM_NAMES[self.export.family]

    def event(self, level: int, text: str, **facts: object) -> None:
        """A log line beside the last one, for what is worth knowing while the call goes on."""
        log.event(self.logger, level, text, function=self.export.name, **facts)

    def warn(self, text: str, **facts: object) -> None:
        """The same at the level of a warning."""
        self.event(logging.WARNING, text, **facts)

    def bug(self, text: str) -> None:
        """A log line about an exception that is being handled, with its trace. Never raises."""
        log.exception(self.logger, text, function=self.export.name)

    @contextmanager
    def timed(self, fact: str) -> Iterator[None]:
        """Adds the milliseconds of the block to the facts, also where it raises."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.facts[fact] = _milliseconds(started)
            self._stages.append(log.CallStage(fact, started - self._started, time.perf_counter() - started))

    def sending(self) -> None:
        """The request is about to be sent: a change has its row in the journal before.

        The first one of a process has SQLite imported while it waits for the platform, not before.
        """
        self.journal.prepare()
        if self.effect is Effect.CHANGE:
            self.ticket = self.journal.began(replace(self._told(CallOutcome.SENDING, "", None), sent=True))

    def succeeded(self, text: str) -> Reply:
        """The reply of a call that went well, with `text` for the buffer; writes the log line and the journal's row."""
        code = self.form.success if self.form.success in SUCCESS_WORDS else self.export.success
        self._finish(logging.INFO, "成功", self._ended(CallOutcome.SUCCESS), code=code)
        self._journalise(CallOutcome.SUCCESS, code)
        return Reply(code, text, org_id=self.org_id, is_success=True, ticket=self.ticket)

    def failed(self, error: ShimError) -> Reply:
        """The reply of a call that failed; writes the log line and the journal's row.

        Its code is never one that the host takes for success (shim/host_codes.py), its text never empty, and the text
        of an EC call always the valid JSON that callers parse. Where the outcome is unknown the text says so.
        """
        error = self._by_state(error)
        family = self.export.family
        given = error.vc_code if family is Family.VC else error.ec_code
        code = failure_code(given, family)
        text, shown = self._log_text(error, given, code)
        state = self._state(error)
        outcome = {} if state is None else {"outcome": logged_outcome(self.export, state, self.effect)}
        if self.serial and self.effect is Effect.CHANGE and state is State.UNKNOWN:
            outcome["serial"] = shown_serial(self.serial)
        became = self._call_outcome(state)
        ended = self._ended(became, "" if error.row is None else error.row.key)
        self._finish(logging.ERROR, text, ended, code=shown, family=_family(error), reason=_reason(error), **outcome)
        self._journalise(became, code)
        message = self._text(error, given, code)
        wrap = self._wrapping((replaced_word(given) or code) if self.form.shows_code else code)
        if not isinstance(error, PlatformRefusal):
            return Reply(code, message, wrap, is_ours=state is not None, ticket=self.ticket)
        if self.form.passes_refusals and error.answer:
            wrap = _whole_or(message, _CONTROLS.sub(" ", error.answer), wrap)
        return Reply(failure_code(self.form.refusal or code, family), message, wrap, ticket=self.ticket)

    def internal_error(self) -> OwnError:
        """The error of a call that an exception has ended, whichever: the state of the call decides, nothing else."""
        return OwnError(own.INTERNAL_SENT if self.submission.begun else own.INTERNAL)

    def _by_state(self, error: ShimError) -> ShimError:
        """`error`, unless it says that nothing was done although something may have been.

        What the platform or the network did is known to the transport, what became of a label or of keys to the device.
        """
        if not self.submission.begun or isinstance(error, PlatformError) or error.reason in _KNOWS_WHAT_WAS_DONE:
            return error
        if error.reason is Reason.DEVICE_UNAVAILABLE and self.export.shape is not Shape.TRANS:
            return error
        self.warn("发送之后的错误", error=error.told_of(self.platform))
        return self.internal_error()

    def _state(self, error: ShimError) -> State | None:
        """What became of the call; None of a refusal, whose words are the platform's."""
        if error.row is None:
            return None
        if error.row.state is not None:
            return error.row.state
        return State.UNKNOWN if self.submission.begun else State.NOT_DONE

    def _text(self, error: ShimError, given: str, code: str) -> str:
        """What the host gets of `error`: for the clerk, or for both readers."""
        state = self._state(error)
        if error.row is None or state is None:
            words, word = _CONTROLS.sub(" ", error.message).strip(), replaced_word(given)
            if not words:
                return wordless_refusal(_KNOWN.get(code), code, word, self.platform)
            return f"{words}（平台返回码 {word}）" if word and not self.form.shows_code else words
        facts = {"platform": self.platform, **error.facts}
        clerk = sentence(error.row, facts, self.export, state, self.effect, code)
        text = clerk if self.audience == "clerk" else f"{clerk}详情：{error.line(self.platform)}"
        return _CONTROLS.sub(" ", text)

    def _log_text(self, error: ShimError, given: str, code: str) -> tuple[Bilingual, str]:
        """What the log says of a failure, and of the code that the host gets.

        Nothing of a refusal is logged as it came, because its words and its code may name a patient: of a code in the
        tables their meaning and remedy, of any other its length. Our own texts were masked when they were made.

        Args:
            given: the platform's own code; `code` takes its place where it cannot cross (shim/host_codes.py).
        """
        if not isinstance(error, PlatformRefusal):
            return error.told_of(self.platform), code
        facts = {"platform": self.platform, "size": len(error.message), "length": len(given), "code": code}
        row = _KNOWN.get(code)
        if row is None:
            return filled(*_REFUSES, facts), f"***（{len(code)} 字）"
        texts = _REFUSES_BY_ANOTHER if code in REFUSED.values() and code not in given else _REFUSES_BY
        return filled(*texts, {**facts, "meaning": row.meaning, "remedy": row.remedy}), code

    def _wrapping(self, code: str) -> Callable[[str], str]:
        failure = self.form.failure
        if failure is not None:
            return lambda text: failure(code, text, self.org_id)
        if self.export.family is Family.VC:
            return lambda text: text
        org_id = self.org_id
        return lambda text: nation.failure_text(code, text, org_id)

    def _call_outcome(self, state: State | None) -> CallOutcome:
        """What the journal says became of a failure."""
        if state is None:
            return CallOutcome.REFUSED
        if state is not State.UNKNOWN:
            return CallOutcome.DONE if state is State.DONE else CallOutcome.NOT_DONE
        if self.export.shape is not Shape.TRANS:
            return CallOutcome.PERHAPS
        return CallOutcome.UNKNOWN if self.effect is Effect.CHANGE else CallOutcome.NO_RESULT

    def _journalise(self, outcome: CallOutcome, code: str) -> None:
        told = self._told(outcome, code, _milliseconds(self._started))
        self.ticket = self.journal.ended(told, self.ticket)

    def _told(self, outcome: CallOutcome, code: str, milliseconds: float | None) -> JournalCall:
        method = str(self.facts.get("method", ""))
        sent = outcome is not CallOutcome.NOT_DONE and self.submission.begun
        return JournalCall(self.export.name, method, self.serial, self._began, sent, outcome, code, milliseconds)

    def _ended(self, outcome: CallOutcome, cause: str = "") -> log.CallEnd:
        return log.CallEnd(outcome.value, cause, time.perf_counter() - self._started, tuple(self._stages))

    def _finish(self, level: int, text: str, ended: log.CallEnd, **facts: object) -> None:
        more = {**facts, "ms": round(ended.seconds * 1000, 1), **self.facts}
        log.last_line(self.logger, level, text, ended, function=self.export.name, **more)


def _whole_or(message: str, answer: str, wrap: Callable[[str], str]) -> Callable[[str], str]:
    """A wrapping that gives a platform's answer in the place of the whole `message`, and wraps a shortened one."""
    return lambda text: answer if text == message else wrap(text)


def _family(error: ShimError) -> str:
    return "host" if isinstance(error, HostError) else "own" if isinstance(error, OwnError) else "platform"


def _reason(error: ShimError) -> str:
    return error.reason.title if error.reason else "refused"


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
