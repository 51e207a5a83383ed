"""A file of settings as lines of text, in whatever encoding it was saved.

UTF-8 with or without a mark, GBK, and UTF-16 with a mark (Notepad's "Unicode", PowerShell's `>`); CR, LF or CRLF. A
line that is in neither of the two 8-bit charsets keeps what can be read of it. Knows nothing of sections and keys.
"""

from __future__ import annotations

import codecs
import errno
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from shim.errors import HostError, Message
from shim.messages import settings as rows

SIZE_LIMIT = 1024 * 1024  # bytes; the same in native/settings.h
_ENDS = "\r\n|\r|\n"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LOCKED = (32, 33)  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


class UnreadableFile(HostError):
    """The file is there and cannot be read at all; its row says why and what to do."""


def read_file(path: Path, shown: str = "vcshim.ini") -> list[str]:
    """The lines of a file, without their ends; none if there is no such file.

    Args:
        shown: what an error calls the file.

    Raises:
        UnreadableFile: anything else that keeps it from being read, a file of more than `SIZE_LIMIT` bytes included.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise UnreadableFile(rows.NOT_A_FILE, file=shown)
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        if path.is_symlink():
            raise UnreadableFile(rows.DEAD_LINK, file=shown) from None
        return []
    except OSError as error:
        raise _refused(error, shown) from error
    if len(data) > SIZE_LIMIT:
        raise UnreadableFile(rows.TOO_LARGE, file=shown)
    return decode_lines(data, shown)


def decode_lines(data: bytes, shown: str = "vcshim.ini") -> list[str]:
    """The lines of a file's bytes; see `read_file`. UnreadableFile if they hold a NUL."""
    charset = _UTF16.get(data[:2])
    if charset is None:
        if b"\0" in data:
            raise UnreadableFile(_with_nul(data), file=shown)
        return _eight_bit(data)
    text = data[2 : len(data) // 2 * 2].decode(charset, "surrogatepass")
    if "\0" in text:
        raise UnreadableFile(rows.DAMAGED, file=shown)
    return re.split(_ENDS, text)


def _with_nul(data: bytes) -> Message:
    """UTF-16 has a NUL in nearly every second byte of an ini; a file that lost its content has them everywhere."""
    even, odd = (data[start:4096:2].count(0) for start in (0, 1))
    if (even == 0) == (odd == 0):
        return rows.DAMAGED
    return rows.UTF_16


def _refused(error: OSError, shown: str) -> UnreadableFile:
    if getattr(error, "winerror", None) in _LOCKED:
        return UnreadableFile(rows.LOCKED, file=shown)
    if error.errno in (errno.EACCES, errno.EPERM):
        return UnreadableFile(rows.NO_ACCESS, file=shown)
    return UnreadableFile(rows.NOT_READ, file=shown, error=getattr(error, "winerror", None) or error.errno)


def _eight_bit(data: bytes) -> list[str]:
    """UTF-8 or GBK, each line by itself: another program may have appended one in the other charset."""
    marked = data.startswith(codecs.BOM_UTF8)
    data = data.removeprefix(codecs.BOM_UTF8)
    whole = _try(data, "utf-8")
    if whole is not None:
        return re.split(_ENDS, whole)
    lines = re.split(_ENDS.encode(), data)
    rather_utf8 = marked or _is_rather_utf8(lines)
    return [_decoded(line, rather_utf8) for line in lines]


def _decoded(line: bytes, rather_utf8: bool) -> str:
    """A line. GBK can be valid UTF-8 by accident (联通), but hardly with characters of three bytes."""
    utf8 = _try(line, "utf-8")
    if utf8 is not None and (rather_utf8 or _is_wide(utf8)):
        return utf8
    for text in (_try(line, "gb18030"), utf8):
        if text is not None:
            return text
    return line.decode("utf-8" if rather_utf8 else "gb18030", "surrogateescape")


def _is_rather_utf8(lines: Sequence[bytes]) -> bool:
    """Whether as many lines have characters of three bytes in UTF-8 as are invalid in UTF-8."""
    texts = [_try(line, "utf-8") for line in lines]
    return sum(text is not None and _is_wide(text) for text in texts) >= texts.count(None)


def _is_wide(text: str) -> bool:
    return any(character >= "\u0800" for character in text)


def _try(line: bytes, charset: str) -> str | None:
    try:
        return line.decode(charset)
    except UnicodeDecodeError:
        return None
