"""`vcshim capture delete`: deletes this user's captures and their key."""

from __future__ import annotations

import argparse

from shim import configuration, wiring
from shim.capture.store import delete_captures
from shim.commands.catalogue import capture as phrases
from shim.commands.console import show
from shim.commands.files import file_problem
from shim.commands.folder import add_folder_word
from shim.commands.machine import tell

HELP = phrases.DELETE_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """Delete them all. FileProblem names the file that could not be."""
    folder = wiring.captures_folder(configuration.read(options.folder))
    try:
        days = delete_captures(folder)
    except OSError as error:
        raise file_problem(error.filename or folder, error) from error
    tell(folder=folder, deleted_days=days)
    show(phrases.DELETED(days=days) if days else phrases.NOTHING())
    return 0
