"""Where everything lies, in the checkout while building and on the user's disk: decided here and nowhere else.

What is written in Python (CPython's library, shim, the packages) is frozen into the core; extension modules lie next to
it, and below `PACKAGES` what packages look for beside their own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
DIST = ROOT / "dist"
VENV = ROOT / ".venv"
NATIVE = ROOT / "native"

# The CPython that ships, and the one line to change for another: docs/decisions.md, 82.
PYTHON = (3, 11)
# The next one, which `build_dll.py toolchains` builds and tries in the meantime.
LATER_PYTHON = (3, 13)
_DIGITS = "".join(map(str, PYTHON))
PYTHON_DLL = f"python{_DIGITS}.dll"
RUNTIME = "vcshim"
PACKAGES = "packages"
# Below the vcshim folder: the fronts once more, so that it can be installed from, and the licences of what it holds.
FRONTS_FOLDER = "fronts"
LICENCES = "licences"
# Also there: the Chinese guides as one file (buildlib/site/help_file.py).
HELP = "help.html"
# Beside the DLLs: every key as a comment. vcshim.ini itself is the site's, and is never shipped.
SAMPLE = "vcshim.ini.sample"
# Beside the DLLs of a set for Windows: what a compiler needs.
SDK = "sdk"

# Where the core searches for extension modules, relative to its own folder, which is '.'. C reads it joined by ';'.
SEARCH_PATHS = {"windows": (".",), "linux": ("lib-dynload", ".")}
# The library in an embeddable CPython.
ARCHIVE = f"python{_DIGITS}.zip"

# What stands before the names of our libraries and symbols on Linux, so that none is a host's (private_symbols.py).
PRIVATE_LIBRARY = "libvcshim-"
PRIVATE_SYMBOL = "vcshim_"
LINUX_CORE = "libvcshim_core.so"
LINUX_PROGRAM = "vcshim"


def private_library(name: str) -> str:
    """The file name of a Linux library in our set, by which it is also loaded: libvcshim-X.so.1 for libX.so.1."""
    return PRIVATE_LIBRARY + name.removeprefix("lib")


# The DLLs of CPython's Windows runtime, in lower case, and the names that they have in ours: none that a host can have
# loaded, none longer than the old one (buildlib/private_names.py). Those of Windows itself keep theirs.
PRIVATE_NAMES: Mapping[str, str] = MappingProxyType({
    PYTHON_DLL: f"vcs-py{_DIGITS}.dll",
    "libcrypto-3.dll": "vcs-crypto.dll",
    "libcrypto-3-x64.dll": "vcs-crypto.dll",
    "libcrypto-1_1.dll": "vcs-crypto.dll",
    "libcrypto-1_1-x64.dll": "vcs-crypto.dll",
    "libssl-3.dll": "vcs-ssl.dll",
    "libssl-3-x64.dll": "vcs-ssl.dll",
    "libssl-1_1.dll": "vcs-ssl.dll",
    "libssl-1_1-x64.dll": "vcs-ssl.dll",
    "libffi-8.dll": "vcs-ffi.dll",
    "libffi-7.dll": "vcs-ffi.dll",
    "sqlite3.dll": "vcs-sql.dll",
    "vcruntime140.dll": "vcs-vcrt140.dll",
    "vcruntime140_1.dll": "vcs-vcrt140_1.dll",
})  # fmt: skip

# What the set may import without shipping it.
SYSTEM_DLLS = frozenset(
    # in every Windows from 7 to 11
    "advapi32.dll bcrypt.dll crypt32.dll gdi32.dll iphlpapi.dll kernel32.dll msvcrt.dll ole32.dll oleaut32.dll "
    "rpcrt4.dll user32.dll version.dll ws2_32.dll "
    # the universal C runtime: in Windows 10 and later, by update KB2999226 before
    "api-ms-win-crt-utility-l1-1-0.dll api-ms-win-crt-private-l1-1-0.dll ucrtbase.dll".split()
)

# What CPython's DLL imports and Windows 7 lacks: an API set of Windows 8, and a DLL of ours (native/path_windows7.c).
PATH_DLL = "api-ms-win-core-path-l1-1-0.dll"

# Packages with files beside their code: libraries that they load by path or import, the certificates.
ON_DISK = ("certifi", "Crypto", "PIL")
DATA = ("certifi/cacert.pem",)

# What is not even looked at; what of the rest ships says shipped.py.
NOT_SHIPPED = frozenset(
    "test idlelib tkinter turtledemo turtle ensurepip lib2to3 distutils pydoc_data venv site-packages __pycache__ "
    "lib-dynload msilib curses dbm SelfTest".split()
)


@dataclass(frozen=True)
class Target:
    """One kind of output. `triple` is mingw's, `zig` ziglang's name for the same machine, `wheels` pip's; `coverage`
    counts how often each line runs; `only_zig` leaves out mingw where both are there."""

    name: str
    system: str
    triple: str = ""
    zig: str = ""
    wheels: str = ""
    bits: int = 64
    coverage: bool = False
    only_zig: bool = False

    @property
    def folder(self) -> Path:
        """The finished product."""
        return DIST / self.name

    @property
    def work(self) -> Path:
        """Object files, headers, downloads."""
        return BUILD / self.name


WIN32 = Target("win32", "windows", "i686-w64-mingw32", "x86-windows-gnu", "win32", 32)
WIN64 = Target("win64", "windows", "x86_64-w64-mingw32", "x86_64-windows-gnu", "win_amd64")
# The same by the other compiler, for `build_dll.py toolchains` alone.
WIN32_ZIG = replace(WIN32, name="win32-zig", only_zig=True)
WIN64_ZIG = replace(WIN64, name="win64-zig", only_zig=True)
LINUX = Target("host", "linux")
# With gcov's counters, for `build_dll.py coverage` alone.
LINUX_COVERAGE = Target("host-coverage", "linux", coverage=True)
