"""`vcshim config check`: what is wrong with the settings: the same as `vcshim ini --check`."""

from __future__ import annotations

import argparse
from pathlib import Path

from shim.commands import ini
from shim.commands.catalogue import ini as phrases
from shim.commands.folder import add_folder_word

HELP = phrases.CHECK


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("file", nargs="?", type=Path, default=Path(), metavar="FILE", help=phrases.CHECK())
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: nothing is wrong; 1: something is."""
    return ini.check_settings(options.file, options.folder.absolute())
