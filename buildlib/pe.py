"""The names in a Windows DLL or program: what linking against it, checking ours and renaming needs. Reads only.

Not a loader and not a writer (buildlib/private_names.py). Used by the build steps and the tests.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Numbers of the data directories.
_EXPORTS, _IMPORTS, CERTIFICATES, DEBUG, BOUND_IMPORTS, _DELAY_IMPORTS = 0, 1, 4, 6, 11, 13
# Sizes of the records that are counted through.
_IMPORT, _DELAY_IMPORT, _DEBUG = 20, 32, 28
_RVA_BASED = 1


@dataclass(frozen=True)
class Name:
    """A file name of a DLL inside an image: `offset` is where it begins in the file, `tail` what stands behind it.

    A forwarder is the one name with a tail, the function: `VCRUNTIME140.memcpy` is the name `VCRUNTIME140.dll`.
    """

    offset: int
    text: str
    tail: str | None = None

    @property
    def room(self) -> int:
        """The bytes that the name, its tail and their NUL may take."""
        return len(self.written(self.text))

    def written(self, text: str) -> bytes:
        """What stands in the file when the name is `text`."""
        whole = text if self.tail is None else text[: -len(".dll")] + self.tail
        return whole.encode("ascii") + b"\0"


class Image:
    """A PE file of 32 or 64 bits. ValueError for anything else."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        if self.data[:2] != b"MZ":
            raise ValueError(f"{path} is no PE file")
        (head,) = struct.unpack_from("<I", self.data, 0x3C)
        if self.data[head : head + 4] != b"PE\0\0":
            raise ValueError(f"{path} is no PE file")
        self.characteristics_at = head + 22
        (self.characteristics,) = struct.unpack_from("<H", self.data, self.characteristics_at)
        count, size = struct.unpack_from("<H12xH", self.data, head + 6)
        optional = head + 24
        wide = struct.unpack_from("<H", self.data, optional)[0] == 0x20B
        self.checksum_at = optional + 64
        self._directories = optional + (112 if wide else 96)
        self._count = struct.unpack_from("<I", self.data, self._directories - 4)[0]
        self._pointer = 8 if wide else 4
        (self._base,) = struct.unpack_from("<Q" if wide else "<I", self.data, optional + (24 if wide else 28))
        self._sections = [
            struct.unpack_from("<III", self.data, optional + size + 40 * i + 12) for i in range(count)
        ]  # virtual address, raw size, raw offset

    @property
    def exports(self) -> list[str]:
        """The exported names, in the file's order."""
        table, _ = self.directory(_EXPORTS)
        if table == 0:
            return []
        count, _, names = struct.unpack_from("<III", self.data, self._offset(table) + 24)
        start = self._offset(names)
        return [self._text(struct.unpack_from("<I", self.data, start + 4 * i)[0]) for i in range(count)]

    @property
    def imports(self) -> dict[str, list[str]]:
        """DLL name to the names taken from it when the image is loaded."""
        return {name.text: self._thunks(table) for name, table in self._imports()}

    @property
    def delay_imports(self) -> dict[str, list[str]]:
        """DLL name to the names taken from it when one of them is first called."""
        return {name.text: self._thunks(table) for name, table in self._delay_imports()}

    @property
    def own_name(self) -> Name | None:
        """The file name that the export directory gives this image."""
        table, _ = self.directory(_EXPORTS)
        return None if table == 0 else self._name(struct.unpack_from("<I", self.data, self._offset(table) + 12)[0])

    @property
    def names(self) -> list[Name]:
        """Every file name of a DLL by which the loader looks for one: imports, delay imports, forwarders."""
        tables = [*self._imports(), *self._delay_imports()]
        return [*(name for name, _ in tables), *self._forwarders()]

    def directory(self, number: int) -> tuple[int, int]:
        """Address and size of a data directory, 0 and 0 without one. Of CERTIFICATES the address is a file offset."""
        if number >= self._count:
            return 0, 0
        address, size = struct.unpack_from("<II", self.data, self.directory_at(number))
        return address, size

    def directory_at(self, number: int) -> int:
        """Where the entry of a data directory begins in the file."""
        return int(self._directories) + 8 * number

    def import_stamps(self) -> Iterator[int]:
        """The file offsets of the time stamps of the imported DLLs, which are 0 unless the imports are bound."""
        return (at + 4 for at in self._records(_IMPORTS, _IMPORT, 12))

    def _imports(self) -> Iterator[tuple[Name, int]]:
        for at in self._records(_IMPORTS, _IMPORT, 12):
            names, _, _, dll, bound = struct.unpack_from("<IIIII", self.data, at)
            yield self._name(dll), names or bound

    def _delay_imports(self) -> Iterator[tuple[Name, int]]:
        for at in self._records(_DELAY_IMPORTS, _DELAY_IMPORT, 4):
            form, dll, _, _, names = struct.unpack_from("<IIIII", self.data, at)
            base = 0 if form & _RVA_BASED else self._base
            yield self._name(dll - base), names - base

    def _records(self, number: int, size: int, decisive: int) -> Iterator[int]:
        """File offsets of the records of a directory, up to the one whose field at `decisive` is 0."""
        address, _ = self.directory(number)
        if address != 0:
            at = self._offset(address)
            while struct.unpack_from("<I", self.data, at + decisive)[0] != 0:
                yield at
                at += size

    def _forwarders(self) -> Iterator[Name]:
        table, size = self.directory(_EXPORTS)
        if table == 0:
            return
        count, _, functions = struct.unpack_from("<III", self.data, self._offset(table) + 20)
        start = self._offset(functions) if count else 0
        for i in range(count):
            (address,) = struct.unpack_from("<I", self.data, start + 4 * i)
            if table <= address < table + size:
                library, dot, function = self._text(address).rpartition(".")
                yield Name(self._offset(address), f"{library}.dll", dot + function)

    def _thunks(self, address: int) -> list[str]:
        names: list[str] = []
        form, by_number = ("<Q", 1 << 63) if self._pointer == 8 else ("<I", 1 << 31)
        while True:
            (entry,) = struct.unpack_from(form, self.data, self._offset(address))
            if entry == 0:
                return names
            names.append(f"#{entry & 0xFFFF}" if entry & by_number else self._text(entry + 2))
            address += self._pointer

    def _offset(self, address: int) -> int:
        for virtual, size, raw in self._sections:
            if virtual <= address < virtual + size:
                return int(address - virtual + raw)
        raise ValueError(f"address {address:#x} lies in no section")

    def _name(self, address: int) -> Name:
        return Name(self._offset(address), self._text(address))

    def _text(self, address: int) -> str:
        start = self._offset(address)
        return self.data[start : self.data.index(b"\0", start)].decode("ascii")
