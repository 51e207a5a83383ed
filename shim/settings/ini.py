"""Reads vcshim.ini, in all its layers, into sections.

A line that cannot be used costs that line only, and becomes a problem: a sentence in Chinese for the log and the first
failure of the process, with its English for the command line. A value that is not understood leaves its key at what
weaker layers or the default give, except where the option `refuses`, and except for a file that cannot be read at all:
those are refusals, and no call is made.

Some keys are also read by native/settings.c, which must obey them when Python is not there; one table of cases
(tests/vectors/ini_abi.json) holds both readers together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from shim.bilingual import EMPTY, NOTHING, Bilingual, word_list
from shim.errors import HostError, Message, mask_told
from shim.messages import settings as rows
from shim.settings.file import UnreadableFile, read_file
from shim.settings.layers import Layer, Source, lower, matches, split_heading
from shim.settings.lines import Comment, KeyLine, SectionLine, fold, is_readable, narrow, read_lines, value_of
from shim.settings.option import Option, Section

FILE_NAME = "vcshim.ini"
_DIALECT = "dialect"
_PROBLEMS = 50  # sentences; a file that is something else has one in every line
_NAME_LENGTH = 24  # a longer name of a key may be a secret that stands on a line by itself
_OF_A_PC = 1000  # more than there are layers: sections for this PC are stronger than those of every file

Overrides = Mapping[tuple[str, str], str]
PcName = Callable[[], str]
"""Tells the name of this PC. Called only if a section is meant for some PCs."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the settings say.

    Attributes:
        values: the values of the keys that are set and understood, by section and attribute.
        problems: all that is wrong, in the order of files and lines.
        refusals: those of them that refuse every call.
        refusal: what to raise for them; None if calls may be made.
        unreadable: a file itself cannot be read, which may be over at the next call. It is the only refusal then.
        dialects: the sections ``[dialect NAME]`` as they stand; what their keys mean is known to shim/dialects only.
        dialect_problems: for sections with a line that cannot be read, what to raise for the first of them.
        sources: where each of the values was read, by section and key; defaults and overrides have none.
        dialect_sources: the same of the lines of dialects, by name and key; the heading has the key "".
    """

    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    problems: tuple[Bilingual, ...] = ()
    refusals: tuple[Bilingual, ...] = ()
    refusal: HostError | None = None
    unreadable: bool = False
    dialects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dialect_problems: Mapping[str, HostError] = field(default_factory=dict)
    sources: Mapping[tuple[str, str], Source] = field(default_factory=dict)
    dialect_sources: Mapping[tuple[str, str], Source] = field(default_factory=dict)


def folder_layer(folder: Path) -> Layer:
    """The vcshim.ini in `folder`."""
    return Layer("folder", folder / FILE_NAME, FILE_NAME)


def read_ini(
    layers: Sequence[Layer],
    sections: Sequence[type[Section]],
    folder: Path,
    overrides: Overrides | None = None,
    pc_name: PcName = str,
) -> Parsed:
    """Read the files of `layers`, the weakest first; one that does not exist says nothing. Never raises for the rest.

    Args:
        folder: that of the DLLs: relative paths in every layer are beside it.
        overrides: values that take the place of those in all files, by section and key.
    """
    reading = _Reading(sections, folder.absolute(), pc_name)
    for layer in layers:
        try:
            reading.read(layer, read_file(layer.path, layer.shown))
        except UnreadableFile as error:
            if layer.required:
                return _Reading(sections, folder, pc_name).finished(overrides or {}, error)
            reading.left_out(layer, error)
    return reading.finished(overrides or {})


def parse_ini(
    lines: Iterable[str],
    sections: Sequence[type[Section]],
    folder: Path,
    overrides: Overrides | None = None,
    pc_name: PcName = str,
) -> Parsed:
    """Read the lines of one ini; see `read_ini`."""
    reading = _Reading(sections, folder, pc_name)
    reading.read(folder_layer(folder), lines)
    return reading.finished(overrides or {})


def check_ini(layer: Layer, lines: Iterable[str], sections: Sequence[type[Section]], folder: Path) -> Parsed:
    """All that is wrong with the lines of one file, on whichever PC, in lines that others overrule as well."""
    reading = _Reading(sections, folder, None)
    reading.read(layer, lines)
    return reading.finished({})


class _Place(NamedTuple):
    """Where a line stands: the number of the layer, the layer, the number of the line."""

    number: int
    layer: Layer
    line: int


class _Entry(NamedTuple):
    """A line that sets a key, and where it stands."""

    place: _Place
    heading: str
    raw: str


class _Reading:
    """The lines that were read so far, and what is wrong with them.

    Args:
        pc_name: None if the sections of every PC count, and every line of a key: to find all that is wrong.
    """

    def __init__(self, sections: Sequence[type[Section]], folder: Path, pc_name: PcName | None) -> None:
        self._options = {section.NAME: {each.key: each for each in section.options()} for section in sections}
        self._folder = folder
        self._pc_name = pc_name
        self._pc: str | None = None  # in lower case, once it was asked for
        self._layer = folder_layer(folder)
        self._number = -1  # of the layer
        self._section = ""  # the known section that the next line belongs to, _DIALECT, or "" for none
        self._heading = ""  # as it stands in the file
        self._rank = 0  # of its lines: the higher counts
        self._dialect = ""
        self._ignoring = False  # the lines belong to a section that has been reported already
        self._entries: dict[Option, dict[int, list[_Entry]]] = {}  # by rank; of each the last line counts
        self._dialects: dict[str, dict[str, str]] = {}
        self._dialect_lines: dict[str, dict[str, str]] = {}  # of this layer
        self._dialect_problems: dict[str, HostError] = {}
        self._dialect_sources: dict[tuple[str, str], Source] = {}
        self._problems: list[tuple[int, int, Bilingual]] = []
        self._refusals: list[tuple[int, int, HostError]] = []
        self._untold = 0

    def read(self, layer: Layer, lines: Iterable[str]) -> None:
        """Read the lines of one more layer, which is stronger than those before it."""
        self._layer, self._number = layer, self._number + 1
        self._section, self._ignoring, self._dialect_lines = "", False, {}
        for line in read_lines(lines):
            self._take(line)
        for name, keys in self._dialect_lines.items():
            self._dialects.setdefault(name, {}).update(keys)

    def left_out(self, layer: Layer, error: UnreadableFile) -> None:
        """Note that a layer cannot be read, and is done without."""
        self._number += 1
        self._problems.append((self._number, 0, error.told))

    def finished(self, overrides: Overrides, unreadable: UnreadableFile | None = None) -> Parsed:
        """What all lines say; nothing of a file that is `unreadable`."""
        values: dict[str, dict[str, object]] = {}
        sources: dict[tuple[str, str], Source] = {}
        for option, ranks in self._entries.items():
            entry = self._decide(values, option, ranks)
            if entry is not None:
                sources[option.section, option.key] = Source(entry.place.layer, entry.place.line, entry.heading)
        for (section, key), text in overrides.items():
            self._set(values, self._options[section][key], text)
            sources.pop((section, key), None)
        if unreadable:
            told = (unreadable.told,)
            return Parsed(values, told, told, unreadable, True)
        problems = [sentence for *_, sentence in sorted(self._problems)]
        if self._untold:
            problems.append(rows.MORE.told(count=self._untold))
        refused = [error for *_, error in sorted(self._refusals, key=lambda row: row[:2])]
        refusal = refused[0] if refused else None
        if len(refused) > 1:
            refusal = HostError(rows.REFUSED_MORE, first=refused[0].told, count=len(refused))
        refusals = tuple(error.told for error in refused)
        return Parsed(
            values, tuple(problems), refusals, refusal, False, self._dialects, self._dialect_problems, sources,
            self._dialect_sources,
        )  # fmt: skip

    def _decide(
        self, values: dict[str, dict[str, object]], option: Option, ranks: Mapping[int, Sequence[_Entry]]
    ) -> _Entry | None:
        """Set the value of `option` by the strongest line that is understood; that line, if there is one."""
        strongest_first = [ranks[rank] for rank in sorted(ranks, reverse=True)]
        if self._pc_name is None:
            candidates = [entry for entries in strongest_first for entry in reversed(entries)]
        else:
            candidates = [entries[-1] for entries in strongest_first]
        winner: _Entry | None = None
        failures: list[tuple[_Entry, str, Bilingual]] = []
        for entry in candidates:
            text = option.text(entry.raw)
            problem = option.problem(text)
            if problem is not None:
                failures.append((entry, text, problem))
            elif winner is None:
                winner = entry
                self._set(values, option, text)
            if winner is not None and self._pc_name is not None:
                break
        for entry, text, problem in failures:
            self._note_value(option, entry, text, problem, winner)
        return winner

    def _note_value(self, option: Option, entry: _Entry, text: str, problem: Bilingual, winner: _Entry | None) -> None:
        facts: dict[str, Any] = {"section": entry.heading, "key": option.key, "problem": problem}
        facts |= {"value": _shown(option, text), "default": option.default or EMPTY}
        if option.refuses and text:  # an empty value asks for nothing
            self._refuse(entry.place, rows.REFUSED, **facts)
        elif winner is not None and self._pc_name is not None:
            where = {"other": winner.place.layer.shown, "other_line": winner.place.line}
            self._note(entry.place, rows.BAD_VALUE_OTHER, **facts, **where)
        else:
            self._note(entry.place, rows.BAD_VALUE, **facts)

    def _take(self, line: SectionLine | KeyLine) -> None:
        """Read one more line."""
        if isinstance(line, SectionLine):
            self._open(line)
        elif self._section == _DIALECT:
            self._dialect_line(line)
        elif self._section:
            self._line(line)
        elif not self._ignoring:
            homes = self._homes(line.key)
            row = rows.KEY_BEFORE_SECTION if homes else rows.KEY_OF_NO_SECTION
            self._note(self._at(line), row, key=_shown_key(line), homes=homes)

    def _open(self, heading: SectionLine) -> None:
        name = narrow(heading.name)
        word, _, dialect = name.partition(" ")
        self._section, self._ignoring, self._rank = "", True, self._number
        section, pattern = split_heading(name)
        self._heading = section if pattern is None else f"{section}@{pattern}"
        if word.lower() == _DIALECT and dialect:
            self._section = _DIALECT
            # One section may stand in several places, and in any case.
            known = (*self._dialects, *self._dialect_lines)
            self._dialect = next((each for each in known if fold(each) == fold(dialect)), dialect.strip())
            self._dialect_lines.setdefault(self._dialect, {})
            self._dialect_sources[self._dialect, ""] = Source(self._layer, heading.number, name)
        elif section in self._options:
            if pattern == "":
                self._note(self._at(heading), rows.NO_PC, section=_short(name))
                return
            if pattern is not None and not self._is_meant(pattern):
                return
            self._section = section
            self._rank += _OF_A_PC if pattern is not None else 0
        else:
            near = nearest_name(section, self._options) if self._may_tell() else ""
            row = rows.UNKNOWN_SECTION_NEAR if near else rows.UNKNOWN_SECTION
            row = rows.UNKNOWN_SECTION_DIALECT if word.lower().startswith(_DIALECT) else row
            self._note(self._at(heading), row, section=_short(name), near=near)
            return
        if not heading.whole:
            self._note(self._at(heading), rows.NO_BRACKET, section=_short(name))

    def _is_meant(self, pattern: str) -> bool:
        """Whether a section is for this PC."""
        if self._pc_name is None:
            return True
        if self._pc is None:
            self._pc = lower(self._pc_name())
        return matches(pattern, self._pc)

    def _line(self, line: KeyLine) -> None:
        options = self._options[self._section]
        option = options.get(line.key)
        if option is None and not line.delimited:
            option = options.get(line.key.partition(" ")[0])
            if option is not None and option.refuses:
                self._refuse(self._at(line), rows.REFUSED_LINE, section=self._heading, key=option.key)
            else:
                key = option.key if option else mask_told(line.key)
                self._note(self._at(line), rows.NO_EQUALS, section=self._heading, key=key)
        elif option is None:
            homes = self._homes(line.key) if self._may_tell() else ""
            near = nearest_name(line.key, options) if self._may_tell() and not homes else ""
            row = rows.KEY_OF_OTHERS if homes else rows.UNKNOWN_KEY_NEAR if near else rows.UNKNOWN_KEY
            self._note(self._at(line), row, section=self._heading, key=_shown_key(line), homes=homes, near=near)
        else:
            entries = self._entries.setdefault(option, {}).setdefault(self._rank, [])
            before = next((each for each in reversed(entries) if each.heading == self._heading), None)
            if before is not None and option.text(before.raw) != option.text(line.raw):
                facts = {"section": self._heading, "key": option.key, "before": before.place.line}
                self._note(self._at(line), rows.TWICE, **facts)
            entries.append(_Entry(self._at(line), self._heading, line.raw))

    def _dialect_line(self, line: KeyLine) -> None:
        """A line that cannot be read makes the dialect unusable: without it, requests would be signed otherwise."""
        lines = self._dialect_lines[self._dialect]
        value = value_of(line.raw, Comment.DIALECT)
        self._dialect_sources[self._dialect, line.key] = Source(self._layer, line.number, f"{_DIALECT} {self._dialect}")
        row = None
        if not line.delimited:
            row = rows.DIALECT_NO_EQUALS
        elif not is_readable(line.key + value):
            row = rows.DIALECT_UNREADABLE
        elif lines.setdefault(line.key, value) != value:
            row = rows.DIALECT_TWICE
        if row:
            facts: dict[str, Any] = {"name": _short(self._dialect), "key": _shown_key(line)}
            error = HostError(row, file=self._layer.shown, line=line.number, **facts)
            self._dialect_problems.setdefault(self._dialect, error)
            self._note(self._at(line), row, **facts)

    def _set(self, values: dict[str, dict[str, object]], option: Option, text: str) -> None:
        """Set the value of `option`, unless `text` cannot stand there."""
        if option.problem(text) is None:
            values.setdefault(option.section, {})[option.attribute] = option.value(text, self._folder)

    def _homes(self, key: str) -> Bilingual:
        """The sections that a known key belongs to, if it is in the wrong one; "" if there is none, or too many."""
        homes = [f"[{name}]" for name, options in self._options.items() if key in options]
        return word_list(homes) if len(homes) < 3 else NOTHING

    def _may_tell(self) -> bool:
        return len(self._problems) < _PROBLEMS

    def _at(self, line: SectionLine | KeyLine) -> _Place:
        """Where a line of this layer stands."""
        return _Place(self._number, self._layer, line.number)

    def _refuse(self, place: _Place, row: Message, **facts: Any) -> None:
        """Note a problem that refuses every call."""
        if len(self._refusals) < _PROBLEMS:
            error = HostError(row, file=place.layer.shown, line=place.line, **facts)
            self._refusals.append((place.number, place.line, error))
        self._note(place, row, **facts)

    def _note(self, place: _Place, row: Message, **facts: object) -> None:
        if self._may_tell():
            told = row.told(file=place.layer.shown, line=place.line, **facts)
            self._problems.append((place.number, place.line, told))
        else:
            self._untold += 1


def _shown(option: Option, text: str) -> str:
    """A value as a problem may show it."""
    shown = option.shown(text)
    return (mask_told(text) if shown is None else shown) if text else EMPTY


def _short(name: str) -> str:
    return name if len(name) <= 40 and is_readable(name) else mask_told(name)


def _shown_key(line: KeyLine) -> str:
    """The name of a key: hidden if it may be something else, say a key for signing."""
    return line.key if 0 < len(line.key) <= _NAME_LENGTH and line.key.isprintable() else mask_told(line.key)


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The known name that `name` may be meant for; "" if none is near."""
    from difflib import get_close_matches  # only for a file that has a problem

    matches = get_close_matches(name.lower()[:_NAME_LENGTH], known, 1)
    return matches[0] if matches else ""
