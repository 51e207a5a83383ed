"""What a call gives back: the code and the text of its export, and the one log line that every call leaves.

What it is: success and failure in the terms of an export's row (shim/spec/exports.py), fitted to the host's buffer.
What it is not: the order of a call (shim/service.py), nor bytes and pointers (shim/abi.py); these two use it.
"""

from __future__ import annotations

import logging
import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from shim import codec
from shim.deadline import Deadline
from shim.dialects import nation
from shim.errors import HostError, OwnError, PlatformRefusal, Reason, ShimError
from shim.log import event
from shim.spec import EC_CODES, SEEN_CODES, VC_CODES, Export, Family, Shape

_CODES = {Family.VC: VC_CODES, Family.EC: EC_CODES}
# Of both documents, because a VC call passes on what the insurance platform says of an insurance code.
_KNOWN = SEEN_CODES | EC_CODES | VC_CODES
# What a refusal becomes whose code would read as success: 交易失败 (VC appendix 1), 未知异常 (EC C.4).
_REFUSED = {Family.VC: "9998", Family.EC: "-1"}


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
    """

    code: str
    text: str
    wrap: Callable[[str], str] | None = None
    org_id: str = ""
    is_ours: bool = False
    note: str = ""

    @property
    def number(self) -> int:
        """The code as a C int. What is not a number of 32 bits becomes that of an internal failure, never 0."""
        return int(self.code) if re.fullmatch("-?[0-9]{1,9}", self.code) else int(Reason.INTERNAL.vc_code)

    @property
    def out(self) -> str:
        """OutData, or pErrmsg, where there is room for all of it."""
        return self.text if self.wrap is None else self.wrap(self.text + self.note)

    def fitted(self, charset: str, room: int) -> bytes:
        """The same in `charset` and at most `room` bytes, the NUL not counted.

        As much of the text as fits, in whole characters and with its wrapping intact; empty where not even the
        wrapping fits.
        """
        out = codec.encode(self.out, charset)
        if len(out) <= room:
            return out
        wrap = self.wrap or (lambda text: text)

        def shortened(length: int) -> bytes:
            return codec.encode(wrap(self.text[:length] + self.note), charset)

        fitting = bisect_right(range(len(self.text)), room, key=lambda length: len(shortened(length)))
        return shortened(fitting - 1) if fitting else b""


@dataclass(slots=True)
class CallRecord:
    """One call in progress: what its log line will say, and how it ends. Used by the thread of the call only.

    Attributes:
        deadline: when the call must be over.
        facts: what the log line says beside the outcome; free of patients' data.
        org_id: the orgId of the request, as soon as it is known: EC answers repeat it.
    """

    export: Export
    logger: logging.Logger
    deadline: Deadline = field(default_factory=lambda: Deadline(0))
    facts: dict[str, Any] = field(default_factory=dict)
    org_id: str = ""
    _started: float = field(default_factory=time.perf_counter)

    def event(self, level: int, text: str, **facts: object) -> None:
        """A log line beside the last one, for what is worth knowing while the call goes on."""
        event(self.logger, level, text, function=self.export.name, **facts)

    def warn(self, text: str, **facts: object) -> None:
        """The same at the level of a warning."""
        self.event(logging.WARNING, text, **facts)

    def bug(self, text: str) -> None:
        """A log line about an exception that is being handled, with its trace."""
        self.logger.exception(text, extra={"facts": {"function": self.export.name}})

    @contextmanager
    def timed(self, fact: str) -> Iterator[None]:
        """Adds the milliseconds of the block to the facts, also where it raises."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.facts[fact] = _milliseconds(started)

    def succeeded(self, text: str) -> Reply:
        """The reply of a call that went well, with `text` for the buffer; writes the log line."""
        self._finish(logging.INFO, "成功", self.export.success)
        return Reply(self.export.success, text, org_id=self.org_id)

    def failed(self, error: ShimError) -> Reply:
        """The reply of a call that failed; writes the log line.

        Its code is never one that the host takes for success, its text never empty, and the text of an EC call always
        the valid JSON that callers parse.
        """
        family = self.export.family
        code = error.vc_code if family is Family.VC else error.ec_code
        if _reads_as_success(code, self.export):
            code = _REFUSED[family]
        text, shown = _log_text(error, code)
        self._finish(logging.ERROR, text, shown, family=_family(error), reason=_reason(error))
        known = _CODES[family].get(code)
        message = error.message or (known.meaning if known else "") or f"错误码 {code}"
        is_ours = not isinstance(error, PlatformRefusal)
        return Reply(code, message, self._wrapping(code), is_ours=is_ours)

    def _wrapping(self, code: str) -> Callable[[str], str]:
        if self.export.family is Family.VC:
            return lambda text: text
        org_id = self.org_id
        return lambda text: nation.failure_text(code, text, org_id)

    def _finish(self, level: int, text: str, code: str, **facts: object) -> None:
        self.event(level, text, code=code, **facts, ms=_milliseconds(self._started), **self.facts)


def _reads_as_success(code: str, export: Export) -> bool:
    """A platform's refusal may carry the very word that the host takes for success: where 200 is yes, 00 is a no.

    Hosts compare the returned text of VirtualCardTrans, and numbers everywhere else: EC's code stands in its JSON too.
    """
    if export.family is Family.VC and export.shape is Shape.TRANS:
        return code.strip() == export.success
    return re.fullmatch("-?0+", code.strip()) is not None


def _log_text(error: ShimError, code: str) -> tuple[str, str]:
    """What the log says of a failure, and of the code that the host gets.

    Nothing of a refusal is logged as it came, because its words and its code may name a patient: of a code in the
    tables their meaning and remedy, of any other its length. Our own texts were masked when they were made.
    """
    if not isinstance(error, PlatformRefusal):
        return error.message, code
    text = f"平台拒绝（说明 {len(error.message)} 字）"
    row = _KNOWN.get(code.strip())
    if row is None:
        return text, f"***（{len(code)}字）"
    if not row.code.strip("0"):  # a code of success by the tables: whatever the platform means by it, it is not that
        return text, row.code
    return f"{text}：{row.meaning}。{row.remedy}", row.code


def _family(error: ShimError) -> str:
    return "host" if isinstance(error, HostError) else "own" if isinstance(error, OwnError) else "platform"


def _reason(error: ShimError) -> str:
    return error.reason.title if error.reason else "refused"


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
