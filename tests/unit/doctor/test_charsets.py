"""In which charset vcshim.ini was saved, by its bytes, and whether the code page of Windows suits the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.doctor.charsets import about_code_page, look_at_charsets, saved_as
from shim.doctor.finding import Place

SAVED = [
    (b"[log]\nlevel = info\n", "charset.saved_as", "ASCII"),
    ("; 医院\n".encode(), "charset.saved_as", "UTF-8"),
    (b"\xef\xbb\xbf[log]\n", "charset.saved_as", "UTF-8"),
    ("; 医院门诊收费处，扫码枪在 3 号窗口\n".encode("gbk"), "charset.saved_as", "GBK"),
    ("; 张龦㛃\n".encode("gb18030"), "charset.saved_as", "GBK"),  # too few to judge by
    (b"\xff\xfe" + "; 医院\n".encode("utf-16-le"), "charset.saved_as", "UTF-16"),
    (b"\xfe\xff" + "; 医院\n".encode("utf-16-be"), "charset.saved_as", "UTF-16"),
    ("; 医院门诊收费处\n".encode("gbk") + "title = 扫码付\n".encode(), "charset.mixed", ""),
    (b"; \xff\xff\xff\n", "charset.of_neither", ""),
    ("; 社區醫院門診掛號繳費\n".encode("big5"), "charset.rare", ""),
    ("; あいう病院の設定ファイル\n".encode("shift-jis"), "charset.rare", ""),
]


@pytest.mark.parametrize(("data", "name", "charset"), SAVED)
def test_how_a_file_was_saved(data: bytes, name: str, charset: str) -> None:
    found = saved_as(data)
    assert (found.row.name, found.facts.get("charset", "")) == (name, charset)


def test_the_line_is_named() -> None:
    assert saved_as(b"[log]\n; good\n; \xff\xff\n").facts == {"line": 3}


def test_a_file_with_zero_bytes_is_told_of_by_the_settings(tmp_path: Path) -> None:
    """Without a mark it may be UTF-16, or lost; no file has no charset."""
    assert list(look_at_charsets(Place(tmp_path, tmp_path))) == []
    (tmp_path / "vcshim.ini").write_bytes("[log]\n".encode("utf-16-le"))
    assert [each.row.name for each in look_at_charsets(Place(tmp_path, tmp_path))] == ["charset.unmarked"]
    (tmp_path / "vcshim.ini").write_bytes(b"[log]\n" + bytes(400))
    assert list(look_at_charsets(Place(tmp_path, tmp_path))) == []


@pytest.mark.parametrize(
    ("page", "charset", "name"),
    [
        (936, "gbk", "charset.code_page"),
        (54936, "gbk", "charset.code_page"),
        (65001, "utf-8", "charset.code_page"),
        (65001, "auto", "charset.code_page"),
        (65001, "gbk", "charset.utf8_windows"),
        (1252, "gbk", "charset.foreign_windows"),
        (950, "auto", "charset.foreign_windows"),
    ],
)
def test_the_code_page_of_windows(page: int, charset: str, name: str) -> None:
    assert [each.row.name for each in about_code_page(page, charset)] == [name]
