"""`vcshim log`: which lines are shown, how, and what becomes of an export."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from shim import cli, wall_clock
from shim.commands import colours, log, log_document, log_filter
from shim.log_reading import LogEvent

Run = Callable[..., tuple[int, str, str]]
CALL = {"pc": "PC-1", "user": "zhang", "pid": 7, "thread": 8, "function": "VirtualCardTrans"}
VERIFY = {**CALL, "method": "ehc.ehealthcode.verify"}
LINES = {
    "vcshim-HIS.exe-PC-1-zhang-20260102.log": (
        {"time": "2026-01-02T08:00:00.001", "level": "INFO", "pid": 7, "thread": 8, "text": "vcshim 已启动"},
        {"time": "2026-01-02T08:00:01.000", "level": "WARNING", **VERIFY, "text": "缺少 operator_id"},
        {"time": "2026-01-02T08:00:01.500", "level": "INFO", **VERIFY, "text": "成功", "code": "00", "ms": 12.5},
    ),
    "vcshim-kiosk.exe-PC-2-li-20260102.log": (
        {"time": "2026-01-02T08:00:01.200", "level": "ERROR", **CALL, "pid": 9, "method": "ehc.ehealthcode.authurl",
         "text": "拒绝连接", "code": "8004", "ms": 3.0, "sent_bytes": 726},
    ),
    "vcshim-HIS.exe-PC-1-zhang-20260101.log": (
        {"time": "2026-01-01T09:00:00.000", "level": "INFO", **CALL, "function": "NationEcTrans", "method": "ec.query",
         "text": "成功", "code": "0000", "ms": 5},
    ),
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "vcshim_log"
    folder.mkdir()
    for name, rows in LINES.items():
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        (folder / name).write_text(text, "utf-8")

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.main(["log", *words])
        return code, *capsys.readouterr()

    return run


def test_a_line_is_readable(run: Run) -> None:
    code, out, _ = run("--last", "3")
    assert code == 0 and out == (
        "01-02 08:00:01.000  提醒  VirtualCardTrans  ehc.ehealthcode.verify  缺少 operator_id\n"
        "01-02 08:00:01.200  错误  VirtualCardTrans  ehc.ehealthcode.authurl  8004  3.0 ms  拒绝连接\n"
        "01-02 08:00:01.500  信息  VirtualCardTrans  ehc.ehealthcode.verify  00  12.5 ms  成功\n"
    )


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ([], ["成功", "vcshim 已启动", "缺少 operator_id", "拒绝连接", "成功"]),
        (["--last", "1"], ["成功"]),
        (["--function", "NationEcTrans"], ["成功"]),
        (["--method", "VERIFY"], ["缺少 operator_id", "成功"]),
        (["--code", "8004"], ["拒绝连接"]),
        (["--level", "warning"], ["缺少 operator_id", "拒绝连接"]),
        (["--level", "error"], ["拒绝连接"]),
        (["--since", "2026-01-02"], ["vcshim 已启动", "缺少 operator_id", "拒绝连接", "成功"]),
        (["--since", "2026-01-02T08:00:01"], ["缺少 operator_id", "拒绝连接", "成功"]),
        (["--until", "20260102"], ["成功"]),
        (["--text", "OPERATOR"], ["缺少 operator_id"]),
        (["--program", "kiosk"], ["拒绝连接"]),
        (["--call", "08:00:01.500"], ["缺少 operator_id", "成功"]),
        (["--call", "2026-01-02 08:00:00.001"], ["vcshim 已启动"]),
        (["vcshim_log/vcshim-kiosk.exe-PC-2-li-20260102.log"], ["拒绝连接"]),
        (["vcshim_log"], ["成功", "vcshim 已启动", "缺少 operator_id", "拒绝连接", "成功"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_is_shown(run: Run, words: list[str], texts: list[str]) -> None:
    code, out, _ = run(*words, "--json")
    assert (code, [row["text"] for row in json.loads(out)]) == (0, texts)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--code", "1"], "没有符合的行\n"),
        (["--method", "verfy"], "没有符合的行；没有 verfy，最接近的是 ehc.ehealthcode.verify\n"),
        (["--call", "1"], None),
        (["--call", "99:99"], "没有时间为 99:99 的行\n"),
        (["--since", "2099-01-01"], "没有符合的行\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_nothing_is_said(run: Run, words: list[str], said: str | None) -> None:
    code, out, err = run(*words)
    assert (code, out, err) == (1, "", f"vcshim log: {said}") if said else code == 0


def test_no_log_at_all(run: Run, tmp_path: Path) -> None:
    code, _, err = run("--folder", "elsewhere")
    places = f"{tmp_path}/elsewhere/vcshim_log , {tmp_path}/state/vcshim/vcshim_log"
    assert (code, err) == (1, f"vcshim log: 还没有日志：{places}\n")
    assert run("none.log")[::2] == (1, "vcshim log: none.log 不存在\n")


def test_details(run: Run) -> None:
    _, out, _ = run("--code", "8004", "--details")
    assert out.splitlines()[1:] == [
        "    电脑：PC-1", "    登录者：zhang", "    进程：9", "    线程：8", "    发出的字节数：726",
        "    日志文件：vcshim-kiosk.exe-PC-2-li-20260102.log",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["1x", "yesterday", "2026-13-01", "25", ""])
def test_a_time_that_is_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        log_filter.moment_of(text)


def test_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_filter.time, "time", lambda: 1_800_000_000.0)  # type: ignore[attr-defined]
    now = str(wall_clock.local_time(1_800_000_000))
    assert log_filter.moment_of("0s") == now
    assert log_filter.moment_of("2h") == str(wall_clock.local_time(1_800_000_000 - 7200))
    assert log_filter.moment_of("9:05") == f"{now[:10]}T09:05"
    assert log_filter.moment_of("20260131") == "2026-01-31T00:00"
    assert log_filter.moment_of("2026-01-31 10:30:15") == "2026-01-31T10:30:15"


def test_it_follows_until_it_is_ended(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = [
        {"time": "2026-01-02T09:00:00.000", "level": "INFO", "text": "not wanted"},
        {"time": "2026-01-02T09:00:01.000", "level": "ERROR", "text": "wanted"},
    ]

    def sleep(_seconds: float) -> None:
        if not written:
            raise KeyboardInterrupt
        with (tmp_path / "vcshim_log" / "vcshim-new-20260102.log").open("a") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in written)
        written.clear()

    monkeypatch.setattr(log.time, "sleep", sleep)  # type: ignore[attr-defined]
    code, out, err = run("--follow", "--level", "error", "--last", "1")
    assert (code, err) == (0, "正在等待新的行，按 Ctrl+C 结束\n")
    assert [text.rpartition("  ")[2] for text in out.splitlines()] == ["拒绝连接", "wanted"]


def test_colour_is_for_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in run("--level", "error")[1]
    monkeypatch.setattr(colours, "is_terminal", lambda stream: True)
    assert "\x1b[31m错误\x1b[0m  VirtualCardTrans" in run("--level", "error")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("--level", "error")[1]


def test_exports(run: Run, tmp_path: Path) -> None:
    assert run("--out", "a.txt")[1] == "已保存到 a.txt：5 行\n"
    assert (tmp_path / "a.txt").read_text("utf-8").splitlines()[-1].endswith("00  12.5 ms  成功")
    run("--out", "a.json")
    assert [row["level"] for row in json.loads((tmp_path / "a.json").read_text("utf-8"))].count("ERROR") == 1
    run("--out", "a.csv", "--level", "error")
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["code"], row["text"]) == ("8004", "拒绝连接")
    told = json.loads(run("--out", "a.html", "--json")[1])
    assert (told["lines"], told["format"]) == (5, "html")
    assert run("--format", "csv", "--level", "error")[1] == text


class Page(HTMLParser):
    """What a page holds: its tags, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows, self.loads = 0, list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += tag == "li"
        self.loads += [f"{name}={value}" for name, value in attrs if name in ("src", "href", "srcset", "onclick")]


