"""Every operation by which the installer changes files. Tests let one of them fail, or the process end before it.

Each either happens or does not, but for `copy` and `write`, which are only used for files that nothing reads yet.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from shim.install.outcome import SetupFailed, SetupOutcome
from shim.patience import patiently

_CHUNK = 1 << 20


class SetupDisk:
    """The operations. Raises OSError as the system does."""

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it; it may be there."""
        path.mkdir(parents=True, exist_ok=True)

    def copy(self, source: Path, target: Path) -> str:
        """Copy a file with its times and attributes, to the disk itself. Returns the SHA-256 of what was copied."""
        digest = hashlib.sha256()
        with source.open("rb") as reader, _written(target) as writer:
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                writer.write(chunk)
        shutil.copystat(source, target)
        return digest.hexdigest()

    def write(self, path: Path, data: bytes) -> None:
        """Write a file, to the disk itself."""
        with _written(path) as writer:
            writer.write(data)

    def move(self, source: Path, target: Path) -> None:
        """Rename a file or folder; a file that is there is replaced, even a read-only one. Takes no room on disk."""
        _make_writable(target)
        patiently(lambda: os.replace(source, target))

    def remove(self, path: Path) -> None:
        """Remove a file, even a read-only one; it may be gone."""
        _make_writable(path)
        patiently(lambda: path.unlink(missing_ok=True))

    def remove_folder(self, path: Path) -> None:
        """Remove a folder with everything in it; it may be gone."""
        if path.is_dir():
            shutil.rmtree(path, onerror=_remove_read_only)


def checksum_of(path: Path) -> str:
    """The SHA-256 of a file; "" if there is none."""
    from shim.manifest import file_checksum

    try:
        return file_checksum(path)
    except FileNotFoundError:
        return ""


def failure_of(error: OSError) -> SetupFailed:
    """What an error of the system means for the run."""
    path = error.filename or ""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return SetupFailed(SetupOutcome.DISK_FULL, path=path)
    if isinstance(error, PermissionError) and path and is_locked(Path(path)):
        return SetupFailed(SetupOutcome.LOCKED_FILE, path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetupFailed(SetupOutcome.NOT_WRITABLE, path=path)
    number = getattr(error, "winerror", None) or error.errno or 0
    return SetupFailed(SetupOutcome.FAILED, path=path, number=number)


def is_locked(path: Path) -> bool:
    """Whether Windows keeps a file from being replaced, because a program has it loaded or open.

    NB: the error of `open` does not say so: the C runtime has one number for this and for missing rights.
    """
    if sys.platform != "win32":
        return False
    from shim.winapi.kernel32 import is_in_use

    return is_in_use(str(path))


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A new file, on the disk itself when the block is left. OSError with its name; ENOSPC where there is no room.

    NB: Wine's C runtime has EINVAL for a full disk.
    """
    try:
        with path.open("wb") as writer:
            yield writer
            writer.flush()
            os.fsync(writer.fileno())
    except OSError as error:
        if error.errno == errno.EINVAL and shutil.disk_usage(path.parent).free < _CHUNK:
            raise OSError(errno.ENOSPC, "no room", str(path)) from error
        error.filename = error.filename or str(path)
        raise


def _make_writable(path: Path) -> None:
    """Windows neither replaces nor removes a file with the read-only attribute."""
    if sys.platform == "win32" and path.is_file() and not path.stat().st_mode & stat.S_IWRITE:
        path.chmod(stat.S_IWRITE)


def _remove_read_only(action: object, path: str, _error: object) -> None:
    assert callable(action)
    os.chmod(path, stat.S_IWRITE)
    action(path)
