"""Changes to the files of a HIS folder that all happen or all do not, also if the process is killed between them.

First the new files are written, and the old ones copied, beside each other in the setup folder, which may fail and
changes nothing. Then the list of changes is put there. From then on there are only renamings: each change is one, and
so is undoing it, so that a full disk cannot stop either. Renaming the list is the moment from which the changes stay.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, unique
from pathlib import Path

from shim.install.disk import SetupDisk, checksum_of

_LIST, _KEPT_LIST = "changes.json", "changes-done.json"
_NEXT, _BEFORE = "next", "before"


@dataclass(frozen=True)
class FileChange:
    """What a file is to become: a copy of another, bytes, or nothing. `path` is in the HIS folder, with `/`."""

    path: str
    content: Path | bytes | None


@unique
class Recovered(Enum):
    """What was found of an earlier run."""

    NOTHING = "nothing"
    UNDONE = "undone"
    FINISHED = "finished"


@dataclass(frozen=True)
class _Step:
    path: str
    before: str  # SHA-256, "" for no file
    after: str


class Transaction:
    """The changes of one run. One thread; one process in a folder at a time, which the caller sees to."""

    def __init__(self, folder: Path, setup: Path, disk: SetupDisk) -> None:
        self._folder, self._setup, self._disk = folder, setup, disk
        self._steps: list[_Step] = []

    def recover(self) -> Recovered:
        """Undo or finish what an earlier run has left."""
        if (self._setup / _KEPT_LIST).exists():
            self._clean()
            return Recovered.FINISHED
        if not (self._setup / _LIST).exists():
            self._clean()
            return Recovered.NOTHING
        rows = json.loads((self._setup / _LIST).read_text("utf-8"))
        self._steps = [_Step(row["path"], row["before"], row["after"]) for row in rows]
        self.undo()
        return Recovered.UNDONE

    def prepare(self, changes: Sequence[FileChange]) -> bool:
        """Put new and old files side by side, and the list of changes. False if there is nothing to change."""
        for folder in (_NEXT, _BEFORE):
            self._disk.make_folder(self._setup / folder)
        steps: list[_Step] = []
        for change in changes:
            step = self._prepared(change, len(steps))
            if step.before != step.after:
                steps.append(step)
        if not steps:
            self._clean()
            return False
        text = json.dumps([{"path": step.path, "before": step.before, "after": step.after} for step in steps], indent=1)
        self._disk.write(self._setup / _NEXT / _LIST, text.encode())
        self._disk.move(self._setup / _NEXT / _LIST, self._setup / _LIST)
        self._steps = steps
        return True

    def apply(self) -> None:
        """Carry the changes out, in their order. OSError where one fails: call `undo`."""
        for number, step in enumerate(self._steps):
            if step.after:
                self._disk.make_folder((self._folder / step.path).parent)
                self._disk.move(self._new(number), self._folder / step.path)
            else:
                self._disk.remove(self._folder / step.path)

    def undo(self) -> None:
        """Put everything back, the last change first. May be repeated. OSError where something cannot be put back."""
        for number, step in reversed(list(enumerate(self._steps))):
            path = self._folder / step.path
            if checksum_of(path) == step.before:
                continue
            if step.before:
                self._disk.move(self._old(number), path)
            else:
                self._disk.remove(path)
        self._disk.remove(self._setup / _LIST)
        self._clean()

    def keep(self) -> None:
        """From now on the changes stay. What cannot be cleaned up is left to the next run."""
        self._disk.move(self._setup / _LIST, self._setup / _KEPT_LIST)
        with suppress(OSError):
            self._clean()

    def _prepared(self, change: FileChange, number: int) -> _Step:
        live, before, after = self._folder / change.path, "", ""
        if live.exists():
            before = self._disk.copy(live, self._old(number))
        if isinstance(change.content, bytes):
            self._disk.write(self._new(number), change.content)
            after = checksum_of(self._new(number))
        elif change.content is not None:
            after = self._disk.copy(change.content, self._new(number))
        return _Step(change.path, before, after)

    def _new(self, number: int) -> Path:
        return self._setup / _NEXT / str(number)

    def _old(self, number: int) -> Path:
        return self._setup / _BEFORE / str(number)

    def _clean(self) -> None:
        """Remove what is not needed any more; the list last, so that a run that is killed here is finished."""
        for folder in (_NEXT, _BEFORE):
            self._disk.remove_folder(self._setup / folder)
        self._disk.remove(self._setup / _KEPT_LIST)
