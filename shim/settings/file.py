"""The file vcshim.ini as lines of text, in whatever encoding it was saved.

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

SIZE_LIMIT = 1024 * 1024  # bytes; the same in native/front.c
_ENDS = "\r\n|\r|\n"
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LOCKED = (32, 33)  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


class UnreadableFile(Exception):
    """The file is there and cannot be read at all; the text says why and what to do, in Chinese."""


def read_file(path: Path) -> list[str]:
    """The lines of a file, without their ends; none if there is no such file.

    Raises:
        UnreadableFile: anything else that keeps it from being read, a file of more than `SIZE_LIMIT` bytes included.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise UnreadableFile("不是文件，请改名或删除同名的文件夹")
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        if path.is_symlink():
            raise UnreadableFile("是失效的链接，请改正链接") from None
        return []
    except OSError as error:
        raise UnreadableFile(_why(error)) from error
    if len(data) > SIZE_LIMIT:
        raise UnreadableFile("超过 1 MB，不是设置文件，请换回正确的文件")
    return decode_lines(data)


def decode_lines(data: bytes) -> list[str]:
    """The lines of a file's bytes. UnreadableFile if they hold a NUL."""
    charset = _UTF16.get(data[:2])
    if charset is None:
        if b"\0" in data:
            raise UnreadableFile(_nul(data))
        return _eight_bit(data)
    text = data[2 : len(data) // 2 * 2].decode(charset, "surrogatepass")
    if "\0" in text:
        raise UnreadableFile(_DAMAGED)
    return re.split(_ENDS, text)


_DAMAGED = "内容已损坏（含 NUL 字符），请用备份恢复"


def _nul(data: bytes) -> str:
    """UTF-16 has a NUL in nearly every second byte of an ini; a file that lost its content has them everywhere."""
    even, odd = (data[start:4096:2].count(0) for start in (0, 1))
    if (even == 0) == (odd == 0):
        return _DAMAGED
    return "是不带标记的 UTF-16，请用记事本另存为 UTF-8"


def _why(error: OSError) -> str:
    if getattr(error, "winerror", None) in _LOCKED:
        return "正被其他程序占用，请关闭打开它的程序"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "没有读取权限，请允许运行医院程序的 Windows 用户读取它"
    return f"系统错误 {getattr(error, 'winerror', None) or error.errno}，请检查磁盘和权限"


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
