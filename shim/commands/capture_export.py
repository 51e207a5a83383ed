"""`vcshim capture export`: writes captured calls without anything private."""

from __future__ import annotations

import argparse
from pathlib import Path

from shim.commands.captures import CannotReadCaptures, add_captures_word, read_chosen_captures
from shim.commands.catalogue import capture as phrases
from shim.commands.catalogue import replay as replay_phrases
from shim.commands.console import warn, write_bytes
from shim.commands.files import FileProblem, read_text, write_file
from shim.commands.folder import add_folder_word
from shim.commands.machine import tell, tell_failure
from shim.commands.progress import calls_read, while_counting
from shim.commands.replay import UNREADABLE, chosen_settings
from shim.replay.export import Exported, NoDialectLearned, exported
from shim.settings.ini import FILE_NAME

REFUSED = 1


HELP = phrases.EXPORT_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_captures_word(parser)
    add_folder_word(parser)
    parser.add_argument("--pseudonymised", action="store_true", help=phrases.PSEUDONYMISED())
    parser.add_argument("--out", type=Path, metavar="FILE", help=phrases.OUT())
    parser.add_argument("--ini", type=Path, metavar="FILE", help=phrases.INI(ini=FILE_NAME))


def run(options: argparse.Namespace) -> int:
    """0: exported; 1: refused; 2: without --pseudonymised; 4: the captures cannot be read."""
    if not options.pseudonymised:
        warn(f"{options.parser.prog}: {phrases.NEEDS_PSEUDONYMISED()}")
        return 2
    settings = chosen_settings(options)
    calls = while_counting(read_chosen_captures(options.captures, settings), calls_read)
    try:
        result = exported(calls, settings, _ini_text(options))
    except CannotReadCaptures as error:
        tell_failure(error)
        warn(f"{options.parser.prog}: {replay_phrases.CANNOT_READ(reason=error)}")
        return UNREADABLE
    except NoDialectLearned as error:
        tell_failure(error)
        warn(f"{options.parser.prog}: {phrases.REFUSED()}")
        return REFUSED
    if not result.calls:
        _say_left_out(options, result)
        warn(f"{options.parser.prog}: {phrases.NOTHING_EXPORTED()}")
        return REFUSED
    tell(calls=result.calls, left_out={why.name.lower(): count for why, count in result.left_out.items()})
    data = b"\n".join(result.lines) + b"\n"
    if options.out is None:
        write_bytes(data)
    else:
        write_file(options.out, data)
        tell(file=options.out)
    warn(f"{options.parser.prog}: {phrases.DONE(calls=result.calls)}")
    _say_left_out(options, result)
    return 0


def _ini_text(options: argparse.Namespace) -> str:
    """The text of the settings in force; "" where there is no file."""
    try:
        return read_text(options.ini if options.ini is not None else options.folder / FILE_NAME)
    except FileProblem:
        return ""


def _say_left_out(options: argparse.Namespace, result: Exported) -> None:
    for why, count in result.left_out.most_common():
        warn(f"{options.parser.prog}: {phrases.LEFT(count=count, why=phrases.LEFT_OUT[why]())}")
