"""--json: every command has it, prints one JSON value and nothing else, and the same in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shim import cli
from shim.commands import machine
from tests.support.command_runs import OPEN, SIGN, lay_desk, run


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return lay_desk(tmp_path, monkeypatch)


# One run of each command, by its words: its exit code, and what must stand in the JSON.
RUNS: dict[tuple[str, ...], tuple[int, Any]] = {
    ("simulator", "--port", "99999"): (2, {"command": "simulator", "exit_code": 2, "error": "wrong_words"}),
    ("bridge", "--stop"): (1, {"command": "bridge", "exit_code": 1, "error": "not_running"}),
    ("call", "--example", "verify", "--url", "nonsense"): (1, {"export": "VirtualCardTrans", "success": False}),
    ("examples",): (0, None),
    ("examples", "verify"): (0, {"command": "examples", "exit_code": 0}),
    ("examples", "--write", "out"): (0, {"exit_code": 0}),
    ("scan", "--show"): (0, {"codes": [{"length": 28, "kind": "insurance", "code": "1" * 28}]}),
    ("screen", "--png", "x.png"): (0, {"file": "x.png", "width": 1024, "height": 600}),
    ("label", "--bytes", "x.prn", "--name", ""): (0, {"file": "x.prn", "width": 400, "height": 240, "dpi": 203}),
    ("label", "--status"): (1, {"command": "label", "exit_code": 1, "error": "not_set_up"}),
    ("ini",): (0, {"command": "ini"}),
    ("ini", "--check"): (0, {"count": 0, "together": []}),
    ("fleet",): (0, {"source": "", "serial": None}),
    ("fleet", "check"): (1, {"command": "fleet check", "exit_code": 1}),
    ("kept",): (0, {"answers": ["20260101-000000-1"]}),
    ("kept", "20260101-000000-1"): (0, {"data": '{"operator_name":"测试𬱖"}\n'}),
    ("kept", "none"): (1, {"exit_code": 1, "error": "file_not_found_error"}),
    ("capture",): (0, {"days": [], "switched_off": []}),
    ("capture", "list"): (0, {"command": "capture list", "days": []}),
    ("capture", "import", "none"): (4, {"command": "capture import", "exit_code": 4, "error": "file_not_found_error"}),
    ("learn",): (1, {"command": "learn", "exit_code": 1}),
    ("replay",): (4, {"command": "replay", "exit_code": 4, "error": "cannot_read_captures"}),
    ("status",): (0, {"mode": "native"}),
    ("config",): (0, None),
    ("config", "get", "scanner.baud"): (0, {"section": "scanner", "key": "baud"}),
    ("config", "get", "scanner.buad"): (1, {"command": "config get", "exit_code": 1, "error": "no_such_key"}),
    ("config", "set", "scanner.type", "file"): (0, {"changed": False, "counts": True}),
    ("config", "unset", "log.level"): (0, {"changed": False}),
    ("config", "check"): (0, {"count": 0}),
    ("log",): (1, {"command": "log", "exit_code": 1, "events": []}),
    ("journal", "--settle", "3"): (1, {"command": "journal", "exit_code": 1}),
    ("doctor",): (1, None),
    SIGN: (0, {"command": "sign", "exit_code": 0}),
    OPEN: (0, {"command": "open", "data": '{"operator_name":"测试𬱖"}\n', "sign_fits": True}),
    ("open", "none.json"): (1, {"command": "open", "exit_code": 1, "error": "file_missing"}),
    ("spec", "verify"): (0, None),
    ("spec", "verfy"): (1, None),
    ("reference",): (0, {"command": "reference"}),
    ("reference", "--update", "x.md"): (1, {"files": ["x.md"], "error": "file_missing"}),
    ("install", "nowhere"): (11, {"outcome": "damaged_set"}),
    ("rollback", "nowhere"): (22, {"outcome": "no_folder"}),
    ("uninstall", "nowhere"): (22, {"outcome": "no_folder"}),
    ("completion", "bash"): (0, {"command": "completion"}),
    ("versions",): (1, {"sets": []}),
}


def test_every_command_is_here() -> None:
    assert {words[0] for words in RUNS} >= set(cli.COMMANDS)


@pytest.mark.needs("font")
@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_every_command_prints_one_value(desk: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    code, wanted = RUNS[words]
    ended = [run(monkeypatch, [*words, "--json"], language=language) for language in ("zh", "en")]
    assert [each.code for each in ended] == [code, code], ended[0].err
    values = [json.loads(each.out) for each in ended]
    if wanted is not None:
        assert {name: values[0][name] for name in wanted} == wanted
    if words[0] not in ("doctor", "call"):  # which have times in them
        assert values[0] == values[1]


@pytest.mark.parametrize("charset", ["gbk", "ascii", "utf-8"])
def test_json_is_whole_in_every_charset(desk: Path, monkeypatch: pytest.MonkeyPatch, charset: str) -> None:
    ended = run(monkeypatch, [*OPEN, "--json"], charset)
    assert json.loads(ended.out.decode(charset))["data"] == '{"operator_name":"测试𬱖"}\n'


def test_the_word_may_stand_before_an_inner_word(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = run(monkeypatch, ["capture", "--json", "list"])
    assert json.loads(ended.out)["command"] == "capture list"


def test_what_was_not_written_is_a_loss(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, ["kept", "--json"], closed=["stdout"]).code == 74


def test_a_fault_is_told(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.lookup.search", lambda words: 1 // 0)
    ended = run(monkeypatch, ["spec", "x", "--json"])
    assert (ended.code, json.loads(ended.out)) == (70, {"command": "spec", "exit_code": 70, "error": "fault"})


def test_nothing_is_gathered_for_people(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.tell(name="value")
    assert machine.gathered() is None
    assert run(monkeypatch, ["kept"]).out == b"20260101-000000-1\n"
