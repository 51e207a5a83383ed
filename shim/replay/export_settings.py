"""The settings of an export: what its calls are reproduced with, secrets and private texts replaced.

The text is a vcshim.ini that holds only what decides about bytes, so that the export can be replayed anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shim.capture.record import CapturedCall
from shim.configuration import Configuration
from shim.dialects.dialect import DIALECT_COLUMNS, Dialect
from shim.dialects.made import LiveMaker, MadeRule, Maker, fits, parts_of
from shim.dialects.table import DIALECTS, changed_lines
from shim.replay.pseudonyms import Pseudonyms
from shim.replay.recorded import RecordedMaker
from shim.settings.lines import Comment, KeyLine, SectionLine, fold, read_lines, value_of
from shim.settings.pairs import read_pairs, write_pairs

NAME = "export"
"""The name of the dialect in an export."""

_SECTIONS = ("wire", "abi", "validate", "terminal")
_TEXT_RULE = re.compile(r"(^|\+)text:([^+]*)")
_MADE_KEYS = frozenset({"added", "filled", "out_added", "ec_added", "ec_filled", "ec_out_added"})
_HEADER_KEYS = frozenset({"headers", "ec_headers"})
_VALUE_KEYS = frozenset({"record_no", "mac", "ip"})


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """The text of the settings, and the rules for values that changed: new ones to old ones."""

    ini: str
    rules: Mapping[str, str] = field(default_factory=dict)

    def maker(self, recorded: RecordedMaker, pseudonyms: Pseudonyms, call: CapturedCall) -> Maker:
        """A maker whose values are the stand-ins of those that the vendor's DLL made."""
        return _ExportMaker(recorded, pseudonyms, call, self.rules)


def export_settings(
    settings: Configuration, ini: str, dialect: Dialect | None, pseudonyms: Pseudonyms
) -> ExportSettings:
    """The settings for an export of calls that `settings`, whose text is `ini`, reproduce."""
    rules: dict[str, str] = {}
    lines: list[str] = []
    section = ""
    for line in read_lines(ini.splitlines()):
        if isinstance(line, SectionLine):
            section = fold(line.name) if fold(line.name) in _SECTIONS else ""
            if section:
                lines.append(f"[{section}]")
        elif section and not (section == "wire" and line.key == "dialect"):
            lines.append(f"{line.key} = {_setting(line, pseudonyms, rules)}")
    if dialect is None:
        return ExportSettings("\n".join([*lines, ""]), rules)
    if DIALECTS.get(dialect.name) is dialect:
        return ExportSettings("\n".join(["[wire]", f"dialect = {dialect.name}", *lines, ""]), rules)
    new = _dialect(dialect, pseudonyms, rules)
    rows = [f"{key} = {value}" for key, value in changed_lines(new).items()]
    heading = ["[wire]", f"dialect = {NAME}", *lines, f"[dialect {NAME}]", *rows, ""]
    return ExportSettings("\n".join(heading), rules)


def _setting(line: KeyLine, pseudonyms: Pseudonyms, rules: dict[str, str]) -> str:
    value = value_of(line.raw, Comment.TEXT)
    if line.key in _MADE_KEYS:
        return write_pairs(_pairs(read_pairs(value), pseudonyms, rules))
    if line.key in _HEADER_KEYS:
        return write_pairs(tuple((name, _header(text, pseudonyms, rules)) for name, text in read_pairs(value)))
    return pseudonyms.of(value, 0.0) if line.key in _VALUE_KEYS and value else value


def _dialect(dialect: Dialect, pseudonyms: Pseudonyms, rules: dict[str, str]) -> Dialect:
    """The dialect with other secrets and texts."""
    changes: dict[str, object] = {}
    for name, column in DIALECT_COLUMNS.items():
        value = getattr(dialect, name)
        if name in _MADE_KEYS:
            changes[name] = _pairs(value, pseudonyms, rules)
        elif name in _HEADER_KEYS:
            changes[name] = tuple((each, _header(text, pseudonyms, rules)) for each, text in value)
        elif any(key.secret for key in column.keys) and isinstance(value, str) and value:
            changes[name] = pseudonyms.of(value, 0.0)
    return replace(dialect, name=NAME, **changes)  # type: ignore[arg-type]


def _pairs(
    pairs: tuple[tuple[str, str], ...], pseudonyms: Pseudonyms, rules: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    made = []
    for name, rule in pairs:
        new = _TEXT_RULE.sub(lambda match: f"{match[1]}text:{pseudonyms.of(match[2], 0.0)}", rule)
        rules[new] = rule
        made.append((name, new))
    return tuple(made)


def _header(text: str, pseudonyms: Pseudonyms, rules: dict[str, str]) -> str:
    return pseudonyms.of(text, 0.0)


@dataclass(slots=True)
class _ExportMaker:
    """Makes the stand-in of what the vendor's DLL made."""

    recorded: RecordedMaker
    pseudonyms: Pseudonyms
    call: CapturedCall
    rules: Mapping[str, str]

    def value(self, name: str, rule: str) -> str:
        """See Maker."""
        old = self.rules.get(rule, rule)
        value = self.recorded.value(name, old)
        if not fits(old, value, self.call.began, self.call.ended):
            return LiveMaker().value(name, rule)
        match = re.fullmatch("".join(f"({row.pattern(argument)})" for row, argument in parts_of(old)), value)
        assert match is not None
        made = []
        for (row, _), (_, argument), part in zip(parts_of(old), parts_of(rule), match.groups(), strict=True):
            made.append(
                argument if row.name == "text" else part if row.name == "clock" else self._part(row, argument, part)
            )
        return "".join(made)

    def _part(self, row: MadeRule, argument: str, part: str) -> str:
        """The stand-in of a part: of the same form, if what any value of this kind would get breaks the rule."""
        rule = f"{row.name}:{argument}" if argument else row.name
        made = self.pseudonyms.of(part, self.call.began)
        if not fits(rule, made, self.call.began, self.call.ended):
            made = LiveMaker().value("", rule)
            self.pseudonyms.put(part, made)
        return made
