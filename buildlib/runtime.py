"""The interpreter that ships: CPython's own binaries and library, and the packages of requirements/run.txt.

For Windows the binaries come from a wheel of the Python registry (requirements/windows.txt) or from an official
embeddable archive given by path; the library comes from the building interpreter of the same minor version, or from
that archive. For Linux both come from the building interpreter.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from buildlib import compile as native
from buildlib import console, environment, prepare, private_names, private_symbols, shipped
from buildlib.layout import (
    ARCHIVE,
    DATA,
    LINUX_CORE,
    LINUX_PROGRAM,
    NOT_SHIPPED,
    ON_DISK,
    PACKAGES,
    PRIVATE_SYMBOL,
    PYTHON_DLL,
    ROOT,
    RUNTIME,
    Target,
    private_library,
)
from buildlib.reach import Reached
from buildlib.shipped import library as library_name
from buildlib.toolchain import Toolchain

_BINARIES = (".dll", ".pyd")
_LIBRARIES = (".pyd", ".so")
# Of a CPython without the global lock, which wheels of 3.13 have beside the usual one.
_FREE_THREADED = re.compile(r"(?:\.cp\d+t-|^python\d+t\.)")
# Extension modules of a host would be bound to it if it was loaded (native/imports_windows.c).
_LEFT_OUT = frozenset({"python3.dll"})
# Extension modules that lie directly in site-packages and go beside the core.
_EXTENSIONS = ("_cffi_backend", "hid.")
# Environment variables that no option turns off, and the files that obey them, by target, system and processor, or
# system. FreeType's changes the shape of letters, and so the dots of labels; OpenSSL's masks instructions.
_UNASKED: Mapping[bytes, Mapping[str, str]] = {
    b"FREETYPE_PROPERTIES": {"windows": "_imagingft.*.pyd", "linux": "libvcshim-freetype-*.so*"},
    b"OPENSSL_ia32cap": {"win64": "libcrypto-*.dll", "linux x86_64": "libvcshim-crypto.so.*"},
    b"OPENSSL_armcap": {"linux aarch64": "libvcshim-crypto.so.*"},
}
# Libraries that a file would look for in the folders of the host and the system; it does without them. Pillow's other
# way of setting text needs the first (shim/drawing/fonts.py).
_UNSOUGHT: Mapping[bytes, Mapping[str, str]] = {
    name: {"linux": "_imagingft.*.so"}
    for name in (b"libfribidi.so", b"libfribidi.so.0", b"libfribidi.dylib", b"/usr/local/lib/libfribidi.dylib")
}
_NOWHERE = b"/dev/null/-"  # nothing can be below a device


def fetch_windows(target: Target, embeddable: Path | None) -> Path:
    """Fill target.work/binaries with CPython's DLLs and extension modules, target.work/site with the packages.

    Returns the path of python3NN.dll.
    """
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
    dll = binaries / PYTHON_DLL
    if not dll.exists():
        raise console.Failed(f"{dll.name} is not in {embeddable or 'the wheel'}: another version of CPython?")
    site = target.work / "site"
    shutil.rmtree(site, ignore_errors=True)
    for wheel in sorted(wheels.glob("*.whl")):
        if not wheel.name.startswith("panda3d-"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(site)
    return dll


def freeze(target: Target, embeddable: Path | None = None) -> Reached:
    """Gather what is written in Python and can be reached, and write it as a table of frozen modules into target.work.

    Returns what was reached.
    """
    console.say("freezing modules")
    staging = target.work / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    code = "import os; print(os.path.dirname(os.__file__))"
    _take_pure(Path(console.run([environment.python(), "-c", code]).strip()), staging, NOT_SHIPPED)
    library = list(staging.rglob("*.py"))
    _stage(target, staging)
    sources = shipped.sources(target, staging, _site(target))
    if prepare.serves(embeddable):
        prepare.record(staging, target, environment.python(), _own_site())
    reached = shipped.reached(sources)
    shipped.trim(sources, reached.modules)
    order = shipped.in_order(sources, reached.modules)
    if prepare.serves(embeddable):
        prepare.change(staging)
        order = [*prepare.MODULES, *order]
    if target.system == "linux":
        _own_pythonapi(staging / "ctypes" / "__init__.py")
    archive = None
    if embeddable is not None:
        archive = target.work / ARCHIVE
        with zipfile.ZipFile(embeddable) as outer:
            archive.write_bytes(outer.read(ARCHIVE))
        for source in library:
            source.unlink(missing_ok=True)
    native.freeze(target, staging, order, archive)
    return reached


def _stage(target: Target, staging: Path) -> None:
    """Put shim and the packages beside what `staging` has of CPython's library."""
    site = _site(target)
    _take_pure(site, staging, NOT_SHIPPED)
    for name in ON_DISK:
        _take_pure(site / name, staging / name, NOT_SHIPPED)
    (staging / "certifi" / "core.py").write_text(_CERTIFICATES, "utf-8")
    _take_pure(ROOT / "shim", staging / "shim", NOT_SHIPPED)


# certifi asks importlib for its file, which finds none beside a frozen module; and imports a temporary folder's module.
_CERTIFICATES = """\
from os.path import dirname, join


def where() -> str:
    return join(dirname(__file__), "cacert.pem")


def contents() -> str:
    with open(where(), encoding="ascii") as file:
        return file.read()
"""


