"""The words of build_dll.py: which it keeps, which reach pytest, and which levels they choose."""

from __future__ import annotations

import shlex
import subprocess

import pytest

import build_dll
from buildlib import check, environment, levels, style
from buildlib.layout import ROOT

ALL = ["unit", "simulator", "native", "contract", "product"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("test", []),
        ("test -k transport", ["-k", "transport"]),
        ("test --durations=20", ["--durations=20"]),
        ("test tests/unit -x", ["tests/unit", "-x"]),
        ("test -n 0 -k 'not wine' --quick tests/unit -x", ["-n", "0", "-k", "not wine", "tests/unit", "-x"]),
        ("bench simulator --calls 5", ["--calls", "5"]),
        ("bench --against before=elsewhere --wine", ["--against", "before=elsewhere", "--wine"]),
    ],
)
def test_words_reach_pytest(line: str, words: list[str]) -> None:
    assert build_dll.parse(shlex.split(line)).words == words


def test_words_come_after_the_run_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that `-n 0` overrules; and pytest's exit code comes back."""
    started: list[list[str]] = []

    def call(argv: list[str], **_: object) -> int:
        started.append(argv)
        return 5

    monkeypatch.setattr(subprocess, "call", call)
    monkeypatch.setattr(environment, "ensure", lambda *lists: None)
    monkeypatch.setattr(style, "run", lambda: 0)
    assert check.run(["-n", "0", "-k", "transport"], quick=True) == 5
    (argv,) = started
    assert argv[1:3] == ["-m", "pytest"]
    assert argv[-5:] == ["-n", "0", "-k", "transport", "tests/unit"]
    assert argv.index("-n") < len(argv) - 5


def test_levels_by_name() -> None:
    """`-k transport` installs and builds what those tests need, and no more."""
    words = ["-k", "test_once and test_building", "tests/native", "tests/contract"]  # two levels of five are collected
    assert [level.name for level in check._with_tests(words)] == ["native"]


@pytest.mark.parametrize("code", [1, 2, 5])
def test_all_levels_where_names_tell_nothing(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """pytest found no such test, or could not look."""
    done = subprocess.CompletedProcess(["pytest"], code, stdout="", stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert [level.name for level in check._with_tests(["-k", "no_such_test_anywhere"])] == ALL


@pytest.mark.parametrize("line", ["host -x", "win32 --python", "style --fix", "test-quick", "bench nothing", ""])
def test_wrong_words_are_refused(line: str) -> None:
    with pytest.raises(SystemExit) as caught:
        build_dll.parse(shlex.split(line))
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ALL),
        ("-k tests/unit -x", ALL),
        ("tests", ALL),
        ("tests/unit", ["unit"]),
        ("tests/unit/test_codec.py::test_x tests/native", ["unit", "native"]),
        ("--deselect tests/product/test_wedge.py tests/simulator", ["simulator"]),
        ((ROOT / "tests" / "contract").as_posix(), ["contract"]),
    ],
)
def test_levels_by_path(words: str, names: list[str]) -> None:
    assert [level.name for level in levels.chosen(shlex.split(words))] == names


def test_every_test_file_is_in_a_level() -> None:
    folders = {level.folder for level in levels.LEVELS}
    files = list((ROOT / "tests").rglob("test_*.py"))
    assert len(files) > 50
    assert {path for path in files if not folders & set(path.parents)} == set()
    assert all(folder.is_dir() for folder in folders)
