"""Captured calls on the disk: one file a day, every record sealed, written by several processes at one moment.

A record is MAGIC, the length of what follows, a nonce, and the row under AES-256-GCM. It is appended by one write, so
that a process that is killed costs the record that it was writing at most; a reader finds the next record by its MAGIC.
A thread flushes the file to the disk half a second later: a power cut costs what was written in that time, and whatever
the disk leaves there instead (zeros, half a record) is skipped.

The key is made on first use and lies beside the files: sealed by DPAPI on Windows, so that only this user of this PC
can open it; elsewhere in a file that only the user may read. Without a key nothing is written. Links are not followed.
Used by forwarding (through wiring), `source` and the commands.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import struct
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from shim import forks, wall_clock
from shim.capture.record import CapturedCall, from_bytes, to_bytes
from shim.crypto.gcm import open_gcm, seal_gcm
from shim.daily_file import LOOK_SECONDS
from shim.kept_files import expired, open_append, regular_file_time

SUFFIX = ".vcc"
FILE_PATTERN = re.compile(r"captures-([0-9]{8})\.vcc")
KEY_FILE = "captures.key"

_MAGIC = b"\x93VCC\r\n\x1a\x01"
_HEAD = struct.Struct(f"<{len(_MAGIC)}sI")
_NONCE_BYTES, _TAG_BYTES, _KEY_BYTES = 12, 16, 32
_KEY_MAGIC = b"VCC key 1\n"
_LONGEST = 512 * 1024 * 1024  # bytes of a record
_BLOCK = 1024 * 1024
_DAY_SECONDS = 86400
_FLUSH_SECONDS = 0.5
_SCAN_SECONDS = 60.0
_LOCK_SECONDS = 0.1


class CannotStore(Exception):
    """Nothing can be stored any more. Its text says why, in Chinese, for the log."""


class CaptureFileProblem(Exception):
    """A file that holds no captured calls which this user could read."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why


@dataclass(frozen=True, slots=True)
class CaptureDay:
    """One file of a store: its day as yyyymmdd, and its size in bytes."""

    path: Path
    day: str
    size: int


