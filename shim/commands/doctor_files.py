"""What `vcshim doctor` saves: its page, which it may open, and the zip for support. Not a command."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from shim.commands import own_console
from shim.commands.browser import open_in_browser
from shim.commands.catalogue import doctor_bundle as bundle_phrases
from shim.commands.catalogue import doctor_page as phrases
from shim.commands.console import say
from shim.commands.files import file_problem, write_file
from shim.commands.language import current_language
from shim.doctor.bundle import gather
from shim.doctor.page import DoctorReport
from shim.folders import local_data


def add_file_words(parser: argparse.ArgumentParser) -> None:
    """Add the words that name what is saved."""
    parser.add_argument("--page", type=Path, metavar="FILE", help=phrases.PAGE_WORD())
    parser.add_argument("--open", action="store_true", help=phrases.OPEN_WORD())
    parser.add_argument("--bundle", type=Path, metavar="FILE", help=phrases.BUNDLE_WORD())


def save(options: argparse.Namespace, report: DoctorReport) -> dict[str, Any]:
    """Save and open what the words ask for.

    Returns:
        What was saved, for programs; empty if nothing was asked for.

    Raises:
        FileProblem: a file cannot be written.
    """
    saved: dict[str, Any] = {}
    if options.page is not None:
        write_file(options.page, report.page().encode())
        say(phrases.SAVED(file=options.page))
        saved["page"] = str(options.page)
    if options.bundle is not None:
        saved["bundle"] = {"file": str(options.bundle), "files": _save_bundle(options.bundle, report)}
    if options.open:
        saved["opened"] = str(_open(report))
    return saved


def _save_bundle(path: Path, report: DoctorReport) -> list[str]:
    """Save the zip, and list what is in it."""
    bundle = gather(report)
    try:
        bundle.write(path, report.time)
    except (OSError, ValueError) as error:
        raise file_problem(path, error, writing=True) from error
    say("\n".join([bundle_phrases.SAVED(file=path), *bundle.rows(current_language())]))
    return [file.name for file in bundle.files]


def _open(report: DoctorReport) -> Path:
    """Show the page; where nothing shows it, say where it is, and keep a console of our own until that is read."""
    file = local_data() / "doctor" / "doctor.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, report.page().encode())
    if open_in_browser(file):
        say(phrases.OPENED(file=file))
        return file
    say(phrases.NOT_OPENED(file=file))
    if own_console.has_own_console():
        own_console.wait()
    return file
