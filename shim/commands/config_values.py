"""The settings in force as text, each with its place, secrets masked; which key a word means. Not a command.

A value is shown as it stands in the file, not as the program reads it: what is shown can be written.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from shim import configuration
from shim.commands.catalogue import config as phrases
from shim.commands.config_dialects import DialectOption, dialect_option, find_dialect_option
from shim.commands.language import joined
from shim.commands.machine import CommandFailed
from shim.configuration import Configuration
from shim.settings.file import UnreadableFile, read_file
from shim.settings.layers import Source
from shim.settings.lines import KeyLine, fold, read_lines
from shim.settings.option import Option

MASK = "******"
_SECRETS = frozenset({("tools", "key"), ("bridge", "token")})
_USER = re.compile(r"(?<=//)[^/@\s]+@|^[^/@\s]+:[^/@\s]*@")  # of an address with a password


class NoSuchKey(CommandFailed):
    """There is no such key, or several; the text says which are meant."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key.

    Attributes:
        section, key: its name; the section of a dialect is ``dialect NAME``.
        value: in force on this PC, as text, masked if it is a secret.
        default: for the key of a dialect that of its base; None for a key that no dialect has.
        source: where it was read; None for a default.
        live: a change counts from the next call on.
    """

    section: str
    key: str
    value: str
    default: str | None
    source: Source | None
    live: bool = False

    @property
    def name(self) -> str:
        """As it is written on the command line."""
        return f"{self.section}.{self.key}"

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        source = self.source
        place = None if source is None else {
            "layer": source.layer.name, "file": str(source.layer.path), "line": source.line, "section": source.heading,
        }  # fmt: skip
        return {
            "section": self.section, "key": self.key, "value": self.value, "default": self.default, "source": place,
            "live": self.live,
        }  # fmt: skip


def add_key_word(parser: argparse.ArgumentParser) -> None:
    """Add the name of a key, which the shell completes."""
    action = parser.add_argument("name", metavar="KEY", help=phrases.KEY())
    action.words = [f"{row.section}.{row.key}" for row in configuration.options()]  # type: ignore[attr-defined]


def settings_in_force(settings: Configuration) -> Iterator[Setting]:
    """Every key, in the order of the file, then those of dialects."""
    for option in configuration.options():
        yield setting_of(option, settings)
    for (name, key), source in settings.dialect_sources.items():
        known = dialect_option(name, key, settings)
        if known is not None:
            yield setting_of(known, settings)
        elif key:
            value = settings.dialects.get(name, {}).get(key, "")
            yield Setting(f"dialect {name}", key, _masked(value, True), None, source)  # it may be a slip for app_key


def setting_of(option: Option, settings: Configuration) -> Setting:
    """One key of `settings`, which must have been read from files."""
    if isinstance(option, DialectOption):
        source = settings.dialect_sources.get((option.name, option.key))
        text = settings.dialects.get(option.name, {}).get(option.key, option.default)
        return Setting(option.section, option.key, _masked(text, option.row.secret), option.default, source)
    source = settings.sources.get((option.section, option.key))
    text = option.default if source is None else _text_at(source, option)
    return Setting(option.section, option.key, _masked(text, is_secret(option)), option.default, source, option.live)


def is_secret(option: Option) -> bool:
    """Whether a value may neither be shown nor be a word of a command line, which other programs can read."""
    if isinstance(option, DialectOption):
        return option.row.secret
    return (option.section, option.key) in _SECRETS


def _masked(text: str, secret: bool) -> str:
    return MASK if secret and text else _USER.sub(f"{MASK}@", text)


def _text_at(source: Source, option: Option) -> str:
    entry = _entries(source.layer.path, source.layer.shown).get(source.line)
    return option.default if entry is None else option.text(entry.raw)


@cache
def _entries(path: Path, shown: str) -> Mapping[int, KeyLine]:
    lines: list[str] = []
    with suppress(UnreadableFile):  # it was just read
        lines = read_file(path, shown)
    return {entry.number: entry for entry in read_lines(lines) if isinstance(entry, KeyLine)}


def forget_files() -> None:
    """Read files anew from now on."""
    _entries.cache_clear()


def find_key(word: str, settings: Configuration, *, new: bool = False) -> Option:
    """As `find_option`, and the key of a dialect.

    Args:
        new: the dialect may be one that is not there yet.

    Raises:
        NoSuchKey, NoSuchDialectKey: the text names what is nearest.
    """
    return find_dialect_option(word, settings, new=new) or find_option(word)


def find_option(word: str) -> Option:
    """The key that a word means: ``scanner.port``, ``[scanner] port``, or ``port`` where one section has it.

    Raises:
        NoSuchKey: the text names what is nearest, or which sections have it.
    """
    section, _, key = fold(word.replace("]", ".").replace("[", "")).rpartition(".")
    section, key = section.strip(), key.strip()
    options = configuration.options()
    matches = [row for row in options if row.key == key and section in ("", row.section)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise NoSuchKey(phrases.SEVERAL(word=word, names=joined(f"{row.section}.{row.key}" for row in matches)))
    names = {f"{row.section}.{row.key}": row for row in options}
    parts = {row.key: name for name, row in names.items()}
    near = get_close_matches(f"{section}.{key}" if section else key, [*names, *parts], 1)
    name = parts.get(near[0], near[0]) if near else ""
    raise NoSuchKey(phrases.NO_KEY_NEAR(word=word, near=name) if name else phrases.NO_KEY(word=word))
