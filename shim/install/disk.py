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
import time
from pathlib import Path

from shim.install.outcome import SetupFailed, SetupOutcome

_CHUNK = 1 << 20
_SHARING_VIOLATION, _LOCK_VIOLATION, _MAPPED_FILE = 32, 33, 1224  # of Windows: another program has the file open
_ATTEMPTS, _PAUSE = 10, 0.2  # a virus scanner holds a new file for a moment


class SetupDisk:
    """The operations. Raises OSError as the system does."""

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it; it may be there."""
        path.mkdir(parents=True, exist_ok=True)

    def copy(self, source: Path, target: Path) -> str:
        """Copy a file with its times and attributes, to the disk itself. Returns the SHA-256 of what was copied."""
        digest = hashlib.sha256()
        with source.open("rb") as reader, target.open("wb") as writer:
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                writer.write(chunk)
            writer.flush()
            os.fsync(writer.fileno())
        shutil.copystat(source, target)
        return digest.hexdigest()

    def write(self, path: Path, data: bytes) -> None:
        """Write a file, to the disk itself."""
        with path.open("wb") as writer:
            writer.write(data)
            writer.flush()
            os.fsync(writer.fileno())

    def move(self, source: Path, target: Path) -> None:
        """Rename a file or folder; a file that is there is replaced, even a read-only one. Takes no room on disk."""
        _make_writable(target)
        _patiently(lambda: os.replace(source, target))

    def remove(self, path: Path) -> None:
        """Remove a file, even a read-only one; it may be gone."""
        _make_writable(path)
        _patiently(lambda: path.unlink(missing_ok=True))

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
    if is_sharing_violation(error):
        return SetupFailed(SetupOutcome.LOCKED_FILE, path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetupFailed(SetupOutcome.NOT_WRITABLE, path=path)
    number = getattr(error, "winerror", None) or error.errno or 0
    return SetupFailed(SetupOutcome.FAILED, path=path, number=number)


def is_sharing_violation(error: OSError) -> bool:
    """Whether another program has the file open in a way that forbids what was tried. Windows only."""
    return getattr(error, "winerror", None) in (_SHARING_VIOLATION, _LOCK_VIOLATION, _MAPPED_FILE)


def _make_writable(path: Path) -> None:
    """Windows neither replaces nor removes a file with the read-only attribute."""
    if sys.platform == "win32" and path.is_file() and not path.stat().st_mode & stat.S_IWRITE:
        path.chmod(stat.S_IWRITE)


def _patiently(action: object) -> None:
    assert callable(action)
    for attempt in range(_ATTEMPTS):
        try:
            action()
        except PermissionError:
            if sys.platform != "win32" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _remove_read_only(action: object, path: str, _error: object) -> None:
    assert callable(action)
    os.chmod(path, stat.S_IWRITE)
    action(path)
