"""A call in the host's bytes: its texts as the arguments of the service, a reply as what C copies to the host.

What it is: charsets, what C could not hand over, UTF-16 by mistake, and the fitting of an answer to the host's buffer.
What it is not: the call itself (shim/call_port.py, and shim/replay for a recorded one, which use this), and pointers.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shim import codec
from shim.bilingual import word_list
from shim.errors import HostError, OwnError
from shim.host_codes import failure_code
from shim.messages import host, own
from shim.once import once_for_each
from shim.reply import Reply
from shim.spec import Export, Parameter

# What native/entry.h puts in the place of a length (enum vcshim_no_text).
NULL, UNREADABLE, TOO_LONG = -1, -2, -3
_NO_TEXT = {NULL: host.NULL, UNREADABLE: host.UNREADABLE, TOO_LONG: host.TOO_LONG}
# By parameter: what is left of a UTF-16 text that C measured. Addresses begin with http or sim, codes with a hex digit.
_FIRST_BYTES: dict[str, frozenset[bytes]] = {
    name: frozenset(bytes([byte]) for byte in first)
    for name, first in {
        "strUrl": b"hHsS",
        "InData": b'{["',
        "ehealthid": b"0123456789ABCDEF",
        "cardNo": b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What C copies to the host: `code` for a char*, `number` for an int, `out` for the buffer, without the NUL."""

    code: bytes
    number: int
    out: bytes


@once_for_each
def text_parameters(row: Export) -> tuple[Parameter, ...]:
    """The parameters that the host fills with a text."""
    return tuple(parameter for parameter in row.inputs if parameter.is_text)


@once_for_each
def _inputs(row: Export) -> tuple[Parameter, ...]:
    return row.inputs


@once_for_each
def _output(row: Export) -> Parameter | None:
    return row.output


def passed_texts(row: Export, texts: Sequence[bytes | int]) -> list[bytes]:
    """The host's bytes for each text parameter of the row; what C hands over beyond these is not looked at.

    Raises:
        HostError: one is missing, cannot be read, or is UTF-16.
    """
    passed: list[bytes] = []
    for parameter, text in zip(text_parameters(row), texts, strict=False):
        if isinstance(text, int):
            raise HostError(_NO_TEXT[text], parameter=parameter.name, clause=parameter.clause)
        passed.append(text)
    _refuse_utf_16(row, passed)
    return passed


def _refuse_utf_16(row: Export, texts: Sequence[bytes]) -> None:
    """Name the texts that a Unicode host handed over as UTF-16.

    Most of such a text never arrives: C stops at the first NUL, which is the second byte of ``{`` or ``h``. What is
    left is the one character that an address, a JSON text or a code begins with.
    """
    parameters = text_parameters(row)
    cut = {p.name for p, text in zip(parameters, texts, strict=True) if len(text) == 1 and _is_cut(p, text)}
    if _output(row) is None:  # a card number of one character is possible, a code and a card number of one are not
        cut = {p.name for p in parameters} if len(cut) == 2 else set()
    wide = [p.name for p, text in zip(parameters, texts, strict=True) if p.name in cut or codec.is_utf_16(text)]
    if wide:
        raise HostError(host.WIDE, parameters=word_list(wide))


def _is_cut(parameter: Parameter, text: bytes) -> bool:
    return text in _FIRST_BYTES.get(parameter.name, ())


def call_arguments(row: Export, texts: Sequence[bytes], mode: int, charset: str) -> tuple[list[str | int], str]:
    """What the service is called with, in the order of the row's parameters, and the charset of the answer.

    A text of one word loses the blanks around it. The answer goes out in the charset of the last text that is not plain
    ASCII: addresses, which are, tell nothing.

    Raises:
        HostError: a text is not in the charset.
    """
    arguments: list[str | int] = []
    last_charset = charset
    remaining = iter(texts)
    for parameter in _inputs(row):
        if not parameter.is_text:
            arguments.append(mode)
            continue
        text = next(remaining)
        string, used = codec.decode(text, charset, parameter.name)
        arguments.append(codec.strip_word(string) if parameter.word else string)
        if not text.isascii():
            last_charset = used
    return arguments, last_charset


def check_room(row: Export, capacity: int) -> None:
    """HostError if the host gave no buffer for what the export writes."""
    output = _output(row)
    if output is not None and capacity < 1:
        raise HostError(host.NO_BUFFER, parameter=output.name, clause=output.clause)


def fitted_answer(row: Export, reply: Reply, charset: str, capacity: int, whole: bytes | None = None) -> Answer:
    """A reply as C copies it. Its code is never one that the host takes for success unless the call was one.

    `whole` is all of its text in that charset, if that is known.
    """
    code = reply.code if reply.code == row.success or reply.succeeded else failure_code(reply.code, row.family)
    return Answer(code.encode("ascii"), reply.number, reply.fitted(charset, max(capacity - 1, 0), whole))


def failure_answer(reply: Reply, charset: str, capacity: int) -> Answer:
    """The reply of a failure, whose code has been looked at already."""
    return Answer(reply.code.encode("ascii"), reply.number, reply.fitted(charset, max(capacity - 1, 0)))


def answer_charset(charset: str) -> str:
    """What an answer is written in, where the texts of the call do not decide."""
    return "utf-8" if charset == "utf-8" else "gbk"


def out_too_long(size: int, room: int, kept: str | None) -> OwnError:
    """The error for an answer that does not fit: how many bytes it has, which key to set, where all of it is."""
    facts: dict[str, Any] = {"size": size, "room": room, "capacity": _next_capacity(size + 1)}
    return OwnError(own.TOO_LONG, **facts) if kept is None else OwnError(own.TOO_LONG_KEPT, **facts, name=kept)


def _next_capacity(needed: int) -> int:
    """The smallest buffer size in use in the field that holds `needed` bytes, else the next multiple of 4096."""
    return next((size for size in (4096, 8192, 20480) if size >= needed), -(-needed // 4096) * 4096)
