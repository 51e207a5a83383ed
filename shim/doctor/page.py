"""What the doctor found as one page: for people who do not work at a terminal. Pure: from findings to HTML.

The page holds all that it shows. Its policy allows no network at all, one style sheet and one script, both by checksum.
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from shim import __version__, wall_clock
from shim.commands.catalogue import doctor_page as phrases
from shim.commands.language import Phrase, current_language
from shim.doctor.examine import Examined
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.doctor.page_style import SCRIPT, STYLE
from shim.workstation import workstation_name

_SIGNS = {Level.ERROR: "✕", Level.WARNING: "!", Level.NOTE: "i", Level.OK: "✓"}
_COUNTS = {
    Level.ERROR: phrases.COUNT_ERROR,
    Level.WARNING: phrases.COUNT_WARNING,
    Level.NOTE: phrases.COUNT_NOTE,
    Level.OK: phrases.COUNT_OK,
}
_LEVELS = {
    Level.ERROR: phrases.LEVEL_ERROR,
    Level.WARNING: phrases.LEVEL_WARNING,
    Level.NOTE: phrases.LEVEL_NOTE,
    Level.OK: phrases.LEVEL_OK,
}
_VERDICTS = {
    Level.ERROR: (phrases.VERDICT_ERROR, phrases.ADVICE_BAD),
    Level.WARNING: (phrases.VERDICT_WARNING, phrases.ADVICE_BAD),
    Level.OK: (phrases.VERDICT_GOOD, phrases.ADVICE_GOOD),
}


@dataclass(frozen=True)
class DoctorReport:
    """One look at an installation.

    Attributes:
        found: what each check has found.
        text: the report as the terminal has it.
        values: the same for programs.
        pc: the name of the PC.
        time: when it was looked at.
    """

    place: Place
    found: Sequence[Examined]
    text: str
    values: Mapping[str, Any]
    pc: str = field(default_factory=workstation_name)
    time: str = field(default_factory=lambda: str(wall_clock.local_time(time.time())).replace("T", " "))

    def page(self) -> str:
        """The page, in the language of this run."""
        return _page(self)


def _page(report: DoctorReport) -> str:
    """The page, in the language of this run."""
    findings = [(each.title, finding) for each in report.found for finding in each.findings]
    parts = [
        f'<header class="top"><div class="wide"><b>{_text(phrases.TITLE())}</b>',
        f"<span>{_text(phrases.PRODUCT())}</span></div></header>",
        '<main class="wide">',
        *_verdict([finding.row.level for _, finding in findings]),
        *_facts(report),
        *_to_do(findings, report.place.help_file),
        *_all(report.found),
        "</main>",
        f'<footer class="wide"><p>{_text(phrases.FOOTER())}</p></footer>',
        f'<textarea class="report" tabindex="-1" aria-hidden="true" readonly>\n{_text(report.text)}</textarea>',
    ]
    return _document("\n".join(parts))


def _document(body: str) -> str:
    policy = (
        f"default-src 'none'; style-src {_checksum(STYLE)}; script-src {_checksum(SCRIPT)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    language = "zh-CN" if current_language().value == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<title>{_text(phrases.TITLE())}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>{STYLE}</style>\n<script>{SCRIPT}</script>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _checksum(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _verdict(levels: Sequence[Level]) -> Iterator[str]:
    worst = next((level for level in (Level.ERROR, Level.WARNING) if level in levels), Level.OK)
    title, advice = _VERDICTS[worst]
    yield f'<section class="verdict {worst.value}">{_sign(worst)}'
    yield f"<h1>{_text(title())}</h1><p>{_text(advice())}</p></section>"
    yield '<div class="bar"><ul class="counts">'
    for level, name in _COUNTS.items():
        yield f'<li class="{level.value}"><b>{levels.count(level)}</b>{_text(name())}</li>'
    yield '</ul><div class="buttons">'
    yield f'<button id="copy" data-done="{_text(phrases.COPIED())}">{_text(phrases.COPY())}</button>'
    yield f'<button id="print" class="plain">{_text(phrases.PRINT())}</button></div></div>'


def _facts(report: DoctorReport) -> Iterator[str]:
    place = report.place
    rows: list[tuple[Phrase, object]] = [
        (phrases.PC, report.pc),
        (phrases.FOLDER, place.folder),
        (phrases.VERSION, __version__),
        (phrases.TIME, report.time),
    ]
    if place.runtime != place.folder / "vcshim":
        rows.insert(3, (phrases.SET, place.runtime.name))
    yield '<dl class="facts">'
    yield from (f"<dt>{_text(name())}</dt><dd>{_text(value)}</dd>" for name, value in rows)
    yield "</dl>"


def _to_do(findings: Sequence[tuple[Phrase, CheckFinding]], help_file: Path | None) -> Iterator[str]:
    """What is to be done, the errors first."""
    bad = [row for level in (Level.ERROR, Level.WARNING) for row in findings if row[1].row.level is level]
    if not bad:
        return
    yield f'<h2>{_text(phrases.TO_DO())}</h2><div class="todo">'
    for title, finding in bad:
        row = finding.row
        yield f'<article class="card {row.level.value}"><p class="where">{_sign(row.level)}'
        yield f'<span class="level">{_text(_LEVELS[row.level]())}</span><span>{_text(title())}</span></p>'
        yield f'<h3 class="what">{_text(finding.text(row.what))}</h3><dl>'
        for name, text in ((phrases.REMEDY, row.remedy), (phrases.MEANING, row.meaning)):
            if text is not None:
                yield f"<dt>{_text(name())}</dt><dd>{_text(finding.text(text))}</dd>"
        yield f"</dl>{_help_link(row, help_file)}</article>"
    yield "</div>"


def _help_link(row: FindingRow, help_file: Path | None) -> str:
    """A link to the row in the help file of the set, if there is one. It works on this PC only."""
    if help_file is None or not row.help_place:
        return ""
    address = f"{help_file.as_uri()}#{row.help_place.partition('#')[2]}"
    return f'<p class="more"><a href="{_text(address)}">{_text(phrases.MORE())}</a></p>'


def _all(found: Sequence[Examined]) -> Iterator[str]:
    yield f'<h2>{_text(phrases.ALL())}</h2><ul class="card checks">'
    for each in found:
        if each.findings:
            yield f"<li><h3>{_text(each.title())}</h3><ul>"
            yield from (_line(finding) for finding in each.findings)
            yield "</ul></li>"
    yield "</ul>"


def _line(finding: CheckFinding) -> str:
    row = finding.row
    more = (
        ""
        if row.level.is_bad
        else "".join(f"<small>{_text(finding.text(t))}</small>" for t in (row.remedy, row.meaning) if t)
    )
    what = _text(finding.text(row.what))
    return f'<li class="{row.level.value}">{_sign(row.level)}<span>{what}{more}</span></li>'


def _sign(level: Level) -> str:
    return f'<span class="sign" role="img" aria-label="{_text(_LEVELS[level]())}">{_SIGNS[level]}</span>'


def _text(value: object) -> str:
    return escape(str(value))
