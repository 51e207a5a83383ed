"""`vcshim fleet`: a key, a signed file, and what a PC makes of it, from the command line."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from shim import configuration
from shim.cli import main
from shim.fleet.document import parse_document
from shim.fleet.store import FleetStore
from shim.workstation import workstation_name

GOOD = "[messages]\r\naudience = developer\r\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    monkeypatch.setattr(configuration, "machine_data", lambda: tmp_path / "machine")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.ini").write_text(GOOD, "utf-8", newline="")
    return tmp_path


def use(place: Path, key: str) -> None:
    (place / "vcshim.ini").write_text(f"[fleet]\nsource = central.ini\npublic_key = {key}\n", "utf-8")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["--lang", "en", "fleet", *words])
    return code, *capsys.readouterr()


def made(capsys: pytest.CaptureFixture[str]) -> str:
    """A new key in fleet.key; the public one."""
    code, out, err = run(capsys, "key", "fleet.key")
    assert code == 0
    assert re.fullmatch("[0-9a-f]{64}\n", out)
    assert "fleet.key" in err
    return out.strip()


def test_from_the_key_to_a_pc(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    use(place, made(capsys))
    assert sys.platform == "win32" or (place / "fleet.key").stat().st_mode & 0o777 == 0o600
    code, out, _ = run(capsys, "sign", "ours.ini", "--key", "fleet.key", "--out", "central.ini", "--serial", "7")
    assert (code, out) == (0, "Signed: number 7, for 100% of the PCs, central.ini\n")
    pc = workstation_name()
    assert run(capsys, "check") == (0, f"Number 7 is good\nThis PC, {pc}, takes it\n", "")
    assert FleetStore().data() is None
    assert run(capsys)[1].splitlines() == [
        f"Source: {place / 'central.ini'}",
        "In force: none",
        "Nobody has looked yet",
    ]
    assert run(capsys, "take") == (0, "the hospital's settings number 7 are in force now\n", "")
    assert configuration.read(place).messages.audience == "developer"
    lines = run(capsys, "status")[1].splitlines()
    assert lines[:2] == [f"Source: {place / 'central.ini'}", f"In force: number 7, {FleetStore().file}"]
    assert lines[2].startswith("Last look: ")
    assert lines[2].endswith(", the hospital's settings number 7 are in force now")
    told = json.loads(run(capsys, "status", "--json")[1])
    assert (told["serial"], told["last_look"]["outcome"]) == (7, "taken")


def test_a_file_that_is_not_good(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    use(place, made(capsys))
    (place / "central.ini").write_text(GOOD, "utf-8")
    for word in ("check", "take"):
        code, out, err = run(capsys, word)
        assert (code, out) == (1, "")
        assert err.startswith("vcshim fleet: Failed: the head of the hospital's settings is wrong; ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[messages]\naudiense = clerk", "ours.ini, line 2: [messages] has no key audiense; the line is ignored"),
        ("[fleet]\npoll_minutes = 5", "the hospital's settings may not have a section [fleet]"),
        ("[scanner@PC-9]\nbaud = x", "ours.ini, line 2: [scanner@pc-9] baud = x: it should be a whole number"),
    ],
)
def test_settings_with_problems_are_not_signed(
    place: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    (place / "ours.ini").write_text(text, "utf-8")
    code, out, _ = run(capsys, "sign", "ours.ini", "--out", "central.ini")
    assert code == 1
    assert problem in out
    assert not (place / "central.ini").exists()


def test_a_checksum_a_share_and_names(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("sign", "ours.ini", "--out", "central.ini", "--share", "0", "--pcs", "PC-1, X*", "--serial", "3")
    assert run(capsys, *words)[1] == "Given a checksum: number 3, for 0% of the PCs, central.ini\n"
    document = parse_document((place / "central.ini").read_bytes())
    assert (document.serial, document.share, document.pcs, document.kind) == (3, 0, ("PC-1", "X*"), "sha256")
    use(place, "")
    assert "It is not yet the turn of this PC" in run(capsys, "check", "central.ini")[1]
    assert run(capsys, "take")[:2] == (
        0,
        "it is not yet the turn of this PC to take the hospital's settings number 3\n",
    )


def test_each_file_has_a_higher_number_than_the_one_that_it_replaces(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "sign", "ours.ini", "--out", "central.ini", "--serial", "99999999999999")
    run(capsys, "sign", "central.ini", "--out", "central.ini")
    data = (place / "central.ini").read_bytes()
    assert parse_document(data).serial == 100000000000000
    assert data.endswith(GOOD.encode())
    assert data.count(b";vcshim-fleet") == 1


def test_settings_of_notepad_become_utf_8(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "ours.ini").write_bytes("; 本院\r\n[screen]\r\nheading = 第一医院".encode("gb18030") + b"\r\n; \xff")
    assert run(capsys, "sign", "ours.ini", "--out", "central.ini")[0] == 0
    assert (place / "central.ini").read_bytes().endswith("\r\n; 本院\r\n[screen]\r\nheading = 第一医院\r\n; ?".encode())


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("sign", "none.ini", "--out", "x"), "none.ini does not exist"),
        (("sign", "ours.ini", "--out", "x", "--key", "ours.ini"), "ours.ini is no private key"),
        (("sign", "ours.ini", "--out", "x", "--pcs", "收费处"), "--pcs may hold ASCII characters only"),
        (("sign", "ours.ini", "--out", "no/x"), "is in a folder that does not exist"),
        (("key", "ours.ini"), "ours.ini exists already"),
        (("key", "no/x"), "is in a folder that does not exist"),
        (("check",), "[fleet] source is not set"),
        (("take",), "[fleet] source is not set"),
    ],
)
def test_what_cannot_be_done(
    place: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], error: str
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (1, "")
    assert error in err
    assert (place / "ours.ini").read_text("utf-8").replace("\n", "\r\n") == GOOD


def test_without_a_source_there_is_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (0, "[fleet] source is not set: no settings are taken from elsewhere\n", "")
    assert json.loads(run(capsys, "--json")[1])["serial"] is None


def test_a_damaged_copy_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    use(place, "")
    FleetStore().file.parent.mkdir(parents=True)
    FleetStore().file.write_bytes(b"[wire]\n")
    assert "The copy on this PC is damaged" in run(capsys)[1]
