"""The scanner that is a text file."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.devices.base import DeviceUnavailable
from shim.devices.scanner.file import CodeFileLine
from shim.errors import Unavailable
from tests.support.scanners import FUSED, INSURANCE, driven


def test_each_scan_reads_the_next_line(tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text(f"{INSURANCE}\r\n\n{FUSED}\n")
    scanner = driven(CodeFileLine(tmp_path / "codes.txt"), tmp_path)
    assert [scanner.scan() for _ in range(3)] == [INSURANCE, FUSED, INSURANCE]


@pytest.mark.parametrize("text", ["1234567890", "of another form", "x" * 200])
def test_a_text_of_any_form(tmp_path: Path, text: str) -> None:
    """Whoever wrote the file means it."""
    (tmp_path / "codes.txt").write_text(text)
    assert driven(CodeFileLine(tmp_path / "codes.txt"), tmp_path).scan() == text


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DeviceUnavailable) as caught:
        driven(CodeFileLine(tmp_path / "codes.txt"), tmp_path).scan()
    assert caught.value.why is Unavailable.NOT_FOUND and "[scanner] file" in caught.value.message


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text("\n")
    with pytest.raises(DeviceUnavailable) as caught:
        driven(CodeFileLine(tmp_path / "codes.txt"), tmp_path, timeout=0.1).scan()
    assert caught.value.why is Unavailable.TIMED_OUT
