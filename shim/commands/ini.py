"""`vcshim ini`: the settings file with every key, its default and its meaning; --dialect: a site's own section."""

from __future__ import annotations

import argparse

from shim.commands import ini_document
from shim.commands.catalogue import ini as phrases
from shim.commands.console import write_data


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--dialect", action="store_true", help=phrases.DIALECT())


def run(options: argparse.Namespace) -> int:
    """Write the template to stdout."""
    write_data(ini_document.dialect_section() if options.dialect else ini_document.whole_file())
    return 0
