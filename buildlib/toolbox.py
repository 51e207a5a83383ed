"""vcshim-toolbox.exe: shim/toolbox.py with an interpreter and the simulator's pages in one file, by PyInstaller.

PyInstaller freezes for the system it runs on: on Linux it runs under Wine, on the CPython that the set is made of. Of
the extension modules only those that the set has go in, and what Tornado needs. The same sources give the same bytes.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from buildlib import compile as native
from buildlib import console, environment
from buildlib.layout import DIST, LICENCES, PACKAGES, PRIVATE_NAMES, ROOT, RUNTIME, Target
from buildlib.package import archive, bill, licences, signing
from buildlib.windows_python import python_of
from buildlib.wine import Wine

PROGRAM = "vcshim-toolbox"
TITLE = "多码融合码与医保电子凭证动态库的开发工具箱"
_LIMIT = 1200.0
# Tornado's event loop; with the set's own they are all that is loaded.
_EXTENSIONS = frozenset({"_asyncio.pyd", "_overlapped.pyd", "_multiprocessing.pyd"})
# Imported only where something else is missing, or by tools that are not in it.
_EXCLUDED = (
    "Cryptodome", "PyInstaller", "_tkinter", "bz2", "cffi", "curses", "distutils", "doctest", "lib2to3", "lzma",
    "pycparser", "pydoc", "setuptools", "test", "tkinter", "unittest",
)  # fmt: skip
_PAGES = ("templates", "static")


def folder(target: Target) -> Path:
    """Where the program is when it is built."""
    return DIST / f"toolbox-{target.name}"


def build(target: Target, sign: Sequence[str] = ()) -> Path:
    """The program, for the processor of a target whose set is in dist/; signed by the command `sign`, if there is one.

    Raises:
        Failed: there is no such set, or PyInstaller ended with an error, which the text repeats.
    """
    work = target.work / "toolbox"
    if not (target.folder / RUNTIME).exists():
        raise console.Failed(f"dist/{target.name} is not built: python3 build_dll.py {target.name}")
    console.say(f"freezing {PROGRAM} for {target.name}")
    shutil.rmtree(work, ignore_errors=True)
    site = _packages(target, work)
    library = console.run([environment.python(), "-c", "import os; print(os.path.dirname(os.__file__))"]).strip()
    paths = [_seen(Path(library)), _seen(site), _seen(ROOT)]
    python = python_of(target.work / "binaries", work / "python", [*paths, ".", "import site"], target.bits)
    (work / f"{PROGRAM}.spec").write_text(_spec(target, work), "utf-8")
    _freeze(target, python, work)
    output = folder(target) / f"{PROGRAM}.exe"
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(work / "dist" / output.name, output)
    signing.sign([output], sign)
    beside = output.parent / LICENCES
    bill.write(beside, target, licences.write_for_toolbox(beside, target, site))
    console.say(f"{output.relative_to(ROOT)}: {output.stat().st_size / 1e6:.1f} MB")
    return output


def starts(target: Target, program: Path, count: int = 5) -> list[float]:
    """Seconds that the program takes to print its version, under Wine or on Windows, `count` times; the first may have
    to wait for the disk."""
    if sys.platform == "win32":
        return [_seconds(lambda: console.run([program, "--version"])) for _ in range(count)]
    with Wine(target.work / "toolbox" / "wine", _arch(target)) as wine:
        return [_seconds(lambda: wine.run([program, "--version"])) for _ in range(count)]


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _arch(target: Target) -> Literal["win32", "win64"]:
    return "win32" if target.bits == 32 else "win64"


def _packages(target: Target, work: Path) -> Path:
    """The packages of the set, Tornado and PyInstaller, unpacked."""
    site, wheels = work / "site", work / "wheels"
    for name in ("frozen", "simulator"):
        environment.download(name, wheels, target.wheels)
    shutil.copytree(target.work / "site", site)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(site)
    return site


def _freeze(target: Target, python: Path, work: Path) -> None:
    words = ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", f"{PROGRAM}.spec"]
    epoch = str(max(archive.commit_time(), 1))
    env = {"SOURCE_DATE_EPOCH": epoch, "PYTHONHASHSEED": "1"}
    if sys.platform == "win32":
        console.run([python, *words], cwd=work, env={**os.environ, **env}, timeout=_LIMIT)
        return
    with Wine(work / "wine", _arch(target)) as wine:
        done = wine.run([python, *words], cwd=work, env=env, timeout=_LIMIT)
    if done.returncode != 0:
        raise console.Failed(f"PyInstaller ends with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")


def _spec(target: Target, work: Path) -> str:
    """What PyInstaller reads: all of shim, which is imported by name, the pages, and the binaries that are kept."""
    modules = sorted(
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        for path in (ROOT / "shim").rglob("*.py")
    )
    pages = ROOT / "shim" / "simulator" / "pages"
    data = [(_seen(pages / name), f"shim/simulator/pages/{name}") for name in _PAGES]
    (work / "version.txt").write_text(_version(), "utf-8")
    return _SPEC.format(
        program=PROGRAM, script=_seen(ROOT / "shim" / "toolbox.py"), modules=modules, data=data,
        excluded=list(_EXCLUDED), kept=sorted(kept(target.folder / RUNTIME)),
    )  # fmt: skip


def kept(runtime: Path) -> set[str]:
    """The binaries that go in, by their paths in lower case as PyInstaller has them: the set's by their own names."""
    official = {new: old for old, new in PRIVATE_NAMES.items()}
    paths = (path for path in runtime.rglob("*") if path.suffix in (".dll", ".pyd"))
    names = {path.relative_to(runtime).as_posix().removeprefix(f"{PACKAGES}/") for path in paths}
    several = {old for old, new in PRIVATE_NAMES.items() if new in names}  # of which a machine has one
    return {official.get(name, name).lower() for name in names} | several | set(_EXTENSIONS)


def _version() -> str:
    numbers = (*map(int, native.version().split(".")), 0)
    texts = {
        "CompanyName": "virtualcard-shim",
        "FileDescription": TITLE,
        "FileVersion": native.version(),
        "InternalName": PROGRAM,
        "LegalCopyright": "virtualcard-shim 贡献者，MIT 许可证",
        "OriginalFilename": f"{PROGRAM}.exe",
        "ProductName": "virtualcard-shim",
        "ProductVersion": native.version(),
    }
    rows = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in texts.items())
    return _VERSION.format(numbers=numbers, rows=rows)


def _seen(path: Path) -> str:
    """A path as the program that freezes sees it."""
    return str(path) if sys.platform == "win32" else Wine.windows_path(path)


_SPEC = """\
kept = set({kept!r})
analysis = Analysis(
    [{script!r}], hiddenimports={modules!r}, datas={data!r}, excludes={excluded!r}, optimize=0
)
binaries = [row for row in analysis.binaries if row[0].replace(chr(92), "/").lower() in kept]
pages = [row for row in analysis.datas if not row[0].lower().endswith((".pyi", "py.typed", "record", "metadata"))]
EXE(
    PYZ(analysis.pure), analysis.scripts, binaries, pages, [("X utf8", None, "OPTION")], name={program!r},
    console=True, upx=False, icon="NONE", version="version.txt",
)
"""
_VERSION = """\
VSVersionInfo(
    ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}),
    kids=[
        StringFileInfo([StringTable("080404B0", [{rows}])]),
        VarFileInfo([VarStruct("Translation", [0x0804, 1200])]),
    ],
)
"""
