"""Every command that a document prints: read by the program's own parser, and run here or by a test that is named.

So a word that was renamed fails here. Whatever the documents say is taken; none of them is named.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

import build_dll
from buildlib import levels
from shim import cli
from tests.support.documented_runs import ELSEWHERE, READERS_FILES, Elsewhere, elsewhere, here
from tests.support.documents import Command, commands, documents
from tests.support.paths import ROOT

ALL = [command for path in documents() for command in commands(path)]
WHOLE = [command for command in ALL if command.whole]


class Read(Exception):
    """The words were understood; carries the parser that did."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser


# Commands of build_dll.py that hand words on.
_WITH_WORDS = ("test", "coverage", "bench", "faults")


def parser_of(
    command: Command, monkeypatch: pytest.MonkeyPatch, words: Sequence[str] | None
) -> argparse.ArgumentParser:
    """The program's parser, after it has read `words`; None: the parser alone. SystemExit for words that are wrong."""
    parse = argparse.ArgumentParser.parse_known_args

    def capture(parser: argparse.ArgumentParser, arguments: Sequence[str], *_: object) -> None:
        if words is not None:
            rest = list(parse(parser, arguments)[1])
            if rest and not (command.program == "build_dll.py" and words[0] in _WITH_WORDS):
                parser.error(f"unrecognized arguments: {' '.join(rest)}")
        raise Read(parser)

    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", capture)
    main = build_dll.parse if command.program == "build_dll.py" else cli.main
    with pytest.raises(Read) as caught:
        main(list(words or ()))
    monkeypatch.undo()
    return caught.value.parser


def branch(parser: argparse.ArgumentParser, word: str) -> argparse.ArgumentParser | None:
    """The parser of a subcommand."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found: argparse.ArgumentParser | None = action.choices.get(word)
            return found
    return None


def options(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings}


def test_there_are_some() -> None:
    """The extraction has not lost the commands that a reader starts with."""
    found = {(command.program, command.words[:1]) for command in WHOLE}
    assert {("build_dll.py", ("demo",)), ("build_dll.py", ("test",)), ("vcshim", ("simulator",))} <= found
    assert len(ALL) > 30


@pytest.mark.parametrize("command", WHOLE, ids=str)
def test_a_whole_command_is_understood(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        parser_of(command, monkeypatch, command.words)
    except SystemExit as refused:
        assert refused.code in (0, None)  # --help, --version
    if command.program == "build_dll.py" and command.words[0] in ("test", "coverage"):
        check_pytest_words(command.words[1:])
    if command.words[0] == "bench":
        name = next((word for word in command.words[1:2] if not word.startswith("-")), "")
        check_module(f"bench.{name or '__main__'}", command.words[2 if name else 1 :], monkeypatch)
    if command.words[0] == "faults":
        check_module("tests.support.faults.__main__", command.words[1:], monkeypatch)


def check_pytest_words(words: Sequence[str]) -> None:
    """Paths exist, and -k finds something by a file's or a function's name."""
    names = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")]
    names += [name for path in names for name in re.findall(r"def (test_\w+)", (ROOT / path).read_text("utf-8"))]
    for before, word in zip(("", *words), words, strict=False):
        if before == "-k":
            wanted = [part for part in re.findall(r"\w+", word) if part not in ("and", "or", "not")]
            assert all(any(part in name for name in names) for part in wanted), word
        elif "/" in word and not word.startswith("-"):
            assert levels.test_paths([word]), word


def check_module(name: str, words: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser of the module that the words are handed to takes them."""

    def capture(parser: argparse.ArgumentParser, arguments: Sequence[str] | None = None) -> None:
        raise Read(parser) if not parse(parser, arguments)[1] else AssertionError(arguments)

    parse = argparse.ArgumentParser.parse_known_args
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", capture)
    monkeypatch.setattr(sys, "argv", [name, *words])
    module = import_module(name)
    with pytest.raises(Read):
        module.main(list(words)) if module.main.__code__.co_argcount else module.main()
    monkeypatch.undo()


