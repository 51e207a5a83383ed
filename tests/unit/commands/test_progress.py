"""The line of a long work: on a terminal alone, below what else is printed, and gone at the end."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from shim.commands import console, progress
from shim.commands.language import CommandLanguage, speaking
from shim.commands.progress import ProgressLine, calls_read, seconds_left, seconds_passed, waiting, while_counting


class Terminal(io.StringIO):
    """A terminal that remembers everything, and what can be seen on it at the end."""

    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        lines, column = [""], 0
        for character in self.getvalue():
            if character == "\n":
                lines.append("")
                column = 0
            elif character in "\r\b":
                column = 0 if character == "\r" else column - 1
            else:
                lines[-1] = lines[-1][:column].ljust(column) + character + lines[-1][column + 1 :]
                column += 1
        return [line.rstrip() for line in lines]


def a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in the place of stderr. Not a fixture: pytest takes stderr back before a test begins."""
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setattr(progress, "_EVERY_SECONDS", 0.0)
    return seen


def test_it_is_drawn_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    with ProgressLine() as line:
        line.show("one hundred")
        assert terminal.screen() == ["one hundred"]
        line.show("two")
        assert terminal.screen() == ["two"]
        console.warn("something else")
        line.show("three")
        assert terminal.screen() == ["something else", "three"]
    assert terminal.screen() == ["something else", ""]
    console.warn("afterwards")
    assert terminal.screen() == ["something else", "afterwards", ""]


def test_wide_characters_are_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    with ProgressLine() as line:
        line.show("已处理")
    assert terminal.getvalue() == "\r已处理\r      \r"


def test_items_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    seen = [(item, terminal.screen()[-1]) for item in while_counting("ab", lambda number: f"{number} so far")]
    assert seen == [("a", "1 so far"), ("b", "2 so far")] and terminal.screen() == [""]


def test_a_wait_is_counted_down(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    drawn = threading.Event()

    def text(seconds: float) -> str:
        drawn.set()
        return f"{seconds > 50}"

    with waiting(text, seconds=60):
        assert drawn.wait(60)
    assert "True" in terminal.getvalue() and terminal.screen() == [""]
    assert "progress" not in {thread.name for thread in threading.enumerate()}


def test_the_line_goes_away_when_the_work_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = a_terminal(monkeypatch)
    with pytest.raises(ZeroDivisionError), waiting(seconds_passed):
        _ = 1 // 0
    assert terminal.screen() == [""]


def test_a_file_gets_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    with waiting(seconds_passed), ProgressLine() as line:
        assert list(while_counting("ab", str)) == ["a", "b"] and not line.is_seen
        line.show("x")
    assert file.getvalue() == ""


def test_the_texts() -> None:
    with speaking(CommandLanguage.ENGLISH):
        assert (seconds_left(2.4), seconds_passed(3), calls_read(7)) == ("2 s left", "3 s so far", "7 calls so far")
