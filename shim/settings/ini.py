"""Reads vcshim.ini into sections, and writes the commented template of it.

A line that cannot be used costs that line only, and becomes a problem: a sentence in Chinese for the log, the command
line and the first failure of the process. A value that is not understood leaves its key at the default, except where
the option `refuses`, and except for a file that cannot be read at all: those are refusals, and no call is made.

The [abi] keys are also read by native/settings.c, which must obey them when Python is not there; one table of cases
(tests/vectors/ini_abi.json) holds both readers together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shim.errors import HostError, Message, mask
from shim.messages import settings as rows
from shim.settings.file import UnreadableFile, read_file
from shim.settings.lines import Comment, KeyLine, SectionLine, fold, is_readable, narrow, read_lines, value_of
from shim.settings.option import Option, Section

FILE_NAME = "vcshim.ini"
_DIALECT = "dialect"
_EMPTY = "（空）"
_PROBLEMS = 50  # sentences; a file that is something else has one in every line
_NAME_LENGTH = 24  # a longer name of a key may be a secret that stands on a line by itself

Overrides = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an ini text says.

    Attributes:
        values: the values of the keys that are set and understood, by section and attribute.
        problems: all that is wrong, in the order of the lines; sentences in Chinese.
        refusals: those of them that refuse every call.
        refusal: what to raise for them; None if calls may be made.
        unreadable: the file itself cannot be read, which may be over at the next call. It is the only refusal then.
        dialects: the sections ``[dialect NAME]`` as they stand; what their keys mean is known to shim/dialects only.
        dialect_problems: for sections with a line that cannot be read, what to raise for the first of them.
    """

    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    refusal: HostError | None = None
    unreadable: bool = False
    dialects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dialect_problems: Mapping[str, HostError] = field(default_factory=dict)


def read_ini(folder: Path, sections: Sequence[type[Section]], overrides: Overrides | None = None) -> Parsed:
    """Read `folder`/vcshim.ini; all defaults if there is none. Never raises for what the file holds.

    Args:
        overrides: values that take the place of those in the file, by section and key.
    """
    try:
        lines = read_file(folder / FILE_NAME)
    except UnreadableFile as error:
        return _Reading(sections, folder).finished(overrides or {}, error)
    return parse_ini(lines, sections, folder.absolute(), overrides)


def parse_ini(
    lines: Iterable[str], sections: Sequence[type[Section]], folder: Path, overrides: Overrides | None = None
) -> Parsed:
    """Read the lines of an ini; see `read_ini`. Relative paths in it are beside `folder`."""
    reading = _Reading(sections, folder)
    for line in read_lines(lines):
        reading.take(line)
    return reading.finished(overrides or {})


def ini_template(sections: Sequence[type[Section]]) -> str:
    """vcshim.ini as it ships: every key commented out with its default, so that deleting the file changes nothing."""
    lines = [
        "; vcshim.ini：vcshim 的设置。可以没有这个文件，每一项都有默认值。",
        "; 要改哪一项，就去掉那一行行首的分号，再改等号后面的值；改后须重新启动医院程序。",
        "; 用记事本以任何编码保存都可以。值后面空一格写分号，其后是注释。",
        "; 最常改的几项：[scanner] type、port、make 扫码枪；[label] type、printer 标签打印机；",
        ";   [screen] monitor 扩展屏；[transport] proxy 代理；[wire] dialect 报文格式。",
        "; 写错的行不影响其他行，日志会写明第几行、应该怎么写。",
    ]
    for section in sections:
        lines += ["", f"[{section.NAME}]"]
        for option in section.options():
            lines += [f"; {option.described}", f";{option.key} = {option.default}".rstrip()]
    return "\n".join(lines) + "\n"


