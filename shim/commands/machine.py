"""What a run with --json gathers for the program that reads it: facts by name, and the data that the command writes.

Not a command. `shim/cli.py` adds --json to every command (`JSON`), opens a gathering for a run that has the word, and
prints at its end one object: the command, the exit code, what was told, what was written as data. A command whose
answer has a form of its own prints that instead (`console.write_json`). Nothing in it depends on the language of the
run: sentences go to stderr. Names stay as they are from version to version; new ones may be added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

JSON = "--json"


@dataclass(slots=True)
class Gathering:
    """What a run has told so far.

    Attributes:
        facts: by name.
        data: what was written as data, piece by piece.
        is_written: the command has printed JSON of its own.
    """

    facts: dict[str, object] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    is_written: bool = False

    def whole(self, command: str, code: int) -> dict[str, object]:
        """The object that is printed at the end."""
        told: dict[str, object] = {"command": command, "exit_code": code, **self.facts}
        return {**told, "data": "".join(self.data)} if self.data else told


_open: Gathering | None = None


@contextmanager
def gathering(wanted: bool) -> Iterator[Gathering | None]:
    """Gather while the command runs, if that is wanted."""
    global _open
    before, _open = _open, Gathering() if wanted else None
    try:
        yield _open
    finally:
        _open = before


def gathered() -> Gathering | None:
    """The gathering of this run; None for a run whose reader is a person."""
    return _open


class CommandFailed(Exception):
    """A command cannot go on; the text is the sentence. The name of the class is the word for programs."""


def tell_failure(error: Exception) -> None:
    """Tell why the command fails: file_missing, the name of the row in docs/messages.md, or that of the exception."""
    why = getattr(error, "why", None)
    if why is not None and type(error).__name__ == "FileProblem":
        tell(error=f"file_{why.name.lower()}")
        return
    key = getattr(getattr(error, "row", None), "key", "")
    tell(error=key or re.sub("(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower())


def tell(**facts: object) -> None:
    """Tell facts to a program; nothing happens in a run for people. What JSON has no form for becomes text."""
    if _open is not None:
        _open.facts.update(facts)
