"""Bytes and their times in, codes out: where a code ends, what is no part of it, what its bytes mean. Pure.

Not a driver: it reads nothing, waits for nothing and knows no make of scanner; the replies to strip are handed over as
patterns. Time arrives as an argument, in seconds of any clock. Used by the driver.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, unique

from shim.devices.scanner.replies import CommandReply, Meaning

# Seconds after which the beginning of a reply, without its end, counts as data.
REPLY_PATIENCE = 0.3
# After bytes that are no text a run of this many printable characters is a code; fewer are part of the noise.
TRUSTED_RUN = 16


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
    """

    received: int = 0
    printable: int = 0
    noise: int = 0
    accepted: int = 0
    refused: int = 0
    gave_up: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Framer:
    """The framing of one scan; make a new one for the next. `feed` and `idle` return at most one code a call."""

    framing: Framing
    replies: tuple[CommandReply, ...] = ()
    statistics: LineStatistics = field(default_factory=LineStatistics)
    _partial: bytes = b""  # what may still become a reply
    _data: bytes = b""
    _last: float = 0.0
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
            if self._data and self.framing.ending in (Ending.AUTO, Ending.NONE):
                frame, self._data = self._data, b""
                code = self._code(frame)
        return self._note_waiting(code)

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
            if self._skipping:
                self.statistics.noise += len(frame)
                self._skipping = False
                continue
            code = self._code(frame)
            if code is not None:
                return code
        if self._skipping or len(self._data) > self.framing.limit:
            self.statistics.noise += len(self._data)
            self._data = b""
            self._skipping = True
        return None

    def _code(self, frame: bytes) -> str | None:
        """The code in a frame, or None for noise."""
        bare = frame.strip(_BLANK)
        text = _text(bare)
        if text is None:
            run = len(bare) - len(bare.rstrip(_PRINTABLE))
            text = bare[-run:].decode("ascii").strip() if run >= TRUSTED_RUN else ""
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
