"""Which programs have files of a HIS folder loaded. It looks, and ends none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shim.install.disk import is_locked


@dataclass(frozen=True)
class UsingProgram:
    """A running program, by its number and the name of its file."""

    number: int
    name: str


def programs_using(paths: Iterable[Path]) -> list[UsingProgram]:
    """The programs other than this one that have one of these files loaded, as far as this user may see them."""
    wanted = {_folded(path) for path in paths}
    found = _windows_programs(wanted) if sys.platform == "win32" else _linux_programs(wanted)
    return sorted((each for each in found if each.number != os.getpid()), key=lambda each: (each.name, each.number))


def locked_files(paths: Iterable[Path]) -> list[Path]:
    """Those of the files that Windows refuses to have written, because some program has them loaded or open."""
    return [path for path in paths if path.exists() and is_locked(path)]


def _folded(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _windows_programs(wanted: set[str]) -> list[UsingProgram]:
    from shim.winapi.toolhelp import loaded_files, running_programs

    return [
        UsingProgram(number, name)
        for number, name in running_programs()
        if any(_folded(Path(path)) in wanted for path in loaded_files(number))
    ]


def _linux_programs(wanted: set[str]) -> list[UsingProgram]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines = (folder / "maps").read_text("utf-8", "surrogateescape").splitlines()
            name = (folder / "comm").read_text("utf-8", "surrogateescape").strip()
        except OSError:
            continue  # it has ended, or is another user's
        if any(len(words := line.split(None, 5)) == 6 and words[5] in wanted for line in lines):
            found.append(UsingProgram(int(folder.name), name))
    return found
