"""The interpreter that ships: CPython's own binaries and library, and the packages of requirements/run.txt.

For Windows the binaries come from a wheel of the Python registry (requirements/windows.txt) or from an official
embeddable archive given by path; the library comes from the building interpreter of the same minor version, or from
that archive. For Linux both come from the building interpreter.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

from buildlib import compile as native
from buildlib import console, environment, private_names
from buildlib.layout import ARCHIVE, NOT_ON_DISK, NOT_SHIPPED, ON_DISK, PACKAGES, PYTHON, ROOT, RUNTIME, Target

_BINARIES = (".dll", ".pyd")
# Binaries of the wheel that nothing of ours imports: Tk, sound, installer tables, asyncio's and multiprocessing's. And
# python3.dll, which extension modules of a host would be bound to if it was loaded (native/imports_windows.c).
_LEFT_OUT = frozenset(
    "tcl86t.dll tk86t.dll _tkinter.pyd winsound.pyd _msi.pyd _asyncio.pyd _overlapped.pyd _multiprocessing.pyd "
    "_zoneinfo.pyd python3.dll".split()
)
# Extension modules that lie directly in site-packages and go beside the core.
_EXTENSIONS = ("_cffi_backend", "hid.")
# Environment variables that no option turns off, and the libraries that would obey them. FreeType's changes the shape
# of letters, and so the dots of labels.
_UNASKED = {b"FREETYPE_PROPERTIES": ("_imagingft.*.pyd", "libfreetype-*.so*")}
# Written into every archive entry: the same sources give the same bytes.
_STAMP = (2026, 1, 1, 0, 0, 0)


def fetch_windows(target: Target, embeddable: Path | None) -> Path:
    """Fill target.work/binaries with CPython's DLLs and extension modules; returns the path of python3NN.dll there."""
    binaries = target.work / "binaries"
    shutil.rmtree(binaries, ignore_errors=True)
    binaries.mkdir(parents=True)
    wheels = target.work / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    console.say(f"fetching packages for {target.wheels}")
    environment.download("run", wheels, target.wheels)
    if embeddable is None:
        environment.download("windows", wheels, target.wheels)
        (source,) = wheels.glob("panda3d-*.whl")
        _unpack(source, binaries, "deploy_libs/")
    else:
        _unpack(embeddable, binaries, "")
    dll = binaries / f"python{''.join(map(str, PYTHON))}.dll"
    if not dll.exists():
        raise console.Failed(f"{dll.name} is not in {embeddable or 'the wheel'}: another version of CPython?")
    return dll


def assemble(target: Target, embeddable: Path | None = None) -> None:
    """Put the runtime into target.folder/vcshim, beside the core."""
    runtime = target.folder / RUNTIME
    site = _windows(target, runtime) if target.system == "windows" else _linux(runtime)
    packages = runtime / PACKAGES
    shutil.rmtree(packages, ignore_errors=True)
    for name in ON_DISK:
        shutil.copytree(site / name, packages / name, ignore=shutil.ignore_patterns(*NOT_ON_DISK))
    if target.system == "linux":
        shutil.copytree(site / "pillow.libs", packages / "pillow.libs")  # found by PIL's $ORIGIN
    _make_deaf(packages)
    console.say(f"packing {ARCHIVE}")
    library = Path(console.run([environment.python(), "-c", "import os; print(os.path.dirname(os.__file__))"]).strip())
    staging = target.work / "archive"
    shutil.rmtree(staging, ignore_errors=True)
    if embeddable is None:
        _take_pure(library, staging, NOT_SHIPPED)
    _take_pure(site, staging, NOT_SHIPPED | set(ON_DISK))
    _take_pure(ROOT / "shim", staging / "shim", NOT_SHIPPED)
    loose = target.work / "loose"
    shutil.rmtree(loose, ignore_errors=True)
    for name in ON_DISK:
        _take_pure(site / name, loose / name, NOT_SHIPPED | {"SelfTest"})
    _to_bytecode(staging)
    _to_bytecode(loose)
    _pack(staging, runtime / ARCHIVE, embeddable)
    shutil.copytree(loose, packages, dirs_exist_ok=True)
    if target.system == "windows":
        private_names.apply(runtime)
        private_names.check(runtime, runtime / "vcshim_core.dll")


