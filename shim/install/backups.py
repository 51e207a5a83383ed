"""The vendor's DLLs: kept as they are before ours take their names, and found again. Changes for a transaction only.

There are two copies. NAME.vendor.dll beside our DLL is the one that answers in `capture` and `shadow`; the other, in
the setup folder with its SHA256SUMS, is what is given back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shim.install.disk import checksum_of
from shim.install.libraries import is_front
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.install.places import HisPlaces
from shim.install.transaction import FileChange
from shim.manifest import FILE as MANIFEST
from shim.manifest import DamagedManifest, read_manifest

_DIGITS = 8


@dataclass(frozen=True)
class VendorBackup:
    """The changes that keep the vendor's files, and the SHA-256 of each by its name."""

    changes: tuple[FileChange, ...]
    checksums: Mapping[str, str]


def kept_checksums(places: HisPlaces) -> dict[str, str]:
    """What was kept of the vendor's, by name; {} where nothing was, or where the list is not one."""
    try:
        return dict(read_manifest(places.backups).rows)
    except (OSError, DamagedManifest):
        return {}


def back_up(places: HisPlaces, names: Iterable[str]) -> VendorBackup:
    """What to do before our DLLs take these names: keep the vendor's that stands there or, behind ours, beside it.

    A file that was kept earlier and is another one, such as the vendor's previous version, stays under a longer name.
    """
    changes: list[FileChange] = []
    kept = kept_checksums(places)
    for name in names:
        live, beside = places.folder / name, places.vendor_file(name)
        stands_alone = live.is_file() and not is_front(live)
        if stands_alone:
            source = live
        elif name not in kept and beside.is_file() and not is_front(beside):
            source = beside  # both were renamed and copied by hand
        else:
            continue
        digest = checksum_of(source)
        if kept.get(name, digest) != digest:
            older = f"{name}.{kept[name][:_DIGITS]}"
            changes.append(_kept(places, older, places.backups / name))
            kept[older] = kept[name]
        if stands_alone and checksum_of(beside) not in ("", digest, *kept.values()):
            older = f"{name}.{checksum_of(beside)[:_DIGITS]}"
            changes.append(_kept(places, older, beside))
            kept[older] = checksum_of(beside)
        changes.append(_kept(places, name, source))
        changes.append(FileChange(beside.name, source))
        kept[name] = digest
    if changes:
        text = "".join(f"{digest}  {name}\n" for name, digest in sorted(kept.items()))
        changes.append(FileChange(_path(places, MANIFEST), text.encode()))
    return VendorBackup(tuple(changes), kept)


def give_back(places: HisPlaces, names: Iterable[str]) -> list[FileChange]:
    """What to do to have the vendor's files under these names again, and ours nowhere.

    Raises:
        SetupFailed: BACKUP_CHANGED, if the file that was kept is not the one any more, and no other copy is.
    """
    changes: list[FileChange] = []
    kept = kept_checksums(places)
    for name in names:
        live, beside = places.folder / name, places.vendor_file(name)
        if not live.is_file() or not is_front(live):
            continue
        source = _source(places, name, kept)
        changes.append(FileChange(name, source))
        if source is not None and checksum_of(beside) == checksum_of(source):
            changes.append(FileChange(beside.name, None))
    return changes


def older_backups(places: HisPlaces, names: Iterable[str]) -> list[str]:
    """What was kept beside the files that are given back."""
    return sorted(set(kept_checksums(places)) - set(names))


def _source(places: HisPlaces, name: str, kept: Mapping[str, str]) -> Path | None:
    """The file to give back; None if the vendor had none."""
    beside = places.vendor_file(name)
    if name not in kept:
        return beside if beside.is_file() and not is_front(beside) else None
    for path in (places.backups / name, beside):
        if checksum_of(path) == kept[name]:
            return path
    raise SetupFailed(SetupOutcome.BACKUP_CHANGED, path=places.backups / name)


def _kept(places: HisPlaces, name: str, source: Path) -> FileChange:
    return FileChange(_path(places, name), source)


def _path(places: HisPlaces, name: str) -> str:
    return (places.backups / name).relative_to(places.folder).as_posix()
