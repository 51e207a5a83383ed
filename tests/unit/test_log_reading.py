"""The log as it is read: all files of a day in one order, what is no line of ours, what is written while it is read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from shim import log_reading
from shim.log_reading import LogFollower, call_of, days_of, events_of, start_notes


def write(path: Path, *rows: object) -> None:
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_files_are_found_by_day(tmp_path: Path) -> None:
    names = (
        "vcshim-HIS.exe-PC-1-zhang-s2-20260102.log",
        "vcshim-HIS.exe-PC-2-li-20260102.log",
        "vcshim-a-20260101.log",
    )
    for name in (*names, "other.log", "vcshim-start-PC-1.txt", "vcshim-a-2026010.log"):
        (tmp_path / name).touch()
    (tmp_path / "vcshim-folder-20260102.log").mkdir()
    found = days_of([tmp_path, tmp_path, tmp_path / "none"])
    assert {day: [path.name for path in paths] for day, paths in found.items()} == {
        "20260102": list(names[:2]), "20260101": [names[2]],
    }  # fmt: skip
    assert list(found) == ["20260102", "20260101"]


@pytest.mark.needs("linux")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "secret", "x")
    (tmp_path / "vcshim-a-20260101.log").symlink_to(tmp_path / "secret")
    assert days_of([tmp_path]) == {}


def test_lines_are_in_the_order_of_time(tmp_path: Path) -> None:
    write(tmp_path / "a", {"time": "1", "text": "one"}, "half a li", {"time": "4", "text": "four"}, "[1]", "")
    write(tmp_path / "b", {"time": "2", "text": "two"}, {"time": "3", "text": "three"})
    texts = [event.fact("text") for event in events_of([tmp_path / "a", tmp_path / "b", tmp_path / "none"])]
    assert texts == ["one", "half a li", "two", "three", "four", "[1]"]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\xfe{\n\0\0\n" + b"[" * 100_000 + b"\n")
    assert [event.fact("text")[:3] for event in events_of([tmp_path / "a"])] == ["��{", "[[["]


def test_new_lines_are_followed(tmp_path: Path) -> None:
    old = tmp_path / "vcshim-a-20260101.log"
    write(old, {"time": "1", "text": "before"})
    follower = LogFollower([tmp_path])
    assert follower.poll() == []
    with old.open("ab") as file:
        file.write(b'{"time": "2", "text": "h')
    assert follower.poll() == []
    with old.open("ab") as file:
        file.write(b'alf"}\n')
    write(tmp_path / "vcshim-b-20260102.log", {"time": "1.5", "text": "of a new file"})
    assert [event.fact("text") for event in follower.poll()] == ["of a new file", "half"]
    assert follower.poll() == []
    old.write_text('{"text": "anew"}\n')
    assert [event.fact("text") for event in follower.poll()] == ["anew"]
    old.unlink()
    assert follower.poll() == []


def test_notes_of_starts_are_followed(tmp_path: Path) -> None:
    note = tmp_path / "vcshim-start-PC.txt"
    note.write_text("before", "utf-8-sig")
    follower = LogFollower([], [tmp_path])
    assert follower.poll() == []
    os.utime(note, (1, 1))  # written anew, in the same size
    assert [event.fact("text") for event in follower.poll()] == ["before"]
    (tmp_path / "vcshim-start-PC-2.txt").write_bytes("\ufeffone\r\n\r\ntwo\0".encode())
    assert [(event.fact("pc"), event.fact("text")) for event in follower.poll()] == [("PC-2", "one"), ("PC-2", "two")]
    note.unlink()
    assert follower.poll() == []


@pytest.mark.needs("linux")
def test_what_is_no_note(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "vcshim-start-PC.txt").symlink_to(tmp_path / "secret")
    (tmp_path / "vcshim-start-folder.txt").mkdir()
    (tmp_path / "vcshim-start.txt").touch()
    assert start_notes([tmp_path, tmp_path / "none"]) == []


def test_a_line_without_end_is_not_kept_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reading, "_MOST_LINE", 8)
    follower = LogFollower([tmp_path])
    (tmp_path / "vcshim-a-20260101.log").write_text("0123456789")
    assert [event.fact("text") for event in follower.poll()] == ["0123456789"]


def test_the_lines_of_one_call(tmp_path: Path) -> None:
    call = {"function": "VirtualCardTrans", "pid": 1, "thread": 2}
    write(
        tmp_path / "a",
        {"text": "started", "pid": 1, "thread": 2},
        {**call, "text": "first", "code": "00", "ms": 1},
        {**call, "text": "second begins"},
        {**call, "text": "of another thread", "thread": 3, "code": "00", "ms": 1},
        {**call, "text": "second ends", "code": "00", "ms": 1},
        {**call, "text": "third begins"},
    )
    events = events_of([tmp_path / "a"])
    called = [[event.fact("text") for event in call_of(events, index)] for index in range(len(events))]
    second = ["second begins", "second ends"]
    assert called == [["started"], ["first"], second, ["of another thread"], second, ["third begins"]]
