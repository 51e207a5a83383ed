"""What a section is: frozen, typed fields that are options, with defaults, and no value in its repr."""

from __future__ import annotations

from typing import ClassVar

import pytest

from shim.settings.option import Keys, Section, colour, listed, milliseconds, number, switch, text, word


class _Columns(Keys):
    speed: int = number(3, "快慢", 1, 9)


class _Paper(Section):
    NAME: ClassVar[str] = "paper"
    title: str = text("none", "标题")
    gap: str = word("gap", lambda: "间隙", lambda: ("gap", "none"))
    fold: bool = switch(False, "折叠")
    pause: float = milliseconds("pause_ms", 50, "停顿", 0, 1000)
    fonts: tuple[str, ...] = listed("", "字体", ";")
    ink: str = colour("#000000", "墨色")


class _Wide(_Columns, _Paper):
    more: str = text("", "更多")


def test_defaults() -> None:
    paper = _Paper()
    assert (paper.title, paper.gap, paper.fold, paper.pause, paper.fonts) == ("none", "gap", False, 0.05, ())


def test_options_are_in_the_order_of_declaration_bases_first() -> None:
    keys = ["title", "gap", "fold", "pause_ms", "fonts", "ink"]
    assert [option.key for option in _Paper.options()] == keys
    assert [option.key for option in _Wide.options()] == [*keys, "speed", "more"]
    assert _Wide.attributes() == ("title", "gap", "fold", "pause", "fonts", "ink", "speed", "more")
    assert {option.section for option in _Wide.options()} == {"paper"}


def test_values_by_keyword() -> None:
    assert _Paper(fold=True).fold and not _Paper().fold
    with pytest.raises(TypeError, match="colour"):
        _Paper(colour="red")  # type: ignore[call-arg]


def test_frozen() -> None:
    paper = _Paper()
    with pytest.raises(AttributeError, match="frozen"):
        paper.fold = True  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del paper.fold
    assert not paper.fold


def test_equal_by_value_and_kind() -> None:
    assert _Paper() == _Paper(fold=False) != _Paper(fold=True)
    assert hash(_Paper()) == hash(_Paper(fold=False))
    assert _Wide() != _Paper()


def test_no_value_in_the_repr() -> None:
    assert repr(_Paper(title="secret-7")) == "<_Paper title>"


@pytest.mark.parametrize(
    ("key", "value", "result"),
    [
        ("gap", "NONE", "none"), ("fold", "ON", True), ("pause_ms", "250", 0.25), ("title", "A B", "A B"),
        ("fonts", " a.ttf ;; b.ttf#2", ("a.ttf", "b.ttf#2")), ("ink", "navy", "navy"),
    ],
)  # fmt: skip
def test_values(key: str, value: str, result: object) -> None:
    option = _Paper.option(key)
    assert option.problem(value) is None
    assert option.value(value) == result


@pytest.mark.parametrize(
    ("key", "value", "fragment"),
    [("gap", "wide", "gap、none"), ("fold", "1", "off、on"), ("pause_ms", "1001", "0 到 1000"), ("ink", "#12", "颜色")],
)
def test_problems(key: str, value: str, fragment: str) -> None:
    assert fragment in (_Paper.option(key).problem(value) or "")


def test_no_such_key() -> None:
    with pytest.raises(KeyError):
        _Paper.option("pause")
