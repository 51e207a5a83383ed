"""The `vcshim` command: for people at a terminal. It may print; nothing below it may.

Each command is a module of shim/commands, over the same wiring as the DLLs. No exception leaves this module as a
traceback, and no stream can break a command (shim/commands/console.py). Help and output are in Chinese or English
(shim/commands/language.py); the texts are in shim/commands/catalogue.

Exit codes:
    0    done; also if the reader of a pipe had enough
    1    not found, or failed; the reason is printed. `config set`: written, but something stronger counts
    2    a word of the command line is wrong
    3    `open`: opened, but the sign does not fit
    4    `replay`, `capture`: captures that cannot be read, or that hold nothing to compare; there 1 means differences
    10   and higher: `install`, `rollback`, `uninstall`, as docs/install.md lists them (shim/install/outcome.py)
    70   a fault of the program: it prints where, without values
    74   done, but what was asked for could not be written to standard output
    130  interrupted
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from shim import __version__
from shim.commands import console, machine, own_console, words
from shim.commands.catalogue import common as phrases
from shim.commands.catalogue import doctor_page as page_phrases
from shim.commands.language import speaking, spoken, take_language

COMMANDS = (
    "simulator", "bridge", "call", "examples", "scan", "screen", "label", "ini", "config", "fleet", "kept", "capture",
    "learn", "replay", "log", "status", "journal", "doctor", "sign", "open", "spec", "reference", "install", "rollback",
    "uninstall", "versions", "completion",
)  # fmt: skip
_FAILED, _WRONG_WORDS, _FAULT, _NOT_WRITTEN, _INTERRUPTED = 1, 2, 70, 74, 130


def main(arguments: Sequence[str] | None = None, commands: Sequence[str] = COMMANDS) -> int:
    """Run one of `commands` and return its exit code; SystemExit for --help, --version and wrong words."""
    language, words_left = take_language(sys.argv[1:] if arguments is None else arguments)
    with speaking(language):
        return _main(words_left, commands)


def _main(arguments: Sequence[str], commands: Sequence[str]) -> int:
    console.open_streams()
    threading.excepthook = lambda thread: _report_fault("vcshim", thread.exc_type, thread.exc_traceback)
    try:
        code = _run(arguments, commands)
    except SystemExit as ended:
        if ended.code == _WRONG_WORDS and machine.JSON in arguments:
            _tell_wrong_words(arguments, commands)
        if not console.close_streams() and ended.code in (0, None):
            raise SystemExit(_NOT_WRITTEN) from None
        raise
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if not console.close_streams() and code == 0:
        console.warn(f"vcshim: {phrases.OUTPUT_CLOSED()}")
        return _NOT_WRITTEN
    return code


def _tell_wrong_words(arguments: Sequence[str], commands: Sequence[str]) -> None:
    command = next((word for word in arguments if word in commands), "")
    with suppress(console.OutputFailed):
        console.write_json({"command": command, "exit_code": _WRONG_WORDS, "error": "wrong_words"})


def _run(arguments: Sequence[str], commands: Sequence[str]) -> int:
    with words.translated():
        try:
            parser = _parser(commands, arguments)
        except Exception as error:
            return _failed("vcshim", error)
        options = _parse(parser, arguments, commands)
    with machine.gathering(getattr(options, "gathers", False) and options.json is True) as gathering:
        try:
            code = int(options.run(options))
        except Exception as error:
            code = _failed(f"vcshim {options.command}", error)
        except KeyboardInterrupt:
            code = _INTERRUPTED
        return code if gathering is None else _written(gathering, options, code)


def _written(gathering: machine.Gathering, options: argparse.Namespace, code: int) -> int:
    """Print what a run with --json has told; its exit code, unless that cannot be printed."""
    if gathering.is_written:
        return code
    command = " ".join(filter(None, (options.command, getattr(options, "subcommand", None))))
    try:
        console.write_json(gathering.whole(command, code))
    except console.OutputFailed as error:
        return _failed(f"vcshim {command}", error)
    return code


def _parser(names: Sequence[str], arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of all commands, or of the one that `arguments` begin with: importing the others takes the longest."""
    wanted = [name for name in names if name == arguments[0]] if arguments else []
    parser = words.CommandParser(prog="vcshim", description=phrases.DESCRIPTION(), epilog=phrases.EPILOG())
    parser.add_argument("--version", action="version", version=f"vcshim {__version__}", help=phrases.VERSION())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title=phrases.COMMANDS_TITLE())
    for name in wanted or names:
        module = import_module(f"shim.commands.{name}")
        texts = import_module(f"shim.commands.catalogue.{name}")
        command = commands.add_parser(name, help=texts.HELP(), description=texts.DESCRIPTION())
        module.arguments(command)
        words.add_json_word(command)
        command.set_defaults(run=module.run, parser=command, whole=lambda: _parser(names))
    return parser


