"""Builds the programs in tests/native: clients, launcher, python.exe and bad stubs. One program at a time, when asked.

So that a test of the Linux library needs gcc and no Wine. Not part of building the product; used by tests/support. Any
number of processes may ask for the same program: one builds it, the others wait.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from buildlib import console, locks, tools
from buildlib.freepascal import FreePascal, compile_for_linux
from buildlib.layout import BUILD, ROOT
from buildlib.pythons import DEBIAN_LIBRARY

NATIVE = ROOT / "tests" / "native"
FOLDER = BUILD / "clients"
COMPILE_LIMIT = 300.0

C_FLAGS = ("-std=c11", "-O2", "-Wall", "-Wextra", "-Werror")
WIN32 = "i686-w64-mingw32-gcc"
WIN64 = "x86_64-w64-mingw32-gcc"
DELPHI = "client-delphi.exe"
PASCAL = "signalhost-pascal"

_CLIENT = ("client.c", "checked.c", "script.c", "probe.c")
_CLIENT32 = (*_CLIENT, "system_windows.c", "probe_x86.S")
_INVENTORY = ("-DINVENTORY", *_CLIENT, "inventory.c", "smallstack.c")
_INVENTORY_LINUX = (
    *_INVENTORY, "system_posix.c", "inventory_posix.c", "smallstack_posix.c", "registrations_posix.c", "spoil_posix.c",
    "probe_x64.S", "-rdynamic", "-pthread", "-ldl",
)  # fmt: skip
_INVENTORY_WINDOWS = (
    *_INVENTORY, "system_windows.c", "inventory_windows.c", "smallstack_windows.c", "registrations_windows.c",
    "spoil_windows.c", "probe_x86.S", "-Wno-cast-function-type", "-lole32", "-lgdi32", "-lpsapi", "-lntdll",
)  # fmt: skip
_STUB = ("badstub.c", "badstub_entry.S")
# The entry leaves the alignment of the stack to the caller; --enable-stdcall-fixup exports undecorated names.
_STUB32 = (*_STUB, "badstub.def", "-shared", "-mincoming-stack-boundary=2", "-Wl,--enable-stdcall-fixup")
_STUB64 = (*_STUB, "badstub.def", "-shared")
_STUB_LINUX = (*_STUB, "-shared", "-fPIC")


@dataclass(frozen=True)
class Job:
    """One C compilation: the tool sets with the compiler and what it links, the compiler, its words."""

    tools: str
    compiler: str
    words: tuple[str, ...]


JOBS: Mapping[str, Job] = {
    "client-linux": Job("gcc", "gcc", (*_CLIENT, "system_posix.c", "probe_x64.S", "-pthread", "-ldl")),
    "client-console.exe": Job("mingw", WIN32, _CLIENT32),
    "client-gui.exe": Job("mingw", WIN32, (*_CLIENT32, "-mwindows")),
    "client-win64.exe": Job("mingw", WIN64, (*_CLIENT, "system_windows.c", "probe_x64.S")),
    "inventory-linux": Job("gcc", "gcc", _INVENTORY_LINUX),
    "inventory.exe": Job("mingw", WIN32, _INVENTORY_WINDOWS),
    "launch.exe": Job("mingw", WIN32, ("launch.c", "-municode")),
    "holdhost.exe": Job("mingw", WIN32, ("holdhost.c", "-municode")),
    "holdhost64.exe": Job("mingw", WIN64, ("holdhost.c", "-municode")),
    "startagain": Job("gcc", "gcc", ("startagain.c", "-ldl")),
    "startagain.exe": Job("mingw", WIN32, ("startagain.c",)),
    "inflight": Job("gcc", "gcc", ("inflight.c", "system_posix.c", "-pthread", "-ldl")),
    "inflight.exe": Job("mingw", WIN32, ("inflight.c", "system_windows.c", "-Wno-cast-function-type")),
    "warmhost": Job("gcc", "gcc", ("warmhost.c", "system_posix.c", "-pthread", "-ldl")),
    "warmhost.exe": Job("mingw", WIN32, ("warmhost.c", "system_windows.c", "-Wno-cast-function-type")),
    "warmhost.dll": Job("mingw", WIN32, ("warmhost.c", "-shared", "-DAS_LIBRARY")),
    "warmhost-control.dll": Job("mingw", WIN32, ("warmhost_control.c", "-shared")),
    "priorities.exe": Job("mingw", WIN32, ("priorities.c", "-I../../native")),
    "embedhost": Job("gcc", "gcc", ("embedhost.c", "-pthread", "-ldl")),
    # Linked with the libpython that has pyenv's SONAME; needs no headers.
    "embedhost-debian": Job(
        "gcc debian-python", "gcc", ("embedhost.c", "-pthread", "-ldl", "-Wl,--no-as-needed", str(DEBIAN_LIBRARY))
    ),
    "guest.exe": Job("mingw", WIN32, ("guest.c", "-D_WIN32_WINNT=0x0602", "-lpsapi")),
    "loads.exe": Job(
        "mingw", WIN32, ("loads.c", "../../native/warm_up_windows.c", "-I../../native", "-D_WIN32_WINNT=0x0601")
    ),
    "paths.exe": Job("mingw", WIN32, ("paths.c", "-Wno-cast-function-type")),
    "paths64.exe": Job("mingw", WIN64, ("paths.c", "-Wno-cast-function-type")),
    "signalhost": Job("gcc", "gcc", ("signalhost.c", "-pthread", "-ldl")),
    "edithost.exe": Job("mingw", WIN32, ("edithost.c",)),
    "python.exe": Job("mingw", WIN32, ("pyexe.c", "-municode")),
    "python64.exe": Job("mingw", WIN64, ("pyexe.c", "-municode")),
    "intruder.dll": Job("mingw", WIN32, ("intruder.c", "-shared")),
    "intruder64.dll": Job("mingw", WIN64, ("intruder.c", "-shared")),
    "intruder.so": Job("gcc", "gcc", ("intruder.c", "-shared", "-fPIC")),
    "getenvspy.so": Job("gcc", "gcc", ("getenvspy.c", "-shared", "-fPIC", "-ldl")),
    "cancelled": Job("gcc", "gcc", ("cancelled.c", "system_posix.c", "-pthread", "-ldl")),
    "jumping": Job("gcc", "gcc", ("jumping.c", "-ldl")),
    "no-threads.so": Job("gcc", "gcc", ("no_threads.c", "-shared", "-fPIC", "-ldl")),
    "dllmain.exe": Job("mingw", WIN32, ("dllmain.c",)),
    "dllmain.dll": Job("mingw", WIN32, ("dllmain.c", "-shared", "-DAS_LIBRARY")),
    "scopehost": Job("gcc", "gcc", ("scopehost.c", "-ldl")),
    "othermalloc.so": Job("gcc", "gcc", ("othermalloc.c", "-shared", "-fPIC", "-fno-builtin")),
    "forkhost": Job("gcc", "gcc", ("forkhost.c", "-pthread", "-ldl")),
    "slow-names.so": Job("gcc", "gcc", ("slow_names.c", "-shared", "-fPIC", "-ldl")),
    "bad-win32/VirtualCardChk.dll": Job("mingw", WIN32, _STUB32),
    "bad-win32/NationECCode.dll": Job("mingw", WIN32, _STUB32),
    "bad-win64/VirtualCardChk.dll": Job("mingw", WIN64, _STUB64),
    "bad-win64/NationECCode.dll": Job("mingw", WIN64, _STUB64),
    "bad-linux/libVirtualCardChk.so": Job("gcc", "gcc", _STUB_LINUX),
    "bad-linux/libNationECCode.so": Job("gcc", "gcc", _STUB_LINUX),
}


def program(name: str) -> Path:
    """The finished program `name` (a row of JOBS, DELPHI or PASCAL), built unless it is there for the present sources.

    Raises tools.Missing without the compiler, Failed when it does not compile.
    """
    output = FOLDER / name
    mark = output.with_name(f".{output.name}.built")
    state = _state(name)
    with locks.only_one(output.with_name(f".{output.name}.lock")):
        if not (output.exists() and mark.exists() and mark.read_text() == state):
            mark.unlink(missing_ok=True)
            _build(name, output)
            mark.write_text(state)
    return output


def _build(name: str, output: Path) -> None:
    if name == DELPHI:
        tools.require("freepascal")
        FreePascal(FOLDER / "freepascal").compile_delphi(NATIVE / "client.dpr", output)
        return
    if name == PASCAL:
        tools.require("freepascal")
        compile_for_linux(NATIVE / "signalhost.pas", output)
        return
    job = JOBS[name]
    tools.require(*job.tools.split())
    console.run([job.compiler, *C_FLAGS, "-o", output, *job.words], cwd=NATIVE, timeout=COMPILE_LIMIT)


def _state(name: str) -> str:
    """Changes with the sources and the compiler's words."""
    digest = hashlib.sha256(repr(JOBS.get(name)).encode())
    for source in (*sorted(NATIVE.iterdir()), *sorted((ROOT / "native").iterdir())):  # loads.c takes one from there
        if source.suffix in (".c", ".h", ".S", ".def", ".pas", ".dpr"):
            digest.update(source.read_bytes())
    return digest.hexdigest()
