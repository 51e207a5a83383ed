"""`vcshim kept`: answers that were too long for the host's buffer and were kept, encrypted, by this Windows user."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shim.answer_store import AnswerStore
from shim.commands.catalogue import kept as phrases
from shim.commands.console import show, warn, write_data
from shim.commands.files import file_problem
from shim.commands.machine import tell, tell_failure
from shim.folders import local_data


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("name", nargs="?", help=phrases.NAME())
    parser.add_argument("--folder", type=Path, default=Path(), help=phrases.FOLDER())


def run(options: argparse.Namespace) -> int:
    """List names, or show one answer; 1 where it is not there or not this user's."""
    answer_store = AnswerStore(local_data() / "kept")
    if options.name is None:
        names = answer_store.names()
        tell(answers=list(names))
        if options.json:
            return 0
        if names:
            write_data("".join(f"{name}\n" for name in names))
        else:
            show(phrases.NOTHING() if sys.platform == "win32" else phrases.NOTHING_HERE())
        return 0
    try:
        answer = answer_store.read(options.name)
    except OSError as error:
        tell_failure(error)
        warn(f"vcshim kept: {_problem(options.name, error)}")
        return 1
    write_data(f"{answer}\n")
    return 0


def _problem(name: str, error: OSError) -> str:
    """Why the answer cannot be shown. An error without a number is the store's own."""
    if error.errno is not None:
        return str(file_problem(error.filename or name, error))
    row = phrases.NO_SUCH if isinstance(error, FileNotFoundError) else phrases.OF_ANOTHER
    return row(name=name[:60])
