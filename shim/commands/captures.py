"""The word CAPTURES that several commands take: where captured calls are read from. Not a command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from shim.capture.record import CapturedCall
from shim.capture.source import read_captures
from shim.capture.store import CaptureFileProblem
from shim.commands.catalogue import replay as phrases
from shim.commands.files import file_problem
from shim.commands.machine import CommandFailed
from shim.configuration import Configuration
from shim.wiring import captures_folder


class CannotReadCaptures(CommandFailed):
    """The captures cannot be read; the text says which and why."""


def add_captures_word(parser: argparse.ArgumentParser) -> None:
    """Add the names of captures; `options.captures` is then a list of Paths, empty for those of this user."""
    parser.add_argument("captures", nargs="*", type=Path, metavar="CAPTURES", help=phrases.CAPTURES())


def read_chosen_captures(paths: Sequence[Path], settings: Configuration) -> Iterator[CapturedCall]:
    """The calls of `paths`, or those of this user.

    Args:
        settings: say where this user's are.

    Raises:
        CannotReadCaptures: while the calls are read.
    """
    try:
        yield from read_captures(paths or [captures_folder(settings)])
    except CaptureFileProblem as error:
        raise CannotReadCaptures(str(error)) from error
    except OSError as error:
        raise CannotReadCaptures(str(file_problem(error.filename or "", error))) from error
