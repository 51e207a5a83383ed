"""`vcshim journal`: what it lists, exports and marks, while a host writes the same file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shim import cli
from shim.journal import places
from shim.journal.calls import CallOutcome, CallTable, JournalRow, Wanted
from shim.journal.database import JournalDatabase
from shim.journal.places import journal_file
from shim.journal.schema import STEPS
from shim.wall_clock import local_time, midnight

Capture = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]
NOON = (midnight("20261127") or 0.0) + 43200
ROWS = (
    JournalRow(0, NOON, "his.exe", 7, "native", "VirtualCardTrans", "ehc.ehealthcard.close", "20261127115959", True,
               CallOutcome.UNKNOWN, "3003", 90000.04),
    JournalRow(0, NOON + 1, "his.exe", 7, "native", "VirtualCardTrans", "ehc.ehealthcard.close", "9***（18 字）", True,
               CallOutcome.SENDING, ""),
    JournalRow(0, NOON + 2, "his.exe", 7, "shadow", "NationEcTrans", "ec.query", "", True, CallOutcome.SUCCESS, "0000",
               120.0),
    JournalRow(0, NOON + 86400, "his.exe", 7, "native", "NationEcTrans", "a.pay", "", True, CallOutcome.UNKNOWN, "-1",
               5.0),
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(places, "user_name", lambda: "clerk")
    monkeypatch.setattr("shim.commands.journal.user_name", lambda: "clerk")
    monkeypatch.chdir(tmp_path)
    return journal_file(tmp_path / "state" / "vcshim" / "journal")


@pytest.fixture
def table(file: Path) -> CallTable:
    table = CallTable(JournalDatabase(file, STEPS))
    for row in ROWS:
        table.add(row)
    return table


@pytest.fixture
def run(capsys: Capture) -> Run:
    def words(*words: str) -> tuple[int, str, str]:
        code = cli.main(["journal", *words])
        done = capsys.readouterr()
        return code, done.out, done.err

    return words


@pytest.mark.usefixtures("table")
def test_unknown_outcomes_are_listed(run: Run) -> None:
    assert run() == (
        0,
        "编号  时间                 函数              交易类型               流水号          返回码  结果\n"
        "1     2026-11-27 12:00:00  VirtualCardTrans  ehc.ehealthcard.close  20261127115959  3003    可能已办成\n"
        "2     2026-11-27 12:00:01  VirtualCardTrans  ehc.ehealthcard.close  9***（18 字）           没有见到结束\n"
        "4     2026-11-28 12:00:00  NationEcTrans     a.pay                                  -1      可能已办成\n"
        "\n到平台查到结果后，用 vcshim journal --settle 编号 标记。\n",
        "",
    )


@pytest.mark.usefixtures("table")
def test_a_mask_is_in_the_language_of_the_run(run: Run) -> None:
    assert "  9*** (18 characters)  " in run("--lang", "en")[1]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ([], [1, 2, 4]),
        (["--all"], [1, 2, 3, 4]),
        (["--day", "20261127"], [1, 2]),
        (["--all", "--day", "2026-11-27"], [1, 2, 3]),
        (["--function", "NATIONECTRANS"], [4]),
        (["--all", "--method", "ec.query"], [3]),
        (["--code", "-1"], [4]),
        (["--code=3003", "--day=20261128"], []),
    ],
)  # fmt: skip
def test_words_choose(run: Run, words: list[str], numbers: list[int]) -> None:
    words = [f"{words[index]}={words[index + 1]}" if word == "--code" else word for index, word in enumerate(words)]
    words = [word for word in words if word != "-1"]
    code, out, _ = run("--json", *words)
    assert code == 0 and [row["id"] for row in json.loads(out)] == numbers


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_json_is_the_same_in_both_languages(run: Run, language: str) -> None:
    code, out, _ = run("--json", "--code=3003", "--lang", language)
    assert (code, json.loads(out)) == (
        0,
        [
            {
                "id": 1, "time": "2026-11-27T12:00:00", "host": "his.exe", "pid": 7, "mode": "native",
                "function": "VirtualCardTrans", "method": "ehc.ehealthcard.close", "serial": "20261127115959",
                "sent": True, "outcome": "unknown", "code": "3003", "ms": 90000.04, "settled": None, "settled_by": "",
                "note": "",
            }
        ],
    )  # fmt: skip


def test_csv_for_excel(run: Run, table: CallTable, tmp_path: Path) -> None:
    """A mark for UTF-8, lines that end as Excel's do, no formula, and no number that would lose digits."""
    table.settle([4], "=cmd|' /C calc'!A0", '@SUM(1),\t"x"\r\n-2+3')
    assert run("--all", "--csv", "out.csv") == (0, "已保存到 out.csv：4 笔\n", "")
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(
        b"\xef\xbb\xbf"
        + "编号,时间,函数,交易类型,流水号,返回码,结果,核对时间,核对人,备注,医院程序,由谁应答,已发出,毫秒\r\n".encode()
    )
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1] == [
        "1", "2026-11-27 12:00:00", "VirtualCardTrans", "ehc.ehealthcard.close", "\t20261127115959", "3003",
        "可能已办成", "", "", "", "his.exe", "native", "是", "90000.0",
    ]  # fmt: skip
    assert (rows[4][5], rows[4][8], rows[4][9]) == ("-1", "'=cmd|' /C calc'!A0", '\'@SUM(1),\t"x"\r\n-2+3')


