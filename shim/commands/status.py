"""`vcshim status`: versions, devices, last calls, run mode, what was compared, whether it is safe to go native."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shim import configuration
from shim.capture.state import CaptureState, read_states
from shim.capture.store import capture_days
from shim.commands.captures import CannotReadCaptures, read_chosen_captures
from shim.commands.catalogue import status as phrases
from shim.commands.console import show, write_json
from shim.commands.folder import add_folder_word
from shim.commands.language import current_language, joined
from shim.commands.status_overview import overview, overview_json, overview_lines
from shim.configuration import Configuration
from shim.errors import HostError, shown_name, written_mask
from shim.journal import comparisons
from shim.journal.calls import JournalRow
from shim.journal.comparisons import ComparisonStore, CountKey, comparisons_file
from shim.journal.database import JournalUnusable
from shim.replay.compare import shown_code
from shim.replay.counting import comparisons_folder, fingerprint
from shim.replay.pipeline import can_replay
from shim.replay.report import day_of
from shim.replay.rule import RULE, Evidence, Measured, Outcome, RuleCondition, dates_after, is_safe
from shim.replay.vendor import method_name, read_object
from shim.settings.ini import FILE_NAME
from shim.wiring import capture_states_folder, captures_folder, pick_dialect

_MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class CaptureFigures:
    """What this user's captures hold. `answered` are the outcomes of calls that a platform answered."""

    folder: Path
    days: set[str] = field(default_factory=set)
    size: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    answered: set[Outcome] = field(default_factory=set)
    problem: str = ""
    states: list[CaptureState] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: it is safe to go native, or ours answers already; 1: not yet."""
    settings = configuration.read(options.folder)
    captures = capture_figures(settings)
    evidence, others, problem = shadow_evidence(settings)
    seen = overview(settings, options.folder.absolute())
    evidence.seen |= captures.answered | journal_outcomes(seen.rows)
    safe = is_safe(evidence)
    source = settings.sources.get(("mode", "run"))
    path = (options.folder / FILE_NAME if source is None else source.layer.path).absolute()
    is_set = source is not None
    if options.json:
        facts = _as_json(settings, path if is_set else None, captures, evidence, others, problem, safe)
        write_json({**overview_json(seen), **facts})
    else:
        lines = [*overview_lines(seen), "", *_mode_lines(settings, path, is_set), *_capture_lines(captures)]
        lines += _shadow_lines(evidence, others, problem)
        lines += ["", *_rule_lines(settings, evidence, safe)]
        show("\n".join(lines))
    return 0 if safe or settings.mode.run == "native" else 1


# ---- what is known ---------------------------------------------------------------------------------------------------


def capture_figures(settings: Configuration) -> CaptureFigures:
    """What this user's captures hold; reads all of them."""
    figures = CaptureFigures(captures_folder(settings), states=read_states(capture_states_folder()))
    figures.size = sum(day.size for day in capture_days(figures.folder))
    try:
        if figures.size:
            for call in read_chosen_captures((), settings):
                in_data = read_object(call.texts[1]) if can_replay(call) and len(call.texts) > 1 else {}
                method = method_name(call, in_data) if can_replay(call) else ""
                outcome = (call.function, shown_name(method) if method else "", shown_code(call))
                figures.outcomes[outcome] += 1
                if any(each.received for each in call.traffic):
                    figures.answered.add(outcome)
                figures.days.add(day_of(call.began))
    except CannotReadCaptures as error:
        figures.problem = str(error)
    return figures


def shadow_evidence(settings: Configuration) -> tuple[Evidence, int, str]:
    """What was compared with the settings in force, how many calls with others, and why it cannot be read."""
    evidence = Evidence(usable=_is_usable(settings))
    wanted, folder = fingerprint(settings), comparisons_folder()
    if not comparisons_file(folder).exists():
        return evidence, 0, ""
    try:
        store = ComparisonStore(folder, create=False)
        counts, (streak, last) = store.counts(), store.streak(wanted)
        store.close()
    except JournalUnusable as error:
        return evidence, 0, error.cause
    others = 0
    for key, calls in counts.items():
        if key.settings == wanted:
            _count(evidence, key, calls)
        elif key.verdict in (comparisons.AGREES, comparisons.DIFFERS):
            others += calls
    evidence.streak, evidence.days_since = streak, dates_after(evidence.days, last)
    return evidence, others, ""


def _count(evidence: Evidence, key: CountKey, calls: int) -> None:
    outcome = (key.function, key.method, key.code)
    match key.verdict:
        case comparisons.AGREES:
            evidence.agreed[outcome] = evidence.agreed.get(outcome, 0) + calls
            evidence.days.add(key.day)
        case comparisons.DIFFERS:
            evidence.differed[outcome] = evidence.differed.get(outcome, 0) + calls
            evidence.days.add(key.day)
        case comparisons.APART:
            where = (outcome, key.kind)
            evidence.apart[where] = evidence.apart.get(where, 0) + calls
        case comparisons.FIELD:
            evidence.fields[key.kind] = evidence.fields.get(key.kind, 0) + calls
        case comparisons.MISSED:
            evidence.missed += calls


def journal_outcomes(rows: Iterable[JournalRow]) -> set[Outcome]:
    """The outcomes of calls that the journal has seen, of those that asked a platform."""
    return {(row.function, row.method, row.code) for row in rows if row.sent and row.mode != "native"}


def _is_usable(settings: Configuration) -> bool:
    try:
        pick_dialect(settings)
    except HostError:
        return False
    return settings.refusal is None


# ---- what is shown ---------------------------------------------------------------------------------------------------


