"""`vcshim doctor`: looks an installation over and says what is wrong, what follows from it, and what to do."""

from __future__ import annotations

import argparse
from typing import Any

from shim import __version__
from shim.commands.catalogue import doctor as phrases
from shim.commands.console import show, write_json
from shim.commands.folder import add_folder_word
from shim.commands.language import CommandLanguage, Phrase
from shim.doctor.checks import CHECKS
from shim.doctor.finding import CheckFinding, Level, Place
from shim.sets import current_set

_MARKS = {
    Level.OK: phrases.MARK_OK,
    Level.NOTE: phrases.MARK_NOTE,
    Level.WARNING: phrases.MARK_WARNING,
    Level.ERROR: phrases.MARK_ERROR,
}
_BAD = (Level.WARNING, Level.ERROR)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: nothing to do; 1: at least one warning or error."""
    place = Place(options.folder.absolute(), current_set(options.folder.absolute()))
    found = [(check.title, list(check.look(place))) for check in CHECKS]
    findings = [finding for _, each in found for finding in each]
    bad = sum(finding.row.level in _BAD for finding in findings)
    if options.json:
        write_json(_as_json(place, findings))
    else:
        lines = [phrases.EXAMINED(folder=place.folder, version=__version__)]
        for title, each in found:
            lines += _lines(title, each)
        lines += ["", phrases.BAD(count=bad) if bad else phrases.ALL_WELL()]
        show("\n".join(lines))
    return 1 if bad else 0


def _lines(title: Phrase, findings: list[CheckFinding]) -> list[str]:
    lines = ["", title()] if findings else []
    for finding in findings:
        row = finding.row
        lines.append(f"  {_MARKS[row.level]()} {finding.text(row.what)}")
        lines += [f"      {finding.text(text)}" for text in (row.meaning, row.remedy) if text is not None]
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
                "facts": {name: str(value) for name, value in finding.facts.items()},
                **{language.value: _texts(finding, language) for language in CommandLanguage},
            }
            for finding in findings
        ],
    }


def _texts(finding: CheckFinding, language: CommandLanguage) -> dict[str, str]:
    row = finding.row
    texts = {"what": row.what, "meaning": row.meaning, "remedy": row.remedy}
    return {name: text.within(language, **finding.facts) for name, text in texts.items() if text is not None}
