"""The answers that were too long: named, sealed, swept. What seals them is Windows' (tests/product/test_hosts.py)."""

from __future__ import annotations

import os
import time
import uuid
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


def kept(folder: Path, name: str, age: float) -> Path:
    """An answer that was saved `age` days ago."""
    path = folder / f"{name}.sealed"
    path.write_bytes(b"sealedx")
    os.utime(path, (time.time() - age * 86400,) * 2)
    return path


@pytest.mark.usefixtures("sealing")
def test_a_file_that_cannot_be_deleted_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program has it open: the answer is saved, the others are deleted, and it is tried again later."""
    first, second = kept(tmp_path, "a", 9), kept(tmp_path, "b", 10)
    (tmp_path / "c.sealed").mkdir()
    unlink = Path.unlink

    def refused(path: Path, missing_ok: bool = False) -> None:
        if path == first:
            raise PermissionError(32, "used by another process")
        unlink(path, missing_ok)

    store = AnswerStore(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refused)
        saved = store.save("x")
    assert saved is not None and store.read(saved) == "x"
    assert first.exists() and not second.exists() and (tmp_path / "c.sealed").exists()
    assert AnswerStore(tmp_path).save("y") is not None and not first.exists()


@pytest.mark.usefixtures("sealing")
def test_a_folder_that_cannot_be_listed_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> None:
        raise PermissionError(13, "no")

    store = AnswerStore(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", refused)
        saved = store.save("x")
        assert saved is not None and store.names() == []
    assert store.names() == [saved]


@pytest.mark.usefixtures("sealing")
def test_the_newest_stay_and_never_more_than_two_hundred(tmp_path: Path) -> None:
    """Room for twenty is made at once: looking at all of them takes too long to be done for each answer."""
    for number in range(230):
        kept(tmp_path, f"{number:03}", (230 - number) / 100)
    store = AnswerStore(tmp_path)
    saved = [str(store.save("x")) for _ in range(3)]
    names = store.names()
    assert sorted(set(names) - set(saved)) == [f"{number:03}" for number in range(50, 230)]
    counts = []
    for _ in range(40):
        saved.append(str(store.save("x")))
        counts.append(len(store.names()))
    assert max(counts) == 200 and set(saved) <= set(store.names())


@pytest.mark.usefixtures("sealing")
def test_age_is_looked_at_once_an_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = AnswerStore(tmp_path)
    store.save("x")
    old = kept(tmp_path, "old", 9)
    store.save("x")
    assert old.exists()
    later = time.monotonic() + 3600
    monkeypatch.setattr(time, "monotonic", lambda: later)
    store.save("x")
    assert not old.exists()


@pytest.mark.usefixtures("sealing")
def test_a_clock_that_is_years_off_deletes_nothing_young(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set ahead and back: neither what was saved before, nor what was saved by the wrong clock."""
    young = [kept(tmp_path, name, age) for name, age in (("a", 5.5), ("b", 0.1))]
    store = AnswerStore(tmp_path)
    with monkeypatch.context() as patch:
        now = time.time() + 12 * 365 * 86400
        patch.setattr(time, "time", lambda: now)
        wrong = store.save("x")
        os.utime(tmp_path / f"{wrong}.sealed", (now, now))
        store.save("y")
    store.save("z")
    assert all(path.exists() for path in young) and str(wrong) in store.names()


@pytest.mark.needs("linux")
@pytest.mark.usefixtures("sealing")
def test_links_are_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, victim = tmp_path / "kept", tmp_path / "victim"
    folder.mkdir()
    victim.write_bytes(b"sealedx")
    os.utime(victim, (0, 0))
    (folder / "link.sealed").symlink_to(victim)
    monkeypatch.setattr(time, "strftime", lambda *_: "name-")
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID("12345678" * 4))
    (folder / "name-12345678.sealed").symlink_to(tmp_path / "elsewhere")
    store = AnswerStore(folder)
    assert store.save("x") is None
    assert victim.read_bytes() == b"sealedx" and not (tmp_path / "elsewhere").exists()
    assert store.names() == [] and len(list(folder.iterdir())) == 2
    for name in ("link", "../victim", str(victim), ""):
        with pytest.raises(FileNotFoundError):
            store.read(name)


@pytest.mark.needs("linux")
@pytest.mark.usefixtures("sealing")
def test_half_a_file_is_not_left(tmp_path: Path) -> None:
    """The disk is full: there is no answer that could not be opened."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, limits[1]))
    try:
        saved = AnswerStore(tmp_path).save("x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert saved is None and list(tmp_path.iterdir()) == []
