"""Check of 32 and 64 bits: the DLLs, the core behind them, the programs beside them, and this program.

A program loads only DLLs of its own bits. Which of the programs of a folder is the host is told by the DLLs' names in
it; where none has them (PowerBuilder keeps them in files of its own), all of another kind are suspicious together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from shim.commands.catalogue import doctor_system as phrases
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.doctor.programs import ProgramFile, mentions, read_program
from shim.spec import EXPORTS

SAME = FindingRow("bits.same", Level.OK, phrases.BITS_SAME)
CORE_DIFFERS = FindingRow(
    "bits.core_differs", Level.ERROR, phrases.CORE_DIFFERS, phrases.CORE_DIFFERS_MEANS, phrases.ONE_SET
)
HOST_DIFFERS = FindingRow(
    "bits.host_differs", Level.ERROR, phrases.HOST_DIFFERS, phrases.HOST_DIFFERS_MEANS, phrases.OTHER_SET
)
ALL_DIFFER = FindingRow(
    "bits.all_differ", Level.WARNING, phrases.ALL_DIFFER, phrases.HOST_DIFFERS_MEANS, phrases.OTHER_SET
)
ANY_MACHINE = FindingRow(
    "bits.any_machine", Level.WARNING, phrases.ANY_MACHINE, phrases.ANY_MACHINE_MEANS, phrases.ANY_MACHINE_REMEDY
)
TOOL_DIFFERS = FindingRow("bits.tool_differs", Level.NOTE, phrases.TOOL_DIFFERS, phrases.TOOL_DIFFERS_MEANS)

_DLLS = tuple(dict.fromkeys(row.dll for row in EXPORTS))
_NAMES = tuple(dll.removesuffix(".dll") for dll in _DLLS)
_CORE = "vcshim_core.dll"
_SETUP = ("unins", "setup", "vc_redist", "vcshim")  # programs that are never the host
_MOST = 50


def look_at_bits(place: Place) -> Iterator[CheckFinding]:
    """Everything of this folder that must have the same number of bits."""
    fronts = {place.folder / dll: program for dll in _DLLS if (program := read_program(place.folder / dll))}
    core = read_program(place.runtime / _CORE)
    wrong = [path for path, front in fronts.items() if core is not None and front.bits != core.bits]
    yield from (
        CORE_DIFFERS(path=path, bits=fronts[path].bits, core=place.runtime / _CORE, core_bits=core.bits)
        for path in wrong
        if core is not None
    )
    if not fronts or wrong:
        return
    path, front = next(iter(fronts.items()))
    found = list(_hosts(_programs(place.folder), front.bits, path.name))
    yield from found or [SAME(bits=front.bits)]
    own = 64 if sys.maxsize > 2**32 else 32
    if sys.platform == "win32" and own != front.bits:
        yield TOOL_DIFFERS(own=own, bits=front.bits)


def _programs(folder: Path) -> dict[Path, ProgramFile]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".exe")
    except OSError:
        return {}
    paths = [path for path in paths if not path.name.lower().startswith(_SETUP)]
    return {path: program for path in paths[:_MOST] if (program := read_program(path))}


def _hosts(programs: dict[Path, ProgramFile], bits: int, dll: str) -> Iterator[CheckFinding]:
    calling = [path for path in programs if mentions(path, _NAMES)]
    for path in calling:
        program = programs[path]
        if program.any_machine and bits == 32:
            yield ANY_MACHINE(name=path.name, dll=dll)
        elif program.bits != bits and not program.any_machine:
            yield HOST_DIFFERS(name=path.name, host_bits=program.bits, dll=dll, bits=bits, set=_set_of(program.bits))
    fixed = [program for program in programs.values() if not program.any_machine]
    if not calling and fixed and all(program.bits != bits for program in fixed):
        other = fixed[0].bits
        yield ALL_DIFFER(host_bits=other, dll=dll, bits=bits, set=_set_of(other))


def _set_of(bits: int) -> str:
    return "win32" if bits == 32 else "win64"
