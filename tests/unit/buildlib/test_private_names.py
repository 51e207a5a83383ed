"""What is written over in images made here: names, signatures, checksums, and the flags of buildlib/swap_run.py."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from buildlib import layout, pe, private_names, swap_run
from buildlib.console import Failed

RAW, VIRTUAL, BASE = 0x400, 0x1000, 0x10000000
SECTION = 0x1000

NAMES = {"python311.dll": "vcs-py311.dll", "vcruntime140.dll": "vcs-vcrt140.dll", "libcrypto-3.dll": "vcs-crypto.dll"}


@dataclass
class Made:
    """A PE file with one section, which `bytes` writes."""

    wide: bool = False
    imports: dict[str, list[str]] = field(default_factory=dict)
    delayed: dict[str, list[str]] = field(default_factory=dict)
    delayed_by_address: bool = False  # as Visual C++ 6 wrote them
    own: str = ""
    forwards: dict[str, str] = field(default_factory=dict)
    bound: bool = False
    signature: bytes = b""
    behind: bytes = b""
    checksum: int = 0

    def __bytes__(self) -> bytes:
        self.section = bytearray(8)  # so that no address is 0
        directories = [(0, 0)] * 16
        if self.own:
            directories[0] = self._exports()
        directories[1] = self._import_table(self.imports)
        directories[13] = self._delay_table()
        if self.bound:
            directories[11] = (RAW - 64, 32)
        if self.signature:
            directories[4] = (RAW + SECTION, len(self.signature))
        optional_size = (112 if self.wide else 96) + 128
        head = bytearray(RAW)
        head[:2] = b"MZ"
        struct.pack_into("<I", head, 0x3C, 0x40)
        machine = 0x8664 if self.wide else 0x14C
        struct.pack_into("<4sHHIIIHH", head, 0x40, b"PE\0\0", machine, 1, 0, 0, 0, optional_size, 0x2102)
        optional = 0x58
        struct.pack_into("<H", head, optional, 0x20B if self.wide else 0x10B)
        struct.pack_into("<Q" if self.wide else "<I", head, optional + (24 if self.wide else 28), BASE)
        struct.pack_into("<I", head, optional + 64, self.checksum)
        at = optional + (112 if self.wide else 96)
        struct.pack_into("<I", head, at - 4, 16)
        for number, directory in enumerate(directories):
            struct.pack_into("<II", head, at + 8 * number, *directory)
        struct.pack_into("<8sIIII", head, optional + optional_size, b".rdata", SECTION, VIRTUAL, SECTION, RAW)
        return bytes(head) + bytes(self.section.ljust(SECTION, b"\0")) + self.signature + self.behind

    def _put(self, data: bytes) -> int:
        """Add to the section; the address."""
        address = VIRTUAL + len(self.section)
        self.section += data
        return address

    def _thunks(self, names: list[str]) -> int:
        entries = [self._put(b"\0\0" + name.encode() + b"\0") for name in names]
        return self._put(struct.pack(f"<{len(entries) + 1}{'Q' if self.wide else 'I'}", *entries, 0))

    def _import_table(self, imports: dict[str, list[str]]) -> tuple[int, int]:
        if not imports:
            return 0, 0
        stamp = 0xFFFFFFFF if self.bound else 0
        rows = b"".join(
            struct.pack("<IIIII", self._thunks(names), stamp, 0, self._put(dll.encode() + b"\0"), self._thunks(names))
            for dll, names in imports.items()
        )
        return self._put(rows + bytes(20)), len(rows) + 20

    def _delay_table(self) -> tuple[int, int]:
        base, form = (BASE, 0) if self.delayed_by_address else (0, 1)
        rows = b"".join(
            struct.pack("<8I", form, base + self._put(dll.encode() + b"\0"), 0, 0, base + self._thunks(names), 0, 0, 0)
            for dll, names in self.delayed.items()
        )
        return (self._put(rows + bytes(32)), len(rows) + 32) if rows else (0, 0)

    def _exports(self) -> tuple[int, int]:
        own = self._put(self.own.encode() + b"\0")
        size = 40 + 16 * len(self.forwards) + sum(len(a) + len(b) + 2 for a, b in self.forwards.items())
        table = VIRTUAL + len(self.section)
        at = table + 40 + 8 * len(self.forwards)
        texts, functions, names = b"", [], []
        for name, target in self.forwards.items():
            functions.append(at + len(texts))
            texts += target.encode() + b"\0"
            names.append(at + len(texts))
            texts += name.encode() + b"\0"
        count = len(self.forwards)
        self._put(struct.pack("<IIHHIIIIIII", 0, 0, 0, 0, own, 1, count, count, table + 40, table + 40 + 4 * count, 0))
        self._put(struct.pack(f"<{2 * count}I", *functions, *names) + texts)
        return table, size


def image(folder: Path, made: Made, name: str = "a.dll") -> pe.Image:
    path = folder / name
    path.write_bytes(bytes(made))
    return pe.Image(path)


def after(folder: Path, made: Made) -> pe.Image:
    path = folder / "b.dll"
    path.write_bytes(private_names.rewritten(image(folder, made), NAMES))
    return pe.Image(path)


FULL = {
    "imports": {"KERNEL32.dll": ["Sleep"], "python311.dll": ["Py_Main", "Py_Exit"], "VCRUNTIME140.dll": ["memcpy"]},
    "delayed": {"LIBCRYPTO-3.DLL": ["EVP_sha256"], "USER32.dll": ["MessageBoxW"]},
    "own": "Python311.dll",
    "forwards": {"Py_Main": "python311.Py_Main", "memcpy": "VCRUNTIME140.memcpy", "Sleep": "KERNEL32.Sleep"},
}


@pytest.mark.parametrize("by_address", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_every_place_of_a_name(tmp_path: Path, wide: bool, by_address: bool) -> None:
    made = Made(wide=wide, delayed_by_address=by_address and not wide, **FULL)  # type: ignore[arg-type]
    before, now = image(tmp_path, made), after(tmp_path, made)
    assert before.imports == FULL["imports"]
    assert before.delay_imports == FULL["delayed"]
    assert now.imports == {
        "KERNEL32.dll": ["Sleep"], "vcs-py311.dll": ["Py_Main", "Py_Exit"], "vcs-vcrt140.dll": ["memcpy"],
    }  # fmt: skip
    assert now.delay_imports == {"vcs-crypto.dll": ["EVP_sha256"], "USER32.dll": ["MessageBoxW"]}
    assert now.own_name is not None and now.own_name.text == "vcs-py311.dll"
    assert now.exports == before.exports == ["Py_Main", "memcpy", "Sleep"]
    forwards = {(name.text, name.tail) for name in now.names if name.tail}
    assert forwards == {
        ("vcs-py311.dll", ".Py_Main"), ("vcs-vcrt140.dll", ".memcpy"), ("KERNEL32.dll", ".Sleep"),
    }  # fmt: skip
    assert len(now.data) == len(before.data)
    for old in (b"python311.dll\0", b"VCRUNTIME140", b"LIBCRYPTO"):
        assert old not in now.data


def test_a_file_without_such_a_name_stays_as_it_is(tmp_path: Path) -> None:
    """Its signature and its checksum too."""
    made = Made(imports={"KERNEL32.dll": ["Sleep"]}, own="zlib1.dll", signature=b"signed!!", checksum=4711)
    assert after(tmp_path, made).data == bytes(made)


IMPORTING = {"python311.dll": ["Py_Main"]}


def test_the_signature_is_cut_off(tmp_path: Path) -> None:
    now = after(tmp_path, Made(imports=IMPORTING, signature=b"signed!!" * 8))
    assert now.directory(pe.CERTIFICATES) == (0, 0)
    assert len(now.data) == RAW + SECTION


def test_what_is_behind_the_signature_keeps_its_place(tmp_path: Path) -> None:
    """Debug data, which is found by its place in the file."""
    now = after(tmp_path, Made(imports=IMPORTING, signature=b"signed!!", behind=b"debug data"))
    assert now.directory(pe.CERTIFICATES) == (0, 0)
    assert now.data[RAW + SECTION :] == bytes(8) + b"debug data"


def test_padding_behind_the_signature_goes_with_it(tmp_path: Path) -> None:
    now = after(tmp_path, Made(imports=IMPORTING, signature=b"signed!!", behind=bytes(6)))
    assert len(now.data) == RAW + SECTION


def test_bound_imports_are_resolved_again(tmp_path: Path) -> None:
    made = Made(imports=IMPORTING, bound=True)
    assert [stamp(image(tmp_path, made), at) for at in image(tmp_path, made).import_stamps()] == [0xFFFFFFFF]
    now = after(tmp_path, made)
    assert now.directory(pe.BOUND_IMPORTS) == (0, 0)
    assert [stamp(now, at) for at in now.import_stamps()] == [0]


def stamp(made: pe.Image, at: int) -> int:
    return int.from_bytes(made.data[at : at + 4], "little")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (b"\x01\x02", 0x0201 + 2),
        (b"\x01\x02\x03", 0x0201 + 0x0003 + 3),  # an odd byte is the low one of a word
        (b"\xff\xff\x02\x00", 0x0002 + 4),  # 0x10001: the carry is added at the end
        (b"\xff\xff\xff\xff", 0xFFFF + 4),
    ],
)
def test_checksum(data: bytes, expected: int) -> None:
    assert private_names.checksum(data) == expected


def test_the_checksum_of_a_changed_file_is_right(tmp_path: Path) -> None:
    now = after(tmp_path, Made(imports=IMPORTING, checksum=4711))
    blank = bytearray(now.data)
    blank[now.checksum_at : now.checksum_at + 4] = bytes(4)
    assert stamp(now, now.checksum_at) == private_names.checksum(blank) != 4711


# ---- folders -------------------------------------------------------------------------------------------------------


def test_a_folder_is_renamed(tmp_path: Path) -> None:
    """Names of files in any case; a second run changes nothing."""
    (tmp_path / "packages").mkdir()
    image(tmp_path, Made(own="python311.dll", imports={"vcruntime140.dll": ["x"]}), "Python311.DLL")
    image(tmp_path, Made(own="VCRUNTIME140.dll"), "VCRUNTIME140.dll")
    image(tmp_path, Made(imports=IMPORTING), "packages/_a.pyd")
    image(tmp_path, Made(imports=IMPORTING), "vcshim.exe")
    (tmp_path / "python311.zip").write_bytes(b"PK")
    private_names.apply(tmp_path, NAMES)
    first = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert set(first) == {"vcs-py311.dll", "vcs-vcrt140.dll", "packages/_a.pyd", "vcshim.exe", "python311.zip"}
    for name in ("packages/_a.pyd", "vcshim.exe"):
        assert list(pe.Image(tmp_path / name).imports) == ["vcs-py311.dll"]
    private_names.apply(tmp_path, NAMES)
    assert first == {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}


def test_a_linked_file_is_not_written_over(tmp_path: Path) -> None:
    source, folder = tmp_path / "wheel.pyd", tmp_path / "set"
    folder.mkdir()
    source.write_bytes(bytes(Made(imports=IMPORTING)))
    (folder / "_a.pyd").hardlink_to(source)
    private_names.apply(folder, NAMES)
    assert source.read_bytes() == bytes(Made(imports=IMPORTING)) != (folder / "_a.pyd").read_bytes()


def test_a_name_that_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"vcs-sqlite\.dll is longer than sqlite3\.dll"):
        private_names.apply(tmp_path, {"sqlite3.dll": "vcs-sqlite.dll"})


def test_two_files_with_one_name(tmp_path: Path) -> None:
    names = {"libffi-7.dll": "vcs-ffi.dll", "libffi-8.dll": "vcs-ffi.dll"}
    for name in names:
        image(tmp_path, Made(own=name), name)
    with pytest.raises(Failed, match=r"would be vcs-ffi\.dll, libffi-8\.dll is the second"):
        private_names.apply(tmp_path, names)


def test_the_rows_fit() -> None:
    for old, new in layout.PRIVATE_NAMES.items():
        assert old == old.lower() and new.startswith("vcs-") and len(new) <= len(old)


def test_what_a_set_may_import(tmp_path: Path) -> None:
    """Files beside it, those that the core brings from another folder, and Windows; nothing else."""
    (tmp_path / "packages").mkdir()
    image(tmp_path, Made(imports={"vcs-py311.dll": ["a"], "KERNEL32.dll": ["Sleep"]}), "vcshim_core.dll")
    image(tmp_path, Made(imports={"VCS-VCRT140.dll": ["a"]}), "vcs-py311.dll")
    image(tmp_path, Made(), "vcs-vcrt140.dll")
    image(tmp_path, Made(imports={"kernel32.DLL": ["a"]}), "vcs-ffi.dll")
    image(tmp_path, Made(imports={"vcs-ffi.dll": ["a"], "ws2_32.dll": ["#3"]}), "_ctypes.pyd")
    image(tmp_path, Made(imports={"vcs-vcrt140.dll": ["a"], "vcs-py311.dll": ["a"]}), "packages/_a.pyd")
    private_names.check(tmp_path, tmp_path / "vcshim_core.dll")
    image(tmp_path, Made(imports={"vcs-ffi.dll": ["a"]}), "packages/_b.pyd")  # in another folder, and not loaded yet
    image(tmp_path, Made(delayed={"python3.dll": ["a"]}), "_c.pyd")
    image(tmp_path, Made(own="d.dll", forwards={"a": "msvcp140.a"}), "d.dll")
    with pytest.raises(Failed) as failure:
        private_names.check(tmp_path, tmp_path / "vcshim_core.dll")
    assert str(failure.value).splitlines()[1:] == [
        "  _c.pyd imports python3.dll", "  d.dll imports msvcp140.dll", "  packages/_b.pyd imports vcs-ffi.dll",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"MZ", b"PK\x03\x04" + bytes(100), b"MZ" + bytes(100)])
def test_what_is_no_image(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.dll").write_bytes(data)
    with pytest.raises((ValueError, struct.error)):
        pe.Image(tmp_path / "a.dll")


def test_dlls_that_nothing_imports_are_deleted(tmp_path: Path) -> None:
    """Nor what only they import; modules and what they import stay, and so does the core."""
    image(tmp_path, Made(imports={"b.dll": ["x"]}), "a.dll")
    image(tmp_path, Made(), "b.dll")
    image(tmp_path, Made(), "C.dll")
    image(tmp_path, Made(), "core.dll")
    (tmp_path / "packages").mkdir()
    image(tmp_path, Made(imports={"c.DLL": ["x"]}), "packages/_a.pyd")
    private_names.drop_unused(tmp_path, [tmp_path / "core.dll"])
    assert {path.name for path in tmp_path.rglob("*.*")} == {"C.dll", "core.dll", "_a.pyd"}


# ---- read as a whole from a share (buildlib/swap_run.py)


def image_in(folder: Path, made: Made) -> pe.Image:
    path = folder / "made.dll"
    path.write_bytes(bytes(made))
    return pe.Image(path)


@pytest.mark.parametrize("wide", [False, True])
def test_the_flags_and_the_checksum(tmp_path: Path, wide: bool) -> None:
    before = image_in(tmp_path, Made(wide=wide, checksum=7))
    swap_run.apply(tmp_path)
    after = pe.Image(tmp_path / "made.dll")
    assert (before.characteristics, after.characteristics) == (0x2102, 0x2D02)
    changed = [at for at, (old, new) in enumerate(zip(before.data, after.data, strict=True)) if old != new]
    assert {0x57, 0x98} <= set(changed) <= {0x57, 0x98, 0x99, 0x9A, 0x9B}  # the flags, the checksum
    words = [int.from_bytes(after.data[at : at + 2], "little") for at in range(0, len(after.data), 2)]
    summed = sum(words) - sum(words[at // 2] for at in (0x98, 0x9A))
    while summed >> 16:
        summed = (summed & 0xFFFF) + (summed >> 16)
    assert int.from_bytes(after.data[0x98:0x9C], "little") == summed + len(after.data)


def test_what_has_them_stays(tmp_path: Path) -> None:
    image_in(tmp_path, Made())
    swap_run.apply(tmp_path)
    os.utime(tmp_path / "made.dll", (1, 1))
    swap_run.apply(tmp_path)
    assert (tmp_path / "made.dll").stat().st_mtime == 1


def test_a_signature_stays(tmp_path: Path) -> None:
    signed = image_in(tmp_path, Made(signature=b"signature"))
    assert swap_run.flagged(signed) == signed.data
