"""What a scanner answers to a command, on the same line as its codes: patterns, written as text. Pure.

One reply is written as bytes in hexadecimal. ``..`` stands for any byte; ``*`` for at most 32 bytes other than CR and
LF, once, and bytes must follow it. ``!`` in front means that the scanner does not know the command, ``~`` that its own
time is over and it read nothing. Used for the rows of triggers.py and for [scanner] replies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, unique

WILDCARD_BYTES = 32  # bytes that a ``*`` stands for, at most

_PATTERN = re.compile(r"([!~]?)([0-9A-F]{2}(?:[0-9A-F]{2}|\.\.)*)(?:\*((?:[0-9A-F]{2})+))?", re.IGNORECASE)


@unique
class Meaning(Enum):
    """What a reply says; the sign in front of it."""

    ACCEPTED = ""
    REFUSED = "!"
    NOTHING_READ = "~"


@dataclass(frozen=True, slots=True)
class CommandReply:
    """One reply.

    Attributes:
        head: its first bytes; None stands for any byte.
        tail: its last bytes, after at most WILDCARD_BYTES others; empty if `head` is the whole reply.
    """

    head: tuple[int | None, ...]
    tail: bytes = b""
    meaning: Meaning = Meaning.ACCEPTED

    def match(self, data: bytes, start: int) -> int | None:
        """The length of the reply that begins at `start`; 0 if none does; None if what is there may become one."""
        part = data[start : start + len(self.head)]
        if any(wanted not in (None, byte) for wanted, byte in zip(self.head, part, strict=False)):
            return 0
        if len(part) < len(self.head):
            return None
        if not self.tail:
            return len(self.head)
        after = start + len(self.head)
        window = data[after : after + WILDCARD_BYTES + len(self.tail)]
        at = window.find(self.tail)
        reply = window if at < 0 else window[: at + len(self.tail)]
        if b"\r" in reply or b"\n" in reply:
            return 0
        if at >= 0:
            return len(self.head) + len(reply)
        return None if len(window) < WILDCARD_BYTES + len(self.tail) else 0


def parse_replies(text: str) -> tuple[CommandReply, ...]:
    """The replies of a text, separated by commas; empty ones are left out.

    Raises:
        ValueError: a part is not written as above.
    """
    return tuple(_reply(part) for part in ("".join(part.split()) for part in text.split(",")) if part)


def _reply(text: str) -> CommandReply:
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, head, tail = match.groups(default="")
    pairs = (head[at : at + 2] for at in range(0, len(head), 2))
    return CommandReply(
        tuple(None if pair == ".." else int(pair, 16) for pair in pairs), bytes.fromhex(tail), Meaning(sign)
    )