def _windows(target: Target, runtime: Path) -> Path:
    site = target.work / "site"
    shutil.rmtree(site, ignore_errors=True)
    for wheel in sorted((target.work / "wheels").glob("*.whl")):
        if not wheel.name.startswith("panda3d-"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(site)
    for binary in (target.work / "binaries").iterdir():
        if binary.name not in _LEFT_OUT:
            shutil.copy(binary, runtime / binary.name)
    for pattern in _EXTENSIONS:
        for extension in site.glob(pattern + "*.pyd"):
            shutil.copy(extension, runtime / extension.name)
    return site


def _linux(runtime: Path) -> Path:
    libraries = Path(native.sysconfig_of("LIBDIR"))
    soname = native.sysconfig_of("INSTSONAME")
    shutil.copy(libraries / soname, runtime / soname)
    modules = runtime / "lib-dynload"
    shutil.rmtree(modules, ignore_errors=True)
    shutil.copytree(
        native.sysconfig_of("DESTSHARED"), modules, ignore=shutil.ignore_patterns("_test*", "_tkinter*", "xx*")
    )
    site = Path(
        console.run([environment.python(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip()
    )
    for pattern in _EXTENSIONS:
        for extension in site.glob(pattern + "*.so"):
            shutil.copy(extension, runtime / extension.name)
    shutil.copytree(site / "hidapi.libs", runtime / "hidapi.libs", dirs_exist_ok=True)  # found by hid's $ORIGIN
    return site


def _make_deaf(folder: Path) -> None:
    """Empty the names of `_UNASKED` inside libraries: no variable has an empty name."""
    for name, patterns in _UNASKED.items():
        paths = [path for pattern in patterns for path in sorted(folder.rglob(pattern))]
        if not paths:
            raise console.Failed(f"nothing below {folder} asks for {name.decode()}: has the library another name?")
        for path in paths:
            data = path.read_bytes()
            if data.count(name + b"\0") != 1:
                raise console.Failed(f"{path} does not ask for {name.decode()} as it did: another version?")
            path.write_bytes(data.replace(name + b"\0", bytes(len(name) + 1)))


# What of an environment's site-packages ships; everything else there belongs to the build or the tests.
_SHIPPED = frozenset("requests urllib3 idna charset_normalizer gmssl serial segno".split()) | set(ON_DISK)


def _take_pure(source: Path, target: Path, without: frozenset[str] | set[str]) -> None:
    """Copy the .py files of a tree, leaving out folders and modules named in `without`."""
    is_site = (source / "requests").is_dir()
    for folder, folders, files in os.walk(source):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if f not in without and not f.startswith("config-"))
        if is_site and here == source:
            folders[:] = [f for f in folders if f in _SHIPPED - set(ON_DISK)]
            files = []
        for name in files:
            if name.endswith(".py") and name[:-3] not in without:
                to = target / here.relative_to(source) / name
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(here / name, to)


_COMPILE = """
import compileall, py_compile, sys
sys.exit(not compileall.compile_dir(
    sys.argv[1], quiet=1, workers=0, legacy=True, stripdir=sys.argv[1], maxlevels=20,
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH))
"""


def _to_bytecode(tree: Path) -> None:
    """Compile a tree in place and drop the sources: byte code names its files relative to the tree."""
    console.run([environment.python(), "-c", _COMPILE, tree])
    for source in tree.rglob("*.py"):
        source.unlink()


def _pack(tree: Path, output: Path, base: Path | None) -> None:
    """A stored archive (inflating costs more than reading), entries sorted and stamped alike."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        if base is not None:
            with zipfile.ZipFile(base) as outer, outer.open(ARCHIVE) as inner, zipfile.ZipFile(inner) as library:
                for name in sorted(library.namelist()):
                    archive.writestr(zipfile.ZipInfo(name, _STAMP), library.read(name))
        for path in sorted(tree.rglob("*.pyc")):
            archive.writestr(zipfile.ZipInfo(path.relative_to(tree).as_posix(), _STAMP), path.read_bytes())


def _unpack(source: Path, folder: Path, prefix: str) -> None:
    """The binaries directly below `prefix` in an archive."""
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            rest = name.removeprefix(prefix)
            if name.startswith(prefix) and "/" not in rest and rest.lower().endswith(_BINARIES):
                (folder / rest).write_bytes(archive.read(name))
