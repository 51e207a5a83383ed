"""The names in a Linux library or program: its own, its libraries', its symbols'. What renaming and checking need.

Reads, but for `bind_to_itself`, which changes one entry. Files of 64 bits, least byte first, as x86-64, ARM64
and LoongArch have. Renaming is patchelf's work (private_symbols.py).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path

_DYNAMIC, _DYNSYM, _VERSIONS_NEEDED = 6, 11, 0x6FFFFFFE  # types of sections
_NULL, _NEEDED, _SONAME, _RPATH, _SYMBOLIC, _RUNPATH = 0, 1, 14, 15, 16, 29  # tags of the dynamic section
_LOCAL, _WEAK = 0, 2  # bindings of symbols
_ENTRY = struct.Struct("<QQ")
_LOADED = 1  # the type of a segment
# No Linux machine that is common has larger pages.
LARGEST_PAGE = 0x10000


@dataclass(frozen=True)
class Symbol:
    """A name that other files may use, or that this one looks for in others."""

    name: str
    defined: bool
    weak: bool


class Image:
    """An ELF file with a dynamic section. ValueError for anything else."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if self._data[:6] != b"\x7fELF\2\1":
            raise ValueError(f"{path} is no ELF file of 64 bits, least byte first")
        start, size, count = struct.unpack_from("<Q10xHH", self._data, 0x28)
        self._sections = [
            struct.unpack_from("<4xI16xQQI", self._data, start + size * i) for i in range(count)
        ]  # type, offset, size, number of the section with its names
        if self._section(_DYNAMIC) is None:
            raise ValueError(f"{path} has no dynamic section")

    @property
    def soname(self) -> str | None:
        """The name under which the dynamic linker knows it, None where it has none."""
        return next(iter(self._texts(_SONAME)), None)

    @property
    def needed(self) -> list[str]:
        """The names of the libraries it loads."""
        return self._texts(_NEEDED)

    @property
    def rpath(self) -> str:
        """Where these are looked for before LD_LIBRARY_PATH (DT_RPATH)."""
        return "".join(self._texts(_RPATH))

    @property
    def runpath(self) -> str:
        """Where these are looked for after it (DT_RUNPATH)."""
        return "".join(self._texts(_RUNPATH))

    @cached_property
    def symbols(self) -> list[Symbol]:
        """What it defines for others and uses of others, versions left out."""
        section = self._section(_DYNSYM)
        if section is None:
            return []
        offset, size, names = section
        rows = struct.iter_unpack("<IBBH16x", self._data[offset : offset + size])
        return [
            Symbol(self._text(names + name), place != 0, info >> 4 == _WEAK)
            for name, info, _, place in rows
            if name and info >> 4 != _LOCAL
        ]

    @cached_property
    def defines(self) -> set[str]:
        return {symbol.name for symbol in self.symbols if symbol.defined}

    @cached_property
    def uses(self) -> set[str]:
        """What others have to define, or may (`weak`)."""
        return {symbol.name for symbol in self.symbols if not symbol.defined}

    @property
    def versions_needed(self) -> dict[str, list[str]]:
        """The library to the versions of symbols that are asked of it."""
        found: dict[str, list[str]] = {}
        section = self._section(_VERSIONS_NEEDED)
        if section is None:
            return found
        at, _, names = section
        while True:
            count, file, first, step = struct.unpack_from("<2xHIII", self._data, at)
            versions = found.setdefault(self._text(names + file), [])
            entry = at + first
            for _ in range(count):
                name, onward = struct.unpack_from("<8xII", self._data, entry)
                versions.append(self._text(names + name))
                entry += onward
            if step == 0:
                return found
            at += step

    @property
    def binds_to_itself(self) -> bool:
        """Whether it looks for symbols in itself first (DT_SYMBOLIC)."""
        return any(tag == _SYMBOLIC for tag, _ in self._entries())

    @property
    def spare_entry(self) -> int | None:
        """The offset of an entry of the dynamic section that the linker left free, None where there is none."""
        section = self._section(_DYNAMIC)
        assert section is not None
        offset, size, _ = section
        free = offset + _ENTRY.size * len(self._entries())
        return free if free + 2 * _ENTRY.size <= offset + size else None  # the last one has to stay free

    def _entries(self) -> list[tuple[int, ...]]:
        section = self._section(_DYNAMIC)
        assert section is not None
        offset, size, _ = section
        return list(takewhile(lambda entry: entry[0] != _NULL, _ENTRY.iter_unpack(self._data[offset : offset + size])))

    def _texts(self, tag: int) -> list[str]:
        section = self._section(_DYNAMIC)
        assert section is not None
        return [self._text(section[2] + value) for each, value in self._entries() if each == tag]

    def _section(self, kind: int) -> tuple[int, int, int] | None:
        """Offset and size of the section of a type, and the offset of the names it refers to."""
        for each, offset, size, names in self._sections:
            if each == kind:
                return offset, size, self._sections[names][1]
        return None

    def _text(self, start: int) -> str:
        return self._data[start : self._data.index(b"\0", start)].decode("utf-8")


def is_elf(path: Path) -> bool:
    """Whether a file is one that the dynamic linker may load."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def align_by_pages(path: Path) -> None:
    """Have no segment ask for a place that is rounder than pages are.

    Linkers once asked for 2 MB on x86-64. Whatever is added to such a file starts at the next 2 MB then, behind zeros.
    """
    data = bytearray(path.read_bytes())
    (start,), (size, count) = struct.unpack_from("<Q", data, 0x20), struct.unpack_from("<HH", data, 0x36)
    for at in range(start, start + size * count, size):
        (kind,), (alignment,) = struct.unpack_from("<I", data, at), struct.unpack_from("<Q", data, at + 48)
        if kind == _LOADED and alignment > LARGEST_PAGE:
            struct.pack_into("<Q", data, at + 48, LARGEST_PAGE)
    path.write_bytes(data)


def bind_to_itself(path: Path) -> None:
    """Have a library look for symbols in itself first. ValueError if its linker left no entry free."""
    image = Image(path)
    if image.binds_to_itself:
        return
    free = image.spare_entry
    if free is None:
        raise ValueError(f"{path} has no free entry in its dynamic section")
    with path.open("r+b") as file:
        file.seek(free)
        file.write(_ENTRY.pack(_SYMBOLIC, 0))
