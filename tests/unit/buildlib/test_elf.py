"""What is read out of ELF files, against libraries made here; and the two changes that are made in them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from buildlib import console, elf
from buildlib.elf import Image, Symbol

pytestmark = pytest.mark.needs("gcc")

_SOURCE = """
#include <string.h>
extern int theirs(void);
extern int perhaps(void) __attribute__((weak));
int ours_data = 3;
int ours(void) { return theirs() + (perhaps ? perhaps() : 0); }
int __attribute__((weak)) ours_weak(void) { return 5; }
int twice(void) { return ours() + ours_weak(); }
static int hidden(void) { return 1; }
int *keep(void) { return (int *)hidden; }
size_t measured(const char *text) { return strlen(text); }
"""
_VERSIONS = (
    "ONE_1.0 { global: ours; ours_data; twice; keep; measured; }; TWO_2.0 { global: ours_weak; local: *; } ONE_1.0;"
)


def library(folder: Path, name: str, source: str, *words: str) -> Path:
    path, text = folder / name, folder / f"{name}.c"
    text.write_text(source)
    console.run(["gcc", "-shared", "-fPIC", "-o", path, text, *words])
    return path


@pytest.fixture
def image(tmp_path: Path) -> Image:
    versions, others = tmp_path / "versions.ld", tmp_path / "others.ld"
    versions.write_text(_VERSIONS)
    others.write_text("OTHER_1.1 { global: *; };")
    named = ("-Wl,-soname,libother.so.2", f"-Wl,--version-script={others}")
    other = library(tmp_path, "libother.so.2", "int theirs(void) { return 4; }", *named)
    words = [str(other), "-Wl,--disable-new-dtags,-rpath,/one:/two", f"-Wl,--version-script={versions}"]
    return Image(library(tmp_path, "libours.so.1", _SOURCE, "-Wl,-soname,libours.so.1", *words))


def test_names_of_libraries(image: Image) -> None:
    assert image.soname == "libours.so.1"
    assert image.needed == ["libother.so.2", "libc.so.6"]
    assert (image.rpath, image.runpath) == ("/one:/two", "")
    assert set(image.versions_needed) == {"libother.so.2", "libc.so.6"}
    assert image.versions_needed["libother.so.2"] == ["OTHER_1.1"]


def test_symbols(image: Image) -> None:
    """A version is a symbol too; what is static is none."""
    assert image.defines == {"ours", "ours_data", "ours_weak", "twice", "keep", "measured", "ONE_1.0", "TWO_2.0"}
    assert {"theirs", "perhaps", "strlen"} < image.uses
    assert {Symbol("theirs", False, False), Symbol("perhaps", False, True), Symbol("ours_weak", True, True)} < set(
        image.symbols
    )


def test_a_file_without_names(tmp_path: Path) -> None:
    image = Image(library(tmp_path, "module.so", "", "-nostdlib", "-Wl,-rpath,/three"))
    assert (image.soname, image.needed, image.symbols, image.versions_needed) == (None, [], [], {})
    assert (image.rpath, image.runpath) == ("", "/three")


@pytest.mark.parametrize("data", [b"", b"#!/bin/sh\n", b"MZ" + bytes(200), b"\x7fELF\1\1" + bytes(200)])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert elf.is_elf(path) == data.startswith(b"\x7fELF")
    with pytest.raises(ValueError, match="no ELF file of 64 bits"):
        Image(path)


def test_a_static_file_is_refused(tmp_path: Path) -> None:
    console.run(["gcc", "-c", "-x", "c", "-o", tmp_path / "object.o", "/dev/null"])
    with pytest.raises(ValueError, match="no dynamic section"):
        Image(tmp_path / "object.o")


_HOST = """
#include <dlfcn.h>
#include <stdio.h>
int ours(void) { return 1000; }
int ours_weak(void) { return 1000; }
int main(int count, char **words)
{
    void *library = dlopen(words[1], RTLD_NOW);
    int (*twice)(void) = library == NULL ? NULL : (int (*)(void))dlsym(library, "twice");
    return twice == NULL ? 99 : twice() == 9 ? 0 : 1;
}
"""


def test_a_library_that_looks_in_itself_first(tmp_path: Path, image: Image) -> None:
    """A host has functions by the same names: its own are called before, the library's after."""
    path = tmp_path / "libours.so.1"
    (tmp_path / "host.c").write_text(_HOST)
    console.run(["gcc", "-rdynamic", "-o", tmp_path / "host", tmp_path / "host.c", "-ldl"])

    def run() -> int:
        words = [tmp_path / "host", path]
        env = {"LD_LIBRARY_PATH": str(tmp_path)}
        return subprocess.run(words, env=env, timeout=60, check=False).returncode

    assert not image.binds_to_itself
    assert run() == 1
    elf.bind_to_itself(path)
    assert Image(path).binds_to_itself
    assert run() == 0
    whole = path.read_bytes()
    elf.bind_to_itself(path)
    assert path.read_bytes() == whole


def test_no_room_to_say_so(tmp_path: Path) -> None:
    path = library(tmp_path, "full.so", "int a;", "-Wl,--spare-dynamic-tags=1")
    with pytest.raises(ValueError, match="no free entry"):
        elf.bind_to_itself(path)


def test_alignment(tmp_path: Path, image: Image) -> None:
    """Two megabytes become 64 kB, and the file still loads; what is less stays."""
    wide = library(tmp_path, "wide.so", "int wide(void) { return 3; }", "-Wl,-z,max-page-size=0x200000")
    narrow = tmp_path / "libours.so.1"
    before = alignments(narrow)
    assert set(alignments(wide)) == {0x200000}
    for path in (wide, narrow):
        elf.align_by_pages(path)
    assert set(alignments(wide)) == {0x10000}
    assert alignments(narrow) == before
    script = f"import ctypes; raise SystemExit(ctypes.CDLL('{wide}').wide())"
    assert subprocess.run(["python3", "-c", script], timeout=60, check=False).returncode == 3


def alignments(path: Path) -> list[int]:
    """Those of the segments that are loaded, by readelf's eyes."""
    text = console.run(["readelf", "-lW", path])
    return [int(line.split()[-1], 16) for line in text.splitlines() if line.split()[:1] == ["LOAD"]]


def test_against_readelf() -> None:
    """The names of this machine's C library, as readelf prints them."""
    (path,) = set(re.findall(r"/\S+/libc\.so\.6", Path("/proc/self/maps").read_text()))
    text = console.run(["readelf", "--dyn-syms", "-W", path])
    rows = [line.split() for line in text.splitlines() if line.split()[:1] and line.split()[0].rstrip(":").isdigit()]
    known = {(row[7].partition("@")[0], row[6] != "UND") for row in rows if len(row) > 7 and row[4] != "LOCAL"}
    assert len(known) > 2000
    assert {(symbol.name, symbol.defined) for symbol in Image(Path(path)).symbols} == known
