"""How the command line reads words: the parser, its help, numbers with limits, the nearest name for a slip.

Not a command. argparse speaks English and counts characters; here it speaks the language of the run, and help is laid
out in columns (columns.py).
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, NoReturn

from shim.commands import columns
from shim.commands.catalogue import common as phrases
from shim.commands.catalogue.argparse_words import WORDS
from shim.commands.console import show
from shim.commands.language import OPTION, CommandLanguage, Phrase, current_language, joined
from shim.commands.machine import JSON

_USAGE = "usage: "
_MOST_CHOICES = 50  # columns that the choices of an option may take in the usage line


@contextmanager
def translated() -> Iterator[None]:
    """Let argparse speak the language of the run: while a parser is built, and while it reads or prints."""
    functions = (("_", _translate), ("ngettext", _translate_count))
    before = [(name, getattr(argparse, name)) for name, _ in functions]
    for name, function in functions:
        setattr(argparse, name, function)
    try:
        yield
    finally:
        for name, value in before:
            setattr(argparse, name, value)


def _translate(text: str) -> str:
    row = WORDS.get(text)
    return text if row is None or current_language() is CommandLanguage.ENGLISH else row.zh


def _translate_count(singular: str, plural: str, number: int) -> str:
    return _translate(singular if number == 1 else plural)


class _HelpFormatter(argparse.HelpFormatter):
    """Lays help out by columns. A line of a description that begins with blanks stays as it is."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return columns.wrapped(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines: list[str] = []
        for line in text.splitlines():
            lines += [line] if line.startswith(" ") else columns.wrapped(line, width - len(indent)) or [""]
        return "\n".join(f"{indent}{line}".rstrip() for line in lines)

    def _format_usage(self, *arguments: Any) -> str:
        """Laid out for the English word, then with that of the language, which takes no more columns."""
        *before, prefix = arguments
        usage: str = super()._format_usage(*before, _USAGE if prefix is None else prefix)  # type: ignore[call-arg]
        word = _translate(_USAGE)
        if prefix is not None or word == _USAGE:
            return usage
        shift = len(_USAGE) - columns.width(word)
        first, *others = usage.removeprefix(_USAGE).split("\n")
        return "\n".join([word + first, *(line[shift:] if line.startswith(" ") else line for line in others)])

    def _metavar_formatter(self, action: argparse.Action, default_metavar: str) -> Any:
        """The choices of an option, or its name where they are too long for a line."""
        if not _has_many_choices(action):
            return super()._metavar_formatter(action, default_metavar)
        return lambda count: (default_metavar,) * count

    def _expand_help(self, action: argparse.Action) -> str:
        """The help text, with the choices where the usage line leaves them out and the text has not got them."""
        text = super()._expand_help(action)
        names = [str(choice) for choice in action.choices or ()]
        if not _has_many_choices(action) or all(name in text for name in names):
            return text
        return phrases.CHOICES(text=text, words=joined(names))

    def format_help(self) -> str:
        """The whole help; a Chinese heading ends with a Chinese colon."""
        return re.sub(r"(?m)^([^\x00-\x7f]+):$", r"\1：", super().format_help())


def _has_many_choices(action: argparse.Action) -> bool:
    names = [str(choice) for choice in action.choices or ()]
    return action.metavar is None and len(",".join(names)) > _MOST_CHOICES


class CommandParser(argparse.ArgumentParser):
    """A parser whose --help and --version fail if they cannot be written: argparse ignores that."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**{"formatter_class": _HelpFormatter, "allow_abbrev": False, **words, "add_help": False})
        self.add_argument("-h", "--help", action="help", help=phrases.HELP())
        self.add_argument(
            OPTION, choices=[each.value for each in CommandLanguage], default=argparse.SUPPRESS, help=phrases.LANG()
        )

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            show(message.removesuffix("\n"))  # OutputFailed
        else:
            super()._print_message(message, file)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, choice_refusal(str(value), map(str, action.choices)))


def choice_refusal(word: str, choices: Iterable[str]) -> str:
    """The sentence for a word that is none of `choices`, with the nearest of them."""
    names = list(choices)
    near = get_close_matches(word.lower(), names, 1)
    row = phrases.NEAR_CHOICE if near else phrases.NOT_A_CHOICE
    return row(word=word[:40], words=joined(names), near="".join(near))


def refuse_word(
    parser: argparse.ArgumentParser, unknown: Phrase, near: Phrase, word: str, known: Iterable[str]
) -> NoReturn:
    """End the program with 2: `parser` knows no such word. What follows a = is not shown.

    Args:
        unknown: what is said of it.
        near: what is said where a known word is alike.
    """
    name = word.partition("=")[0]
    alike = get_close_matches(name, list(known), 1)
    parser.error(near(word=name, near=alike[0]) if alike else unknown(word=name))


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument: an integer from `least` to `most`."""

    def number(text: str) -> int:
        if not (text.removeprefix("-").isdecimal() and len(text) < 20 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(phrases.NOT_WHOLE(word=text[:40], low=least, high=most))
        return int(text)

    return number


def seconds(most: float) -> Callable[[str], float]:
    """The type of an argument: seconds from 0 to `most`."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 <= value <= most:  # NB: false for what is not a number
            raise argparse.ArgumentTypeError(phrases.NOT_A_NUMBER(word=text[:40], high=f"{most:g}"))
        return value

    return number


def add_json_word(parser: argparse.ArgumentParser, *, is_inner: bool = False) -> None:
    """Add --json to a command, unless it has one of its own, which then prints what it will.

    Args:
        is_inner: for the parser of a word inside a command, which must not undo what stood before that word.
    """
    if JSON not in option_names(parser):
        default = argparse.SUPPRESS if is_inner else False
        parser.add_argument(JSON, action="store_true", default=default, help=phrases.JSON())
        parser.set_defaults(gathers=True)


def option_names(parser: argparse.ArgumentParser) -> list[str]:
    """The options that a parser knows."""
    return [name for action in parser._actions for name in action.option_strings]
