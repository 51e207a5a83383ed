"""`vcshim ini`: the settings file with every key, its default and its meaning, in English if --lang en asks for it.

--dialect: a section of a site's own instead; --check: what is wrong with the settings that are there; --merge: puts the
keys that are new into a file that is there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from shim import configuration
from shim.commands import ini_document, ini_merge
from shim.commands.catalogue import ini as phrases
from shim.commands.console import say, show, write_data
from shim.commands.files import FileCause, FileProblem, file_problem, replace_file
from shim.commands.folder import add_folder_word
from shim.commands.language import settings_language, spoken
from shim.commands.machine import tell
from shim.settings_check import SettingsFindings, check_file, check_folder


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)
    parser.add_argument("--dialect", action="store_true", help=phrases.DIALECT())
    parser.add_argument("--check", type=Path, nargs="?", const=Path(), metavar="FILE", help=phrases.CHECK())
    parser.add_argument("--merge", type=Path, metavar="FILE", help=phrases.MERGE())


def run(options: argparse.Namespace) -> int:
    """Write the template to stdout, or merge it into a file; or say what is wrong, and 1 if anything is."""
    if options.merge:
        return _merge(options.merge)
    if options.check is not None:
        return check_settings(options.check, options.folder.absolute())
    document = ini_document.dialect_section if options.dialect else ini_document.whole_file
    write_data(document() if options.json else document(settings_language()))
    return 0


def check_settings(file: Path, folder: Path) -> int:
    """Print what is wrong with the files of `folder`, or with one file."""
    if file == Path():
        findings = check_folder(folder)
    elif file.exists():
        findings = check_file(file.absolute(), folder)
    else:
        raise FileProblem(str(file), FileCause.MISSING)
    tell(**_as_facts(findings))
    show("\n".join(_lines(findings)))
    return 1 if findings.count else 0


def _as_facts(findings: SettingsFindings) -> dict[str, object]:
    files = [
        {"path": each.layer.path, "exists": each.exists, "problems": list(each.problems), "refuses": each.refuses}
        for each in findings.files
    ]
    return {"files": files, "together": list(findings.together), "count": findings.count}


def _lines(findings: SettingsFindings) -> Iterator[str]:
    for each in findings.files:
        row = phrases.BAD if each.problems else phrases.GOOD if each.exists else phrases.ABSENT
        yield row(path=each.layer.path, count=len(each.problems))
        yield from (f"  {spoken(problem)}" for problem in each.problems)
        if each.refuses:
            yield f"  {phrases.REFUSES()}"
    if findings.together:
        yield phrases.TOGETHER(count=len(findings.together))
        yield from (f"  {spoken(problem)}" for problem in findings.together)
    yield phrases.ALL(count=findings.count) if findings.count else phrases.ALL_GOOD()


def _merge(file: Path) -> int:
    """Put what is new into a file, and keep the file as it was beside it."""
    try:
        present = file.read_bytes()
    except OSError as error:
        raise file_problem(file, error) from error
    merged = ini_merge.merged(present, configuration.template())
    if merged == present:
        tell(file=file, changed=False)
        say(phrases.NOTHING_NEW(file=file))
        return 0
    before = file.with_name(f"{file.name}.bak")
    replace_file(file, merged, keep=before.name)
    tell(file=file, changed=True, before=before)
    say(phrases.MERGED(file=file, before=before))
    return 0
