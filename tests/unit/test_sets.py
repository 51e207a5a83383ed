"""current.txt in Python: what it names, what is chosen, never half a name. In C: tests/product/test_sets.py."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from shim import sets
from tests.support.paths import ROOT

FILES: list[dict[str, Any]] = json.loads((ROOT / "tests" / "vectors" / "current.json").read_text("utf-8"))["files"]


@pytest.mark.parametrize("row", FILES, ids=lambda row: str(row["id"]))
def test_what_the_file_names(tmp_path: Path, row: dict[str, str]) -> None:
    (tmp_path / "current.txt").write_bytes(row["text"].encode())
    assert sets.current_name(tmp_path) == row["name"]


def test_no_file_names_nothing(tmp_path: Path) -> None:
    assert sets.current_name(tmp_path) == ""


def make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / sets.CORE).write_bytes(b"MZ")
    return folder


def test_which_set_is_chosen(tmp_path: Path) -> None:
    plain = tmp_path / "vcshim"
    plain.mkdir()
    assert sets.current_set(tmp_path) == plain
    sets.make_current(plain, "2.0-b")
    assert sets.current_set(tmp_path) == plain / "2.0-b"  # neither is there: the message names what was meant
    make(plain)
    assert sets.current_set(tmp_path) == plain
    make(plain / "2.0-b")
    assert sets.current_set(tmp_path) == plain / "2.0-b"
    make(plain / "1.0-a")
    sets.make_current(plain, "1.0-a")
    assert sets.current_set(tmp_path) == plain / "1.0-a"
    assert (plain / "current.txt").read_bytes() == b"1.0-a\n"
    assert {path.name for path in plain.iterdir()} == {"current.txt", sets.CORE, "1.0-a", "2.0-b"}


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "版本", "a" * 65])
def test_what_no_set_can_be_called(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        sets.make_current(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_the_old_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sets.make_current(tmp_path, "1.0-a")

    def fail(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError):
        sets.make_current(tmp_path, "2.0-b")
    assert [path.read_text("ascii") for path in tmp_path.iterdir()] == ["1.0-a\n"]
