"""The standard streams of the commands: charsets that lack a character, closed and full streams."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shim.commands import console
from tests.support.paths import ROOT

# 测试𬱖: GB18030 has four bytes for the last one, which GBK lacks (iconv).
NAME = "测试𬱖"
GB18030, UTF_8 = b"\xb2\xe2\xca\xd4\x99\x33\xc3\x36", b"\xe6\xb5\x8b\xe8\xaf\x95\xf0\xac\xb1\x96"


class Written:
    """stdout over bytes in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, charset: str) -> None:
        self.raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(self.raw, charset, newline="\n"))
        monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), charset, newline="\n"))
        console.open_streams()

    @property
    def data(self) -> bytes:
        sys.stdout.flush()
        return self.raw.getvalue()


class Full(io.RawIOBase):
    """A stream that takes nothing."""

    def __init__(self, error: int) -> None:
        super().__init__()
        self._error = error

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OSError(self._error, os.strerror(self._error))


def full_stdout(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    stream = io.TextIOWrapper(io.BufferedWriter(Full(error)), "utf-8")
    monkeypatch.setattr(sys, "stdout", stream)
    # What is still buffered would be reported when the stream is collected.
    monkeypatch.setattr(stream, "close", lambda: None, raising=False)


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("gbk", GB18030), ("cp936", GB18030), ("gb2312", GB18030), ("gb18030", GB18030), ("utf-8", UTF_8),
        ("ascii", UTF_8), ("latin-1", UTF_8), ("cp1252", UTF_8), ("cp437", UTF_8), ("big5", UTF_8),
    ],
)  # fmt: skip
def test_data_loses_no_character(monkeypatch: pytest.MonkeyPatch, charset: str, data: bytes) -> None:
    written = Written(monkeypatch, charset)
    console.write_data(NAME + "\n")
    assert written.data == data + b"\n"


def test_data_that_fits_is_in_the_charset_of_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    written = Written(monkeypatch, "big5")
    console.write_data("中")
    assert written.data == b"\xa4\xa4"


@pytest.mark.parametrize("charset", ["gbk", "utf-8", "ascii"])
def test_a_lone_surrogate_becomes_its_json_escape(monkeypatch: pytest.MonkeyPatch, charset: str) -> None:
    written = Written(monkeypatch, charset)
    console.write_data('"\ud800"')
    assert written.data == b'"\\ud800"'


@pytest.mark.parametrize("write", [console.say, console.show])
def test_text_for_people_is_never_fatal(monkeypatch: pytest.MonkeyPatch, write: Callable[[str], None]) -> None:
    written = Written(monkeypatch, "gbk")
    write(NAME)
    console.warn(NAME)
    assert written.data == b"\xb2\xe2\xca\xd4?\n"
    sys.stderr.flush()
    raw = sys.stderr.buffer
    assert isinstance(raw, io.BytesIO) and raw.getvalue() == b"\xb2\xe2\xca\xd4\\U0002cc56\n"


def test_bytes_are_written_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    written = Written(monkeypatch, "ascii")
    console.show("before")
    console.write_bytes(UTF_8 + b"\r\n")
    assert written.data == b"before\n" + UTF_8 + b"\r\n"


@pytest.mark.parametrize("write", [console.show, console.write_data])
def test_a_closed_stdout_remembers_that_something_was_lost(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[str], None]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    console.open_streams()
    console.say("for people")
    assert console.close_streams()
    write(NAME)
    assert not console.close_streams()


def test_closed_input_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    console.open_streams()
    assert (sys.stdin.read(), sys.stdin.readline()) == ("", "")


def test_closed_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    console.open_streams()
    console.warn("nobody reads this")
    assert console.close_streams()


@pytest.mark.parametrize(("error", "reader_left"), [(errno.ENOSPC, False), (errno.EIO, False), (errno.EPIPE, True)])
def test_a_full_stdout(monkeypatch: pytest.MonkeyPatch, error: int, reader_left: bool) -> None:
    full_stdout(monkeypatch, error)
    with pytest.raises(console.OutputFailed) as caught:
        console.write_data("{}")
    assert caught.value.reader_left is reader_left
    assert str(caught.value) == (
        "标准输出写不进去：磁盘已满" if error == errno.ENOSPC else f"标准输出写不进去（系统错误 {error}）"
    )


@pytest.mark.parametrize(("error", "complete"), [(errno.ENOSPC, False), (errno.EPIPE, True)])
def test_what_is_only_buffered_is_missed_at_the_end(
    monkeypatch: pytest.MonkeyPatch, error: int, complete: bool
) -> None:
    full_stdout(monkeypatch, error)
    print("text")
    assert console.close_streams() is complete
    assert isinstance(sys.stdout, console.ClosedStream)


def test_after_a_line_for_people_was_lost_data_is_still_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    full_stdout(monkeypatch, errno.ENOSPC)
    console.say("for people")
    console.write_data("{}")
    assert not console.close_streams()


def test_windows_calls_a_reader_that_left_an_invalid_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OSError(errno.EINVAL, "Invalid argument")
    assert not console.reader_has_left(error)
    monkeypatch.setattr(sys, "platform", "win32")
    assert console.reader_has_left(error) and not console.reader_has_left(OSError(errno.ENOSPC, ""))


CLOSED = """
import os
from shim.commands import console
console.open_streams()
file = os.open({name!r}, os.O_WRONLY | os.O_CREAT)
assert file > 2, file
os.write(1, b"text for standard output")
"""


@pytest.mark.needs("linux")
def test_a_file_does_not_become_standard_output(tmp_path: Path) -> None:
    """Descriptors that were closed when the program started are taken before anything else is opened."""
    name = tmp_path / "opened"
    words = [sys.executable, "-c", CLOSED.format(name=str(name))]
    subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *words], cwd=ROOT, check=True, timeout=60)
    assert name.read_bytes() == b""


@pytest.mark.parametrize(
    ("page", "charset"), [(936, "gbk"), (54936, "gb18030"), (65001, "utf-8"), (1252, "utf-8"), (0, "utf-8")]
)
def test_the_charset_of_pipes_on_windows(page: int, charset: str) -> None:
    """A page without Chinese would make question marks of most texts."""
    assert console.charset_of_page(page) == charset