def _mode_lines(settings: Configuration, path: Path, is_set: bool) -> list[str]:
    lines = [phrases.MODE(mode=phrases.MODES[settings.mode.run]())]
    lines.append("  " + (phrases.SET_IN(path=path) if is_set else phrases.BY_DEFAULT(path=path)))
    return lines + [phrases.PROBLEM(reason=problem) for problem in settings.problems]


def _capture_lines(captures: CaptureFigures) -> list[str]:
    off = [
        "  " + phrases.SWITCHED_OFF(day=each.day, host=each.host, reason=each.cause)
        for each in captures.states
        if each.cause
    ]
    return [*_stored_lines(captures), *off]


def _stored_lines(captures: CaptureFigures) -> list[str]:
    if captures.problem:
        return [phrases.CAPTURES_UNREADABLE(reason=captures.problem)]
    if not captures.size:
        return [phrases.NO_CAPTURES(folder=captures.folder)]
    size = f"{captures.size / _MEGABYTE:.1f}"
    calls = sum(captures.outcomes.values())
    return [phrases.CAPTURES(days=len(captures.days), calls=calls, size=size, folder=captures.folder)]


def _shadow_lines(evidence: Evidence, others: int, problem: str) -> list[str]:
    if problem:
        return [phrases.SHADOW_UNREADABLE(reason=problem)]
    agree, differ = sum(evidence.agreed.values()), sum(evidence.differed.values())
    apart = sum(evidence.apart.values())
    text = phrases.SHADOW(
        days=len(evidence.days), calls=evidence.calls, agree=agree, differ=differ, apart=apart, missed=evidence.missed
    )
    lines = [text]
    if not evidence.calls:
        lines = [phrases.NO_SHADOW()]
    if others:
        lines.append("  " + phrases.OTHERS(calls=others))
    rows = _outcome_rows(evidence)
    if rows:
        lines += ["", phrases.OUTCOMES(), *("  " + _outcome_line(row) for row in rows)]
    if evidence.fields:
        lines += ["", phrases.DIFFERENCES()]
        ordered = sorted(evidence.fields.items(), key=lambda item: -item[1])
        lines += ["  " + phrases.KIND_ROW(calls=calls, kind=kind) for kind, calls in ordered]
    return lines


def _outcome_line(row: Mapping[str, Any]) -> str:
    return phrases.OUTCOME_ROW(
        function=row["function"], method=written_mask(row["method"]), code=written_mask(row["code"]),
        calls=row["calls"], differ=row["differ"], apart=row["apart"],
    )  # fmt: skip


def _outcome_rows(evidence: Evidence) -> list[dict[str, Any]]:
    apart: Counter[Outcome] = Counter()
    for (outcome, _), calls in evidence.apart.items():
        apart[outcome] += calls
    names = sorted({*evidence.agreed, *evidence.differed, *apart, *evidence.seen})
    rows: list[dict[str, Any]] = []
    for outcome in names:
        function, method, code = outcome
        differ = evidence.differed.get(outcome, 0)
        calls = evidence.agreed.get(outcome, 0) + differ + apart[outcome]
        row = {"function": function, "method": method, "code": code}
        rows.append({**row, "calls": calls, "differ": differ, "apart": apart[outcome]})
    return rows


def _rule_lines(settings: Configuration, evidence: Evidence, safe: bool) -> list[str]:
    language = current_language().value
    lines = [phrases.RULE()]
    for condition in RULE:
        measured = condition.measure(evidence)
        lines.append("  " + _condition_line(condition, measured, language))
        if measured.missing:
            lines.append("    " + phrases.MISSING(names=joined(measured.missing)))
    if settings.mode.run == "native":
        return [*lines, phrases.NATIVE_ALREADY()]
    return [*lines, phrases.SAFE() if safe else phrases.NOT_SAFE()]


def _condition_line(condition: RuleCondition, measured: Measured, language: str) -> str:
    text, value, holds = condition.text(language), condition.shown(measured.value), condition.holds(measured)
    if condition.is_yes_or_no:
        return phrases.HOLDS(text=text) if holds else phrases.FAILS(text=text)
    return phrases.HOLDS_AT(text=text, value=value) if holds else phrases.FAILS_AT(text=text, value=value)


def _as_json(
    settings: Configuration, path: Path | None, captures: CaptureFigures, evidence: Evidence, others: int, problem: str,
    safe: bool,
) -> dict[str, Any]:  # fmt: skip
    rule = []
    for condition in RULE:
        measured = condition.measure(evidence)
        rule.append(
            {
                "condition": condition.key, "holds": condition.holds(measured), "value": measured.value,
                "threshold": condition.threshold, "at_most": condition.at_most, "missing": list(measured.missing),
                "zh": condition.text("zh"), "en": condition.text("en"),
            }
        )  # fmt: skip
    return {
        "mode": settings.mode.run,
        "set_in": None if path is None else str(path),
        "problems": list(settings.problems),
        "captures": {
            "folder": str(captures.folder), "days": len(captures.days), "calls": sum(captures.outcomes.values()),
            "bytes": captures.size, "problem": captures.problem,
            "switched_off": [
                {"day": each.day, "host": each.host, "cause": each.cause} for each in captures.states if each.cause
            ],
            "outcomes": [
                {"function": function, "method": method, "code": code, "calls": calls}
                for (function, method, code), calls in sorted(captures.outcomes.items())
            ],
        },
        "comparisons": {
            "days": len(evidence.days), "calls": evidence.calls, "agree": sum(evidence.agreed.values()),
            "differ": sum(evidence.differed.values()), "not_comparable": sum(evidence.apart.values()),
            "missed": evidence.missed, "other_settings": others, "problem": problem,
            "outcomes": _outcome_rows(evidence), "differences": evidence.fields,
        },
        "rule": rule,
        "safe": safe,
    }  # fmt: skip
