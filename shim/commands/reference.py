"""`vcshim reference`: both specifications as one Markdown file, or the tables of documents filled anew.

  vcshim reference > docs/reference.md

The output is UTF-8 with LF on every system, whatever the console has, and does not depend on the language of the run.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from shim.commands import reference_document, tables
from shim.commands.catalogue import reference as phrases
from shim.commands.console import warn, write_bytes
from shim.commands.files import file_problem, write_file
from shim.commands.machine import tell


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--update", type=Path, nargs="+", metavar="FILE", help=phrases.UPDATE())


def run(options: argparse.Namespace) -> int:
    """Write the reference to stdout, past its encoding and its line ends; or fill tables of documents."""
    if options.update:
        return _update(options.update)
    write_bytes(reference_document.document().encode("utf-8"))
    return 0


def _update(documents: Iterable[Path]) -> int:
    """Fill the tables of `documents` anew; 1 for a file that cannot be read or names an unknown table."""
    tell(files=list(documents))
    for path in documents:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            warn(f"vcshim reference: {phrases.NOT_UTF_8(file=path)}")
            return 1
        except (OSError, ValueError) as error:
            raise file_problem(path, error) from error
        try:
            write_file(path, tables.updated(text).encode("utf-8"))
        except KeyError as error:
            warn(f"vcshim reference: {phrases.NO_TABLE(file=path, table=error.args[0])}")
            return 1
    return 0
