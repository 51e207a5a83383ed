"""What a PC keeps of the hospital's settings: the last good file as it came, and what became of the last look.

Both are local to this PC and user, and replaced as a whole: whoever reads them, in Python or C, finds the old or the
new one. Of two programs that take the settings at once the later one wins, with a file as good as the other's. Not
whether a file is good (`take`). Used by `take`, `watch` and the command `vcshim fleet`.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from shim.bilingual import Bilingual
from shim.configuration import FLEET_FILE
from shim.fleet.document import FleetDocument, parse_document
from shim.fleet.refusal import NOT_KEPT, Refused
from shim.folders import local_data
from shim.settings.file import SIZE_LIMIT

# A reader that has the file open may keep Windows from replacing it.
_TRIES, _PAUSE_SECONDS = 20, 0.05


class FleetStore:
    """The files in `folder`; None for the folder that settings are read from. Any thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = local_data().joinpath(*FLEET_FILE) if folder is None else folder / FLEET_FILE[-1]
        self._state = self._file.with_suffix(".json")

    @property
    def file(self) -> Path:
        """The last good file."""
        return self._file

    def data(self) -> bytes | None:
        """The last good file as it came; None if there is none that can be read."""
        try:
            with self._file.open("rb") as file:
                return file.read(SIZE_LIMIT + 1)
        except OSError:
            return None

    def document(self) -> FleetDocument | None:
        """The last good file taken apart; None if there is none, or it was damaged since."""
        try:
            return parse_document(self.data() or b"")
        except Refused:
            return None

    def stage(self, data: bytes) -> Path:
        """Write a file beside the last good one, to be looked through and then kept or discarded.

        Raises:
            Refused: NOT_KEPT, with what the system says.
        """
        try:
            return _staged(self._file, data)
        except OSError as error:
            raise _not_kept(error) from error

    def keep(self, staged: Path) -> None:
        """Make a staged file the last good one. Raises as `stage`."""
        try:
            _replace(staged, self._file)
        except OSError as error:
            raise _not_kept(error) from error

    def discard(self, staged: Path) -> None:
        """Remove a staged file; never raises."""
        with contextlib.suppress(OSError):
            staged.unlink(missing_ok=True)

    def forget(self) -> None:
        """Remove the last good file and the state. OSError if they are there and stay."""
        self._file.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)

    def state(self) -> dict[str, object]:
        """What `note` wrote last; empty if there is nothing."""
        try:
            state = json.loads(self._state.read_bytes())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def told(self) -> Bilingual:
        """What the last look found; empty if there was none. One of an older vcshim has Chinese only."""
        state = self.state()
        text = str(state.get("text") or "")
        return Bilingual(text, str(state.get("english") or text))

    def note(self, state: Mapping[str, object]) -> None:
        """Write down what became of a look. Never raises: `vcshim fleet status` then shows an older one."""
        with contextlib.suppress(OSError):
            _replace(_staged(self._state, json.dumps(dict(state), ensure_ascii=False).encode()), self._state)


def _not_kept(error: OSError) -> Refused:
    return Refused(NOT_KEPT, why=_system_error(error))


def _staged(target: Path, data: bytes) -> Path:
    """A new file beside `target`, its bytes on the disk. OSError leaves none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f"{target.stem}-{os.getpid()}-{time.monotonic_ns()}.tmp")
    file = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fsync(file)
        finally:
            os.close(file)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    return staged


def _replace(staged: Path, target: Path) -> None:
    for attempt in range(_TRIES):
        try:
            os.replace(staged, target)
            return
        except OSError as error:
            if attempt + 1 == _TRIES or not isinstance(error, PermissionError):
                staged.unlink(missing_ok=True)
                raise
            time.sleep(_PAUSE_SECONDS)


def _system_error(error: OSError) -> Bilingual:
    number = getattr(error, "winerror", None) or error.errno
    return Bilingual(f"系统错误 {number}", f"system error {number}")
