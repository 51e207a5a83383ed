"""Learning from captured calls, as a whole: samples in, lines of vcshim.ini with their evidence out.

`learn` joins what the other modules of this package find, chooses the preset that the dialect is nearest to, and judges
whether every call is explained. Used by `vcshim learn` and by the export of captures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, unique
from types import MappingProxyType
from typing import Any

from shim.capture.record import CapturedCall
from shim.dialects.dialect import DIALECT_COLUMNS, Dialect, contradiction
from shim.dialects.presets import EHCSERVICE
from shim.dialects.table import DIALECTS, all_lines, changed_lines, site_dialect
from shim.errors import HostError
from shim.learn.answers_of import learn_answers, same_result
from shim.learn.findings import LearnFinding, call_list, problem_finding
from shim.learn.habits import learn_habits
from shim.learn.national import learn_nation
from shim.learn.national_result import NationResult
from shim.learn.oddities import common_to
from shim.learn.request import learn_requests
from shim.learn.request_result import GivenKeys, RequestResult
from shim.learn.samples import Samples, read_samples
from shim.learn.search import Searcher
from shim.learn.undecided import showable
from shim.settings.pairs import read_pairs, write_pairs
from shim.settings.wire import WireSettings

NAME = "learned"
_SECRET_COLUMNS = ("app_key", "cipher_secret", "answer_secret")
# What the bodies do not show, so that no trial tells it from the preset's.
_NO_BODY_COLUMNS = ("headers",)


@unique
class Verdict(Enum):
    """What became of one DLL's calls."""

    FOUND = "found"
    PARTLY = "partly"
    NOTHING = "nothing"
    WRONG_KEY = "wrong key"
    NO_CALLS = "no calls"


