"""Sets that stand side by side: copied into a HIS folder, checked, and removed when nothing needs them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from shim.install.disk import SetupDisk, checksum_of
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.install.places import HisPlaces
from shim.manifest import FILE as MANIFEST
from shim.manifest import Manifest, ProblemKind, read_manifest, set_problems

_PART, _REMOVED = ".part", ".removed"


def check_set(folder: Path) -> Manifest:
    """The list of a set all of whose files are as it says. Files that it does not name are of no account.

    Raises:
        SetupFailed: DAMAGED_SET.
    """
    problems = [problem for problem in set_problems(folder) if problem.kind is not ProblemKind.EXTRA]
    if problems:
        paths = [problem.path for problem in problems]
        raise SetupFailed(SetupOutcome.DAMAGED_SET, folder=folder, paths=paths)
    return read_manifest(folder)


def place_set(source: Path, manifest: Manifest, target: Path, disk: SetupDisk) -> None:
    """Copy a set, under another name until it is whole. What is there already is repaired, file by file."""
    if target.exists():
        _repair(source, manifest, target, disk)
        return
    part = target.with_name(target.name + _PART)
    disk.remove_folder(part)
    for path, digest in manifest.rows.items():
        disk.make_folder((part / path).parent)
        _copied(source, path, digest, part / path, disk)
    disk.write(part / MANIFEST, manifest.content)
    disk.move(part, target)


def _repair(source: Path, manifest: Manifest, target: Path, disk: SetupDisk) -> None:
    for path, digest in manifest.rows.items():
        if checksum_of(target / path) == digest:
            continue
        part = target / (path + _PART)
        disk.make_folder(part.parent)
        _copied(source, path, digest, part, disk)
        disk.move(part, target / path)
    if checksum_of(target / MANIFEST) != checksum_of(source / MANIFEST):
        disk.write(target / (MANIFEST + _PART), manifest.content)
        disk.move(target / (MANIFEST + _PART), target / MANIFEST)


def _copied(source: Path, path: str, digest: str, target: Path, disk: SetupDisk) -> None:
    if disk.copy(source / path, target) != digest:
        raise SetupFailed(SetupOutcome.DAMAGED_SET, folder=source, paths=[path])


def remove_sets(places: HisPlaces, names: Iterable[str], disk: SetupDisk) -> list[str]:
    """Remove sets that no program uses; the names of those that stay because one does.

    A folder in which a file is open cannot be renamed on Windows, and what can be renamed is found by no front.
    """
    stayed = []
    for name in names:
        away = places.runtime / (name + _REMOVED)
        try:
            disk.move(places.runtime / name, away)
            disk.remove_folder(away)
        except OSError:
            stayed.append(name)
    return stayed


def left_of(places: HisPlaces, names: Iterable[str]) -> list[Path]:
    """The folders that `remove_sets` could not remove: under their own names, or under those that no front finds."""
    folders = (places.runtime / (name + ending) for name in names for ending in ("", _REMOVED))
    return [folder for folder in folders if folder.exists()]


def remove_remains(places: HisPlaces, disk: SetupDisk) -> None:
    """Remove what a run that was killed has left of sets. Never raises: the next run tries again."""
    if not places.runtime.is_dir():
        return
    for path in list(places.runtime.iterdir()):
        if path.name.endswith((_PART, _REMOVED)) and path.is_dir():
            try:
                disk.remove_folder(path)
            except OSError:
                continue
