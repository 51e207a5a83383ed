"""The standard streams of the commands: closed, full, or of a charset that lacks Chinese. Not a command.

What a command writes is of three kinds, and each kind has one function:

- `say`, `warn`: a line for people. Losing it fails nothing. On stdout a character that the charset lacks becomes a
  question mark, on stderr an escape such as ``\\u4e2d``.
- `print` and `show`: what people asked for, such as a search result or help. The same characters are replaced, but a
  command whose output cannot be written fails.
- `write_data`, `write_bytes`, `write_json`: what a program may read next, such as an opened answer. No character is
  ever replaced.
  Text that the charset of stdout cannot hold is written as GB18030, of which GBK is a part, if that charset is GBK
  (code page 936), else as UTF-8. A lone surrogate, which neither can hold, becomes its JSON escape.

In a run with --json (machine.py) stdout has one JSON value and nothing else: lines for people go to stderr, and data
is gathered.

A stream that was closed when the program started is replaced by one that takes everything and remembers that something
was lost. `shim/cli.py` opens and closes the streams; only commands may use the rest.
"""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

from shim.commands import machine
from shim.commands.catalogue import common as phrases

_CHINESE_PAGES = {936: "gbk", 54936: "gb18030"}
_GBK = frozenset({"gbk", "gb2312"})
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class OutputFailed(Exception):
    """What a command writes cannot be written to stdout.

    Attributes:
        reader_left: the program behind the pipe has ended, which is no fault.
    """

    def __init__(self, error: OSError | ValueError) -> None:
        super().__init__(_output_problem(error))
        self.reader_left = reader_has_left(error)


class ClosedStream(io.TextIOBase):
    """Stands for a stream that cannot be used: reads as empty, takes every text and loses it.

    Attributes:
        lost: whether anything was written to it.
    """

    encoding = "utf-8"

    def __init__(self) -> None:
        super().__init__()
        self.lost = False

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        return ""

    def readline(self, size: int = -1) -> str:  # type: ignore[override]
        return ""

    def write(self, text: str) -> int:
        self.lost = self.lost or bool(text)
        return len(text)


def open_streams() -> None:
    """Make sys.stdin, sys.stdout and sys.stderr streams that no text and no closed handle can break.

    Called before a command writes or opens anything. Descriptors 0 to 2 that are free are taken by the null device:
    a file that is opened later must not become standard output.
    """
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, _descriptor_stream(number) or ClosedStream())
    _fill_descriptors()
    charset = pipe_charset()
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            is_piped = charset is not None and not stream.isatty()
            stream.reconfigure(encoding=charset if is_piped else None, errors=errors)


def pipe_charset() -> str | None:
    """The charset of files and pipes on Windows; None elsewhere, where Python's own choice stands.

    `more`, `findstr`, PowerShell 5 and Notepad read what a program writes in the code page of the console: GBK on a
    Chinese Windows. A page without Chinese would make question marks of it, so that is UTF-8. A process without a
    console has no such page, and takes that of the system. To a console Python writes UTF-16, whatever its page.
    """
    if sys.platform != "win32":
        return None
    from shim.winapi.kernel32 import GetACP, GetConsoleOutputCP

    return charset_of_page(GetConsoleOutputCP() or GetACP())


def charset_of_page(page: int) -> str:
    """The charset for a code page of Windows: as the page says if it is Chinese, else UTF-8."""
    return _CHINESE_PAGES.get(page, "utf-8")


def close_streams() -> bool:
    """Write what is buffered; whether everything that was written to stdout has left, or its reader had enough."""
    complete = True
    if isinstance(sys.stdout, ClosedStream):
        complete = not sys.stdout.lost
    else:
        try:
            sys.stdout.flush()
        except (OSError, ValueError) as error:
            complete = reader_has_left(error)
            discard_stdout()
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    return complete


def discard_stdout() -> None:
    """Drop what is buffered for stdout and everything that follows: nothing can be said there, not even at exit."""
    broken, sys.stdout = sys.stdout, ClosedStream()
    _to_null(broken)


def reader_has_left(error: Exception) -> bool:
    """Whether `error`, raised by stdout, means that the program behind the pipe has ended.

    NB: Windows calls that an invalid argument.
    """
    invalid = sys.platform == "win32" and isinstance(error, OSError) and error.errno == errno.EINVAL
    return isinstance(error, BrokenPipeError) or invalid


_take_away: Callable[[], None] | None = None


def on_line(take_away: Callable[[], None] | None) -> None:
    """Have `take_away` called before anything is printed: it clears what stands on the last line of the terminal."""
    global _take_away
    _take_away = take_away


