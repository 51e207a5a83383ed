"""`vcshim ini`: the settings file with every key, its default and its meaning; --dialect: a site's own section.

--merge puts the keys that are new into a file that is there.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from shim import configuration
from shim.commands import ini_document, ini_merge
from shim.commands.catalogue import ini as phrases
from shim.commands.console import say, write_data
from shim.commands.files import file_problem, write_file


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("--dialect", action="store_true", help=phrases.DIALECT())
    parser.add_argument("--merge", type=Path, metavar="FILE", help=phrases.MERGE())


def run(options: argparse.Namespace) -> int:
    """Write the template to stdout, or merge it into a file."""
    if options.merge:
        return _merge(options.merge)
    write_data(ini_document.dialect_section() if options.dialect else ini_document.whole_file())
    return 0


def _merge(file: Path) -> int:
    """Put what is new into a file, and keep the file as it was beside it."""
    try:
        present = file.read_bytes()
    except OSError as error:
        raise file_problem(file, error) from error
    merged = ini_merge.merged(present, configuration.template())
    if merged == present:
        say(phrases.NOTHING_NEW(file=file))
        return 0
    before, new = file.with_name(f"{file.name}.bak"), file.with_name(f"{file.name}.new")
    write_file(before, present)
    write_file(new, merged)
    try:
        os.replace(new, file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise file_problem(file, error) from error
    say(phrases.MERGED(file=file, before=before))
    return 0
