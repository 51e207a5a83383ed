"""A folder as a slow share has it: mounted by FUSE, read only, each operation some milliseconds later.

Speaks FUSE's protocol (include/uapi/linux/fuse.h, 7.31) itself, with one thread, so that no operation runs beside
another; the kernel keeps names and attributes for a second, as the client of a share does. Needs Linux, root and
/dev/fuse.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import threading
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from buildlib import console

_LOOKUP, _FORGET, _GETATTR, _OPEN, _READ, _STATFS, _RELEASE, _FLUSH = 1, 2, 3, 14, 15, 17, 18, 25
_INIT, _OPENDIR, _READDIR, _RELEASEDIR, _INTERRUPT, _BATCH_FORGET = 26, 27, 28, 29, 36, 42
_NAMES = {
    _LOOKUP: "lookup",
    _GETATTR: "getattr",
    _OPEN: "open",
    _READ: "read",
    _OPENDIR: "opendir",
    _READDIR: "readdir",
}
_SILENT = {_FORGET, _INTERRUPT, _BATCH_FORGET}
_HEAD = struct.Struct("<IIQQIIII")
_READ_ONLY, _DETACH = 1, 2
_BUFFER = 1 << 20
_C_LIBRARY = ctypes.CDLL(None, use_errno=True)


class SlowFolder:
    """`source` as it appears at `place` between enter and exit; `milliseconds` for each operation."""

    def __init__(self, source: Path, place: Path, milliseconds: float) -> None:
        self._place = place
        self._seconds = milliseconds / 1000
        self._paths = {1: source}
        self._nodes = {source: 1}
        self.operations: Counter[str] = Counter()

    def __enter__(self) -> Self:
        try:
            self._device = os.open("/dev/fuse", os.O_RDWR)
        except OSError as error:
            raise console.Failed(f"no /dev/fuse: {error}") from error
        self._place.mkdir(parents=True, exist_ok=True)
        words = f"fd={self._device},rootmode=40000,user_id=0,group_id=0,allow_other"
        if _C_LIBRARY.mount(b"slow", os.fsencode(self._place), b"fuse.slow", _READ_ONLY, words.encode()) != 0:
            raise console.Failed(f"mount: {os.strerror(ctypes.get_errno())}")
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        _C_LIBRARY.umount2(os.fsencode(self._place), _DETACH)
        self._thread.join(5)
        os.close(self._device)

    def _serve(self) -> None:
        while True:
            try:
                message = os.read(self._device, _BUFFER)
            except OSError:  # ENODEV: unmounted
                return
            _, operation, unique, node, *_ = _HEAD.unpack_from(message)
            if operation in _SILENT:
                continue
            if operation in _NAMES:
                self.operations[_NAMES[operation]] += 1
                time.sleep(self._seconds)
            try:
                error, answer = 0, self._answer(operation, node, message[_HEAD.size :])
            except OSError as failure:
                error, answer = -(failure.errno or errno.EIO), b""
            try:
                os.write(self._device, struct.pack("<IiQ", 16 + len(answer), error, unique) + answer)
            except OSError:
                continue  # ENOENT: whoever asked has gone

    def _answer(self, operation: int, node: int, words: bytes) -> bytes:
        if operation == _INIT:
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, 1 << 17, 0, 12, 9, 1 << 17, 1, 32, 0, 0)
        if operation == _LOOKUP:
            return self._entry(self._paths[node] / os.fsdecode(words.rstrip(b"\0")))
        if operation == _GETATTR:
            return struct.pack("<QII", 1, 0, 0) + self._attributes(self._paths[node], node)
        if operation == _OPEN:
            return struct.pack("<QII", os.open(self._paths[node], os.O_RDONLY), 0, 0)
        if operation == _READ:
            handle, offset, size = struct.unpack_from("<QQI", words)
            return os.pread(handle, size, offset)
        if operation == _STATFS:
            return struct.pack("<QQQQQIII28x", 1 << 20, 1 << 19, 1 << 19, 1 << 16, 1 << 15, 4096, 255, 4096)
        if operation == _RELEASE:
            os.close(struct.unpack_from("<Q", words)[0])
            return b""
        if operation in (_FLUSH, _RELEASEDIR):
            return b""
        if operation == _OPENDIR:
            return struct.pack("<QII", 0, 0, 0)
        if operation == _READDIR:
            _, offset, size = struct.unpack_from("<QQI", words)
            return self._entries(self._paths[node], offset, size)
        raise OSError(errno.ENOSYS, "not needed")

    def _entry(self, path: Path) -> bytes:
        attributes = self._attributes(path, 0)  # OSError: not there
        node = self._nodes.setdefault(path, len(self._nodes) + 1)
        self._paths[node] = path
        return struct.pack("<QQQQII", node, 0, 1, 1, 0, 0) + self._attributes(path, node) if attributes else b""

    @staticmethod
    def _attributes(path: Path, node: int) -> bytes:
        found = path.lstat()
        times = [int(found.st_atime), int(found.st_mtime), int(found.st_ctime)]
        return struct.pack(
            "<6Q10I",
            node,
            found.st_size,
            found.st_blocks,
            *times,
            0,
            0,
            0,
            found.st_mode,
            found.st_nlink,
            0,
            0,
            0,
            4096,
            0,
        )

    @staticmethod
    def _entries(folder: Path, offset: int, size: int) -> bytes:
        answer = b""
        for number, name in enumerate(sorted(os.listdir(os.fsencode(folder)))[offset:], offset + 1):
            row = struct.pack("<QQII", number + 1000, number, len(name), 0) + name
            row += bytes(-len(row) % 8)
            if len(answer) + len(row) > size:
                break
            answer += row
        return answer