@dataclass(slots=True)
class Lesson:
    """What some captures tell.

    Attributes:
        samples: what could be learned from.
        vc, ec: the verdict on each DLL.
        row: the dialect, secrets included; None where there is none.
        base: the preset that it is made of.
        dialect: lines of its section, without `base` and without secrets; empty where a preset fits as it is.
        secret_lines: keys of the section that the site must fill in itself.
        wire, terminal, abi: lines of these sections.
        findings: everything that was found out.
        figures: the requests and results that are the very same, for each DLL.
    """

    samples: Samples
    vc: Verdict = Verdict.NO_CALLS
    ec: Verdict = Verdict.NO_CALLS
    row: Dialect | None = None
    base: str = ""
    dialect: dict[str, str] = field(default_factory=dict)
    secret_lines: tuple[str, ...] = ()
    wire: dict[str, str] = field(default_factory=dict)
    terminal: dict[str, str] = field(default_factory=dict)
    abi: dict[str, str] = field(default_factory=dict)
    vc_findings: list[LearnFinding] = field(default_factory=list)
    ec_findings: list[LearnFinding] = field(default_factory=list)
    abi_findings: list[LearnFinding] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every call that could be learned from is explained."""
        verdicts = {self.vc, self.ec} - {Verdict.NO_CALLS}
        return verdicts == {Verdict.FOUND}


def learn(calls: Sequence[CapturedCall], keys: GivenKeys, searcher: Searcher) -> Lesson:
    """What captured calls tell."""
    lesson = Lesson(read_samples(calls))
    lesson.abi, lesson.abi_findings = learn_habits(calls)
    if lesson.samples.vc:
        _learn_vc(lesson, keys, searcher)
        lesson.vc_findings = showable(lesson.vc_findings, lesson.samples.vc)
    if lesson.samples.ec:
        _learn_ec(lesson)
    return lesson


def _content_type(lesson: Lesson) -> None:
    """The Content-Type of NationEcTrans, where it is not that of [wire]: a header of its own."""
    words = {each.exchange.header("Content-Type") for each in lesson.samples.ec}
    word = next(iter(words)) or ""
    if len(words) == 1 and word and word != lesson.wire.get("content_type", WireSettings().content_type):
        if not lesson.samples.vc:
            lesson.wire["content_type"] = word
            return
        pairs = (*read_pairs(lesson.wire.get("ec_headers", "")), ("Content-Type", word))
        lesson.wire["ec_headers"] = write_pairs(pairs)


def _learn_vc(lesson: Lesson, keys: GivenKeys, searcher: Searcher) -> None:
    samples = lesson.samples.vc
    result = learn_requests(samples, keys, searcher)
    lesson.vc_findings = findings = list(result.findings)
    lesson.figures |= {
        "vc": len(samples), "signs": result.signs[0], "signed": result.signs[1], "opened": result.opened[0],
        "sealed": result.opened[1], "bodies": len(result.agreeing),
    }  # fmt: skip
    if result.key_is_wrong:
        lesson.vc = Verdict.WRONG_KEY
        return
    if result.row is None or not result.agreeing:
        lesson.vc = Verdict.NOTHING
        return
    row, more, figures = learn_answers(result.row, result, keys)
    findings += more
    lesson.figures |= {"answered": figures["of"], "results": figures["same"]}
    row = _nearest(row, result, lesson)
    lesson.row = row
    lesson.vc = Verdict.FOUND if not result.different and figures["same"] == figures["of"] else Verdict.PARTLY
    if result.different:
        by_number = {each.number: each for each in samples}
        why = common_to([by_number[n] for n in result.different], [by_number[n] for n in result.agreeing])
        facts = {
            "count": len(result.agreeing),
            "total": len(samples),
            "calls": call_list(result.different),
            "why": why or "-",
        }
        findings.append(problem_finding("bodies-differ", **facts))
    if result.content_type and result.content_type != WireSettings().content_type:
        lesson.wire["content_type"] = result.content_type


def _learn_ec(lesson: Lesson) -> None:
    result: NationResult = learn_nation(lesson.samples.ec)
    lesson.ec_findings = result.findings
    lesson.wire |= result.wire
    _ec_content_type(lesson)
    lesson.terminal = result.terminal
    _content_type(lesson)
    lesson.figures |= {
        "ec": result.of, "ec_bodies": result.same_bodies, "ec_answered": result.answered,
        "ec_results": result.same_results,
    }  # fmt: skip
    same = result.same_bodies == result.of and result.same_results == result.answered
    lesson.ec = Verdict.FOUND if same else Verdict.PARTLY if result.same_bodies else Verdict.NOTHING


def _ec_content_type(lesson: Lesson) -> None:
    """The Content-Type of the insurance platform's requests, where it is another than that of [wire] content_type."""
    words = {each.exchange.header("content-type") for each in lesson.samples.ec if each.exchange.headers}
    word = words.pop() if len(words) == 1 else None
    if not word or word == lesson.wire.get("content_type", WireSettings().content_type):
        return
    if not lesson.samples.vc:
        lesson.wire["content_type"] = word
        return
    more = f"Content-Type={word}"
    before = lesson.wire.get("ec_headers", "none")
    lesson.wire["ec_headers"] = more if before in ("", "none") else f"{before}, {more}"


# ---- the preset that is nearest --------------------------------------------------------------------------------------

# Columns that say one thing together: a preset's are taken all at once or not at all.
_TOGETHER = (("sort", "fields", "empty", "unsigned"), ("code_names", "message_names", "success"))


def _nearest(row: Dialect, result: RequestResult, lesson: Lesson) -> Dialect:
    """The row as a preset with few columns changed: the preset's value wherever the captures allow it."""
    best: tuple[int, Dialect, Dialect] | None = None
    before = _reproduced(row, result)
    for preset in DIALECTS.values():
        made = _towards(preset, row, result, before)
        if made is None:
            continue
        count = len(_lines(made, preset))
        if best is None or count < best[0]:
            best = (count, preset, made)
        if count == 0:
            break
    if best is None:
        best = (0, EHCSERVICE, row)
    _, preset, made = best
    lesson.base = preset.name
    lines = _lines(made, preset)
    lesson.secret_lines = tuple(key for key in lines if key in _SECRET_COLUMNS and _is_given(key, made, result))
    lesson.dialect = {key: value for key, value in lines.items() if key not in lesson.secret_lines}
    named = {"dialect": preset.name if not lines else NAME}
    lesson.wire = {**({} if named["dialect"] == EHCSERVICE.name else named), **lesson.wire}
    if lines:
        _check(made, lesson, lines)
        _pin(made, preset, lines, result, lesson)
    return made


