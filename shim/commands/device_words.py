"""What `vcshim scan` and `vcshim label` share: words that overrule a section of vcshim.ini. Not a command.

A word is held to what the option allows, as the ini is; a wrong one ends the command with 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from shim import configuration
from shim.configuration import Configuration
from shim.settings.option import Option, Section


def arguments(parser: argparse.ArgumentParser, section: type[Section], keys: Sequence[str]) -> None:
    """--folder, and a word for each of `keys`."""
    parser.add_argument("--folder", type=Path, default=Path(), help="where vcshim.ini lies (default: here)")
    for key in keys:
        option = section.option(key)
        parser.add_argument(
            f"--{key.replace('_', '-')}",
            dest=key,
            type=_fitting(option),
            choices=option.choices or None,
            help=option.help.replace("%", "%%"),
        )


def settings(
    options: argparse.Namespace, section: type[Section], keys: Sequence[str], more: Mapping[str, str] | None = None
) -> Configuration:
    """The ini in --folder, overruled by the words that were given and by `more`. What is wrong with the ini is said."""
    words = {key: getattr(options, key) for key in keys if getattr(options, key) is not None}
    values = {(section.NAME, key): value for key, value in {**words, **(more or {})}.items()}
    result = configuration.read(options.folder, values)
    for problem in result.problems:
        print(problem)
    return result


def _fitting(option: Option) -> Callable[[str], str]:
    def word(text: str) -> str:
        wrong = None if option.choices else option.problem(text)  # choices are argparse's
        if wrong is not None:
            raise argparse.ArgumentTypeError(wrong)
        return text

    return word
