"""`vcshim learn`: captured calls in, sections of vcshim.ini out, with the evidence of every line as a comment.

The words are those of shim/commands/catalogue/learn.py; what is found out is shim/learn. No key is a word of the
command line or of the output. A search that is interrupted leaves a file of numbers, and the next run goes on.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shim import configuration
from shim.capture.record import CapturedCall, to_bytes
from shim.commands.captures import add_captures_word, read_chosen_captures
from shim.commands.catalogue import learn as phrases
from shim.commands.console import warn, write_data, write_json
from shim.commands.files import read_text
from shim.commands.folder import add_folder_word
from shim.commands.machine import CommandFailed
from shim.commands.progress import ProgressLine, calls_read, while_counting
from shim.commands.words import whole_number
from shim.folders import local_data
from shim.learn.findings import LearnFinding, Weight
from shim.learn.learning import NAME, Lesson, Verdict, learn
from shim.learn.request_result import GivenKeys, enc_word
from shim.learn.search import Progress, Searcher, processors
from shim.learn.worker import serve
from shim.spec import Family

_EVERY = 2.0  # seconds between two lines of progress
_FUNCTIONS = {Family.VC: "VirtualCardTrans", Family.EC: "NationEcTrans"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_captures_word(parser)
    add_folder_word(parser)
    parser.add_argument("--key-file", type=Path, help=phrases.KEY_FILE())
    parser.add_argument("--ask-key", action="store_true", help=phrases.ASK_KEY())
    parser.add_argument("--cipher-key-file", type=Path, help=phrases.CIPHER_KEY_FILE())
    parser.add_argument("--processes", type=whole_number(1, 64), default=processors(), help=phrases.PROCESSES())
    parser.add_argument("--fresh", action="store_true", help=phrases.FRESH())
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """0 where every call is explained, 1 where not; the reason is in the output."""
    if options.worker:
        serve()
        return 0
    calls = list(while_counting(read_chosen_captures(options.captures, configuration.read(options.folder)), calls_read))
    keys = _keys(options)
    if not calls:
        warn(f"vcshim learn: {phrases.NOTHING_READ()}")
        return 1
    bookmark = _Bookmark(_digest(calls, keys), fresh=options.fresh)
    searcher = Searcher(options.processes, report=bookmark.report, done=bookmark.done)
    try:
        with bookmark.line:
            lesson = learn(calls, keys, searcher)
    except KeyboardInterrupt:
        bookmark.save()
        warn(phrases.INTERRUPTED())
        raise
    bookmark.discard()
    if options.json:
        write_json(_as_json(lesson))
    else:
        write_data("".join(f"{line}\n" for line in _lines(lesson, len(calls))))
    return 0 if lesson.complete else 1


class _NotGiven(CommandFailed):
    """What was asked for is not there; its text is the sentence."""


def _keys(options: argparse.Namespace) -> GivenKeys:
    key = read_text(options.key_file).strip() if options.key_file is not None else ""
    if options.ask_key:
        try:
            key = getpass.getpass(phrases.PROMPT())
        except (EOFError, OSError, UnicodeDecodeError) as error:
            raise _NotGiven(phrases.NO_KEY()) from error
    cipher = read_text(options.cipher_key_file).strip() if options.cipher_key_file is not None else ""
    return GivenKeys(key, cipher)


# ---- going on after an interruption ----------------------------------------------------------------------------------


def _digest(calls: Iterable[CapturedCall], keys: GivenKeys) -> str:
    """A name for a search: another one for other captures and for other keys."""
    state = hashlib.sha256()
    for call in calls:
        state.update(to_bytes(call))
    state.update(f"{keys.key}\0{keys.cipher}".encode())
    return state.hexdigest()


@dataclass(slots=True)
class _Bookmark:
    """How far a search is, in a file of numbers."""

    digest: str
    fresh: bool = False
    done: dict[str, int] = field(default_factory=dict)
    line: ProgressLine = field(default_factory=ProgressLine)
    _told: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        if self.fresh:
            return
        with suppress(OSError, ValueError, TypeError, AttributeError):
            row = json.loads(self._path.read_text("ascii"))
            self.done.update({str(name): int(number) for name, number in row["done"].items()})
            warn(phrases.RESUMED())

    @property
    def _path(self) -> Path:
        return local_data() / "learn" / f"{self.digest[:32]}.json"

    def report(self, progress: Progress) -> None:
        """Say and keep how far the search is, now and then."""
        self.line.show(_progress(progress))
        now = time.monotonic()
        if now - self._told < _EVERY:
            return
        self._told = now
        self.save()
        if not self.line.is_seen:
            warn(_progress(progress))

    def save(self) -> None:
        """Write the file; without it the next run begins anew."""
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps({"done": self.done}), "ascii")

    def discard(self) -> None:
        """Remove the file of a search that is over."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _progress(progress: Progress) -> str:
    seconds = max(1, round(progress.left))
    return phrases.PROGRESS(tried=progress.tried, total=progress.total, seconds=seconds)


# ---- sections --------------------------------------------------------------------------------------------------------


