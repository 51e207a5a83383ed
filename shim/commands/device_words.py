"""What `vcshim scan` and `vcshim label` share: words that overrule a section of vcshim.ini. Not a command.

A word is held to what its row in config.OPTIONS allows, as the ini is; a wrong one ends the command with 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from shim import config


def arguments(parser: argparse.ArgumentParser, section: str, keys: Sequence[str]) -> None:
    """--folder, and a word for each of `keys`."""
    parser.add_argument("--folder", type=Path, default=Path(), help="where vcshim.ini lies (default: here)")
    rows = {option.key: option for option in config.OPTIONS if option.section == section}
    for key in keys:
        row = rows[key]
        parser.add_argument(
            f"--{key.replace('_', '-')}",
            dest=key,
            type=_fitting(row),
            choices=row.choices or None,
            help=row.help.replace("%", "%%"),
        )


def settings(options: argparse.Namespace, section: str, keys: Sequence[str]) -> config.Settings:
    """The ini in --folder, overruled by the words that were given. What is wrong with the ini is said."""
    found = config.read(options.folder)
    for problem in found.problems:
        print(problem)
    given = {(section, key): getattr(options, key) for key in keys if getattr(options, key) is not None}
    return replace(found, values={**found.values, **given})


def _fitting(row: config.Option) -> Callable[[str], str]:
    def word(text: str) -> str:
        wrong = None if row.choices else row.problem(text)  # choices are argparse's
        if wrong is not None:
            raise argparse.ArgumentTypeError(wrong)
        return text

    return word