def _clear_line() -> None:
    if _take_away is not None:
        _take_away()


def say(text: str) -> None:
    """Print a line for people; nothing happens if it cannot be printed."""
    if machine.gathered() is not None:
        warn(text)
        return
    if isinstance(sys.stdout, ClosedStream):
        return
    _clear_line()
    try:
        print(text, flush=True)
    except (OSError, ValueError):
        discard_stdout()


def warn(text: str) -> None:
    """Print a line for people to stderr; nothing happens if it cannot be printed."""
    _clear_line()
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        broken, sys.stderr = sys.stderr, ClosedStream()
        _to_null(broken)


def show(text: str) -> None:
    """Print a line that people asked for; the command fails if it cannot be printed.

    Raises:
        OutputFailed: it cannot be written.
    """
    if machine.gathered() is not None:
        warn(text)
        return
    _clear_line()
    try:
        print(text, flush=True)
    except (OSError, ValueError) as error:
        raise OutputFailed(error) from error


def write_data(text: str) -> None:
    """Write text of which no character may be lost.

    Raises:
        OutputFailed: it cannot be written.
    """
    gathered = machine.gathered()
    if gathered is not None:
        gathered.data.append(text)
    else:
        _write_whole(text)


def write_json(value: object, *, indent: int | None = 2) -> None:
    """Write the JSON that a program asked for. ASCII where stdout is not UTF-8, so that every charset holds it.

    Args:
        indent: None for one line.

    Raises:
        OutputFailed: it cannot be written.
    """
    gathered = machine.gathered()
    if gathered is not None:
        gathered.is_written = True
    is_utf8 = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"
    _write_whole(json.dumps(value, ensure_ascii=not is_utf8, indent=indent, default=str) + "\n")


def _write_whole(text: str) -> None:
    stream = sys.stdout
    charset = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        if hasattr(stream, "buffer"):
            _write_raw(text.encode(wider_charset(charset), "backslashreplace"))
            return
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        stream.write(text)
        stream.flush()
    except (OSError, ValueError) as error:
        raise OutputFailed(error) from error


def write_bytes(data: bytes) -> None:
    """Write bytes, past the charset and the line ends of stdout.

    Raises:
        OutputFailed: they cannot be written.
    """
    gathered = machine.gathered()
    if gathered is not None:
        gathered.data.append(data.decode("utf-8", "replace"))
    else:
        _write_raw(data)


def _write_raw(data: bytes) -> None:
    stream = sys.stdout
    if not hasattr(stream, "buffer"):
        stream.write(data.decode("utf-8", "replace"))
        return
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except (OSError, ValueError) as error:
        raise OutputFailed(error) from error


def wider_charset(charset: str) -> str:
    """The charset for data that `charset` cannot hold."""
    return "gb18030" if codecs.lookup(charset).name in _GBK else "utf-8"


def _output_problem(error: OSError | ValueError) -> str:
    """Why stdout cannot be written. The system's own words would be in a language of its own."""
    number = getattr(error, "errno", None)
    if number is None:
        return phrases.OUTPUT_CLOSED()
    return phrases.OUTPUT_FULL() if number in _FULL else phrases.OUTPUT_FAILED(number=number)


def _fill_descriptors() -> None:
    for number in range(3):
        with suppress(OSError):
            try:
                os.fstat(number)
            except OSError as error:
                if error.errno == errno.EBADF and os.open(os.devnull, os.O_RDWR) != number:
                    return


def _to_null(stream: TextIO) -> None:
    """Connect the descriptor of a broken stream with the null device, so that its last flush does not fail."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


class _Descriptor(io.RawIOBase):
    """A descriptor that CPython refuses as a file, since the system tells nothing about it. Never closed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def fileno(self) -> int:
        return self._number

    def readable(self) -> bool:
        return self._number == 0

    def writable(self) -> bool:
        return self._number != 0

    def readinto(self, buffer: Any, /) -> int:
        data = os.read(self._number, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def write(self, data: Any, /) -> int:
        return os.write(self._number, data)


def _descriptor_stream(number: int) -> io.TextIOWrapper | None:
    """A stream over a descriptor that CPython could not open; None if there is no such descriptor.

    Windows only: vcshim.exe keeps such handles from CPython (native/streams_windows.c). Whether they work shows when
    they are used.
    """
    if sys.platform != "win32":
        return None
    import msvcrt

    try:
        if msvcrt.get_osfhandle(number) < 0:
            return None
        msvcrt.setmode(number, os.O_BINARY)  # as CPython does: the C runtime would end each line twice
    except OSError:
        return None
    raw = _Descriptor(number)
    buffer = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, "utf-8", line_buffering=number == 2)
