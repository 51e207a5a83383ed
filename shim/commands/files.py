"""Files that a word of the command line names: read in any charset of the field, written, and what is wrong with one.

A text is UTF-8, GBK or UTF-16, with or without a mark, as editors and shells on a Chinese Windows write it. Not for
vcshim.ini (shim/settings/ini.py), and not a command.
"""

from __future__ import annotations

import codecs
import errno
import os
import shutil
import sys
from contextlib import suppress
from enum import Enum, unique
from pathlib import Path

from shim.commands.catalogue import common as phrases

STDIN = "-"
"""The name of a file that stands for standard input."""


@unique
class FileCause(Enum):
    """What is wrong with a file, and the row that says it."""

    MISSING = phrases.FILE_MISSING
    FOLDER = phrases.FILE_IS_FOLDER
    NO_FOLDER = phrases.FILE_WITHOUT_FOLDER
    DENIED = phrases.FILE_DENIED
    READ_ONLY = phrases.FILE_READ_ONLY
    FULL = phrases.FILE_DISK_FULL
    BAD_NAME = phrases.FILE_BAD_NAME
    EMPTY = phrases.FILE_EMPTY
    CHARSET = phrases.FILE_NO_TEXT
    UNUSABLE = phrases.FILE_UNUSABLE


class FileProblem(Exception):
    """A file that a command cannot use. Its text is the sentence, with the name of the file."""

    def __init__(self, name: str, why: FileCause) -> None:
        super().__init__(_OF_STDIN.get(why, phrases.STDIN_UNUSABLE)() if name == STDIN else why.value(file=name))
        self.why = why


_OF_STDIN = {FileCause.EMPTY: phrases.STDIN_EMPTY, FileCause.CHARSET: phrases.STDIN_NO_TEXT}
_CAUSES = {
    errno.ENOENT: FileCause.MISSING,
    errno.EISDIR: FileCause.FOLDER,
    errno.ENOTDIR: FileCause.NO_FOLDER,
    errno.EACCES: FileCause.DENIED,
    errno.EPERM: FileCause.DENIED,
    errno.EROFS: FileCause.READ_ONLY,
    errno.ENOSPC: FileCause.FULL,
    errno.EDQUOT if sys.platform != "win32" else errno.ENOSPC: FileCause.FULL,
    errno.ENAMETOOLONG: FileCause.BAD_NAME,
    errno.EINVAL: FileCause.BAD_NAME,
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


def file_problem(name: object, error: Exception, *, writing: bool = False) -> FileProblem:
    """What `error`, raised while the file `name` was used, means.

    Args:
        error: an OSError, or the ValueError of a name with a NUL in it.
        writing: the file would have been created.
    """
    text = str(name)
    if not isinstance(error, OSError):
        return FileProblem(text.replace("\0", "\\0"), FileCause.BAD_NAME)
    why = _CAUSES.get(error.errno or 0, FileCause.UNUSABLE)
    if text != STDIN and os.path.isdir(text):  # NB: Windows calls it "access denied" to open a folder as a file
        why = FileCause.FOLDER
    elif writing and why is FileCause.MISSING:
        why = FileCause.NO_FOLDER
    return FileProblem(text, why)


def read_text(name: str | Path) -> str:
    """The text of a file, or of standard input for ``-``.

    Raises:
        FileProblem: it cannot be read, is empty or no text.
    """
    try:
        data = _stdin_bytes() if str(name) == STDIN else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise file_problem(name, error) from error
    try:
        text = decode_text(data)
    except UnicodeDecodeError as error:
        raise FileProblem(str(name), FileCause.CHARSET) from error
    if not text.strip():
        raise FileProblem(str(name), FileCause.EMPTY)
    return text


def decode_text(data: bytes) -> str:
    """Bytes of an editor or a shell as text.

    A mark decides; then zero bytes, which are UTF-16 in a text that begins with an ASCII character, as JSON does. UTF-8
    is tried before GBK, which is read as GB18030: GBK text that is valid UTF-8 by accident is read wrong.

    Raises:
        UnicodeDecodeError: it is none of these.
    """
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset)
    if 0 in data[:2]:
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def write_file(path: Path, data: bytes) -> None:
    """Write a file.

    Raises:
        FileProblem: it cannot be written.
    """
    try:
        path.write_bytes(data)
    except (OSError, ValueError) as error:
        raise file_problem(path, error, writing=True) from error


def make_folder(folder: Path) -> None:
    """Make a folder, unless it is there. FileProblem if it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise file_problem(folder, error, writing=True) from error


def replace_file(path: Path, data: bytes, *, keep: str = "") -> None:
    """Write a file in the place of another one, whole or not at all; a link stays, and what it leads to is replaced.

    Args:
        keep: the name under which the file as it was is kept beside it; "" for none.

    Raises:
        FileProblem: it cannot be written; the file is as it was.
    """
    real = Path(os.path.realpath(path))
    new = real.with_name(f"{real.name}.new")
    try:
        if keep:
            shutil.copy2(real, real.with_name(keep))
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if real.exists():
            shutil.copymode(real, new)
        os.replace(new, real)
    except (OSError, ValueError) as error:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise file_problem(path, error, writing=True) from error


def _stdin_bytes() -> bytes:
    buffer = getattr(sys.stdin, "buffer", None)
    return bytes(buffer.read()) if buffer is not None else sys.stdin.read().encode("utf-8", "surrogateescape")
