"""What a DLL in a HIS folder is: one of our fronts or somebody else's, for 32 or 64 bits. It reads files only."""

from __future__ import annotations

import os
import struct
from pathlib import Path

_OURS = tuple("vcshim_core".encode(charset) for charset in ("ascii", "utf-16-le"))
_MOST = 1 << 20  # bytes: a front has some tens of thousands
_BITS = {0x014C: 32, 0x8664: 64, 0xAA64: 64}  # of IMAGE_FILE_HEADER.Machine


def is_front(path: Path) -> bool:
    """Whether a file is a front of ours, of any version: it names the core, which it loads. OSError if unreadable."""
    if os.path.getsize(path) > _MOST:
        return False
    content = path.read_bytes()
    return any(mark in content for mark in _OURS)


def bits_of(path: Path) -> int:
    """For which kind of program a DLL is: 32 or 64; 0 if it is no DLL of these."""
    with path.open("rb") as file:
        head = file.read(64)
        if len(head) < 64 or head[:2] != b"MZ":
            return 0
        file.seek(struct.unpack_from("<I", head, 60)[0])
        signature = file.read(6)
    if len(signature) < 6 or signature[:4] != b"PE\0\0":
        return 0
    return _BITS.get(struct.unpack_from("<H", signature, 4)[0], 0)
