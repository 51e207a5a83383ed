"""The answers that were too long: named, sealed, swept. What seals them is Windows' (tests/product/test_hosts.py)."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from shim import answer_store
from shim.answer_store import AnswerStore


@pytest.fixture
def sealing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seal that can be told from the text, and opens nothing else."""
    monkeypatch.setattr(answer_store, "_seal", lambda data: b"sealed" + data[::-1])
    monkeypatch.setattr(
        answer_store, "_unseal", lambda data: data[6:][::-1] if data.startswith(b"sealed") else None
    )  # fmt: skip


@pytest.mark.needs("linux")
def test_nothing_is_written_unencrypted(tmp_path: Path) -> None:
    """This system has no such key."""
    store = AnswerStore(tmp_path / "kept")
    assert store.save("王𬱖") is None and store.names() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("sealing")
def test_saved_and_read(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "kept")
    names = [store.save(text) for text in ("王𬱖", "two")]
    assert None not in names and sorted(store.names()) == sorted(map(str, names))
    assert store.read(str(names[0])) == "王𬱖"
    with pytest.raises(FileNotFoundError):
        store.read("another")
    (tmp_path / "kept" / "foreign.sealed").write_bytes(b"of another user")
    with pytest.raises(PermissionError):
        store.read("foreign")


@pytest.mark.usefixtures("sealing")
def test_old_answers_go_at_the_first_save(tmp_path: Path) -> None:
    week = 7 * 86400
    for name, age in (("old", week + 60), ("young", week - 60)):
        (tmp_path / f"{name}.sealed").touch()
        os.utime(tmp_path / f"{name}.sealed", (time.time() - age,) * 2)
    (tmp_path / "old.txt").touch()
    os.utime(tmp_path / "old.txt", (0, 0))
    assert AnswerStore(tmp_path).names() == ["old", "young"]
    store = AnswerStore(tmp_path)
    saved = store.save("x")
    assert store.names() == sorted([str(saved), "young"]) and (tmp_path / "old.txt").exists()


@pytest.mark.usefixtures("sealing")
def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """It costs the copy, not the call."""
    (tmp_path / "file").touch()
    assert AnswerStore(tmp_path / "file" / "kept").save("x") is None
