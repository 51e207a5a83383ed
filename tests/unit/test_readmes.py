"""README.md and README.zh-CN.md say the same: commands, code, figures and links are equal, one by one.

The words around them are read by people; what a language writes otherwise is in `WRITTEN_OUT`.
"""

from __future__ import annotations

import re

import pytest

from tests.support.documents import commands
from tests.support.paths import ROOT

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
# One leads to the other.
_OWN = {"README.md", "README.zh-CN.md"}
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)]+)\)")
_FIGURE = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)*(?![\w.]*\w)")


def prose(text: str) -> str:
    """Without blocks of code, code and addresses."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith("    "))
    return _LINK.sub("]", _CODE.sub("", text))


def headings(text: str) -> list[int]:
    return [len(mark) for mark in re.findall(r"^(#+) ", text, re.M)]


def rows(text: str) -> list[int]:
    """The number of cells of each row of a table."""
    return [line.count("|") for line in text.splitlines() if line.startswith("|")]


def differences(english: str, chinese: str) -> list[str]:
    """What one has and the other has not."""
    kinds = {
        "code": lambda text: sorted(_CODE.findall(text)),
        "link": lambda text: sorted(link for link in _LINK.findall(text) if link not in _OWN),
        "figure": lambda text: sorted(_FIGURE.findall(prose(text))),
        "heading": headings,
        "table": rows,
    }
    found = []
    for kind, collect in kinds.items():
        one, other = collect(english), collect(chinese)
        found += [f"{kind}: only in English: {each}" for each in lacking(one, other)]
        found += [f"{kind}: only in Chinese: {each}" for each in lacking(other, one)]
    return found


def lacking(one: list[object], other: list[object]) -> list[object]:
    """What `one` has more often than `other`."""
    return [each for each in dict.fromkeys(one) if one.count(each) > other.count(each)]


def test_the_same_commands_in_the_same_order() -> None:
    assert [(each.program, each.words) for each in commands(ENGLISH) if each.whole] == [
        (each.program, each.words) for each in commands(CHINESE) if each.whole
    ]


def test_nothing_differs() -> None:
    assert differences(ENGLISH.read_text("utf-8"), CHINESE.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("english", "chinese", "found"),
    [
        ("90 seconds", "60 秒", ["figure: only in English: 90", "figure: only in Chinese: 60"]),
        ("`vcshim ini`", "`vcshim init`", ["code: only in English: vcshim ini", "code: only in Chinese: vcshim init"]),
        ("[a](docs/a.md)", "[甲](docs/b.md)", ["link: only in English: docs/a.md", "link: only in Chinese: docs/b.md"]),
        ("Windows 7 SP1, 3003 and -1", "Windows 7 SP1，3003 和 -1", []),
        ("| a | b |", "| 甲 |", ["table: only in English: 3", "table: only in Chinese: 2"]),
    ],
)
def test_a_difference_is_seen(english: str, chinese: str, found: list[str]) -> None:
    assert differences(english, chinese) == found
