"""`vcshim versions`: the sets in the folder of a hospital program, and whose the DLLs are. It changes nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from shim.commands.catalogue import installing
from shim.commands.catalogue import versions as phrases
from shim.commands.console import show, write_json
from shim.commands.folder import default_folder
from shim.install.backups import kept_checksums
from shim.install.operations import library_states
from shim.install.places import HisPlaces
from shim.install.record import read_record
from shim.manifest import FILE, ProblemKind, set_problems


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("folder", type=Path, nargs="?", default=default_folder(), help=installing.FOLDER_HERE())


def run(options: argparse.Namespace) -> int:
    """0; 1 if there is no set."""
    places = HisPlaces(options.folder.absolute())
    found = installed_versions(places)
    if options.json:
        write_json(found)
        return 0 if found["sets"] else 1
    lines = [_line(row) for row in found["sets"]]
    lines += [phrases.LEGEND()] if lines else [phrases.NO_SETS(folder=places.folder)]
    lines += [phrases.LIBRARIES[state](name=name) for name, state in found["libraries"].items()]
    lines += [phrases.KEPT(name=name, checksum=checksum) for name, checksum in found["vendor"].items()]
    show("\n".join(lines))
    return 0 if found["sets"] else 1


def installed_versions(places: HisPlaces) -> dict[str, Any]:
    """What `--json` prints."""
    chosen, record = places.chosen(), read_record(places.setup)
    names = places.set_names()
    if chosen is not None and chosen not in names:
        names.insert(0, chosen)
    rows = []
    for name in names:
        problems = [each for each in set_problems(places.set_folder(name)) if each.kind is not ProblemKind.EXTRA]
        previous = record is not None and record.previous == name and name != chosen
        paths = [each.path for each in problems]
        rows.append({"name": name, "in_use": name == chosen, "previous": previous, "problems": paths})
    return {
        "folder": str(places.folder),
        "sets": rows,
        "libraries": library_states(places),
        "vendor": kept_checksums(places),
    }


def _line(row: dict[str, Any]) -> str:
    mark = "*" if row["in_use"] else "-" if row["previous"] else " "
    state = phrases.DAMAGED(paths=", ".join(row["problems"])) if row["problems"] else phrases.WHOLE()
    if row["problems"] == [FILE]:
        state = phrases.UNLISTED()
    return f"{mark} {row['name'] or phrases.PLAIN()} {state}"
