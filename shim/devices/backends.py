"""The back ends of a kind of device as rows: imported when chosen, and able to say why they cannot be used here.

A row's `make` imports its module itself, so that a PC without a scanner loads nothing of one. The words and the help
text of the setting that chooses one come from the rows; `survey` is for diagnosis.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from shim.bilingual import Bilingual, filled, word_list
from shim.devices.base import UnusableSetting

Factory = TypeVar("Factory")

_SYSTEMS = {"win32": "Windows", "linux": "Linux"}


class Lack:
    """What a back end lacks on this PC; false if nothing.

    NB: not a dataclass: every host that has a device imports this module (settings/option.py has the figures).

    Attributes:
        systems: those that it is for, if this is none of them.
        libraries: modules that are not installed.
    """

    __slots__ = ("libraries", "systems")

    def __init__(self, systems: tuple[str, ...] = (), libraries: tuple[str, ...] = ()) -> None:
        self.systems = systems
        self.libraries = libraries

    def __bool__(self) -> bool:
        return bool(self.systems or self.libraries)


@dataclass(frozen=True, slots=True)
class BackEnd(Generic[Factory]):
    """One back end.

    Attributes:
        word: what the setting calls it, such as ``hidpos``.
        title: what it is, in Chinese, for help texts and pages.
        make: builds it from the settings of its section; its signature is that of its kind of device.
        systems: where it exists, as sys.platform says; empty for everywhere.
        libraries: modules that it imports and that an installation may lack.
    """

    word: str
    title: str
    make: Factory
    systems: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()

    def unavailable(self) -> Bilingual | None:
        """Why it cannot be used on this PC, as a sentence; None if it can. Opens and imports nothing."""
        lack = self.lack()
        if lack.systems:
            return filled("只用于 {systems}", "works on {systems} only", {"systems": word_list(lack.systems)})
        if lack.libraries:
            return filled(
                "安装不完整，缺少 {libraries}，请重新安装 vcshim 文件夹",
                "cannot be used: {libraries} is missing from this installation; install the vcshim folder again",
                {"libraries": word_list(lack.libraries)},
            )
        return None

    def lack(self) -> Lack:
        """What keeps it from being used on this PC, as names. Opens and imports nothing."""
        if self.systems and sys.platform not in self.systems:
            return Lack(systems=tuple(_SYSTEMS.get(name, name) for name in self.systems))
        return Lack(libraries=tuple(name for name in self.libraries if not _is_installed(name)))


def words_of(rows: Iterable[BackEnd[Factory]]) -> tuple[str, ...]:
    """The words of a setting that names one of `rows`, or none."""
    return ("none", *(row.word for row in rows))


def choices_help(rows: Iterable[BackEnd[Factory]]) -> str:
    """The same words with what they mean, for a help text."""
    return "；".join(("none 没有", *(f"{row.word} {row.title}" for row in rows)))


def chosen(rows: Iterable[BackEnd[Factory]], key: str, word: str) -> BackEnd[Factory]:
    """The row that the setting `key` names by `word`, which must be one of the words.

    Raises:
        UnusableSetting: it cannot be used on this PC.
    """
    row = next(row for row in rows if row.word == word)
    reason = row.unavailable()
    if reason is not None:
        raise UnusableSetting("{key} = {word} {reason}", "{key} = {word} {reason}", key=key, word=word, reason=reason)
    return row


def survey(rows: Iterable[BackEnd[Factory]]) -> Mapping[str, Bilingual | None]:
    """Every back end by its word, and why it cannot be used on this PC; None if it can."""
    return {row.word: row.unavailable() for row in rows}


def _is_installed(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # a parent package is missing, or a module in the middle of its import
        return False