@pytest.mark.usefixtures("table")
def test_a_file_that_cannot_be_written(run: Run) -> None:
    assert run("--csv", "none/out.csv") == (1, "", "vcshim journal: none/out.csv 所在的文件夹不存在\n")


def test_settled_and_back(run: Run, table: CallTable) -> None:
    assert run("--settle", "1", "2", "1", "--note", "平台已查到") == (0, "已标记 2 笔\n", "")
    assert [row.number for row in table.select(Wanted(open_only=True))] == [4]
    (row,) = table.numbers([1]).values()
    assert (row.settled_by, row.note) == ("clerk", "平台已查到") and row.settled is not None
    shown = str(local_time(row.settled)).replace("T", " ")
    line = run("--all", "--code=3003")[1].splitlines()[1]
    assert line.endswith(f"可能已办成  {shown}  clerk   平台已查到")
    assert run("--unsettle", "1") == (0, "已取消标记 1 笔\n", "")
    assert table.numbers([1]) == {1: replace(ROWS[0], number=1)}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--settle", "1", "9", "8"], "没有编号为 9、8 的交易，没有作任何标记"),
        (["--settle", "1", "3"], "编号 3 的结果已经知道，不需要核对，没有作任何标记"),
        (["--unsettle", "99"], "没有编号为 99 的交易，没有作任何标记"),
        (["--note", "x"], "--note 要与 --settle 一起写"),
        (["--settle", "1", "--note", "x" * 201], "备注最多 200 字，实为 201 字"),
    ],
)
def test_all_or_nothing(run: Run, table: CallTable, words: list[str], reason: str) -> None:
    before = table.select(Wanted())
    assert run(*words) == (1, "", f"vcshim journal: {reason}\n")
    assert table.select(Wanted()) == before


def test_words_that_are_wrong(run: Run, capsys: Capture) -> None:
    for words, reason in (
        (["--day", "20261399"], "20261399 不是日期，应形如 20260131"),
        (["--settle", "0"], "0 不是 1 到"),
        (["--csv", "x", "--settle", "1"], "--settle"),
    ):
        with pytest.raises(SystemExit):
            run(*words)
        assert reason in capsys.readouterr().err


def test_nothing_there(run: Run, file: Path, tmp_path: Path) -> None:
    """And looking leaves no trace."""
    assert run() == (0, f"还没有交易流水：{file}\n", "")
    assert run("--json") == (0, "[]\n", "")
    assert run("--settle", "1")[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_matches(run: Run, table: CallTable) -> None:
    assert run("--day", "20200101") == (0, "没有符合条件的交易\n", "")
    table.settle([1, 2, 4], "clerk", "")
    assert run() == (0, "没有结果未知的交易\n", "")


def test_reading_while_a_host_writes(run: Run, file: Path, table: CallTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marking waits for its turn instead, and says so if that does not come."""
    monkeypatch.setattr("shim.commands.journal._BUSY_SECONDS", 0)
    host = JournalDatabase(file, STEPS)
    with host.transaction():
        CallTable(host).add(ROWS[0])
        assert [row["id"] for row in json.loads(run("--json")[1])] == [1, 2, 4]
        assert run("--settle", "1") == (1, "", f"vcshim journal: {file} 正被其他程序占用，请稍后再试\n")
    assert [row["id"] for row in json.loads(run("--json")[1])] == [1, 5, 2, 4]
    assert [row.settled for row in table.select(Wanted())] == [None] * 5


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"x" * 5000, "已损坏；医院程序下次写入时会将它改名留存并另建新文件"), (None, "不能读写（cannot open")],
)
def test_a_file_that_cannot_be_used(run: Run, file: Path, content: bytes | None, reason: str) -> None:
    file.parent.mkdir(parents=True)
    file.mkdir() if content is None else file.write_bytes(content)
    code, out, err = run()
    assert (code, out) == (1, "") and err.startswith(f"vcshim journal: {file} {reason}")


def test_the_folder_of_the_settings(run: Run, file: Path, tmp_path: Path) -> None:
    (tmp_path / "vcshim.ini").write_text("[journal]\nfolder = here\n")
    CallTable(JournalDatabase(journal_file(tmp_path / "here"), STEPS)).add(ROWS[0])
    assert [row["id"] for row in json.loads(run("--json")[1])] == [1] and not file.exists()
