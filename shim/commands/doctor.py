"""`vcshim doctor`: looks an installation over and says what is wrong, what follows from it, and what to do."""

from __future__ import annotations

import argparse
from typing import Any

from shim import __version__, codec, configuration
from shim.commands.catalogue import doctor as phrases
from shim.commands.console import show, write_json
from shim.commands.doctor_files import add_file_words, save
from shim.commands.files import read_text
from shim.commands.folder import add_folder_word
from shim.commands.language import CommandLanguage, Phrase
from shim.commands.progress import seconds_passed, waiting
from shim.doctor.examine import examine
from shim.doctor.finding import NOT_OF_ACCOUNT, CheckFinding, Level, Place, SigningAccount
from shim.doctor.page import DoctorReport
from shim.sets import current_set

_MARKS = {
    Level.OK: phrases.MARK_OK,
    Level.NOTE: phrases.MARK_NOTE,
    Level.WARNING: phrases.MARK_WARNING,
    Level.ERROR: phrases.MARK_ERROR,
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)
    parser.add_argument("--url", action="append", default=[], metavar="URL", help=phrases.URL())
    parser.add_argument("--account", metavar="FILE", help=phrases.ACCOUNT())
    parser.add_argument("--key-file", metavar="FILE", help=phrases.KEY_FILE())
    add_file_words(parser)


def run(options: argparse.Namespace) -> int:
    """0: nothing to do; 1: at least one warning or error."""
    folder = options.folder.absolute()
    place = Place(folder, current_set(folder), tuple(options.url), _account(options))
    with waiting(seconds_passed):
        found = examine(place)
    findings = [finding for each in found for finding in each.findings]
    bad = sum(finding.row.level.is_bad for finding in findings)
    verdict = phrases.BAD(count=bad) if bad else phrases.ALL_WELL()
    lines = [phrases.EXAMINED(folder=place.folder, version=__version__)]
    for each in found:
        lines += _lines(each.title, each.findings)
    if bad and place.help_file is not None:
        verdict = f"{verdict}\n{phrases.HELP_FILE(path=place.help_file)}"
    report = DoctorReport(place, found, "\n".join([*lines, "", verdict]), _as_json(place, findings))
    saved = save(options, report)
    if options.json:
        write_json({**report.values, **saved})
    else:
        show(verdict if saved else report.text)
    return 1 if bad else 0


def _account(options: argparse.Namespace) -> SigningAccount | None:
    """The account of --account, an InData; its key may stand apart. FileProblem or HostError: the file is none."""
    if options.account is None:
        return None
    fields = codec.loads_object(read_text(options.account), options.account, "VC 3.2")
    key = fields.get("key") if options.key_file is None else read_text(options.key_file).strip()
    kept = {name: value for name, value in fields.items() if isinstance(value, str) and name not in NOT_OF_ACCOUNT}
    return SigningAccount(kept, str(key or configuration.read(options.folder).tools.key))


def _lines(title: Phrase, findings: list[CheckFinding]) -> list[str]:
    lines = ["", title()] if findings else []
    for finding in findings:
        row = finding.row
        lines.append(f"  {_MARKS[row.level]()} {finding.text(row.what)}")
        if row.remedy is not None:
            lines.append(f"      {finding.text(row.remedy)}")
        if row.meaning is not None:
            lines.append(f"      {phrases.EFFECT(text=finding.text(row.meaning))}")
    return lines


def _as_json(place: Place, findings: list[CheckFinding]) -> dict[str, Any]:
    """Names, levels and facts stay as they are from version to version; the texts are for people."""
    return {
        "version": __version__,
        "folder": str(place.folder),
        "set": str(place.runtime),
        "findings": [
            {
                "name": finding.row.name,
                "level": finding.row.level.value,
                "facts": finding.plain_facts,
                **({"help": finding.row.help_place} if finding.row.help_place else {}),
                **{language.value: _texts(finding, language) for language in CommandLanguage},
            }
            for finding in findings
        ],
    }


def _texts(finding: CheckFinding, language: CommandLanguage) -> dict[str, str]:
    row = finding.row
    texts = {"what": row.what, "meaning": row.meaning, "remedy": row.remedy}
    return {name: finding.text(text, language) for name, text in texts.items() if text is not None}