def _pin(row: Dialect, preset: Dialect, lines: Mapping[str, str], result: RequestResult, lesson: Lesson) -> None:
    """For each column that is not the preset's: how many calls are still reproduced with the preset's value."""
    total = len(result.trials)
    count = _both(row, result)
    for name, column in DIALECT_COLUMNS.items():
        keys = [key.key for key in column.keys if key.key in lines]
        if not keys or name in (*_SECRET_COLUMNS, *_NO_BODY_COLUMNS):
            continue
        changed = replace(row, **{name: getattr(preset, name)})
        without = 0 if contradiction(changed) is not None else _both(changed, result)
        facts = {"column": ", ".join(keys), "count": count, "total": total, "without": without}
        lesson.vc_findings.append(LearnFinding("knob", facts, line=keys[0]))


def _both(row: Dialect, result: RequestResult) -> int:
    """How many calls a row reproduces: the request and, where an answer is known, the result."""
    answered = [trial.sample.exchange.status != 0 and trial.sample.out is not None for trial in result.trials]
    rows = zip(_reproduced(row, result), answered, strict=True)
    return sum(body and (same or not has_answer) for (body, same), has_answer in rows)


def _is_given(key: str, row: Dialect, result: RequestResult) -> bool:
    """Whether a secret of the row was given by hand, so that it must not be printed."""
    return key in ("app_key", "answer_secret") or result.needs_cipher_secret


def _check(row: Dialect, lesson: Lesson, lines: Mapping[str, str]) -> None:
    """The section is read as a site's own: what cannot be written there is a problem."""
    try:
        same = all_lines(site_dialect(NAME, {"base": lesson.base, **lines})) == all_lines(row)
    except HostError:
        same = False
    if not same:
        lesson.vc_findings.append(problem_finding("section-refused"))


def _lines(row: Dialect, preset: Dialect) -> dict[str, str]:
    return {key: value for key, value in changed_lines(row, preset).items() if key != "title"}


def _towards(
    preset: Dialect, row: Dialect, result: RequestResult, before: tuple[tuple[bool, bool], ...]
) -> Dialect | None:
    """`row` with the columns of a preset that make no difference to the captures."""
    merged = _merged(preset, row, result)
    if merged is None:
        return None
    groups = [
        *_TOGETHER,
        *((name,) for name in DIALECT_COLUMNS if name not in ("signers", "ciphers", "answer_ciphers")),
    ]
    for names in groups:
        values = {name: getattr(preset, name) for name in names}
        if all(getattr(merged, name) == value for name, value in values.items()) or (
            set(names) & {*_SECRET_COLUMNS, *_NO_BODY_COLUMNS}
        ):
            continue
        changed = replace(merged, **values)
        if contradiction(changed) is None and all(
            trial.agrees(changed) == body and same_result(trial, changed) == same
            for trial, (body, same) in zip(result.trials, before, strict=True)
        ):
            merged = changed
    return merged


def _merged(preset: Dialect, row: Dialect, result: RequestResult) -> Dialect | None:
    """`row` with the words of a preset for what the captures do not have; None where the two contradict each other.

    Ciphers and signers that were seen are those of the row.
    """
    signers = {**preset.signers, **result.values.get("signers", {})}
    ciphers = {**preset.ciphers, **result.values.get("ciphers", {})}
    answers: Mapping[str, Any] | None = None
    if row.answer_ciphers is not None:
        changed = {w: c for w, c in row.answer_ciphers.items() if c != row.ciphers.get(w)}
        answers = MappingProxyType({**(preset.answer_ciphers or ciphers), **changed})
    elif preset.answer_ciphers is not None:
        return (
            None
            if any(preset.answer_ciphers.get(w) != c for w, c in result.values.get("ciphers", {}).items())
            else replace(
                row,
                signers=MappingProxyType(signers),
                ciphers=MappingProxyType(ciphers),
                answer_ciphers=preset.answer_ciphers,
            )
        )
    return replace(row, signers=MappingProxyType(signers), ciphers=MappingProxyType(ciphers), answer_ciphers=answers)


def _reproduced(row: Dialect, result: RequestResult) -> tuple[tuple[bool, bool], ...]:
    """What a row reproduces: request, and OutData with the return value, of each call."""
    return tuple((trial.agrees(row), same_result(trial, row)) for trial in result.trials)
