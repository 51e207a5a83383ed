"""vcshim.ini as a file: every encoding that editors write, and the files that cannot be read at all."""

from __future__ import annotations

import os
import re
import tracemalloc
from pathlib import Path

import pytest

from shim import configuration
from shim.settings.file import SIZE_LIMIT, UnreadableFile, decode_lines, read_file

TEXT = "; 设置\r\n[screen]\r\nheading = 𬱖医院\r\n"
LINES = ["; 设置", "[screen]", "heading = 𬱖医院", ""]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("gb18030"), b"\xff\xfe" + TEXT.encode("utf-16-le"),
        TEXT.replace("\r\n", "\r").encode(),
        b"\xfe\xff" + TEXT.encode("utf-16-be"), TEXT.replace("\r\n", "\n").encode(),
    ],
)  # fmt: skip
def test_encodings(data: bytes) -> None:
    assert decode_lines(data) == LINES


def test_a_line_in_the_other_charset() -> None:
    """`echo … >> vcshim.ini` in a console of code page 936, and a UTF-8 editor's line in an old file."""
    assert decode_lines("; 设置\n".encode() + "heading = 门诊".encode("gb18030")) == ["; 设置", "heading = 门诊"]
    assert decode_lines("; 设置\n".encode("gb18030") + "heading = 医院".encode()) == ["; 设置", "heading = 医院"]


def test_gbk_that_is_valid_utf8_by_accident() -> None:
    data = "; 设置\nheading = 联通".encode("gb18030")
    assert decode_lines(data) == ["; 设置", "heading = 联通"]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_byte_of_no_charset_costs_its_line_only(tmp_path: Path, charset: str) -> None:
    good = "[screen]\nheading = 医院\nwaiting_title = 请扫码\n"
    (tmp_path / "vcshim.ini").write_bytes(good.encode(charset) + b"waiting_hint = \xff\xff\nsucceeded_title = A\n")
    settings = configuration.read(tmp_path)
    assert (settings.screen.heading, settings.screen.waiting_title) == ("医院", "请扫码")
    assert settings.screen.succeeded_title == "A"
    assert settings.screen.waiting_hint == configuration.parse("").screen.waiting_hint
    (problem,) = settings.problems
    assert "第 4 行 [screen] waiting_hint = ***（2 字）：含有乱码" in problem
    problem.encode("utf-8")  # nothing of the broken text is in it


UNMARKED = "vcshim.ini 是不带标记的 UTF-16，请用记事本另存为 UTF-8 后再试"
DAMAGED = "vcshim.ini 的内容已损坏（含 NUL 字符），请用备份恢复后再试"
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "utf-16 without a mark": ("[abi]\r\n".encode("utf-16-le"), UNMARKED),
    "utf-16-be without a mark": ("[abi]\r\n".encode("utf-16-be"), UNMARKED),
    "nothing but NULs": (bytes(512), DAMAGED),
    "NULs at the end": (b"[abi]\r\n" + bytes(512), DAMAGED),
    "NULs in UTF-16": (b"\xff\xfe" + "[abi]\0\0".encode("utf-16-le"), DAMAGED),
    "one byte too many": (b";" * (SIZE_LIMIT + 1), "vcshim.ini 超过 1 MB，不是设置文件，请换回正确的文件后再试"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    data, why = UNREADABLE[name]
    (tmp_path / "vcshim.ini").write_bytes(data)
    settings = configuration.read(tmp_path)
    assert settings.unreadable
    assert settings.refusals == settings.problems == (why,)
    assert settings.refusal is not None and settings.refusal.message == why


def test_the_largest_file(tmp_path: Path) -> None:
    (tmp_path / "vcshim.ini").write_bytes(b"[log]\nkeep_days = 7\n".ljust(SIZE_LIMIT, b"\n"))
    assert configuration.read(tmp_path).log.keep_days == 7


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "vcshim.ini").mkdir()
    assert configuration.read(tmp_path).refusals == ("vcshim.ini 不是文件，请改名或删除同名的文件夹后再试",)


def test_a_pipe_of_that_name_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "vcshim.ini")
    assert configuration.read(tmp_path).unreadable


def test_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "vcshim.ini").symlink_to(tmp_path / "gone.ini")
    assert configuration.read(tmp_path).refusals == ("vcshim.ini 是失效的链接，请改正链接后再试",)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (
            PermissionError(13, "Permission denied"),
            "vcshim.ini 没有读取权限，请允许运行医院程序的 Windows 用户读取它后再试",
        ),
        (OSError(5, "Input/output error"), "vcshim.ini 读取失败（系统错误 5），请检查磁盘和权限后再试"),
    ],
)
def test_a_file_that_the_system_does_not_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, why: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    (tmp_path / "vcshim.ini").write_text("[abi]\n")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableFile, match=f"^{re.escape(why)}$"):
        read_file(tmp_path / "vcshim.ini")


def test_100_mb_are_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "vcshim.ini"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    try:
        refusals = configuration.read(tmp_path).refusals
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refusals[0].startswith("vcshim.ini 超过 1 MB")
    assert peak < 4 * SIZE_LIMIT
