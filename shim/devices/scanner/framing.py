"""Bytes and their times in, codes out: where a code ends, what is no part of it, what its bytes mean. Pure.

Not a driver: it reads nothing, waits for nothing and knows no make of scanner; the replies to strip are handed over as
patterns. Time arrives as an argument, in seconds of any clock. Used by the driver.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, unique

from shim.devices.scanner.replies import CommandReply, Meaning
from shim.dialects import scanned

# Seconds after which the beginning of a reply, without its end, counts as data.
REPLY_PATIENCE = 0.3


@unique
class Ending(Enum):
    """What ends a code; the words of [scanner] terminator."""

    AUTO = "auto"  # CR, LF or CRLF, else silence
    CR = "cr"
    LF = "lf"
    CRLF = "crlf"
    NONE = "none"  # silence only


_MARKS = {
    Ending.AUTO: (b"\r", b"\n"),
    Ending.CR: (b"\r",),
    Ending.LF: (b"\n",),
    Ending.CRLF: (b"\r\n",),
    Ending.NONE: (),
}


@dataclass(frozen=True, slots=True)
class Framing:
    """The settings.

    Attributes:
        idle_seconds: a silence that ends a code.
        limit, shortest: the bytes of the longest and the characters of the shortest text that is taken for a code.
    """

    ending: Ending = Ending.AUTO
    idle_seconds: float = 0.08
    limit: int = 4096
    shortest: int = 4


@dataclass(slots=True)
class LineStatistics:
    """What came over a line during one scan, in numbers, for the log and the diagnosis. Holds no byte of a code.

    Attributes:
        received, printable, noise: bytes; noise is what was discarded as no code.
        accepted, refused, gave_up: replies, by what they said.
        waiting: bytes of a code that has not ended.
        foreign: texts that were no code, or not of this scan.
    """

    received: int = 0
    printable: int = 0
    noise: int = 0
    accepted: int = 0
    refused: int = 0
    gave_up: int = 0
    waiting: int = 0
    foreign: int = 0


@dataclass(slots=True)
class Framer:
    """The framing of one scan; make a new one for the next. `feed` and `idle` return at most one code a call.

    Attributes:
        marked: the scanner is known to end its codes with a mark, so no silence ends one. Becomes true with the first
            that it ends so.
        ended_by_pause: what ended the last text.
    """

    framing: Framing
    replies: tuple[CommandReply, ...] = ()
    statistics: LineStatistics = field(default_factory=LineStatistics)
    marked: bool = False
    ended_by_pause: bool = False
    _partial: bytes = b""  # what may still become a reply
    _data: bytes = b""
    _last: float = 0.0
    _silences: int = 0  # bytes of _data that came before its last silence
    _skipping: bool = False  # after more bytes than a code has: until the next end or silence

    @property
    def pending(self) -> bool:
        """Whether a code has begun."""
        return bool(self._data or self._partial)

    def feed(self, data: bytes, now: float) -> str | None:
        """Take bytes that came at `now`; the code that they end."""
        self.statistics.received += len(data)
        self.statistics.printable += sum(0x20 <= byte < 0x7F or byte in b"\r\n" for byte in data)
        self._last = now
        self._data += self._without_replies(self._partial + data)
        return self._note_waiting(self._ended_by_mark())

    def idle(self, now: float) -> str | None:
        """Note that nothing has come until `now`; the code that the silence ends."""
        silence = now - self._last
        code = None
        if self._partial and silence >= REPLY_PATIENCE:
            self._data, self._partial = self._data + self._partial, b""
            code = self._ended_by_mark()
        if code is None and not self._partial and silence >= self.framing.idle_seconds:
            self._skipping = False
            if self._data and self._silence_ends:
                frame, self._data = self._data, b""
                code = self._code(frame)
                self.ended_by_pause = True
            self._silences = len(self._data)
        return self._note_waiting(code)

    @property
    def _silence_ends(self) -> bool:
        return self.framing.ending is Ending.NONE or (self.framing.ending is Ending.AUTO and not self.marked)

    def _note_waiting(self, code: str | None) -> str | None:
        self.statistics.waiting = len(self._data)
        return code

    def _without_replies(self, data: bytes) -> bytes:
        """`data` without whole replies; what may still become one is held back."""
        clean = bytearray()
        self._partial = b""
        at = 0
        while at < len(data):
            lengths = [(reply.match(data, at), reply) for reply in self.replies]
            whole = [(length, reply) for length, reply in lengths if length]
            if whole:
                length, reply = min(whole, key=lambda pair: pair[0])
                self._count(reply)
                at += length
            elif any(length is None for length, _ in lengths):
                self._partial = data[at:]
                break
            else:
                clean.append(data[at])
                at += 1
        return bytes(clean)

    def _count(self, reply: CommandReply) -> None:
        self.statistics.accepted += reply.meaning is Meaning.ACCEPTED
        self.statistics.refused += reply.meaning is Meaning.REFUSED
        self.statistics.gave_up += reply.meaning is Meaning.NOTHING_READ

    def _ended_by_mark(self) -> str | None:
        marks = _MARKS[self.framing.ending]
        while True:
            ends = [(self._data.find(mark), len(mark)) for mark in marks if mark in self._data]
            if not ends:
                break
            end, length = min(ends)
            frame, self._data = self._data[:end], self._data[end + length :]
            silences, self._silences = self._silences, max(self._silences - end - length, 0)
            if self._skipping:
                self.statistics.noise += len(frame)
                self._skipping = False
                continue
            code = self._code(frame, silences)
            if code is not None:
                self.marked, self.ended_by_pause = True, False
                return code
        if self._skipping or len(self._data) > self.framing.limit:
            self.statistics.noise += len(self._data)
            self._data, self._silences = b"", 0
            self._skipping = True
        return None

    def _code(self, frame: bytes, silence: int = 0) -> str | None:
        """The text in a frame, or None for noise: too long, too short, or no text.

        Noise and a code that come without a mark between them are told apart only where the form of the code shows that
        it is whole: after bytes that are no text, and after a `silence` that ended nothing.
        """
        bare = frame.strip(_BLANK)
        text = "" if len(frame) > self.framing.limit else _text(bare)
        if text is None:
            text = _certain(bare[len(bare.rstrip(_PRINTABLE)) :])
        elif 0 < silence < len(frame) and not scanned.is_code(scanned.tidy(text)):
            text = _certain(frame[silence:]) or text
        if len(text) < self.framing.shortest:
            self.statistics.noise += len(bare)
            return None
        return text


_BLANK = bytes(range(0x21)) + b"\x7f"
_PRINTABLE = bytes(range(0x20, 0x7F))


def _text(data: bytes) -> str | None:
    """ASCII as codes are, else UTF-8, else GB18030; None for bytes that are no text in any of them."""
    for charset in ("ascii", "utf-8", "gb18030"):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if text.isprintable():
            return text
    return None


def _certain(data: bytes) -> str:
    """The code in `data` if that is certainly whole, else ""."""
    text = _text(data.strip(_BLANK)) or ""
    return text if scanned.is_certain(scanned.tidy(text)) else ""
