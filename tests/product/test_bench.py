"""`build_dll.py bench --short` on both systems: every row is measured, every call answered right, every file written.

That a call is answered right, and that the server counted it once, is asserted by the run itself: it ends with 1
otherwise (tests/unit/bench/test_measure.py). No time is asserted.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as bench
from tests.support.paths import ROOT

PLAYERS = {"vcshim", "C DLL"}
LIBRARIES = {
    **{f"{name}.{{kind}}": PLAYERS for name in ("load", "first")},
    **{f"{name}.{{kind}}": {*PLAYERS, "stock CPython"} for name in ("inside", "process")},
}
REST = {
    **{
        f"steady.{method}-{words}": {*PLAYERS, "C socket"}
        for method in ("verify", "alterinfo")
        for words in ("plain-md5", "sm4-sm3")
    },
    "steady.verify-aes-md5": {*PLAYERS, "C socket", "http.client", "requests.Session"},
    "steady.alterinfo-aes-md5": {*PLAYERS, "C socket"},
    "steady.verify-sm4-sm2": {"vcshim", "C socket"},
    "steady.alterinfo-sm4-sm2": {"vcshim", "C socket"},
    "steady.verify-2-kb": {*PLAYERS, "C socket", "http.client"},
    "steady.verify-200-kb": {"vcshim", "C socket", "http.client"},
    "screen": {"vcshim"},
    "slow.1": {*PLAYERS, "C socket"},
    "slow.8": {*PLAYERS, "C socket"},
    **{f"memory.{row}": {*PLAYERS, "vcshim, cotaskmem"} for row in ("1", "1000", "100000", "growth")},
}
KINDS = {"linux": ("console",), "wine": ("console", "gui")}
TARGETS = (
    "steady-http", "steady-requests", "slow-socket", "slow-threads", "first-process", "first-inside", "later", "load",
    "sm4", "memory", "growth",
)  # fmt: skip


def rows(system: str) -> dict[str, set[str]]:
    """Every row with its players."""
    kinds = KINDS[system]
    starts = {row.format(kind=kind): players for row, players in LIBRARIES.items() for kind in kinds}
    return {**starts, f"later.{kinds[-1]}": {"vcshim"}, **REST}


def measured(folder: Path, *words: str) -> tuple[dict[str, Any], str]:
    """The numbers of a short run, and the page."""
    assert bench.main(["--short", "--into", str(folder), *words]) == 0
    system = "wine" if "--wine" in words else "linux"
    page = (folder / "docs" / "performance.md").read_text("utf-8")
    return json.loads((folder / f"{system}.json").read_text("utf-8")), page


def check(found: dict[str, Any], page: str, system: str, folder: Path) -> None:
    assert {row: set(players) for row, players in found["rows"].items()} == rows(system)
    assert all(each["count"] > 0 for players in found["rows"].values() for each in players.values())
    assert set(TARGETS) <= set(found["figures"])
    (line,) = (folder / "bench" / "history" / f"{system}.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["figures"] == found["figures"]
    part = page.partition(f"<!-- bench: {system} -->")[2].partition("<!-- end -->")[0]
    assert part.count("### ") == 5 and part.count("| met |") + part.count("| **missed** |") == len(TARGETS)
    for picture in ("steady", "starts"):
        assert (folder / "docs" / "performance" / f"{system}-{picture}.svg").read_text("utf-8").startswith("<svg")
    assert found["versions"]["CPython"] in part
    assert platform.node() not in part and str(ROOT) not in part


@pytest.mark.needs("gcc", "python3.11")
def test_linux(tmp_path: Path) -> None:
    found, page = measured(tmp_path)
    check(found, page, "linux", tmp_path)


@pytest.mark.long
@pytest.mark.needs("gcc", "python3.11", "mingw", "wine")
def test_wine(tmp_path: Path) -> None:
    found, page = measured(tmp_path, "--wine")
    check(found, page, "wine", tmp_path)


@pytest.mark.needs("gcc", "python3.11")
def test_another_product_in_the_same_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One part of a run prints and writes nothing."""
    other = ROOT / "dist" / "host"
    assert bench.main(["--short", "--into", str(tmp_path), "--against", f"same={other}", "--only", "slow"]) == 0
    assert "| same |" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
