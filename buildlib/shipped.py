"""What ships of CPython's library and the packages: whatever an import statement of ours can reach, and two tables.

`CUT` are import statements that are never carried out, or whose failure the importer expects; `BY_NAME` are modules
that are imported without a statement. tests/product/test_shipped_modules.py carries out every other statement on the
built set. The search itself is buildlib/reach.py's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

from buildlib import reach
from buildlib.layout import Target

# Importers and imported modules as patterns, and why such a statement does not count.
CUT: tuple[tuple[str, str, str], ...] = (
    ("*", "doctest", "tests and debugging"),
    ("*", "getopt", "for modules that are run as programs"),
    ("*", "tracemalloc", "only after -X tracemalloc"),
    ("*", "_py_abc", "an abc for interpreters without _abc"),
    ("*", "defusedxml*", "a package that is not there"),
    ("shim.*simulator*", "asyncio", "with Tornado, which does not ship: the command says so"),
    ("shim.*bridge*", "asyncio", "with Tornado, which does not ship: the command says so"),
    ("decimal", "_pydecimal", "for interpreters without _decimal"),
    ("random", "statistics", "a test of its own"),
    ("platform", "plistlib", "macOS"),
    ("platform", "_wmi", "from 3.12 on, for what nobody asks; the importer expects the failure"),
    ("ctypes.util", "ctypes._aix", "AIX"),
    ("ctypes.util", "ctypes.macholib*", "macOS"),
    ("shutil", "tarfile", "archives, which nobody packs"),
    ("shutil", "zipfile", "archives, which nobody packs"),
    ("*", "bz2", "archives, which nobody packs; the importers expect the failure"),
    ("*", "lzma", "archives, which nobody packs; the importers expect the failure"),
    ("urllib.request", "ftplib", "FTP"),
    ("segno", "webbrowser", "QRCode.show"),
    ("serial", "serial.serialcli", "IronPython"),
    ("segno", "importlib_metadata", "for older interpreters"),
    ("requests*", "urllib3.contrib*", "SOCKS and pyOpenSSL; the importers expect the failure"),
    ("urllib3.*", "urllib3.http2.connection", "HTTP/2, for which h2 would be needed"),
    ("Crypto.Util._cpu_features", "multiprocessing", "for systems that do not tell the number of processors"),
    *(
        ("Crypto.Cipher", f"Crypto.Cipher._mode_{mode}", "a mode that no dialect has")
        for mode in "ccm cfb eax kw kwp ocb ofb openpgp siv".split()
    ),
    ("PIL.Image", "PIL.ImageCms", "colour management"),
    ("PIL.Image", "PIL.ImageQt", "Qt"),
    ("PIL.Image", "PIL.ImageShow", "Image.show"),
    ("PIL.Image", "PIL.GifImagePlugin", "a format that nothing opens; the importer expects the failure"),
    ("PIL.Image", "PIL.BmpImagePlugin", "a format that nothing opens; the importer expects the failure"),
    ("PIL.Image", "PIL.PpmImagePlugin", "a format that nothing opens; the importer expects the failure"),
    ("PIL.*", "PIL.ImageDraw2", "another way of drawing"),
)

# What is spoken here and by platforms, and what CPython's own library asks for. Other encodings are no codec.
_ENCODINGS = (
    "aliases ascii big5 charmap cp1252 cp437 gb18030 gb2312 gbk idna latin_1 punycode raw_unicode_escape "
    "unicode_escape utf_16 utf_16_be utf_16_le utf_8 utf_8_sig"
).split()

# By the importer, of C or Python. All of shim is imported by name: commands, catalogues, tables of messages.
BY_NAME: Mapping[str, tuple[str, ...]] = {
    "encodings": tuple(f"encodings.{name}" for name in _ENCODINGS),
    "_datetime": ("_strptime",),
    "time": ("_strptime",),
    "_pickle": ("_compat_pickle", "copyreg"),
    "_decimal": ("numbers", "collections"),
    "_elementtree": ("copy", "pyexpat"),
    "_ctypes": ("ctypes",),
    "Crypto.Cipher._mode_gcm": ("Crypto.Hash._ghash_clmul",),
}

# What C imports before anything of ours: the interpreter itself, runpy for vcshim, cffi.
_FIRST = ("encodings", "io", "warnings", "runpy", "importlib.util", "importlib.machinery", "_cffi_backend")

# What the first call imports of ours, and by names or in functions.
_FIRST_CALL = (
    "shim.abi shim.environment shim.wiring shim.journal.database shim.transport.pool datetime encodings.aliases "
    "encodings.gb18030 encodings.utf_8"
).split()


def is_cut(importer: str, module: str) -> bool:
    """Whether a statement does not count."""
    return any(fnmatch(importer, by) and (fnmatch(module, name) or fnmatch(module, f"{name}.*")) for by, name, _ in CUT)


def sources(target: Target, staging: Path, packages: Path) -> reach.Sources:
    """Everything that could ship to the system of `target`; `packages` has the extension modules in packages."""
    names = (path.relative_to(packages) for kind in ("so", "pyd") for path in packages.rglob(f"*.{kind}"))
    libraries = frozenset(".".join([*name.parent.parts, library(name)]) for name in names)
    return reach.Sources(staging, "win32" if target.system == "windows" else "linux", libraries)


def library(path: Path) -> str:
    """The name of the extension module in a file."""
    return path.name.partition(".")[0]


def reached(found: reach.Sources) -> reach.Reached:
    """What ships, and the other modules that it asks for."""
    ours = [name for name in found.paths if name.partition(".")[0] == "shim"]
    return reach.reached(found, [*_FIRST, *ours], is_cut, BY_NAME)


def in_order(found: reach.Sources, modules: Iterable[str]) -> list[str]:
    """First those that any first call imports, so that the pages of the table which it touches are side by side.

    2.2 MB less in memory on Linux, which maps pages by sixteens.
    """
    at_import = dataclasses.replace(found, in_functions=False)
    first = reach.reached(at_import, [*_FIRST, *_FIRST_CALL], is_cut, {}).modules
    return sorted(modules, key=lambda name: (name not in first, name))


def trim(found: reach.Sources, modules: Iterable[str]) -> None:
    """Remove the sources of all other modules."""
    kept = set(modules)
    for name, path in found.paths.items():
        if name not in kept:
            path.unlink()