class CaptureStore:
    """The captures of this user in `folder`. Any thread, any number of processes.

    Args:
        folder: on a disk of this PC; made if it is missing.
        keep_days: the age at which a day is deleted.
        keep_bytes: what the files may have together; beyond it the oldest days are deleted. Today's is not: when it
            alone is larger, nothing more is stored.
    """

    def __init__(self, folder: Path, keep_days: int, keep_bytes: int) -> None:
        self.folder = folder
        self._keep_days = keep_days
        self._keep_bytes = keep_bytes
        self._begin()
        forks.owns(self._descriptors)
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._key = b""
        self._file: int | None = None
        self._path = Path()
        self._day = ""
        self._opened: os.stat_result | None = None
        self._next_look = 0.0
        self._others = 0  # bytes in the files of other days
        self._next_scan = 0.0
        self._until_scan = 0  # bytes that may be written before
        self._flusher: _Flusher | None = None

    def append(self, call: CapturedCall) -> None:
        """Store a call; when this returns, its record is whole and in the system's hands.

        Raises:
            CannotStore: it could not be sealed or written, or there is no room left.
        """
        row = zlib.compress(to_bytes(call), 1)
        with self._lock:
            try:
                day = wall_clock.local_time(time.time()).date
                if day != self._day or not self._is_there():
                    self._key = _key(self.folder, make=True)
                    self._open(day)
                record = _sealed(self._key, row)
                self._limit(len(record))
                self._write(record)
            except OSError as error:
                raise CannotStore(_cause(error)) from error

    def days(self) -> list[CaptureDay]:
        """The files, oldest day first; none if the folder cannot be read."""
        return capture_days(self.folder)

    def close(self) -> None:
        """Flush and close the file; the next call opens it again."""
        with self._lock:
            flusher, self._flusher = self._flusher, None
            if flusher is not None:
                flusher.stop()
            self._close_file()

    # ---- the file of the day; all of these with the lock -------------------------------------------------------------

    def _descriptors(self) -> list[int]:
        flusher = self._flusher
        own = [] if self._file is None else [self._file]
        return own + ([] if flusher is None else flusher.descriptors())

    def _close_file(self) -> None:
        file, self._file, self._day = self._file, None, ""
        if file is not None:
            os.close(file)

    def _is_there(self) -> bool:
        """False if the open file is no longer the one of its name: it was deleted.

        Looked at once in `LOOK_SECONDS`, because looking takes a millisecond under Wine.
        """
        if self._opened is not None and time.monotonic() < self._next_look:
            return True
        self._next_look = time.monotonic() + LOOK_SECONDS
        try:
            return self._opened is not None and os.path.samestat(
                os.stat(self._path, follow_symlinks=False), self._opened
            )
        except OSError:
            return False

    def _open(self, day: str) -> None:
        self._close_file()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._path = self.folder / f"captures-{day}{SUFFIX}"
        self._file = open_append(self._path)
        self._opened, self._day = os.fstat(self._file), day
        self._drop_old(day)
        self._next_scan = 0.0

    def _write(self, record: bytes) -> None:
        assert self._file is not None
        with _file_lock(self._file):
            written = os.write(self._file, record)
        if written != len(record):  # the disk is full: half a record, which readers skip
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._until_scan -= written
        if self._flusher is None or not self._flusher.is_alive():
            self._flusher = _Flusher()
        self._flusher.flush(self._file)

    # ---- limits ---------------------------------------------------------------------------------------------------

    def _drop_old(self, today: str) -> None:
        files: list[tuple[Path, float]] = []
        earlier: list[float] = []
        for each in capture_days(self.folder):
            written = regular_file_time(each.path)
            if written is None:
                continue
            dated = max(written, wall_clock.midnight(each.day) or written)
            files.append((each.path, dated))
            earlier += [dated] if each.day < today else []
        if not earlier:
            return
        now = min(time.time(), max(earlier) + _DAY_SECONDS)
        old = expired([dated for _, dated in files], now, self._keep_days * _DAY_SECONDS)
        for (path, _), is_old in zip(files, old, strict=True):
            if is_old and path != self._path:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _limit(self, size: int) -> None:
        """Make room for `size` bytes. The folder is looked at once a minute, or after a 64th of the limit."""
        if time.monotonic() < self._next_scan and self._until_scan > size:
            return
        days = capture_days(self.folder)
        total = sum(each.size for each in days) + size
        for each in days:
            if total <= self._keep_bytes:
                break
            if each.day < self._day:
                with contextlib.suppress(OSError):
                    each.path.unlink()
                    total -= each.size
        if total > self._keep_bytes:
            raise CannotStore(f"留存已达上限 {self._keep_bytes // 1024 // 1024} MB（[capture] keep_mb）")
        self._next_scan = time.monotonic() + _SCAN_SECONDS
        self._until_scan = min(max(self._keep_bytes // 64, 64 * 1024), self._keep_bytes - total + size)


def capture_days(folder: Path) -> list[CaptureDay]:
    """The files of captures in `folder`, oldest day first; links and what cannot be read are left out."""
    try:
        paths = [(path, FILE_PATTERN.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError:
        return []
    days: list[CaptureDay] = []
    for path, match in paths:
        if match is None or regular_file_time(path) is None:
            continue
        with contextlib.suppress(OSError):
            days.append(CaptureDay(path, match[1], path.stat().st_size))
    return sorted(days, key=lambda each: each.day)


def delete_captures(folder: Path) -> int:
    """Delete all captures in `folder` and their key. OSError if one cannot be deleted.

    Returns:
        How many files of captures there were.
    """
    days = capture_days(folder)
    for each in days:
        each.path.unlink(missing_ok=True)
    key = folder / KEY_FILE
    if regular_file_time(key) is not None:
        key.unlink(missing_ok=True)
    return len(days)


def read_capture_file(path: Path) -> Iterator[CapturedCall]:
    """The calls of one file, in their order; the key is beside it. Torn records are left out.

    Raises:
        OSError: the file or its key cannot be read.
        CaptureFileProblem: there are records, and none of them can be opened with this key.
    """
    with path.open("rb") as file:
        key = _key(path.parent, make=False)
        opened = sealed = 0
        at: int | None = 0
        while at is not None:
            body = _body(file, at)
            row = None if body is None else _unsealed(key, body)
            sealed += body is not None
            if body is None or row is None:  # torn, or something else: a whole record may begin inside it
                at = _next_magic(file, at + 1)
                continue
            opened += 1
            at += _HEAD.size + len(body)
            with contextlib.suppress(ValueError, zlib.error):
                yield from_bytes(zlib.decompress(row))
        if sealed and not opened:
            raise CaptureFileProblem(path, "sealed with another key")


def _body(file: BinaryIO, at: int) -> bytes | None:
    """Nonce, ciphertext and tag of the record that begins at `at`; None if none does, or not all of it is there."""
    file.seek(at)
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    magic, length = _HEAD.unpack(head)
    if magic != _MAGIC or not _NONCE_BYTES + _TAG_BYTES <= length <= _LONGEST:
        return None
    body = file.read(length)
    return body if len(body) == length else None


def _next_magic(file: BinaryIO, at: int) -> int | None:
    """Where the next MAGIC from `at` on begins; None if there is none."""
    file.seek(at)
    block = b""
    while True:
        more = file.read(_BLOCK)
        if not more:
            return None
        block = block[-len(_MAGIC) + 1 :] + more if block else more
        found = block.find(_MAGIC)
        if found >= 0:
            return file.tell() - len(block) + found


def _sealed(key: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    head = _HEAD.pack(_MAGIC, _NONCE_BYTES + len(plain) + _TAG_BYTES)
    return head + nonce + seal_gcm(key, nonce, plain, head)


def _unsealed(key: bytes, body: bytes) -> bytes | None:
    head = _HEAD.pack(_MAGIC, len(body))
    return open_gcm(key, body[:_NONCE_BYTES], body[_NONCE_BYTES:], head)


# ---- the key ---------------------------------------------------------------------------------------------------------


def _key(folder: Path, *, make: bool) -> bytes:
    """The key of a folder.

    Raises:
        FileNotFoundError: there is none, and none is to be made.
        PermissionError: it is another user's, or of another PC.
        OSError: it cannot be read or made.
    """
    path = folder / KEY_FILE
    if regular_file_time(path) is None and make and not path.is_symlink():
        _make_key(path)
    if regular_file_time(path) is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    data = path.read_bytes()
    key = _unprotected(data[len(_KEY_MAGIC) :]) if data.startswith(_KEY_MAGIC) else None
    if key is None or len(key) != _KEY_BYTES:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return key


def _make_key(path: Path) -> None:
    """Make the key, unless another process is quicker: the name is given to a file that is whole."""
    protected = _protected(secrets.token_bytes(_KEY_BYTES))
    if protected is None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    unnamed = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    file = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            os.write(file, _KEY_MAGIC + protected)
            os.fsync(file)
        finally:
            os.close(file)
        with contextlib.suppress(FileExistsError):
            if sys.platform == "win32":
                os.rename(unnamed, path)  # refuses to replace
            else:
                os.link(unnamed, path)
    finally:
        with contextlib.suppress(OSError):
            unnamed.unlink()


if sys.platform == "win32":

    def _protected(key: bytes) -> bytes | None:
        from shim.winapi import crypt32

        return crypt32.protect(key)

    def _unprotected(data: bytes) -> bytes | None:
        from shim.winapi import crypt32

        return crypt32.unprotect(data)

else:

    def _protected(key: bytes) -> bytes | None:
        return key

    def _unprotected(data: bytes) -> bytes | None:
        return data


def _cause(error: OSError) -> str:
    if isinstance(error, PermissionError) and str(error.filename or "").endswith(KEY_FILE):
        return "captures.key 无法加密或解密（属于其他 Windows 用户或其他电脑）"
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "磁盘已满"
    return f"留存文件无法写入（{errno.errorcode.get(error.errno or 0, type(error).__name__)}）"


# ---- writing ---------------------------------------------------------------------------------------------------------

if sys.platform == "win32":
    import msvcrt

    @contextlib.contextmanager
    def _file_lock(file: int) -> Iterator[None]:
        """Keep other processes from appending meanwhile, for a tenth of a second at most.

        NB: Windows appends at the end by itself; Wine 8 looks for the end and then writes there, so that two processes
        overwrite each other's records.
        """
        from shim.winapi import kernel32

        handle, end = msvcrt.get_osfhandle(file), time.monotonic() + _LOCK_SECONDS
        locked = kernel32.lock_byte(handle)
        while not locked and time.monotonic() < end:
            time.sleep(0.001)
            locked = kernel32.lock_byte(handle)
        try:
            yield
        finally:
            if locked:
                kernel32.unlock_byte(handle)

else:

    @contextlib.contextmanager
    def _file_lock(_file: int) -> Iterator[None]:
        yield  # O_APPEND: one write is one append


class _Flusher:
    """Flushes a file half a second after it was written to, on a thread of its own."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._stopped = False
        self._lock = threading.Lock()
        self._file: int | None = None  # a copy of the descriptor that is to be flushed
        self._flushing: int | None = None
        self._thread = threading.Thread(target=self._run, name="vcshim-captures", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def descriptors(self) -> list[int]:
        return [file for file in (self._file, self._flushing) if file is not None]

    def flush(self, file: int) -> None:
        """Have `file` flushed; the caller may close it."""
        with self._lock:
            if self._file is None:
                self._file = os.dup(file)
        self._wanted.set()

    def stop(self) -> None:
        """Have what is wanted so far flushed at once; nothing may be wanted afterwards."""
        self._stopped = True
        self._wanted.set()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if not self._stopped:
                time.sleep(_FLUSH_SECONDS)
            self._wanted.clear()
            is_last = self._stopped  # NB: before the file is taken, of which there may be one more
            self._flush_file()
            if is_last:
                return

    def _flush_file(self) -> None:
        with self._lock:
            self._flushing, self._file = self._file, None
        if self._flushing is None:
            return
        with contextlib.suppress(OSError):
            os.fsync(self._flushing)
        file, self._flushing = self._flushing, None
        with contextlib.suppress(OSError):
            os.close(file)
