"""The export and import names of a Windows DLL: what linking against it, and checking ours, needs. Reads only."""

from __future__ import annotations

import struct
from pathlib import Path


class Image:
    """A PE file of 32 or 64 bits. ValueError for anything else."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        (head,) = struct.unpack_from("<I", self._data, 0x3C)
        if self._data[head : head + 4] != b"PE\0\0":
            raise ValueError(f"{path} is no PE file")
        count, size = struct.unpack_from("<H12xH", self._data, head + 6)
        optional = head + 24
        wide = struct.unpack_from("<H", self._data, optional)[0] == 0x20B
        self._directories = optional + (112 if wide else 96)
        self._pointer = 8 if wide else 4
        self._sections = [
            struct.unpack_from("<III", self._data, optional + size + 40 * i + 12) for i in range(count)
        ]  # virtual address, raw size, raw offset

    @property
    def exports(self) -> list[str]:
        """The exported names, in the file's order."""
        table = self._directory(0)
        if table == 0:
            return []
        count, _, names = struct.unpack_from("<III", self._data, self._offset(table) + 24)
        start = self._offset(names)
        return [self._text(struct.unpack_from("<I", self._data, start + 4 * i)[0]) for i in range(count)]

    @property
    def imports(self) -> dict[str, list[str]]:
        """DLL name to the names taken from it."""
        found: dict[str, list[str]] = {}
        at = self._directory(1)
        while at != 0:
            names, _, _, dll, _ = struct.unpack_from("<IIIII", self._data, self._offset(at))
            if dll == 0:
                break
            found[self._text(dll)] = self._thunks(names)
            at += 20
        return found

    def _thunks(self, address: int) -> list[str]:
        names: list[str] = []
        form, by_number = ("<Q", 1 << 63) if self._pointer == 8 else ("<I", 1 << 31)
        while True:
            (entry,) = struct.unpack_from(form, self._data, self._offset(address))
            if entry == 0:
                return names
            names.append(f"#{entry & 0xFFFF}" if entry & by_number else self._text(entry + 2))
            address += self._pointer

    def _directory(self, number: int) -> int:
        return int(struct.unpack_from("<I", self._data, self._directories + 8 * number)[0])

    def _offset(self, address: int) -> int:
        for virtual, size, raw in self._sections:
            if virtual <= address < virtual + size:
                return int(address - virtual + raw)
        raise ValueError(f"address {address:#x} lies in no section")

    def _text(self, address: int) -> str:
        start = self._offset(address)
        return self._data[start : self._data.index(b"\0", start)].decode("ascii")
