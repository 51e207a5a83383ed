"""Answers that did not fit into the host's buffer: saved so that nothing is lost, encrypted or not at all.

On Windows an answer is sealed with the user's own DPAPI key and written to their local application data; only the same
user of the same PC can open it (`vcshim kept`). Elsewhere there is no such key, and nothing is written. A full disk, a
refused encryption or a file that cannot be deleted costs the saved copy at most, never the call. Used by call_port
through wiring, and by the command line.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from shim.kept_files import expired, regular_file_time

_SUFFIX = ".sealed"
_LIFETIME_SECONDS = 7 * 86400
_MOST_ANSWERS = 200
_AT_ONCE = 20  # how many are deleted when there are too many, so that not every answer after that has to
_SWEEP_SECONDS = 3600


class AnswerStore:
    """The saved answers of this Windows user in `folder`: 200 at most. Any thread, any number of processes.

    A link in the place of an answer is not followed: it is neither listed nor read, written or deleted.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next_sweep = 0.0

    def save(self, text: str) -> str | None:
        """Save an answer, and delete those that are too many and, once an hour, those older than a week. Never raises.

        Returns:
            The name under which `read` finds it; None if it could not be encrypted or written.
        """
        sealed = _seal(text.encode("utf-8", "replace"))
        if sealed is None:
            return None
        import uuid  # 1 ms, and few answers are saved

        name = time.strftime("%Y%m%d-%H%M%S-") + uuid.uuid4().hex[:8]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            _write_new(self._file(name), sealed)
        except OSError:
            return None
        return name

    def names(self) -> list[str]:
        """The names of the saved answers, oldest first."""
        return sorted(path.name.removesuffix(_SUFFIX) for path, _ in self._files())

    def read(self, name: str) -> str:
        """A saved answer.

        Raises:
            FileNotFoundError: there is none of that name.
            PermissionError: another user saved it, or the same one on another PC.
        """
        path = self._file(name)
        if Path(name).name != name or regular_file_time(path) is None:
            raise FileNotFoundError(f"没有名为 {name[:60]} 的应答")
        data = _unseal(path.read_bytes())
        if data is None:
            raise PermissionError(f"应答 {name} 由其他用户或在其他电脑上保存，无法解密")
        return data.decode("utf-8")

    def _file(self, name: str) -> Path:
        return self._folder / (name + _SUFFIX)

    def _files(self) -> list[tuple[Path, float]]:
        """The saved answers, with the time of each; none if the folder cannot be read."""
        try:
            paths = [path for path in self._folder.iterdir() if path.name.endswith(_SUFFIX)]
        except OSError:
            return []
        times = [(path, regular_file_time(path)) for path in paths]
        return [(path, seconds) for path, seconds in times if seconds is not None]

    def _sweep(self) -> None:
        """Make room for the answer that is about to be saved, and delete what is too old.

        Looking at 200 files takes 0.3 s under Wine: that is done once an hour, or where there are too many.
        """
        if time.monotonic() < self._next_sweep and self._count() < _MOST_ANSWERS:
            return
        self._next_sweep = time.monotonic() + _SWEEP_SECONDS
        files = sorted(self._files(), key=lambda file: file[1], reverse=True)
        old = expired([seconds for _, seconds in files], time.time(), _LIFETIME_SECONDS)
        room = len(files) if len(files) < _MOST_ANSWERS else _MOST_ANSWERS - _AT_ONCE
        for number, (path, _) in enumerate(files):
            if old[number] or number >= room:
                try:
                    path.unlink()
                except OSError:
                    continue  # a virus scanner, a backup or another right has it: retried with the next sweep

    def _count(self) -> int:
        try:
            return sum(name.endswith(_SUFFIX) for name in os.listdir(self._folder))
        except OSError:
            return 0


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, whole or not at all."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        while data:
            data = data[os.write(file, data) :]
    except OSError:
        os.close(file)
        path.unlink(missing_ok=True)
        raise
    os.close(file)


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
