"""`vcshim capture import`: checks an exported file, and replays it with the settings that it brings along."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from shim import configuration
from shim.capture.source import EXPORT_FORMAT, read_captures
from shim.capture.store import CaptureFileProblem
from shim.commands.catalogue import capture as phrases
from shim.commands.console import show, warn
from shim.commands.files import file_problem
from shim.commands.machine import CommandFailed, tell, tell_failure
from shim.commands.progress import calls_read, while_counting
from shim.commands.replay import UNREADABLE, compared, exit_code, report_text
from shim.replay.export import VERSION
from shim.replay.report import reported


class _NoExport(CommandFailed):
    """The file is none that was exported; the text says why."""


HELP = phrases.IMPORT_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("file", type=Path, metavar="FILE", help=phrases.FILE())


def run(options: argparse.Namespace) -> int:
    """0: all calls of the file agree; 1: some differ; 4: it is none that was exported, or holds nothing to compare."""
    try:
        header = _header(options.file)
        calls = list(read_captures([options.file]))
    except (_NoExport, OSError) as error:
        tell_failure(error)
        reason = file_problem(options.file, error) if isinstance(error, OSError) else error
        warn(f"{options.parser.prog}: {reason}")
        return UNREADABLE
    except CaptureFileProblem as error:
        tell_failure(error)
        warn(f"{options.parser.prog}: {phrases.NO_EXPORT(file=options.file)}")
        return UNREADABLE
    if len(calls) != header.get("calls"):
        text = phrases.INCOMPLETE(file=options.file, wanted=header.get("calls"), calls=len(calls))
        warn(f"{options.parser.prog}: {text}")
        return UNREADABLE
    show(phrases.MADE_BY(maker=str(header.get("made_by", ""))[:40], calls=len(calls)))
    report = reported(compared(while_counting(calls, calls_read), configuration.parse(str(header.get("settings", "")))))
    tell(report=report.as_json())
    show(report_text(report))
    return exit_code(report)


def _header(path: Path) -> dict[str, Any]:
    """The first line. _NoExport if it is no header of ours; OSError if the file cannot be read."""
    with path.open("rb") as file:
        line = file.readline(1024 * 1024)
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("format") != EXPORT_FORMAT or header.get("pseudonymised") is not True:
        raise _NoExport(phrases.NO_EXPORT(file=path))
    if not isinstance(header.get("version"), int) or header["version"] > VERSION:
        raise _NoExport(phrases.TOO_NEW(file=path))
    return header
