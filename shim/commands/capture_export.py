"""`vcshim capture`: what export does."""

from __future__ import annotations

import argparse

from shim.commands.captures import CannotReadCaptures, read_chosen_captures
from shim.commands.catalogue import capture as phrases
from shim.commands.catalogue import replay as replay_phrases
from shim.commands.console import warn, write_bytes
from shim.commands.files import FileProblem, read_text, write_file
from shim.commands.replay import UNREADABLE, chosen_settings
from shim.replay.export import Exported, NoDialectLearned, exported
from shim.settings.ini import FILE_NAME

REFUSED = 1


def export_captures(options: argparse.Namespace) -> int:
    """0: exported; 1: refused; 2: without --pseudonymised; 4: the captures cannot be read."""
    if not options.pseudonymised:
        warn(f"vcshim capture: {phrases.NEEDS_PSEUDONYMISED()}")
        return 2
    settings = chosen_settings(options)
    try:
        result = exported(read_chosen_captures(options.captures, settings), settings, _ini_text(options))
    except CannotReadCaptures as error:
        warn(f"vcshim capture: {replay_phrases.CANNOT_READ(reason=error)}")
        return UNREADABLE
    except NoDialectLearned:
        warn(f"vcshim capture: {phrases.REFUSED()}")
        return REFUSED
    if not result.calls:
        _say_left_out(result)
        warn(f"vcshim capture: {phrases.NOTHING()}")
        return REFUSED
    data = b"\n".join(result.lines) + b"\n"
    if options.out is None:
        write_bytes(data)
    else:
        write_file(options.out, data)
    warn(f"vcshim capture: {phrases.DONE(calls=result.calls)}")
    _say_left_out(result)
    return 0


def _ini_text(options: argparse.Namespace) -> str:
    """The text of the settings in force; "" where there is no file."""
    try:
        return read_text(options.ini if options.ini is not None else options.folder / FILE_NAME)
    except FileProblem:
        return ""


def _say_left_out(result: Exported) -> None:
    for why, count in result.left_out.most_common():
        warn(f"vcshim capture: {phrases.LEFT(count=count, why=phrases.LEFT_OUT[why]())}")
