"""What the doctor says of this PC: security software, folders that are written to, addresses in the log; and checks."""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path

import pytest

from shim.commands.language import CommandLanguage, Phrase
from shim.doctor import checks, examine, security
from shim.doctor.examine import FAILED
from shim.doctor.finding import Check, CheckFinding, FindingRow, Level, Place
from shim.doctor.security import PRODUCTS, products_among
from shim.doctor.seen import addresses_seen
from shim.doctor.writing import look_at_writing

# ---- security software -----------------------------------------------------------------------------------------------


def test_products_by_their_names() -> None:
    found = list(products_among({"hipsdaemon", "spooler", "msmpeng.exe", "explorer.exe"}))
    assert [each.text(each.row.what, CommandLanguage.ENGLISH) for each in found] == [
        "security software: Huorong",
        "security software: Windows Defender (running)",
    ]
    assert list(products_among({"spooler", "explorer.exe"})) == []


def test_the_names_of_products() -> None:
    """As the registry and Windows have them, in lower case; none belongs to two."""
    names = [name for _, known in PRODUCTS for name in known]
    assert len(set(names)) == len(names) and names == [name.lower() for name in names]


def test_elsewhere_nothing_is_looked_for(tmp_path: Path) -> None:
    assert list(security.look_at_security(Place(tmp_path, tmp_path))) == []


# ---- writing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "his").mkdir()
    return Place(tmp_path / "his", tmp_path / "his")


def test_nothing_is_left_behind(place: Place) -> None:
    """Folders that are missing are not made."""
    (place.folder / "vcshim.ini").write_text("[mode]\nrun = capture\n", "utf-8")
    before = sorted(place.folder.parent.rglob("*"))
    assert [each.row.name for each in look_at_writing(place)] == ["writing.possible"] * 2
    assert sorted(place.folder.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("number", "names"),
    [
        (errno.EACCES, ["writing.log_elsewhere", "writing.read_only"]),
        (errno.EROFS, ["writing.log_elsewhere", "writing.read_only"]),
        (errno.ENOSPC, ["writing.full", "writing.full"]),
        (errno.EIO, ["writing.failed", "writing.failed"]),
    ],
)
def test_what_a_system_reports(place: Place, monkeypatch: pytest.MonkeyPatch, number: int, names: list[str]) -> None:
    monkeypatch.setattr(os, "fsync", lambda file: (_ for _ in ()).throw(OSError(number, "")))
    assert [each.row.name for each in look_at_writing(place)] == names
    assert list(place.folder.parent.rglob("*.tmp")) == []


# ---- the log ---------------------------------------------------------------------------------------------------------


def log_line(**facts: object) -> str:
    return json.dumps({"time": "x", "text": "平台的地址", **facts}, ensure_ascii=False) + "\n"


def test_addresses_of_the_log(place: Place) -> None:
    """The newest first, each once; what is no address, and half a line, are left out."""
    folder = place.folder / "vcshim_log"
    folder.mkdir()
    older, newer = folder / "vcshim-his.exe-PC-20261101.log", folder / "vcshim-his.exe-PC-20261102.log"
    older.write_text(log_line(platform="http://10.1.1.1:80") + log_line(platform="http://10.1.1.2:80"), "utf-8")
    newer.write_text(
        log_line(platform="https://10.1.1.3:443") + log_line(platform="file:///etc") + log_line(platform=7)
        + log_line(platform="http://10.1.1.2:80") + '{"platform": "http://10.9',
        "utf-8",
    )  # fmt: skip
    os.utime(older, (1_000_000, 1_000_000))
    assert addresses_seen(place) == ["http://10.1.1.2:80", "https://10.1.1.3:443", "http://10.1.1.1:80"]


def test_no_log(place: Place) -> None:
    assert addresses_seen(place) == []


# ---- the checks themselves -------------------------------------------------------------------------------------------

FINE = FindingRow("test.fine", Level.OK, Phrase("好", "fine"))
TITLE = Phrase("题", "title")


def test_checks_run_side_by_side_and_stay_in_order(place: Place) -> None:
    both = threading.Barrier(2, timeout=60)

    def look(_: Place) -> list[CheckFinding]:
        both.wait()
        return [FINE()]

    found = examine.examine(place, (Check(Phrase("甲", "a"), look), Check(Phrase("乙", "b"), look)))
    assert [each.title.en for each in found] == ["a", "b"]
    assert [len(each.findings) for each in found] == [1, 1]


def test_a_check_that_fails_costs_no_other_finding(place: Place) -> None:
    """Nor its own of before; where it failed is named, and no value."""

    def fails(_: Place) -> object:
        yield FINE()
        raise ValueError("张三")

    found = examine.examine(place, (Check(TITLE, fails), Check(TITLE, lambda _: [FINE()])))  # type: ignore[arg-type]
    assert [[each.row.name for each in every.findings] for every in found] == [
        ["test.fine", "check.failed"],
        ["test.fine"],
    ]
    why = str(found[0].findings[1].facts["why"])
    assert why.startswith("ValueError") and "test_pc.py" in why and "张三" not in why
    assert FAILED.level is Level.WARNING


def rows_of_all_checks() -> list[FindingRow]:
    """Every row of a module that has a check, those in tables included."""
    import sys

    modules = {sys.modules[check.look.__module__] for check in checks.CHECKS}
    found: list[FindingRow] = []
    for module in modules:
        for value in vars(module).values():
            values = value.values() if isinstance(value, dict) else [value]
            found += [each for each in values if isinstance(each, FindingRow)]
    return list(dict.fromkeys(found))


def test_rows_have_names_of_their_own() -> None:
    """Programs read the names: no two rows share one, and a bad finding says what to do."""
    rows = rows_of_all_checks()
    assert len({row.name for row in rows}) == len(rows) > 80
    assert [row.name for row in rows if row.level.is_bad and row.remedy is None] == []
