"""`vcshim status`: an installation at a glance. The rule for going native is tests/unit/replay/test_rule.py's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shim import __version__, cli
from shim.journal import places
from shim.journal.calls import CallOutcome, CallTable, JournalRow
from shim.journal.database import JournalDatabase
from shim.journal.places import journal_file
from shim.journal.schema import STEPS
from shim.wall_clock import midnight

Run = Callable[..., tuple[int, str]]
NOON = (midnight("20261127") or 0.0) + 43200


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(places, "user_name", lambda: "clerk")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        code = cli.main(["status", *words])
        return code, capsys.readouterr().out

    return run


def calls(folder: Path, count: int) -> None:
    table = CallTable(JournalDatabase(journal_file(folder / "state" / "vcshim" / "journal"), STEPS))
    for number in range(count):
        outcome = CallOutcome.UNKNOWN if number == 0 else CallOutcome.SUCCESS
        code = "3003" if number == 0 else "0000"
        began = NOON + number
        table.add(
            JournalRow(0, began, "his.exe", 7, "native", "NationEcTrans", "ec.query", "", True, outcome, code, 12.0)
        )


def test_a_folder_with_nothing(run: Run, tmp_path: Path) -> None:
    code, out = run()
    assert code == 0
    assert out.splitlines()[0].startswith(f"vcshim {__version__}（Python 3.") and str(tmp_path) in out
    assert out.splitlines()[1:7] == [
        "这个文件夹中没有 vcshim", "扫码枪：未配置", "扩展屏：window", "标签打印机：未配置",
        f"日志：{tmp_path}/vcshim_log", "最近的调用：没有记录",
    ]  # fmt: skip


def test_an_installation_in_use(run: Run, tmp_path: Path) -> None:
    (tmp_path / "vcshim" / "1.0").mkdir(parents=True)
    (tmp_path / "vcshim" / "current.txt").write_text("1.0\n", "ascii")
    (tmp_path / "vcshim.ini").write_text("[scanner]\ntype = serial\nport = COM3\n[label]\ntype = tcp\n", "utf-8")
    calls(tmp_path, 7)
    lines = run()[1].splitlines()
    assert lines[1:5] == [
        f"在用的版本：{tmp_path}/vcshim/1.0", "设置有 1 处问题，vcshim config check 逐条说明", "扫码枪：serial",
        "扩展屏：window",
    ]  # fmt: skip
    assert lines[5].startswith("标签打印机：tcp，设置须改正（") and "address" in lines[5]
    assert lines[7] == "最近的调用（交易流水中有 7 次，其中 1 次结果未知，尚未核对）："
    assert lines[8:13] == [
        f"  2026-11-27 12:00:0{second}  NationEcTrans  ec.query  0000  成功  12 ms" for second in range(2, 7)
    ]


@pytest.mark.parametrize(("text", "count"), [("[wire]\ndialect = chongqing-x\n", 1), ("[log]\nlevel = info\n", 0)])
def test_problems_of_the_settings_are_counted(run: Run, tmp_path: Path, text: str, count: int) -> None:
    """Those of several lines together as well: no line of a message format that does not exist is wrong by itself."""
    (tmp_path / "vcshim.ini").write_text(text, "utf-8")
    assert run()[1].count("处问题，vcshim config check") == count
    assert json.loads(run("--json")[1])["settings_problems"] == count


def test_the_same_for_programs(run: Run, tmp_path: Path) -> None:
    calls(tmp_path, 2)
    told = json.loads(run("--json")[1])
    assert (told["version"], told["set"], told["mode"], told["safe"]) == (__version__, None, "native", False)
    assert told["devices"]["scanner"] == {"type": "none", "problem": ""}
    assert told["calls"]["outcomes"] == {"unknown": 1, "success": 1} and told["calls"]["open"] == 1
    assert told["calls"]["last"][0] == {
        "time": "2026-11-27T12:00:00", "function": "NationEcTrans", "method": "ec.query", "code": "3003",
        "outcome": "unknown", "ms": 12.0,
    }  # fmt: skip


def test_a_journal_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    file = journal_file(tmp_path / "state" / "vcshim" / "journal")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database" * 100)
    code, out = run()
    assert code == 0 and "交易流水读不了：" in out