def _parse(parser: argparse.ArgumentParser, arguments: Sequence[str], names: Sequence[str]) -> argparse.Namespace:
    """The words of the command line; SystemExit for --help, --version and, with 2, for words that are wrong."""
    if arguments and not arguments[0].startswith("-") and arguments[0] not in names:
        words.refuse_word(parser, phrases.UNKNOWN_COMMAND, phrases.NEAR_COMMAND, arguments[0], names)
    try:
        options, rest = parser.parse_known_args(arguments)
    except console.OutputFailed as error:  # --help, --version
        raise SystemExit(_failed("vcshim", error)) from None
    if options.command is None and own_console.has_own_console() and "doctor" in names:  # a double click
        console.say(page_phrases.LOOKING())
        options = parser.parse_args(["doctor", "--open"])
    if options.command is None:
        parser.print_help(sys.stderr)
        parser.exit(2, f"\nvcshim: {phrases.NO_COMMAND()}\n")
    if rest:
        known = words.option_names(options.parser)
        words.refuse_word(options.parser, phrases.UNKNOWN_ARGUMENT, phrases.NEAR_ARGUMENT, rest[0], known)
    return options


def _failed(name: str, error: Exception) -> int:
    """Print what went wrong as one sentence; the exit code of it."""
    from shim.commands.files import FileProblem, file_problem
    from shim.devices.base import UnusableSetting
    from shim.drawing.dots import CannotDraw
    from shim.errors import ShimError

    if isinstance(error, console.OutputFailed):
        console.discard_stdout()
        if error.reader_left:
            return 0
        console.warn(f"{name}: {error}")
        return _NOT_WRITTEN
    if isinstance(error, BrokenPipeError):
        console.discard_stdout()
        return 0
    match error:
        case ShimError() | CannotDraw():
            text = spoken(error.told)
        case UnusableSetting():
            text = spoken(error.problem)
        case FileProblem() | machine.CommandFailed():
            text = str(error)
        case OSError() if error.filename is not None:
            text = str(file_problem(error.filename, error))
        case OSError():
            text = phrases.SYSTEM_REPORTS(reason=error.strerror)
        case MemoryError():
            text = phrases.NO_MEMORY()
        case ImportError():
            text = phrases.INCOMPLETE(name=error.name)
        case _:
            machine.tell(error="fault")
            _report_fault(name, type(error), error.__traceback__)
            return _FAULT
    machine.tell_failure(error)
    console.warn(f"{name}: {text}")
    return _FAILED


def _report_fault(name: str, kind: type[BaseException], trace: TracebackType | None) -> None:
    """Print where an unexpected exception was raised: no values, which may be a patient's or a key."""
    place = "?"
    for frame, line in walk_tb(trace):
        path = Path(frame.f_code.co_filename)
        if "shim" in path.parts:
            ours = path.parts[len(path.parts) - 1 - path.parts[::-1].index("shim") :]
            place = f"{'/'.join(ours)}:{line}:{frame.f_code.co_name}"
    console.warn(f"{name}: {phrases.FAULT(kind=kind.__name__, place=place)}")


if __name__ == "__main__":
    sys.exit(main())