def _lines(lesson: Lesson, count: int) -> Iterator[str]:
    """The output: sections of vcshim.ini, with everything else as comments."""
    yield from _comments(_heading(lesson, count))
    findings = [*lesson.vc_findings, *lesson.ec_findings, *lesson.abi_findings]
    sections = _sections(lesson)
    written: list[LearnFinding] = []
    for name, lines in sections.items():
        yield from ("", f"[{name}]")
        if name == f"dialect {NAME}":
            yield from _comments([phrases.NEAREST(base=lesson.base)])
        for key, value in lines.items():
            for finding in _evidence_of(key, name, lesson):
                if finding not in written:
                    written.append(finding)
                    yield from _comments([_text(finding)])
            yield f"{key} = {_written(value)}"
        if name == f"dialect {NAME}":
            for key in lesson.secret_lines:
                yield from _comments([phrases.FILL_IN()])
                yield f"{key} ="
    rest = [each for each in findings if each.weight is Weight.EVIDENCE and each not in written]
    for title, group in (
        (phrases.OTHER_EVIDENCE(), rest),
        (phrases.UNDECIDED(), [each for each in findings if each.weight is Weight.UNDECIDED]),
        (phrases.PROBLEMS(), [each for each in findings if each.weight is Weight.PROBLEM]),
    ):
        texts = list(dict.fromkeys(map(_text, group)))
        if title == phrases.UNDECIDED():
            texts += _unseen(lesson)
        if texts:
            yield ""
            yield from _comments([title, *(f"  {text}" for text in texts)])


def _heading(lesson: Lesson, count: int) -> Iterator[str]:
    yield phrases.TITLE(calls=count)
    figures = {"bodies": 0, "signs": 0, "opened": 0, "sealed": 0, "results": 0, "answered": 0, **lesson.figures}
    if lesson.samples.vc:
        names = ("vc", "bodies", "signs", "opened", "sealed", "results", "answered")
        vc, bodies, signs, opened, sealed, results, answered = (figures[name] for name in names)
        yield phrases.VC_FIGURES(
            vc=vc, bodies=bodies, signs=signs, opened=opened, sealed=sealed, results=results, answered=answered
        )
        yield phrases.VERDICTS[lesson.vc.value](function=_FUNCTIONS[Family.VC])
        if lesson.row is not None and not lesson.dialect and not lesson.secret_lines:
            yield f"{phrases.PRESET_ALONE()}: {lesson.base}"
    if lesson.samples.ec:
        yield phrases.EC_FIGURES(
            ec=figures["ec"],
            bodies=figures["ec_bodies"],
            results=figures["ec_results"],
            answered=figures["ec_answered"],
        )
        yield phrases.VERDICTS[lesson.ec.value](function=_FUNCTIONS[Family.EC])
    if not lesson.samples.vc and not lesson.samples.ec:
        yield phrases.VERDICTS[Verdict.NO_CALLS.value](function=" / ".join(_FUNCTIONS.values()))
    for (family, why), number in lesson.samples.unusable.items():
        yield phrases.UNUSABLE[why.value](count=number, function=_FUNCTIONS[family])


def _sections(lesson: Lesson) -> dict[str, dict[str, str]]:
    """The sections with their lines; no section without a line."""
    dialect = {"base": lesson.base, **lesson.dialect} if lesson.dialect or lesson.secret_lines else {}
    sections = {"wire": lesson.wire, "terminal": lesson.terminal, "abi": lesson.abi, f"dialect {NAME}": dialect}
    return {name: dict(lines) for name, lines in sections.items() if lines}


def _evidence_of(key: str, section: str, lesson: Lesson) -> Iterator[LearnFinding]:
    groups = {"abi": lesson.abi_findings, "terminal": lesson.ec_findings}
    findings = groups.get(section, [*lesson.vc_findings, *lesson.ec_findings])
    keys = {key, "digest"} if key in ("dialect", "tail", "sort") else {key}
    return (each for each in findings if each.weight is Weight.EVIDENCE and each.line in keys)


def _unseen(lesson: Lesson) -> list[str]:
    """What the section takes from the preset without a capture that shows it."""
    row = lesson.row
    if row is None:
        return []
    encs = {enc_word(each) for each in lesson.samples.vc}
    signs = {
        each.word(row.sign_type_name).upper() or str(each.host.get("sign_type") or "").upper()
        for each in lesson.samples.vc
    }
    texts = []
    ciphers = sorted(word for word, cipher in row.ciphers.items() if cipher is not None and word not in encs)
    if ciphers:
        texts.append(phrases.UNSEEN_CIPHERS(words=", ".join(ciphers)))
    words = sorted(word or "''" for word in row.signers if word not in signs)
    if words:
        texts.append(phrases.UNSEEN_SIGNS(words=", ".join(words)))
    return texts


def _text(finding: LearnFinding) -> str:
    return phrases.FINDINGS[finding.topic](**finding.facts)


def _comments(texts: Iterable[str]) -> Iterator[str]:
    return (f"; {' '.join(text.split())}" if text.strip() == text else f";{text}" for text in texts)


def _written(value: str) -> str:
    """A value as vcshim.ini has it: in quotes where it would be read otherwise."""
    odd = value != value.strip() or re.search(r"(?:^|\s)[;#]", value) or value[:1] in ('"', "'")
    return f'"{value}"' if odd else value


# ---- JSON ------------------------------------------------------------------------------------------------------------


def _as_json(lesson: Lesson) -> Mapping[str, Any]:
    """The same for programs; the keys are those of the description."""
    findings = [
        {"topic": each.topic, "weight": each.weight.value, "line": each.line, "facts": each.facts}
        for each in (*lesson.vc_findings, *lesson.ec_findings, *lesson.abi_findings)
    ]
    return {
        "verdicts": {_FUNCTIONS[Family.VC]: lesson.vc.value, _FUNCTIONS[Family.EC]: lesson.ec.value},
        "figures": lesson.figures,
        "base": lesson.base,
        "sections": _sections(lesson),
        "fill_in": list(lesson.secret_lines),
        "findings": findings,
    }
