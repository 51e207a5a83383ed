"""32-bit Pythons under Wine: hosts with CPython's own file names, of every version, and the runtime that ships.

A `python.exe` is tests/native/pyexe.c in a folder with a CPython; a ._pth file there says where its library is. The
binaries come from the wheels that the product's come from (requirements/windows.txt), the libraries of other versions
from the interpreters under ~/.pyenv. Not the product; only tests and benchmarks use it.
"""

from __future__ import annotations

import hashlib
import marshal
import shutil
import zipfile
from collections.abc import Iterable
from importlib.util import MAGIC_NUMBER
from pathlib import Path

from buildlib import clients, console, environment, locks
from buildlib.layout import ARCHIVE, BUILD, ON_DISK, WIN32
from buildlib.windows_python import loose_library, python_of, say_where
from buildlib.wine import Wine

VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
"""Those that publish binaries for 32-bit Windows."""

# No interpreter of 3.14 is at hand: its library is that of 3.13, and tests/native/python_host.py adds what it lacks.
_LIBRARY_OF = {"3.14": "3.13"}
_FOLDER = BUILD / "pythons"


def host_python(version: str) -> Path:
    """python.exe of a version, with its official DLLs and modules; shared by all tests, which leave its folder alone.

    Raises Failed if the library of this version is not on this machine.
    """
    folder = _FOLDER / version
    complete = folder / ".complete"
    with locks.only_one(_FOLDER / f"{version}.lock"):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _fill(version, folder)
            complete.touch()
    return folder / "python.exe"


def frozen_host(wine: Wine, script: Path, modules: Iterable[str]) -> Path:
    """`script` as a program that PyInstaller has frozen with a CPython 3.11 of its own, and `modules` beside it in the
    folder of the program's modules; made once for each content of the script.

    Takes about 20 seconds. Raises Failed with what PyInstaller said.
    """
    folder = _FOLDER / "frozen"
    complete, state = folder / ".complete", script.read_bytes() + repr(sorted(modules)).encode()
    with locks.only_one(_FOLDER / "frozen.lock"):
        if not (complete.exists() and complete.read_bytes() == state):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _freeze(wine, folder, script, modules)
            complete.write_bytes(state)
    return folder / "dist" / script.stem / f"{script.stem}.exe"


def _freeze(wine: Wine, folder: Path, script: Path, modules: Iterable[str]) -> None:
    wheels, site = folder / "wheels", folder / "site"
    environment.download("frozen", wheels, WIN32.wheels)
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
    library = [Wine.windows_path(path) for path in (loose_library("3.11"), site)]
    python = python_of(WIN32.work / "binaries", folder / "python", [*library, ".", "import site"])
    shutil.copy(script, folder)
    words = ["--noconfirm", "--onedir", "--console", "--exclude-module", "setuptools"]
    for module in modules:
        (folder / f"{module}.py").write_text("OWNER = 'host'\n")
        words += ["--hidden-import", module]
    done = wine.run([python, "-m", "PyInstaller", *words, script.name], cwd=folder, timeout=400)
    if done.returncode != 0:
        raise console.Failed(f"PyInstaller ends with {done.returncode}:\n{done.stderr}")


def stock_python(folder: Path) -> Path:
    """python.exe of 3.11 in `folder`, on the DLLs that the product is made of, under CPython's own names; the library
    is loose files, and the packages of the product can be imported. For benchmarks."""
    library = [Wine.windows_path(path) for path in (loose_library("3.11"), WIN32.work / "site")]
    return python_of(WIN32.work / "binaries", folder, [*library, "."])


def product_python(product: Path, folder: Path) -> Path:
    """python.exe of 3.11 in `folder`, a host that can import shim: the code of the product and, behind it, all of
    CPython's library, on DLLs with CPython's own names, so that the product is loaded beside them."""
    archive = product / "vcshim" / ARCHIVE  # of before frozen modules, for benchmarks
    library = _shipped_library(archive if archive.exists() else None)
    return python_of(WIN32.work / "binaries", folder, [*library, Wine.windows_path(loose_library("3.11"))])


def shipped_python(product: Path, folder: Path) -> Path:
    """python.exe in `folder` on copies of the DLLs and extension modules that ship, and the code that is frozen into
    their core; not for a host that loads the product."""
    return python_of(product / "vcshim", folder, _shipped_library())


def _shipped_library(archive: Path | None = None) -> list[str]:
    """The search path of a python.exe with the code that is frozen into the core of dist/win32."""
    return [*(Wine.windows_path(path) for path in (archive or _packed(), WIN32.work / "site")), "."]


def _packed() -> Path:
    """That code as an archive; made once for each content of the core."""
    output, mark = _FOLDER / "library.zip", _FOLDER / "library.state"
    state = hashlib.sha256((WIN32.work / "modules.bin").read_bytes()).hexdigest()
    with locks.only_one(_FOLDER / "library.lock"):
        if not (mark.exists() and mark.read_text() == state):
            staging = WIN32.work / "staging"
            with zipfile.ZipFile(output, "w") as library:
                for path in sorted(staging.rglob("*.py")):
                    place = path.relative_to(staging).as_posix()
                    if place.split("/")[0] not in ON_DISK:
                        code = marshal.dumps(compile(path.read_bytes(), place, "exec", dont_inherit=True))
                        library.writestr(f"{place}c", MAGIC_NUMBER + bytes(12) + code)
            mark.write_text(state)
    return output


def _fill(version: str, folder: Path) -> None:
    library = loose_library(_LIBRARY_OF.get(version, version))
    wheels = folder / "wheels"
    environment.download("windows", wheels, "win32", version)
    (wheel,) = wheels.glob("panda3d-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            place, _, file = name.rpartition("/")
            # Without the modules of free-threaded builds, and the C runtime, which Wine has.
            if place == "deploy_libs" and file.lower().endswith((".dll", ".pyd")) and "t-win32." not in file:
                (folder / file).write_bytes(archive.read(name))
    shutil.rmtree(wheels)
    shutil.copy(clients.program("python.exe"), folder / "python.exe")
    say_where(folder, [Wine.windows_path(library), "."])
