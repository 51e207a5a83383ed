"""What a check finds: a row with its texts, and the facts of this PC in them. No logic.

A row is a constant of the check's module; its name there is its name in ``--json``, so that it does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from functools import cached_property
from pathlib import Path

from shim import configuration
from shim.commands.language import CommandLanguage, Phrase, current_language
from shim.configuration import Configuration


@unique
class Level(Enum):
    """How bad a finding is. From `WARNING` on the command's exit code says so."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def is_bad(self) -> bool:
        """Whether something is to be done."""
        return self in (Level.WARNING, Level.ERROR)


@dataclass(frozen=True)
class FindingRow:
    """A kind of finding.

    Attributes:
        name: of the row, with that of its check before it, as in ``files.changed``.
        what: what was found.
        meaning: what follows from it; None where that is plain.
        remedy: what to do; None where there is nothing to do.
    """

    name: str
    level: Level
    what: Phrase
    meaning: Phrase | None = None
    remedy: Phrase | None = None

    @property
    def help_place(self) -> str:
        """Where the finding is explained: a place in help.html of the set. Only findings with a remedy have one."""
        return f"help.html#doctor.{self.name}" if self.remedy is not None else ""

    def __call__(self, **facts: object) -> CheckFinding:
        """A finding of this kind; the facts are those of its texts."""
        return CheckFinding(self, facts)


@dataclass(frozen=True)
class CheckFinding:
    """One finding on this PC."""

    row: FindingRow
    facts: Mapping[str, object] = field(default_factory=dict)

    def text(self, phrase: Phrase | None, language: CommandLanguage | None = None) -> str:
        """One of the row's texts with the facts in it, in the language of this run or in another; "" for none."""
        return "" if phrase is None else phrase.within(language or current_language(), **self.facts)

    @property
    def plain_facts(self) -> dict[str, str]:
        """The facts for programs, which do not depend on the language of the run: a phrase in English."""
        return {name: value.en if isinstance(value, Phrase) else str(value) for name, value in self.facts.items()}


NOT_OF_ACCOUNT = frozenset({"key", "biz_content", "method", "timestamp", "sign"})
"""The fields of an InData that belong to one request, or are secret."""


@dataclass(frozen=True)
class SigningAccount:
    """With what a signed request is made. Its key is in no text of a finding.

    Attributes:
        fields: those of an InData without `NOT_OF_ACCOUNT`: app_id, term_id and the like.
    """

    fields: Mapping[str, str]
    key: str = field(repr=False)


@dataclass(frozen=True)
class Place:
    """What is examined.

    Attributes:
        folder: that of the DLLs and of vcshim.ini.
        runtime: the set that the DLLs there would load.
        urls: addresses of platforms besides those that the settings and the log have; as the host passes strUrl.
        account: for a signed request; None for none.
    """

    folder: Path
    runtime: Path
    urls: tuple[str, ...] = ()
    account: SigningAccount | None = None

    @cached_property
    def settings(self) -> Configuration:
        """The settings in force, read once for all checks."""
        return configuration.read(self.folder)

    @property
    def help_file(self) -> Path | None:
        """The help of the set, in which each finding has its place; None for a set without one."""
        path = self.runtime.absolute() / "help.html"
        return path if path.is_file() else None


@dataclass(frozen=True)
class Check:
    """One thing that is looked at. `look` may raise nothing; it yields no finding where it does not apply."""

    title: Phrase
    look: Callable[[Place], Iterable[CheckFinding]]
