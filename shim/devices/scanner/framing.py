"""Bytes and their times in, codes out: where a code ends, what is no part of it, what its bytes mean. Pure.

Not a driver: reads nothing, waits for nothing, knows no make of scanner; the replies to strip are handed over as
patterns. Time arrives as an argument, in seconds of any clock. L2, used by scanning.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, unique

# A partial reply is waited for this long; then it was none.
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
    """The settings: `idle_seconds` of silence end a code; more than `limit` bytes or less than `shortest` are none."""

    ending: Ending = Ending.AUTO
    idle_seconds: float = 0.08
    limit: int = 4096
    shortest: int = 4


@dataclass(frozen=True, slots=True)
class Reply:
    """A scanner's answer to a command: `head`, then any bytes but CR and LF, at most `any_bytes`, then one of `tails`.

    Without tails it is `head` and exactly `any_bytes` more bytes of any kind. With one of `refusals` at its end it says
    that the scanner did not understand the command. `nothing_read`: its own time was over and it gave up.
    """

    head: bytes
    any_bytes: int = 0
    tails: tuple[bytes, ...] = ()
    refusals: tuple[bytes, ...] = ()
    nothing_read: bool = False

    def match(self, data: bytes, start: int) -> int | None:
        """The length of the reply that begins at `start`; 0 for none; None for one that may still become one."""
        part = data[start : start + len(self.head)]
        if part != self.head:
            return None if start + len(part) == len(data) and self.head.startswith(part) else 0
        after = start + len(self.head)
        tails = self.tails + self.refusals
        if not self.tails:
            return len(self.head) + self.any_bytes if len(data) >= after + self.any_bytes else None
        longest = max(map(len, tails))
        window = data[after : after + self.any_bytes + longest]
        ends = [window.find(tail) + len(tail) for tail in tails if tail in window]
        ended = window[: min(ends)] if ends else window
        if b"\r" in ended or b"\n" in ended:
            return 0
        if ends:
            return len(self.head) + min(ends)
        return None if len(window) < self.any_bytes + longest else 0


@dataclass(slots=True)
class Seen:
    """What has come, in numbers: for the log and for guessing what is wrong. No byte of a code."""

    received: int = 0
    printable: int = 0
    noise: int = 0
    accepted: int = 0
    refused: int = 0
    gave_up: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Framer:
    """One scan's worth of framing; make a new one for the next. `feed` and `idle` give at most one code."""

    framing: Framing
    replies: tuple[Reply, ...] = ()
    seen: Seen = field(default_factory=Seen)
    _held: bytes = b""
    _data: bytes = b""
    _last: float = 0.0
    _skipping: bool = False

    @property
    def pending(self) -> bool:
        """Whether a code has begun."""
        return bool(self._data or self._held)

    def feed(self, data: bytes, now: float) -> str | None:
        """Take bytes that came at `now`."""
        self.seen.received += len(data)
        self.seen.printable += sum(0x20 <= byte < 0x7F or byte in b"\r\n" for byte in data)
        self._last = now
        self._data += self._without_replies(self._held + data)
        return self._note_waiting(self._ended_by_mark())

    def idle(self, now: float) -> str | None:
        """Nothing came up to `now`."""
        silence = now - self._last
        code = None
        if self._held and silence >= REPLY_PATIENCE:
            self._data, self._held = self._data + self._held, b""
            code = self._ended_by_mark()
        if code is None and not self._held and silence >= self.framing.idle_seconds:
            self._skipping = False
            if self._data and self.framing.ending in (Ending.AUTO, Ending.NONE):
                frame, self._data = self._data, b""
                code = self._code(frame)
        return self._note_waiting(code)

    def _note_waiting(self, code: str | None) -> str | None:
        self.seen.waiting = len(self._data)
        return code

    def _without_replies(self, data: bytes) -> bytes:
        """`data` without whole replies; what may still become one is held back."""
        clean = bytearray()
        self._held = b""
        at = 0
        while at < len(data):
            found = [(reply.match(data, at), reply) for reply in self.replies]
            whole = next(((length, reply) for length, reply in found if length), None)
            if whole is not None:
                self._count(whole[1], data[at : at + whole[0]])
                at += whole[0]
            elif any(length is None for length, _ in found):
                self._held = data[at:]
                break
            else:
                clean.append(data[at])
                at += 1
        return bytes(clean)

    def _count(self, reply: Reply, data: bytes) -> None:
        refused = bool(reply.refusals) and data.endswith(reply.refusals)
        self.seen.refused += refused
        self.seen.gave_up += reply.nothing_read
        self.seen.accepted += not (refused or reply.nothing_read)

    def _ended_by_mark(self) -> str | None:
        marks = _MARKS[self.framing.ending]
        while True:
            found = [(self._data.find(mark), len(mark)) for mark in marks if mark in self._data]
            if not found:
                break
            end, length = min(found)
            frame, self._data = self._data[:end], self._data[end + length :]
            if self._skipping:
                self.seen.noise += len(frame)
                self._skipping = False
                continue
            code = self._code(frame)
            if code is not None:
                return code
        if self._skipping or len(self._data) > self.framing.limit:
            self.seen.noise += len(self._data)
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
            self.seen.noise += len(bare)
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
