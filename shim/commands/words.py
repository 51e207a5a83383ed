"""How the command line reads words: the parser, numbers with limits, and the nearest name for a slip. Not a command."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any, NoReturn

from shim.commands.console import show


class CommandParser(argparse.ArgumentParser):
    """A parser whose --help and --version fail if they cannot be written: argparse ignores that."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            show(message.removesuffix("\n"))  # OutputFailed
        else:
            super()._print_message(message, file)


def refuse_word(parser: argparse.ArgumentParser, kind: str, word: str, known: Iterable[str]) -> NoReturn:
    """End the program with 2: `parser` knows no such word. Names the nearest; what follows a = is not shown."""
    name = word.partition("=")[0]
    near = get_close_matches(name, list(known), 1)
    parser.error(f"unknown {kind}: {name}" + (f" (did you mean {near[0]}?)" if near else ""))


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument: an integer from `least` to `most`."""

    def number(text: str) -> int:
        if not (text.removeprefix("-").isdecimal() and len(text) < 20 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text[:40]} is not a whole number from {least} to {most}")
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
            raise argparse.ArgumentTypeError(f"{text[:40]} is not a number from 0 to {most:g}")
        return value

    return number


def option_names(parser: argparse.ArgumentParser) -> list[str]:
    """The options that a parser knows."""
    return [name for action in parser._actions for name in action.option_strings]
