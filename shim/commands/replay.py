"""`vcshim replay`: captured calls through our own pipeline, and what it does differently from the vendor's DLL."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from shim import __version__, configuration
from shim.capture.record import CapturedCall
from shim.commands.captures import CannotReadCaptures, add_captures_word, read_chosen_captures
from shim.commands.catalogue import replay as phrases
from shim.commands.console import show, warn, write_json
from shim.commands.files import read_text, write_file
from shim.commands.folder import add_folder_word
from shim.commands.language import current_language
from shim.commands.machine import JSON, tell_failure
from shim.commands.progress import calls_read, while_counting
from shim.configuration import Configuration
from shim.replay.compare import Comparer, Comparison
from shim.replay.differences import explained
from shim.replay.page import page_of, percent
from shim.replay.report import Report, reported
from shim.settings.ini import FILE_NAME

DIFFERENT, UNREADABLE = 1, 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_captures_word(parser)
    add_folder_word(parser)
    parser.add_argument("--ini", type=Path, metavar="FILE", help=phrases.INI(ini=FILE_NAME))
    parser.add_argument(JSON, type=Path, nargs="?", const=True, metavar="FILE", help=phrases.JSON())
    parser.set_defaults(gathers=True)
    parser.add_argument("--html", type=Path, metavar="FILE", help=phrases.HTML())


def run(options: argparse.Namespace) -> int:
    """0: all calls that could be compared agree; 1: some differ; 4: none could be read or compared."""
    settings = chosen_settings(options)
    for problem in settings.problems:
        warn(f"vcshim replay: {phrases.SETTINGS_UNUSABLE(reason=problem)}")
    try:
        report = reported(
            compared(while_counting(read_chosen_captures(options.captures, settings), calls_read), settings)
        )
    except CannotReadCaptures as error:
        tell_failure(error)
        warn(f"vcshim replay: {phrases.CANNOT_READ(reason=error)}")
        return UNREADABLE
    if options.json is True:
        write_json(report.as_json())
    elif options.json is not None:
        text = json.dumps(report.as_json(), ensure_ascii=False, indent=1)
        write_file(options.json, f"{text}\n".encode())
    if options.html is not None:
        made = time.strftime("%Y-%m-%d %H:%M")
        page = page_of(report, current_language().value, made, __version__)
        write_file(options.html, page.encode("utf-8"))
    show(report_text(report))
    return exit_code(report)


def exit_code(report: Report) -> int:
    """The exit code of a report."""
    if report.total.differs:
        return DIFFERENT
    return 0 if report.total.agrees else UNREADABLE


def chosen_settings(options: argparse.Namespace) -> Configuration:
    """The settings of --ini, else of --folder. FileProblem if --ini cannot be read."""
    if options.ini is None:
        return configuration.read(options.folder)
    return configuration.parse(read_text(options.ini), options.ini.absolute().parent)


def compared(calls: Iterable[CapturedCall], settings: Configuration) -> Iterator[Comparison]:
    """Each call, compared with these settings."""
    comparer = Comparer(settings)
    return (comparer.compare(call) for call in calls)


def report_text(report: Report) -> str:
    """The report for people at a terminal."""
    language, total = current_language().value, report.total
    lines = [
        phrases.TOTAL(calls=total.calls, agree=total.agrees, differ=total.differs, apart=total.not_comparable),
        phrases.SHARE(share=percent(total)),
    ]
    if not total.compared:
        lines.append(phrases.NOTHING())
    if report.findings:
        lines += ["", phrases.DIFFERENCES()]
        lines += [
            "  " + phrases.ROW(calls=each.calls, text=each.difference.text(language))
            for each in report.sorted_findings()
        ]
    if report.reasons:
        lines += ["", phrases.NOT_COMPARABLE()]
        lines += [
            "  " + phrases.ROW(calls=calls, text=explained(reason.explanation, language, {}))
            for reason, calls in report.sorted_reasons()
        ]
    lines += ["", phrases.METHODS()]
    for (function, method), shares in sorted(report.methods.items()):
        lines.append(
            "  "
            + phrases.METHOD_ROW(
                function=function,
                method=method,
                agree=shares.agrees,
                differ=shares.differs,
                apart=shares.not_comparable,
            )
        )
    if report.repeated:
        lines += ["", phrases.REPEATED(count=report.repeated)]
    if report.beside:
        lines += ["", phrases.BESIDE(count=report.beside)]
    return "\n".join(lines)