def assemble(target: Target, reached: Reached) -> None:
    """Put the runtime into target.folder/vcshim, beside the core: what the frozen modules have reached."""
    runtime = target.folder / RUNTIME
    site = _site(target)
    packages = runtime / PACKAGES
    shutil.rmtree(packages, ignore_errors=True)
    for name in DATA:
        _copy(site / name, packages / name)
    for folder in ON_DISK:
        for path in sorted((site / folder).rglob("*")):
            place = path.relative_to(site)
            if path.suffix in _LIBRARIES and ".".join([*place.parent.parts, library_name(path)]) in reached.others:
                _copy(path, packages / place)
    if target.system == "linux":
        _linux(target, runtime, site, reached)
    else:
        _windows(target, runtime, site, reached)
    _replace(runtime, target, _UNASKED, b"")  # no variable has an empty name
    _replace(runtime, target, _UNSOUGHT, _NOWHERE)
    if target.system == "windows":
        private_names.apply(runtime)
        private_names.drop_unused(runtime, [runtime / "vcshim_core.dll"])
        private_names.check(runtime, runtime / "vcshim_core.dll")


def _copy(source: Path, output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, output)


def _windows(target: Target, runtime: Path, site: Path, reached: Reached) -> None:
    for binary in (target.work / "binaries").iterdir():
        wanted = library_name(binary) in reached.others if binary.suffix == ".pyd" else binary.name not in _LEFT_OUT
        if wanted:
            shutil.copy(binary, runtime / binary.name)
    for pattern in _EXTENSIONS:
        for extension in site.glob(pattern + "*.pyd"):
            shutil.copy(extension, runtime / extension.name)


def _site(target: Target) -> Path:
    """The packages: of the environment, or for Windows of the wheels that have been fetched."""
    if target.system == "windows":
        return target.work / "site"
    return _own_site()


def _own_site() -> Path:
    """The packages of the environment."""
    return Path(
        console.run([environment.python(), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip()
    )


def _linux(target: Target, runtime: Path, site: Path, reached: Reached) -> None:
    """The binaries of the building interpreter and the packages, with the core and the program, under private names."""
    strip = Toolchain(target).strip
    modules = Path(native.sysconfig_of("DESTSHARED"))
    origins = {runtime / name: runtime / name for name in (LINUX_CORE, LINUX_PROGRAM)}
    origins |= {
        runtime / "lib-dynload" / module.name: module
        for module in modules.glob("*.so")
        if library_name(module) in reached.others
    }
    origins |= {runtime / each.name: each for pattern in _EXTENSIONS for each in site.glob(pattern + "*.so")}
    pillow = runtime / PACKAGES / "PIL"
    origins |= {each: site / "PIL" / each.name for each in pillow.glob("*.so")}
    python = Path(native.sysconfig_of("LIBDIR"), native.sysconfig_of("INSTSONAME"))
    private_symbols.apply(runtime, target.work / "symbols", origins, python, strip)
    private_symbols.bind_to_themselves(runtime / PACKAGES / "Crypto", strip)


def _replace(folder: Path, target: Target, rows: Mapping[bytes, Mapping[str, str]], instead: bytes) -> None:
    """Write another text over the names of `rows` inside files below `folder`."""
    kinds = (target.name, f"{target.system} {platform.machine()}", target.system)
    for name, files in rows.items():
        patterns = [files[kind] for kind in kinds if kind in files]
        paths = [path for pattern in patterns for path in sorted(folder.rglob(pattern))]
        if patterns and not paths:
            raise console.Failed(f"nothing below {folder} asks for {name.decode()}: has the file another name?")
        for path in paths:
            data = path.read_bytes()
            if data.count(b"\0" + name + b"\0") != 1:
                raise console.Failed(f"{path} does not ask for {name.decode()} as it did: another version?")
            path.write_bytes(data.replace(b"\0" + name + b"\0", b"\0" + instead.ljust(len(name) + 1, b"\0")))


_PYTHONAPI = "    pythonapi = PyDLL(None)\n"
_OWN_PYTHONAPI = """
    class _OwnPyDLL(PyDLL):
        def __getitem__(self, name):
            return super().__getitem__({prefix!r} + name)

    pythonapi = _OwnPyDLL(_os.path.join(_sys.prefix, {library!r}))
"""


def _own_pythonapi(source: Path) -> None:
    """Have ctypes.pythonapi call our libpython: it looks in the host, whose Python is another or none."""
    text = source.read_text("utf-8")
    if text.count(_PYTHONAPI) != 1:
        raise console.Failed(f"{source} does not define pythonapi as it did: another version?")
    own = _OWN_PYTHONAPI.format(prefix=PRIVATE_SYMBOL, library=private_library(native.sysconfig_of("INSTSONAME")))
    source.write_text(text.replace(_PYTHONAPI, own), "utf-8")


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


def _unpack(source: Path, folder: Path, prefix: str) -> None:
    """The binaries directly below `prefix` in an archive."""
    with zipfile.ZipFile(source) as archive:
        for name in archive.namelist():
            rest = name.removeprefix(prefix)
            if _FREE_THREADED.search(rest):
                continue
            if name.startswith(prefix) and "/" not in rest and rest.lower().endswith(_BINARIES):
                (folder / rest).write_bytes(archive.read(name))
