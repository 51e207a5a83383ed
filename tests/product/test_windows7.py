"""One set for Windows 7 SP1 to 11: what it imports, and the path functions that Windows 7 lacks.

Not on Windows 7, which was not at hand: Wine has these functions itself, so that ours are called under another name
(tests/support/windows7.py), and its own are the second opinion.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from buildlib.compile import PATH_FUNCTIONS
from buildlib.layout import DIST, PATH_DLL, PRIVATE_NAMES, PYTHON_DLL
from buildlib.pe import Image
from buildlib.wine import Wine
from shim.simulator.server import Simulator
from shim.spec import Shape
from tests.support import contract, windows7
from tests.support.clients import Kind, Rig, trans_line
from tests.support.logs import start_note
from tests.support.paths import VECTORS
from tests.support.product import Product, install

FOLDERS = ("win32", "win64")
KINDS: tuple[Kind, ...] = ("win32-c", "win64-c")
COMPARED = {"win32-c": "paths.exe", "win64-c": "paths64.exe"}
# Cases of the contract; all of them are for `build_dll.py toolchains`.
SHORT = 6

_ASK = """
import ctypes, json, sys
rows, dll = json.load(open(sys.argv[1], encoding="utf-8")), ctypes.WinDLL(sys.argv[2])
code = lambda value: f"{value & 0xFFFFFFFF:x}"
size = ctypes.c_size_t
found = {"combine": [], "root": [], "extension": []}
for row in rows["combine"]:
    out = ctypes.create_unicode_buffer("#", 40000)
    value = dll.PathCchCombineEx(out, size(row["room"]), row["first"], row["more"], row["flags"])
    found["combine"].append([code(value), None if out.value == "#" else out.value])
for kind, words in (("root", ()), ("extension", ("room",))):
    function = {"root": dll.PathCchSkipRoot, "extension": dll.PathCchFindExtension}[kind]
    for row in rows[kind]:
        path = None if row["path"] is None else ctypes.create_unicode_buffer(row["path"])
        end = ctypes.c_void_p()
        value = function(path, *(size(row[word]) for word in words), ctypes.byref(end))
        at = None if not end.value else (end.value - ctypes.addressof(path)) // 2
        found[kind].append([code(value), None if at is None else path.value[at:]])
json.dump(found, open(sys.argv[3], "w", encoding="utf-8"))
"""


@pytest.mark.parametrize("folder", FOLDERS)
def test_windows_7_has_all_that_is_imported(folder: str) -> None:
    """Each function that a file of the set imports is in windows_imports.json, with a Windows not newer than 7."""
    assert windows7.too_new(DIST / folder) == []
    assert len(list(windows7.imports_of_windows(DIST / folder))) > 500


def test_a_newer_import_is_seen(tmp_path: Path) -> None:
    """The negative control: CPython's DLL without ours beside it; and a function of which nothing is known."""
    shutil.copy(windows7.python_dll(DIST / "win32" / "vcshim"), tmp_path)
    found = windows7.too_new(tmp_path)
    assert {line.split()[2].rstrip(":") for line in found if PATH_DLL in line} == set(PATH_FUNCTIONS)
    assert all("not in tests/vectors" in line for line in found)


@pytest.mark.parametrize("folder", FOLDERS)
def test_our_path_functions(folder: str) -> None:
    """The DLL has the name, the three functions undecorated, and needs KERNEL32 alone."""
    image = Image(DIST / folder / "vcshim" / PATH_DLL)
    assert image.exports == sorted(PATH_FUNCTIONS)
    assert image.own_name is not None and image.own_name.text == PATH_DLL
    assert {dll.lower() for dll in image.imports} == {"kernel32.dll"}


