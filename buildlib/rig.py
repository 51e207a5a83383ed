"""The rig the native tests run on: installs its tools and builds its clients.

Not part of building the product. Used by build_dll.py (`test`) and by the fixtures in tests/native.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from buildlib import console
from buildlib.freepascal import FreePascal

NATIVE = Path(__file__).parent.parent / "tests" / "native"

PACKAGES = (
    "wine",
    "wine32:i386",
    "wine64",
    "gcc-mingw-w64-i686",
    "gcc-mingw-w64-x86-64",
    "fp-compiler",
    "fpc-source",
    "gcc",
    "libc6-dev",
    "chromium",
    "chromium-driver",
    "fonts-noto-cjk",
    "iproute2",
    # A desk with two monitors: an X server without hardware, and what lets 32-bit Wine show windows on it.
    "xvfb",
    "x11-xserver-utils",
    "libx11-6",
    "libxrandr2",
    "libxinerama1:i386",
    "libxrandr2:i386",
    "libxi6:i386",
    "libxrender1:i386",
    "libxcursor1:i386",
    "libxfixes3:i386",
    "libxcomposite1:i386",
    # Windows' spooler, as Wine has it, and a page of its PostScript driver as a picture.
    "cups",
    "cups-client",
    "libcups2:i386",
    "ghostscript",
    # A second decoder of QR codes, for pyzbar.
    "libzbar0",
)
DEBIAN = Path("/etc/debian_version")

# What must be there in the end: programs on the PATH, and files that a missing package shows by.
PROGRAMS = (
    "wine", "wineserver", "i686-w64-mingw32-gcc", "x86_64-w64-mingw32-gcc", "fpc", "gcc", "chromium", "chromedriver",
    "ip", "Xvfb", "xrandr", "xsetroot", "cupsd", "lpadmin", "gs",
)  # fmt: skip
FILES = {"/usr/share/fpcsrc": "the Free Pascal sources", "/usr/include/stdio.h": "the C library's headers"}
DEBIAN_FILES = {
    "/usr/lib/wine/wine": "32-bit Wine",
    "/usr/lib/wine/wine64": "64-bit Wine",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "a Chinese font",
    "/usr/lib/x86_64-linux-gnu/libXrandr.so.2": "libXrandr",
    "/usr/lib/x86_64-linux-gnu/libzbar.so.0": "libzbar",
    "/usr/lib/i386-linux-gnu/libcups.so.2": "32-bit libcups",
    # Without these Wine starts, and sees one monitor or none.
    "/usr/lib/i386-linux-gnu/libXinerama.so.1": "32-bit libXinerama",
    "/usr/lib/i386-linux-gnu/libXrandr.so.2": "32-bit libXrandr",
    "/usr/lib/i386-linux-gnu/libXi.so.6": "32-bit libXi",
    "/usr/lib/i386-linux-gnu/libXrender.so.1": "32-bit libXrender",
    "/usr/lib/i386-linux-gnu/libXcursor.so.1": "32-bit libXcursor",
    "/usr/lib/i386-linux-gnu/libXfixes.so.3": "32-bit libXfixes",
    "/usr/lib/i386-linux-gnu/libXcomposite.so.1": "32-bit libXcomposite",
}

INSTALL_LIMIT = 1800.0
COMPILE_LIMIT = 300.0

C_FLAGS = ("-std=c11", "-O2", "-Wall", "-Wextra", "-Werror")
CLIENT_SOURCES = ("client.c", "checked.c", "script.c", "probe.c")
WIN32 = "i686-w64-mingw32-gcc"
WIN64 = "x86_64-w64-mingw32-gcc"
STUB_SOURCES = ("badstub.c", "badstub_entry.S")


def install() -> None:
    """Have all tools of the rig: on Debian as root by installing them, elsewhere by saying what is missing."""
    missing = _missing()
    if not missing:
        return
    if not (DEBIAN.exists() and os.geteuid() == 0 and shutil.which("apt-get")):
        raise console.Failed(
            f"the tests need {', '.join(missing)}. Debian packages: {' '.join(PACKAGES)} (with the i386 architecture "
            "added); run this as root on Debian to have them installed."
        )
    console.say(f"installing what the tests need ({', '.join(missing)}); this takes about a minute")
    console.run(["dpkg", "--add-architecture", "i386"], timeout=INSTALL_LIMIT)
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        console.run([*apt, "update"], env=env, timeout=INSTALL_LIMIT)
    except console.Failed as error:
        # NB: an index in the middle of a mirror's update fails this step although everything can be installed.
        console.say(f"warning: apt-get update failed, going on with the lists there are\n{error}")
    console.run([*apt, "install", "-y", "--no-install-recommends", *PACKAGES], env=env, timeout=INSTALL_LIMIT)
    missing = _missing()
    if missing:
        raise console.Failed(f"installed, yet still missing: {', '.join(missing)}")


def build_clients(folder: Path) -> None:
    """Compile all clients, the launcher, python.exe and the bad stubs into `folder`.

    Result: client-{console,gui,delphi,win64}.exe, client-linux, launch.exe, hoststate.exe, edithost.exe, python.exe and
    the stubs in bad-{win32,win64,linux}/ under the product's file names.
    """
    folder = folder.absolute()
    for name in ("bad-win32", "bad-win64", "bad-linux"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tasks: list[Callable[[], object]] = [
        lambda: FreePascal(folder / "freepascal").compile_delphi(NATIVE / "client.dpr", folder / "client-delphi.exe"),
        *(_compile_task(folder, *job) for job in _c_jobs()),
    ]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for done in [pool.submit(task) for task in tasks]:
            done.result()


def _missing() -> list[str]:
    files = FILES | DEBIAN_FILES if DEBIAN.exists() else FILES
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    return missing + [name for path, name in files.items() if not Path(path).exists()]


def _c_jobs() -> Sequence[tuple[str, str, tuple[str, ...]]]:
    """Compiler, output and the remaining arguments of each C compilation."""
    client32 = (*CLIENT_SOURCES, "system_windows.c", "probe_x86.S")
    client64 = (*CLIENT_SOURCES, "system_windows.c", "probe_x64.S")
    linux = (*CLIENT_SOURCES, "system_posix.c", "probe_x64.S", "-pthread", "-ldl")
    # The entry leaves the alignment of the stack to the caller; --enable-stdcall-fixup exports undecorated names.
    stub32 = (*STUB_SOURCES, "badstub.def", "-shared", "-mincoming-stack-boundary=2", "-Wl,--enable-stdcall-fixup")
    stub64 = (*STUB_SOURCES, "badstub.def", "-shared")
    return (
        (WIN32, "client-console.exe", client32),
        (WIN32, "client-gui.exe", (*client32, "-mwindows")),
        (WIN64, "client-win64.exe", client64),
        ("gcc", "client-linux", linux),
        (WIN32, "launch.exe", ("launch.c", "-municode")),
        (WIN32, "hoststate.exe", ("hoststate.c",)),
        (WIN32, "edithost.exe", ("edithost.c",)),
        (WIN32, "python.exe", ("pyexe.c", "-municode")),
        (WIN32, "bad-win32/VirtualCardChk.dll", stub32),
        (WIN32, "bad-win32/NationECCode.dll", stub32),
        (WIN64, "bad-win64/VirtualCardChk.dll", stub64),
        (WIN64, "bad-win64/NationECCode.dll", stub64),
        ("gcc", "bad-linux/libVirtualCardChk.so", (*STUB_SOURCES, "-shared", "-fPIC")),
        ("gcc", "bad-linux/libNationECCode.so", (*STUB_SOURCES, "-shared", "-fPIC")),
    )


def _compile_task(folder: Path, compiler: str, output: str, arguments: Sequence[str]) -> Callable[[], object]:
    argv = [compiler, *C_FLAGS, "-o", str(folder / output), *arguments]
    return lambda: console.run(argv, cwd=NATIVE, timeout=COMPILE_LIMIT)