class _Reading:
    """The lines that were read so far, and what is wrong with them."""

    def __init__(self, sections: Sequence[type[Section]], folder: Path) -> None:
        self._options = {section.NAME: {each.key: each for each in section.options()} for section in sections}
        self._folder = folder
        self._section = ""  # the known section that the next line belongs to, _DIALECT, or "" for none
        self._dialect = ""
        self._ignoring = False  # the lines belong to a section that has been reported already
        self._entries: dict[Option, KeyLine] = {}  # the last line of each key: that one counts
        self._dialects: dict[str, dict[str, str]] = {}
        self._dialect_problems: dict[str, HostError] = {}
        self._problems: list[tuple[int, str]] = []
        self._refusals: list[tuple[int, HostError]] = []
        self._untold = 0

    def take(self, line: SectionLine | KeyLine) -> None:
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
            self._note(line, row, key=_shown_key(line), homes=homes)

    def finished(self, overrides: Overrides, unreadable: UnreadableFile | None = None) -> Parsed:
        """What all lines say; nothing of a file that is `unreadable`."""
        values: dict[str, dict[str, object]] = {}
        for option, entry in self._entries.items():
            text = option.text(entry.raw)
            problem = self._set(values, option, text)
            if problem is None:
                continue
            facts: dict[str, Any] = {"section": option.section, "key": option.key, "problem": problem}
            facts |= {"value": _shown(option, text), "default": option.default or _EMPTY}
            if option.refuses and text:  # an empty value asks for nothing
                self._refuse(entry, rows.REFUSED, **facts)
            else:
                self._note(entry, rows.BAD_VALUE, **facts)
        for (section, key), text in overrides.items():
            self._set(values, self._options[section][key], text)
        if unreadable:
            told = (unreadable.message,)
            return Parsed(values, told, told, unreadable, True)
        problems = [sentence for _, sentence in sorted(self._problems)]
        if self._untold:
            problems.append(rows.MORE.engineer.format(count=self._untold))
        refused = [error for _, error in sorted(self._refusals, key=lambda pair: pair[0])]
        refusal = refused[0] if refused else None
        if len(refused) > 1:
            refusal = HostError(rows.REFUSED_MORE, first=refused[0].message, count=len(refused))
        refusals = tuple(error.message for error in refused)
        return Parsed(values, tuple(problems), refusals, refusal, False, self._dialects, self._dialect_problems)

    def _open(self, heading: SectionLine) -> None:
        name = narrow(heading.name)
        word, _, dialect = name.partition(" ")
        self._section, self._ignoring = "", True
        if word.lower() == _DIALECT and dialect:
            self._section = _DIALECT
            # One section may stand in several places, and in any case.
            self._dialect = next((known for known in self._dialects if fold(known) == fold(dialect)), dialect.strip())
            self._dialects.setdefault(self._dialect, {})
        elif name.lower() in self._options:
            self._section = name.lower()
        else:
            near = _nearest(name, self._options) if self._may_tell() else ""
            row = rows.UNKNOWN_SECTION_NEAR if near else rows.UNKNOWN_SECTION
            row = rows.UNKNOWN_SECTION_DIALECT if word.lower().startswith(_DIALECT) else row
            self._note(heading, row, section=_short(name), near=near)
            return
        if not heading.whole:
            self._note(heading, rows.NO_BRACKET, section=_short(name))

    def _line(self, line: KeyLine) -> None:
        options = self._options[self._section]
        option = options.get(line.key)
        if option is None and not line.delimited:
            option = options.get(line.key.partition(" ")[0])
            if option is not None and option.refuses:
                self._refuse(line, rows.REFUSED_LINE, section=self._section, key=option.key)
            else:
                key = option.key if option else mask(line.key)
                self._note(line, rows.NO_EQUALS, section=self._section, key=key)
        elif option is None:
            homes = self._homes(line.key) if self._may_tell() else ""
            near = _nearest(line.key, options) if self._may_tell() and not homes else ""
            row = rows.KEY_OF_OTHERS if homes else rows.UNKNOWN_KEY_NEAR if near else rows.UNKNOWN_KEY
            self._note(line, row, section=self._section, key=_shown_key(line), homes=homes, near=near)
        else:
            before = self._entries.pop(option, None)
            if before is not None and option.text(before.raw) != option.text(line.raw):
                self._note(line, rows.TWICE, section=self._section, key=option.key, before=before.number)
            self._entries[option] = line

    def _dialect_line(self, line: KeyLine) -> None:
        """A line that cannot be read makes the dialect unusable: without it, requests would be signed otherwise."""
        lines = self._dialects[self._dialect]
        value = value_of(line.raw, Comment.DIALECT)
        row = None
        if not line.delimited:
            row = rows.DIALECT_NO_EQUALS
        elif not is_readable(line.key + value):
            row = rows.DIALECT_UNREADABLE
        elif lines.setdefault(line.key, value) != value:
            row = rows.DIALECT_TWICE
        if row:
            facts: dict[str, Any] = {"name": _short(self._dialect), "key": _shown_key(line)}
            self._dialect_problems.setdefault(self._dialect, HostError(row, line=line.number, **facts))
            self._note(line, row, **facts)

    def _set(self, values: dict[str, dict[str, object]], option: Option, text: str) -> str | None:
        """Set the value of `option`; why it cannot be set, in Chinese."""
        problem = option.problem(text)
        if problem is None:
            values.setdefault(option.section, {})[option.attribute] = option.value(text, self._folder)
            return None
        return problem

    def _homes(self, key: str) -> str:
        """The sections that a known key belongs to, if it is in the wrong one; "" if there is none, or too many."""
        homes = [f"[{name}]" for name, options in self._options.items() if key in options]
        return "、".join(homes) if len(homes) < 3 else ""

    def _may_tell(self) -> bool:
        return len(self._problems) < _PROBLEMS

    def _refuse(self, line: KeyLine, row: Message, **facts: Any) -> None:
        """Note a problem that refuses every call."""
        if len(self._refusals) < _PROBLEMS:
            self._refusals.append((line.number, HostError(row, line=line.number, **facts)))
        self._note(line, row, **facts)

    def _note(self, line: SectionLine | KeyLine, row: Message, **facts: object) -> None:
        if self._may_tell():
            self._problems.append((line.number, row.engineer.format(line=line.number, **facts)))
        else:
            self._untold += 1


def _shown(option: Option, text: str) -> str:
    """A value as a problem may show it."""
    shown = option.shown(text)
    return (mask(text) if shown is None else shown) if text else _EMPTY


def _short(name: str) -> str:
    return name if len(name) <= 40 and is_readable(name) else mask(name)


def _shown_key(line: KeyLine) -> str:
    """The name of a key: hidden if it may be something else, say a key for signing."""
    return line.key if 0 < len(line.key) <= _NAME_LENGTH and line.key.isprintable() else mask(line.key)


def _nearest(name: str, known: Iterable[str]) -> str:
    """The known name that `name` may be meant for; "" if none is near."""
    from difflib import get_close_matches  # only for a file that has a problem

    matches = get_close_matches(name.lower()[:_NAME_LENGTH], known, 1)
    return matches[0] if matches else ""