def test_the_page_is_alone_and_shows_no_markup_of_a_line() -> None:
    event = LogEvent({"text": "</script><img src=x onerror=alert(1)>", "level": '"><b>', "code": "<8004>"}, "<f>")
    page = log_document.log_page([event, event], True, "now", "1.0")
    found = Page(page)
    assert (found.rows, found.loads) == (2, [])
    assert "<img" not in page and '"><b>' not in page and page.count("<script>") == 1
    assert re.search(r"default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+';", page)


# ---- the notes of starts that failed ---------------------------------------------------------------------------------


@pytest.fixture
def note(run: Run, tmp_path: Path) -> Path:
    """Written between the first line of a day and the others, by C: with a mark, and two lines."""
    path = tmp_path / "vcshim-start-PC-9.txt"
    path.write_bytes("\ufeff缺少文件 C:\\HIS\\vcshim\\vcs-py311.dll\r\n第二行\r\n".encode())
    written = 1_767_340_800.5 - wall_clock.local_time(0).hour * 3600  # 2026-01-02T08:00:00.500 at this PC
    os.utime(path, (written, written))
    return path


@pytest.mark.usefixtures("note")
@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ([], ["成功", "vcshim 已启动", "NOTE", "第二行", "缺少 operator_id", "拒绝连接", "成功"]),
        (["--last", "4"], ["第二行", "缺少 operator_id", "拒绝连接", "成功"]),
        (["--level", "error"], ["NOTE", "第二行", "拒绝连接"]),
        (["--since", "2026-01-02T08:00:01"], ["缺少 operator_id", "拒绝连接", "成功"]),
        (["--text", "vcs-py311"], ["NOTE"]),
        (["--program", "pc-9"], ["NOTE", "第二行"]),
        (["--code", "00"], ["成功"]),
        (["--call", "08:00:00.500"], ["NOTE"]),
        (["vcshim-start-PC-9.txt"], ["NOTE", "第二行"]),
        (["vcshim_log", "--level", "error"], ["拒绝连接"]),
    ],
    ids=" ".join,
)
def test_the_notes_of_starts_are_among_the_lines(run: Run, words: list[str], texts: list[str]) -> None:
    code, out, _ = run(*words, "--json")
    rows = json.loads(out)
    assert code == 0
    wanted = [text.replace("NOTE", r"缺少文件 C:\HIS\vcshim\vcs-py311.dll") for text in texts]
    assert [row["text"] for row in rows] == wanted


@pytest.mark.usefixtures("note")
def test_a_note_says_when_and_of_which_pc(run: Run, tmp_path: Path) -> None:
    (tmp_path / "vcshim.ini").write_text(f"[log]\nfolder = {tmp_path / 'elsewhere'}\n", "utf-8")
    code, out, _ = run("--json")
    assert (code, json.loads(out)[0]) == (
        0,
        {"time": "2026-01-02T08:00:00.500", "level": "ERROR", "pc": "PC-9",
         "text": r"缺少文件 C:\HIS\vcshim\vcs-py311.dll"},
    )  # fmt: skip
    run("--out", "log.html")
    assert "<dd>vcshim-start-PC-9.txt</dd>" in (tmp_path / "log.html").read_text("utf-8")
    assert run("--text", "xyzzy")[2] == "vcshim log: 没有符合的行\n"
