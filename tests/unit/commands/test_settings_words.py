"""The English of the keys of vcshim.ini: every key has one, and it says what its Chinese says.

A text is held to its option: the same numbers, the same names in Latin letters, the words that may stand there. What
else it says has to be read.
"""

from __future__ import annotations

import re

import pytest

from shim import cli, configuration
from shim.commands.catalogue import config as phrases
from shim.commands.catalogue.settings_words import ENGLISH
from shim.commands.config_dialects import dialect_option
from shim.commands.key_help import english_help
from shim.configuration import Configuration
from shim.dialects.table import SITE_KEYS
from shim.settings.option import Option
from tests.support.chinese import CHINESE
from tests.support.each_row import each_row

OPTIONS = {f"{option.section}.{option.key}": option for option in configuration.options()}
TEXTS = {f"{section}.{key}": text for section, rows in ENGLISH.items() for key, text in rows.items()}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NAME = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9]+)*")
VALUE = re.compile(r"; ([a-z0-9-]+): ")
"""A word that may stand there, before what it means."""
EQUATION = re.compile(r"(\w+) = (\w+)")
NO_KEYS = {"pub_flag", "strUrl"}  # fields and arguments of the host in the same form
SWITCH = ("off", "on")


def test_every_key_has_one_and_nothing_else_has() -> None:
    """In the order of the sections and of their keys; that of a key that is gone goes with it."""
    assert list(TEXTS) == list(OPTIONS)


@each_row(OPTIONS)
def test_it_is_english_on_one_line(name: str) -> None:
    text = TEXTS[name]
    assert CHINESE.search(text) is None and text.isascii() and text.isprintable()
    assert text == text.strip() and "  " not in text and not text.endswith(".")


@each_row(OPTIONS)
def test_it_has_the_facts_of_the_chinese(name: str) -> None:
    """Numbers of both, which are limits, defaults and examples; and each name in Latin letters of the Chinese."""
    text, chinese = TEXTS[name], OPTIONS[name].help
    assert set(NUMBER.findall(text)) == set(NUMBER.findall(chinese))
    assert set(NAME.findall(chinese)) - set(NAME.findall(text)) == set()


@each_row(OPTIONS)
def test_its_words_are_those_that_may_stand_there(name: str) -> None:
    """All or none of them, in the order of the option; all if the Chinese explains them."""
    text, option = TEXTS[name], OPTIONS[name]
    explained = VALUE.findall(text)
    assert explained in ([], list(option.choices))
    if option.choices and option.choices != SWITCH and set(option.choices) <= set(NAME.findall(option.help)):
        assert explained


@each_row(OPTIONS)
def test_what_it_says_of_other_keys(name: str) -> None:
    """``type = serial`` names a key of the same section and one of its words."""
    for key, value in EQUATION.findall(TEXTS[name]):
        other = OPTIONS.get(f"{OPTIONS[name].section}.{key}")
        assert key in NO_KEYS if other is None else value in other.choices


def refused(option: Option) -> str:
    return phrases.OR_REFUSED.zh.format(help=option.help) if option.refuses else option.help


def test_that_calls_are_refused_is_said_as_in_the_template() -> None:
    assert [option.described for option in OPTIONS.values()] == [refused(option) for option in OPTIONS.values()]


def test_config_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "en", "config", "get", "mode.run"]) == 0
    text = f"mode.run (default): {TEXTS['mode.run']}. A value that is not understood refuses every call (8006)\n"
    assert text in capsys.readouterr().err


@pytest.mark.parametrize(("command", "key"), [("scan", "scanner.make"), ("label", "label.layout")])
def test_the_help_of_a_command_shows_it(capsys: pytest.CaptureFixture[str], command: str, key: str) -> None:
    """Where a key is also a word of the command."""
    with pytest.raises(SystemExit):
        cli.main(["--lang", "en", command, "--help"])
    assert "".join(TEXTS[key].split()) in "".join(capsys.readouterr().out.split())


def test_the_keys_of_a_dialect() -> None:
    for row in SITE_KEYS:
        option = dialect_option("x", row.key, Configuration())
        assert option is not None
        text = english_help(option)
        assert text.endswith(". A value that is not understood refuses every call (8006)")
        assert not re.search("[`]|below|above", text) and CHINESE.search(text) is None
