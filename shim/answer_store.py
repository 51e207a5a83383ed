"""Answers that did not fit into the host's buffer: saved so that nothing is lost, encrypted or not at all.

On Windows an answer is sealed with the user's own DPAPI key and written to their local application data; only the same
user of the same PC can open it (`vcshim kept`). Elsewhere there is no such key, and nothing is written. A full disk or
a refused encryption costs the saved copy, never the call. Used by abi through wiring, and by the command line.
"""

from __future__ import annotations

import sys
import time
import uuid
from pathlib import Path

_SUFFIX = ".sealed"
_LIFETIME_SECONDS = 7 * 86400


class AnswerStore:
    """The saved answers of this Windows user in `folder`. Any thread, any number of processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._swept = False

    def save(self, text: str) -> str | None:
        """Save an answer; the first call also deletes those that are older than a week. Never raises.

        Returns:
            The name under which `read` finds it; None if it could not be encrypted or written.
        """
        sealed = _seal(text.encode("utf-8", "replace"))
        if sealed is None:
            return None
        name = time.strftime("%Y%m%d-%H%M%S-") + uuid.uuid4().hex[:8]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self._file(name).write_bytes(sealed)
        except OSError:
            return None
        return name

    def names(self) -> list[str]:
        """The names of the saved answers, oldest first."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in self._folder.glob("*" + _SUFFIX))

    def read(self, name: str) -> str:
        """A saved answer.

        Raises:
            FileNotFoundError: there is none of that name.
            PermissionError: another user saved it, or the same one on another PC.
        """
        data = _unseal(self._file(name).read_bytes())
        if data is None:
            raise PermissionError(f"{name} was kept by another user or on another PC")
        return data.decode("utf-8")

    def _file(self, name: str) -> Path:
        return self._folder / (name + _SUFFIX)

    def _sweep(self) -> None:
        if self._swept:
            return
        self._swept = True
        oldest = time.time() - _LIFETIME_SECONDS
        for path in self._folder.glob("*" + _SUFFIX):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _seal(data: bytes) -> bytes | None:
    if sys.platform != "win32":
        return None
    from shim.winapi import crypt32

    return crypt32.protect(data)


def _unseal(data: bytes) -> bytes | None:
    if sys.platform != "win32":
        return None
    from shim.winapi import crypt32

    return crypt32.unprotect(data)
