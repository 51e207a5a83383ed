"""`vcshim ini`: the settings file with every key, its default and its meaning.

--dialect: a section of a site's own instead; --check: what is wrong with the settings that are there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from shim.commands import ini_document
from shim.commands.catalogue import ini as phrases
from shim.commands.console import show, write_data
from shim.commands.files import FileCause, FileProblem
from shim.commands.folder import add_folder_word
from shim.settings_check import SettingsFindings, check_file, check_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)
    parser.add_argument("--dialect", action="store_true", help=phrases.DIALECT())
    parser.add_argument("--check", type=Path, nargs="?", const=Path(), metavar="FILE", help=phrases.CHECK())


def run(options: argparse.Namespace) -> int:
    """Write the template to stdout; or what is wrong, and 1 if anything is."""
    if options.check is None:
        write_data(ini_document.dialect_section() if options.dialect else ini_document.whole_file())
        return 0
    folder = options.folder.absolute()
    if options.check == Path():
        findings = check_folder(folder)
    elif options.check.exists():
        findings = check_file(options.check.absolute(), folder)
    else:
        raise FileProblem(str(options.check), FileCause.MISSING)
    show("\n".join(_lines(findings)))
    return 1 if findings.count else 0


def _lines(findings: SettingsFindings) -> Iterator[str]:
    for each in findings.files:
        row = phrases.BAD if each.problems else phrases.GOOD if each.exists else phrases.ABSENT
        yield row(path=each.layer.path, count=len(each.problems))
        yield from (f"  {problem}" for problem in each.problems)
        if each.refuses:
            yield f"  {phrases.REFUSES()}"
    if findings.together:
        yield phrases.TOGETHER(count=len(findings.together))
        yield from (f"  {problem}" for problem in findings.together)
    yield phrases.ALL(count=findings.count) if findings.count else phrases.ALL_GOOD()