@pytest.mark.parametrize("command", [command for command in ALL if not command.whole], ids=str)
def test_the_beginning_of_a_command_is_right(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the text a command may be cut short: its name and its options are there all the same."""
    parser = parser_of(command, monkeypatch, None)
    first, rest = command.words[0], command.words[1:]
    if first.startswith("-"):
        assert first in options(parser)
        return
    if command.program == "vcshim" and f'{{"{first}", L"' in (ROOT / "native" / "vcshim.c").read_text("utf-8"):
        return  # a helper process, which the program itself picks
    chosen = branch(parser, first)
    assert chosen is not None, f"no such command: {first}"
    inner = branch(chosen, rest[0]) if rest else None
    if inner is not None:  # an action of the command
        chosen, rest = inner, rest[1:]
    if command.program == "build_dll.py" and first in ("test", "coverage"):
        check_pytest_words([word for word in rest if word not in options(chosen)])
        return
    words = {word.partition("=")[0] for word in rest if word.startswith("-")}
    assert words <= options(chosen) or first in ("bench", "faults", "forks", "warm-ups")


@pytest.mark.parametrize("document", {each.document: None for each in WHOLE if here(each)})
def test_the_commands_of_a_document_run(document: str, tmp_path: Path) -> None:
    """One after the other, in a folder where nothing is but the documents and what the reader has."""
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("screenshots"))
    (tmp_path / "build").mkdir()
    for name, text in READERS_FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    wanted = [(each, row) for each in WHOLE if each.document == document and (row := here(each)) is not None]
    own = {name: str(tmp_path / "home") for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.documented_runs", json.dumps([each.words for each, _ in wanted])],
        cwd=tmp_path,
        env={**os.environ, **own, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stdout + done.stderr
    codes = json.loads(done.stderr.splitlines()[-1])
    differ = [f"{each}: {code}" for (each, row), code in zip(wanted, codes, strict=True) if code not in row.codes]
    assert differ == [], done.stdout + done.stderr


def test_every_other_command_is_run_by_a_test() -> None:
    others = [each for each in WHOLE if here(each) is None]
    assert [str(each) for each in others if elsewhere(each) is None] == []
    assert [row.words for row in ELSEWHERE if row not in {elsewhere(each) for each in others}] == []


@pytest.mark.parametrize("row", ELSEWHERE, ids=lambda row: " ".join((row.program, *row.words)))
def test_the_test_that_runs_it_is_there(row: Elsewhere) -> None:
    assert row.text in (ROOT / row.file).read_text("utf-8")


# ---- the extraction --------------------------------------------------------------------------------------------------

TEXT = """\
Run `vcshim spec --clause VC` or `python3 build_dll.py win32`, not `vcshim.ini` or `vcshim`.

    python3 build_dll.py host; VCSHIM_ZIG=1 python build_dll.py win32    # both
    vcshim reference > docs/reference.md  both columns
    python3 build_dll.py bench NAME

* a list

```
C:\\HIS> vcshim\\vcshim.exe scan --port COM3
$ vcshim sign request.json \\
    --dialect 'ehc service' | more
vcshim_log\\vcshim-HIS.log
C:\\HIS> vcshim-toolbox.exe simulator
vcshim\\vcshim.cmd versions
```
    not after an empty line: vcshim nothing
"""


def test_extraction(tmp_path: Path) -> None:
    (tmp_path / "text.md").write_text(TEXT, "utf-8")
    assert [(c.place, c.program, c.words, c.whole) for c in commands(tmp_path / "text.md")] == [
        ("text.md:1", "vcshim", ("spec", "--clause", "VC"), False),
        ("text.md:1", "build_dll.py", ("win32",), False),
        ("text.md:3", "build_dll.py", ("host",), True),
        ("text.md:3", "build_dll.py", ("win32",), True),
        ("text.md:4", "vcshim", ("reference",), True),
        ("text.md:5", "build_dll.py", ("bench", "NAME"), False),
        ("text.md:10", "vcshim", ("scan", "--port", "COM3"), True),
        ("text.md:11", "vcshim", ("sign", "request.json", "--dialect", "ehc service"), True),
        ("text.md:14", "vcshim", ("simulator",), True),
        ("text.md:15", "vcshim", ("versions",), True),
    ]


@pytest.mark.parametrize(
    "words", [("vcshim", "scans"), ("vcshim", "ini", "--no-such-word"), ("build_dll.py", "host", "-x")]
)
def test_a_wrong_word_is_refused(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit) as caught:
        parser_of(Command("", words[0], words[1:], True), monkeypatch, words[1:])
    assert caught.value.code == 2


_PATH = re.compile(r"(?<![\w/.])((?:shim|native|tests|buildlib|bench|docs)/[\w/.-]+\.(?:py|c|h|md|json))\b")


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    """Paths from the root of the checkout, such as shim/abi.py; one with NAME in it is a pattern."""
    named = dict.fromkeys(_PATH.findall(document.read_text("utf-8")))
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []
