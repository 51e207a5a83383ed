"""The `vcshim` command: for people at a terminal. It may print; nothing below it may.

Each command is a module of shim/commands, over the same wiring as the DLLs. No exception leaves this module as a
traceback, and no stream can break a command (shim/commands/console.py).

Exit codes:
    0    done; also if the reader of a pipe had enough
    1    not found, or failed; the reason is printed
    2    a word of the command line is wrong
    3    `open`: opened, but the sign does not fit
    70   a fault of the program: it prints where, without values
    74   done, but what was asked for could not be written to standard output
    130  interrupted
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from shim import __version__
from shim.commands import console, words

COMMANDS = ("simulator", "scan", "screen", "label", "ini", "kept", "sign", "open", "spec", "reference")
_CHINESE = frozenset({"scan", "screen", "label", "kept"})
_FAILED, _FAULT, _NOT_WRITTEN, _INTERRUPTED = 1, 70, 74, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; SystemExit for --help, --version and wrong words."""
    console.open_streams()
    threading.excepthook = lambda thread: _report_fault("vcshim", thread.exc_type, thread.exc_traceback)
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
    except SystemExit as ended:
        if not console.close_streams() and ended.code in (0, None):
            raise SystemExit(_NOT_WRITTEN) from None
        raise
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if not console.close_streams() and code == 0:
        console.warn("vcshim: standard output is closed or cannot be written")
        return _NOT_WRITTEN
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        parser = _parser()
    except Exception as error:
        return _failed("vcshim", error, chinese=False)
    options = _parse(parser, arguments)
    name = f"vcshim {options.command}"
    try:
        return int(options.run(options))
    except Exception as error:
        return _failed(name, error, chinese=options.command in _CHINESE)


def _parser() -> argparse.ArgumentParser:
    parser = words.CommandParser(prog="vcshim", description="virtualcard-shim: tools around the two DLLs")
    parser.add_argument("--version", action="version", version=f"vcshim {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = import_module(f"shim.commands.{name}")
        # No abbreviations: `--key SECRET` would be taken for --key-file, and the secret printed as a missing file.
        command = commands.add_parser(name, help=module.HELP, description=module.__doc__, allow_abbrev=False)
        module.arguments(command)
        command.set_defaults(run=module.run, parser=command)
    return parser


def _parse(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """The words of the command line; SystemExit for --help, --version and, with 2, for words that are wrong."""
    if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
        words.refuse_word(parser, "command", arguments[0], COMMANDS)
    try:
        options, rest = parser.parse_known_args(arguments)
    except console.OutputFailed as error:  # --help, --version
        raise SystemExit(_failed("vcshim", error, chinese=False)) from None
    if rest:
        words.refuse_word(options.parser, "argument", rest[0], words.option_names(options.parser))
    return options


def _failed(name: str, error: Exception, *, chinese: bool) -> int:
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
        case FileProblem():
            text = error.chinese if chinese else error.english
        case ShimError() | UnusableSetting() | CannotDraw():
            text = str(error)
        case OSError() if error.filename is not None:
            problem = file_problem(error.filename, error)
            text = problem.chinese if chinese else problem.english
        case OSError():
            text = f"系统报错：{error.strerror}" if chinese else f"the system reports: {error.strerror}"
        case MemoryError():
            text = "内存不足" if chinese else "not enough memory"
        case ImportError():
            text = f"安装不完整，缺少 {error.name}" if chinese else f"{error.name} is missing from this installation"
        case _:
            _report_fault(name, type(error), error.__traceback__, chinese=chinese)
            return _FAULT
    console.warn(f"{name}: {text}")
    return _FAILED


def _report_fault(name: str, kind: type[BaseException], trace: TracebackType | None, *, chinese: bool = False) -> None:
    """Print where an unexpected exception was raised: no values, which may be a patient's or a key."""
    place = "?"
    for frame, line in walk_tb(trace):
        path = Path(frame.f_code.co_filename)
        if "shim" in path.parts:
            ours = path.parts[len(path.parts) - 1 - path.parts[::-1].index("shim") :]
            place = f"{'/'.join(ours)}:{line}:{frame.f_code.co_name}"
    said = "程序内部错误，请报告给软件供应商" if chinese else "a fault of the program, please report it"
    console.warn(f"{name}: {said}: {kind.__name__} {place}")


if __name__ == "__main__":
    sys.exit(main())