@pytest.mark.parametrize("kind", KINDS)
def test_paths_as_documented(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """Literal results, of Microsoft's pages and of Wine."""
    rows = json.loads((VECTORS / "windows7_paths.json").read_text("utf-8"))
    product = install(kind, tmp_path / "his")
    product.replace_module("shim/cli", _ASK)
    dll = (product.runtime / PATH_DLL).rename(product.runtime / windows7.ASKED_FOR)  # Wine would take its own
    words = (VECTORS / "windows7_paths.json", dll, tmp_path / "found.json")
    done = rig.wine(kind).run([str(product.runtime / "vcshim.exe"), *(Wine.windows_path(path) for path in words)])
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    expected = {
        "combine": [[row["code"], row["result"]] for row in rows["combine"]],
        "root": [[row["code"], row["rest"]] for row in rows["root"]],
        "extension": [[row["code"], row["extension"]] for row in rows["extension"]],
    }
    for name, answers in expected.items():
        assert [pair for pair in zip(rows[name], answers, found[name], strict=True) if pair[1] != pair[2]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_paths_as_wine_has_them(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """100,000 generated pairs, of the shapes that paths have and of those that they must not have."""
    dll = tmp_path / windows7.ASKED_FOR
    shutil.copy(DIST / kind.partition("-")[0] / "vcshim" / PATH_DLL, dll)
    words = [str(rig.program(COMPARED[kind])), Wine.windows_path(dll), "100000", "17"]
    done = rig.wine(kind).run(words, timeout=300)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    counts = [int(word) for word in done.stdout.split() if word.isdecimal()]
    compared, longer, unc, extended, dots, known, differ = counts
    assert (compared, differ) == (100000, 0)
    assert longer > 5000 and unc > 10000 and extended > 10000 and dots > 10000
    assert known < 10000  # each kind has its reason in tests/native/paths.c


@pytest.mark.parametrize("kind", KINDS)
def test_the_product_on_our_path_functions(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Calls of the contract and vcshim.exe, where the system's path functions cannot be had."""
    product = windows7.take_own_paths(install(kind, tmp_path / "医院 HIS")).ini("[autofill]\nmethod = none\n")
    cases = [case for case in contract.CASES if contract.export_of(case).shape is Shape.TRANS][:SHORT]
    replies = product.run(rig, [contract.line(i, case, simulator) for i, case in enumerate(cases)])
    for case, reply in zip(cases, replies, strict=True):
        code = None if reply.returned is None else reply.returned.decode()
        contract.check(case, contract.Outcome(code, None, reply.out))
        assert reply.broken == {}
    assert rig.wine(kind).run([product.runtime / "vcshim.exe", "--version"]).stdout.startswith("vcshim ")


@pytest.mark.parametrize("kind", KINDS)
def test_without_our_path_functions(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """The same without them does not start: what was shown above was shown with ours."""
    product = windows7.take_own_paths(install(kind, tmp_path / "his"))
    (product.runtime / windows7.ASKED_FOR).unlink()
    (reply,) = product.run(rig, [trans_line("one", b"{}")])
    assert reply.returned == b"8009"
    assert rig.wine(kind).run([product.runtime / "vcshim.exe", "--version"]).stdout == ""


def _engineer(product: Product) -> str:
    return start_note(product.folder).read_text("utf-8-sig").strip()


def _spoil_crt(product: Product) -> dict[str, str]:
    return windows7.WITHOUT_CRT


def _spoil_folders(product: Product) -> dict[str, str]:
    windows7.forget_update(product.library("VC"))
    path = windows7.python_dll(product.runtime)
    path.unlink()
    path.write_bytes(b"no DLL")  # nothing else is known to be missing
    return {}


def _spoil_python(product: Product) -> dict[str, str]:
    windows7.python_dll(product.runtime).unlink()
    return {}


def _spoil_vcruntime(product: Product) -> dict[str, str]:
    (product.runtime / PRIVATE_NAMES["vcruntime140.dll"]).unlink()
    return {}


def _spoil_core(product: Product) -> dict[str, str]:
    product.core.unlink()
    return {}


# What is missing, the mark that the clerk reads out, what the engineer's line names.
LACKING = {
    "crt": (_spoil_crt, "L2999226", "KB2999226"),
    "folders": (_spoil_folders, "L2533623", "KB2533623"),
    "python": (_spoil_python, "L126", PRIVATE_NAMES[PYTHON_DLL]),
    "vcruntime": (_spoil_vcruntime, "L126", PRIVATE_NAMES["vcruntime140.dll"]),
    "core": (_spoil_core, "L126", "vcshim_core.dll"),
}


# A 64-bit program does not start at all in a Wine without that runtime.
@pytest.mark.parametrize(("kind", "lacking"), [(k, n) for k in KINDS for n in LACKING if (k, n) != ("win64-c", "crt")])
def test_what_is_missing_is_named(rig: Rig, tmp_path: Path, kind: Kind, lacking: str) -> None:
    """The system has one number for all of it; the front and vcshim.exe say which file or which update."""
    spoil, mark, named = LACKING[lacking]
    product = install(kind, tmp_path / "医院 HIS")
    env = spoil(product)
    wine = rig.wine(kind)
    (reply,) = product.run(rig, [trans_line("one", b"{}")], env=env)
    assert reply.returned == b"8009" and reply.out is not None
    assert f"（代号 {mark}）" in reply.out.decode("gb18030")
    assert named in _engineer(product)
    if lacking != "folders":  # the front was changed, not the program
        done = wine.run([product.runtime / "vcshim.exe", "--version"], env=env)
        assert (done.returncode, done.stdout) == (1, "")
        assert named in done.stderr and "医院 HIS" in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_the_doctor_of_the_program(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """vcshim.exe examines the folder that it is in: complete, then with a file changed and an update missing."""
    product = install(kind, tmp_path / "医院 HIS")
    program = product.runtime / "vcshim.exe"
    (product.folder / "vcshim.ini").write_text("[screen]\ntype = none\n", "utf-8")  # Wine has no font and no display
    done = rig.wine(kind).run([program, "doctor", "--json"])
    assert (done.returncode, done.stderr) == (0, "")
    names = [finding["name"] for finding in json.loads(done.stdout)["findings"]]
    assert names.count("windows.update") == 2 and names.count("fronts.same") == 2
    assert {"windows.wine", "files.complete", "settings.read", "bits.same", "proxy.none"} < set(names)
    path = product.runtime / "hid.txt"
    path.write_text("extra")
    windows7.python_dll(product.runtime).with_name("SHA256SUMS").unlink()
    again = rig.wine(kind).run([program, "--lang", "zh", "doctor"])
    assert again.returncode == 1 and "SHA256SUMS 缺少" in again.stdout
