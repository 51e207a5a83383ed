"""The tools that tests need beside Python, in small named sets; on Debian as root they install themselves.

A set says which Debian packages it consists of and by which programs and files it is recognised. buildlib/levels.py
says which level of the tests needs which sets; a fixture calls `require` before it uses one. Compilers of the product
are not here (buildlib/toolchain.py).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from buildlib import console, pythons

DEBIAN = Path("/etc/debian_version")
_INSTALL_LIMIT = 1800.0
_X64 = "/usr/lib/x86_64-linux-gnu"
_X86 = "/usr/lib/i386-linux-gnu"
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class ToolSet:
    """One set. `files` are looked for everywhere, `debian_files` where Debian keeps them; both name what they show.

    `python`, `linux` and `root` are what no package brings: the version of a CPython that buildlib/pythons.py has to
    find, the system, and the right to make a network namespace.
    """

    packages: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    debian_files: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    python: str = ""
    linux: bool = False
    root: bool = False

    def lacks(self) -> list[str]:
        """What of the set is not on this machine."""
        files = {**self.files, **(self.debian_files if DEBIAN.exists() else {})}
        programs = [program for program in self.programs if shutil.which(program) is None]
        others = [f"CPython {self.python} with its shared library"] if self.python and not self._has_python() else []
        others += ["Linux"] if self.linux and sys.platform != "linux" else []
        others += ["root"] if self.root and not _is_root() else []
        return programs + [title for path, title in files.items() if not Path(path).exists()] + others

    def _has_python(self) -> bool:
        return pythons.find(self.python) is not None


SETS: Mapping[str, ToolSet] = {
    # Pseudo terminals, FIFOs, /proc, modes of files.
    "linux": ToolSet(linux=True),
    "gcc": ToolSet(("gcc", "libc6-dev"), ("gcc",), {"/usr/include/stdio.h": "the C library's headers"}),
    # What a program asks of the system: which files, above all.
    "strace": ToolSet(("strace",), ("strace",)),
    "mingw": ToolSet(
        ("gcc-mingw-w64-i686", "gcc-mingw-w64-x86-64"), ("i686-w64-mingw32-gcc", "x86_64-w64-mingw32-gcc")
    ),
    # The compiler of the setup program.
    "nsis": ToolSet(("nsis",), ("makensis",)),
    # Signatures of Windows (Authenticode), and certificates for them.
    "signing": ToolSet(("osslsigncode", "openssl"), ("osslsigncode", "openssl")),
    "freepascal": ToolSet(
        ("fp-compiler", "fpc-source"), ("fpc",), {"/usr/share/fpcsrc": "the Free Pascal sources"}
    ),
    # C# on Linux, with the code pages of Chinese.
    "mono": ToolSet(
        ("mono-mcs", "mono-runtime", "libmono-i18n-cjk4.0-cil"),
        ("mcs", "mono"),
        {"/usr/lib/mono/4.5/I18N.CJK.dll": "Mono's Chinese code pages"},
    ),
    # The languages of `build_dll.py languages` that are no part of the tests.
    "g++": ToolSet(("g++",), ("g++",)),
    "java": ToolSet(
        ("default-jdk-headless", "libjna-java"), ("java", "javac"), debian_files={"/usr/share/java/jna.jar": "JNA"}
    ),
    "node": ToolSet(("nodejs", "npm"), ("node", "npm")),
    "go": ToolSet(("golang-go",), ("go",)),
    # Host programs: CPythons of pyenv (PYENV_ROOT, ~/.pyenv) or on PATH, and Debian's.
    **{f"python{version}": ToolSet(python=version) for version in pythons.VERSIONS},
    "debian-python": ToolSet(
        ("python3.11", "libpython3.11"),
        files={str(pythons.DEBIAN_PROGRAM): "Debian's Python", str(pythons.DEBIAN_LIBRARY): "Debian's libpython"},
    ),
    "wine": ToolSet(
        ("wine", "wine32:i386", "wine64"),
        ("wine", "wineserver"),
        debian_files={"/usr/lib/wine/wine": "32-bit Wine", "/usr/lib/wine/wine64": "64-bit Wine"},
    ),
    "network": ToolSet(("iproute2",), ("ip", "unshare"), linux=True, root=True),
    "chromium": ToolSet(("chromium", "chromium-driver"), ("chromium", "chromedriver")),
    "font": ToolSet(
        ("fonts-noto-cjk", "fonts-dejavu-core"),  # Chinese; the joined letters of Uyghur
        files={
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "the font Noto Sans CJK",
            "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf": "the font DejaVu Sans",
        },
    ),
    # A second decoder of QR codes, for pyzbar.
    "zbar": ToolSet(("libzbar0",), debian_files={f"{_X64}/libzbar.so.0": "libzbar"}),
    # Two monitors: an X server without hardware.
    "desk": ToolSet(
        ("xvfb", "x11-xserver-utils", "libx11-6", "libxrandr2"),
        ("Xvfb", "xrandr", "xsetroot"),
        debian_files={f"{_X64}/libXrandr.so.2": "libXrandr"},
    ),
    # What lets 32-bit Wine show windows on it; without these Wine starts, and sees one monitor or none.
    "wine-desk": ToolSet(
        (
            "libxinerama1:i386", "libxrandr2:i386", "libxi6:i386", "libxrender1:i386", "libxcursor1:i386",
            "libxfixes3:i386", "libxcomposite1:i386",
        ),
        debian_files={
            f"{_X86}/libXinerama.so.1": "32-bit libXinerama",
            f"{_X86}/libXrandr.so.2": "32-bit libXrandr",
            f"{_X86}/libXi.so.6": "32-bit libXi",
            f"{_X86}/libXrender.so.1": "32-bit libXrender",
            f"{_X86}/libXcursor.so.1": "32-bit libXcursor",
            f"{_X86}/libXfixes.so.3": "32-bit libXfixes",
            f"{_X86}/libXcomposite.so.1": "32-bit libXcomposite",
        },
    ),
    # Windows' spooler, as Wine has it, and a page of its PostScript driver as a picture.
    "cups": ToolSet(
        ("cups", "cups-client", "libcups2:i386", "ghostscript"),
        ("cupsd", "lpadmin", "gs"),
        debian_files={f"{_X86}/libcups.so.2": "32-bit libcups"},
    ),
}  # fmt: skip


class Missing(console.Failed):
    """Sets that are not on this machine. The text names them, what they lack and their Debian packages."""

    def __init__(self, names: tuple[str, ...], reason: str = "") -> None:
        lacking = "; ".join(f"{name} ({', '.join(SETS[name].lacks()) or 'complete now'})" for name in names)
        packages = " ".join(package for name in names for package in SETS[name].packages)
        text = f"missing tools: {lacking}"
        if packages:
            text += f". Debian packages: {packages}"
        if ":i386" in packages:
            text += " (after `dpkg --add-architecture i386`)"
        super().__init__(f"{text}. {reason}" if reason else f"{text}.")
        self.names = names


def missing(*names: str) -> tuple[str, ...]:
    """Those of the sets that are not complete on this machine."""
    return tuple(name for name in dict.fromkeys(names) if SETS[name].lacks())


def require(*names: str) -> None:
    """Raise Missing unless all of the sets are here. Installs nothing."""
    lacking = missing(*names)
    if lacking:
        raise Missing(lacking)


def install(*names: str) -> None:
    """Have all of the sets: on Debian as root by installing the missing ones. Missing says what could not be had."""
    lacking = missing(*names)
    if not lacking:
        return
    if not (DEBIAN.exists() and _is_root() and shutil.which("apt-get")):
        raise Missing(lacking, "Run this as root on Debian to have them installed.")
    packages = [package for name in lacking for package in SETS[name].packages]
    console.say(f"installing tools: {', '.join(lacking)}")
    try:
        _apt(packages)
    except console.Failed as error:
        raise Missing(missing(*names) or lacking, f"Installing them failed: {error}") from error
    lacking = missing(*names)
    if lacking:
        raise Missing(lacking, "They were installed, and are still not found.")


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _apt(packages: list[str]) -> None:
    if any(package.endswith(":i386") for package in packages):
        console.run(["dpkg", "--add-architecture", "i386"], timeout=_INSTALL_LIMIT)
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        console.run([*apt, "update"], env=env, timeout=_INSTALL_LIMIT)
    except console.Failed as error:
        # NB: an index in the middle of a mirror's update fails this step although everything can be installed.
        console.say(f"warning: apt-get update failed, going on with the lists there are\n{error}")
    console.run([*apt, "install", "-y", "--no-install-recommends", *packages], env=env, timeout=_INSTALL_LIMIT)
