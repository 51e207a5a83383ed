"""The head of a program or DLL of Windows: 32 or 64 bits, and whether .NET decides that. On any system.

Offsets are those of Microsoft's "PE Format" and, for .NET, of ECMA-335 II.25.3.3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_BITS = {0x014C: 32, 0x8664: 64, 0xAA64: 64}
_NET_DIRECTORY = 14  # IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR
_IL_ONLY, _NEEDS_32 = 0x1, 0x2
_HEAD = 64 * 1024
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProgramFile:
    """What the head says.

    Attributes:
        bits: of the machine that it is made for.
        any_machine: a .NET program for any CPU: it has the bits of Windows, whatever `bits` says.
    """

    bits: int
    any_machine: bool = False


def read_program(path: Path) -> ProgramFile | None:
    """The head of a file; None for one that is no program, or cannot be read."""
    try:
        with path.open("rb") as file:
            return program_file(file.read(_HEAD))
    except OSError:
        return None


def program_file(data: bytes) -> ProgramFile | None:
    """The same of the file's first bytes."""
    try:
        at = struct.unpack_from("<I", data, 0x3C)[0]
        if data[:2] != b"MZ" or data[at : at + 4] != b"PE\0\0":
            return None
        bits = _BITS.get(struct.unpack_from("<H", data, at + 4)[0])
        return None if bits is None else ProgramFile(bits, bits == 32 and _is_for_any(data, at))
    except struct.error:
        return None


def mentions(path: Path, words: tuple[str, ...]) -> bool:
    """Whether a file holds one of some names of DLLs, in any case, as programs have them in their texts."""
    try:
        if path.stat().st_size > _LARGEST:
            return False
        data = path.read_bytes().lower()
    except OSError:
        return False
    return any(word.lower().encode(charset) in data for word in words for charset in ("ascii", "utf-16-le"))


def _is_for_any(data: bytes, at: int) -> bool:
    sections, optional = struct.unpack_from("<H", data, at + 6)[0], struct.unpack_from("<H", data, at + 20)[0]
    head, _ = struct.unpack_from("<II", data, at + 24 + 96 + 8 * _NET_DIRECTORY)
    for number in range(sections if head else 0):
        size, start, raw_size, raw = struct.unpack_from("<IIII", data, at + 24 + optional + 40 * number + 8)
        if start <= head < start + max(size, raw_size):
            flags = struct.unpack_from("<I", data, raw + head - start + 16)[0]
            return bool(flags & _IL_ONLY) and not flags & _NEEDS_32
    return False
