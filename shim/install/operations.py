"""The three runs: install, go back to another set, uninstall. Each refuses, or is done as a whole, or changes nothing.

The order is that of docs/design/install.md: what can refuse comes first, then what only adds files that nothing reads,
then the transaction. Its changes come in an order in which every state between two of them works: the vendor's files
are kept, then the set is chosen, then the DLLs get their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, unique
from pathlib import Path

from shim.install.backups import back_up, give_back, kept_checksums, older_backups
from shim.install.disk import SetupDisk, checksum_of, failure_of
from shim.install.libraries import bits_of, is_front
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.install.places import FRONTS, RUNTIME, SAMPLE, STARTER, HisPlaces
from shim.install.programs import UsingProgram, locked_files, programs_using
from shim.install.record import FILE as RECORD
from shim.install.record import InstalledRecord, read_record
from shim.install.sets import check_set, left_of, place_set, remove_remains, remove_sets
from shim.install.transaction import FileChange, Recovered, Transaction
from shim.install.turn import exclusive_turn, forget_turn
from shim.manifest import Manifest
from shim.sets import CORE
from shim.sets import CURRENT as CHOICE
from shim.spec import EXPORTS

LIBRARIES = tuple(dict.fromkeys(row.dll for row in EXPORTS))
_UNINSTALLER = "uninstall.exe"
_STARTER = b'@echo off\r\nset /p VCSHIM_SET=<"%~dp0current.txt"\r\n"%~dp0%VCSHIM_SET%\\vcshim.exe" %*\r\n'


@unique
class SetupEvent(Enum):
    """A step that is done, for the terminal and the log of the PC."""

    CHECKED = "checked"
    RECOVERED = "recovered"
    COPIED = "copied"
    KEPT_VENDOR = "kept"
    CHANGED = "changed"
    TRIED = "tried"
    UNDONE = "undone"
    NOTHING = "nothing"
    PRUNED = "pruned"
    GIVEN_BACK = "given back"
    OTHERS_LEFT = "others left"


Report = Callable[[SetupEvent, Mapping[str, object]], None]
Trial = Callable[[Path, Sequence[str]], str]


@dataclass(frozen=True)
class SetupJob:
    """What a run works with.

    Attributes:
        places: the HIS folder.
        now: local time, for the record.
        report: told each step that is done.
        trial: calls the DLLs of a HIS folder, given with their names, in a process of its own; "" or what went wrong.
        disk: every change of a file.
        find_programs: who has files loaded.
        find_locked: which of the files Windows will not have replaced.
    """

    places: HisPlaces
    now: str
    report: Report
    trial: Trial
    disk: SetupDisk = field(default_factory=SetupDisk)
    find_programs: Callable[[Iterable[Path]], list[UsingProgram]] = programs_using
    find_locked: Callable[[Iterable[Path]], list[Path]] = locked_files

    def tell(self, event: SetupEvent, **facts: object) -> None:
        """Report a step."""
        self.report(event, facts)


def install(job: SetupJob, source: Path, version: str, sample: bytes, more: Sequence[FileChange] = ()) -> None:
    """Install the set in `source`, or repair it where it is installed.

    Args:
        sample: vcshim.ini.sample. A vcshim.ini is not touched.
        more: further changes of the same transaction.

    Raises:
        SetupFailed: the HIS folder is as it was, but for NOT_UNDONE.
    """
    places = job.places
    manifest = check_set(source)
    job.tell(SetupEvent.CHECKED, folder=source, files=len(manifest.rows))
    names = front_names(manifest)
    with _turn(job) as transaction:
        _check_bits(places, source, names)
        name, before = manifest.folder_name(version), places.chosen()
        _refuse_if_in_use(job, _to_replace(places, source, names))
        is_new = not places.set_folder(name).exists()
        try:
            place_set(source, manifest, places.set_folder(name), job.disk)
            job.tell(SetupEvent.COPIED, folder=places.set_folder(name))
            backup = back_up(places, names)
            earlier = _earlier(places, name, before)
            record = InstalledRecord(version, name, earlier, job.now, backup.checksums)
            changes = [*backup.changes, *more, FileChange(f"{RUNTIME}/{STARTER}", _STARTER), FileChange(SAMPLE, sample)]
            changes += _choosing(places, name, names, record)
            if _carry_out(job, transaction, changes, names):
                for kept in backup.checksums if backup.changes else ():
                    job.tell(SetupEvent.KEPT_VENDOR, file=places.backups / kept, checksum=backup.checksums[kept])
        except BaseException as error:
            # NB: DLLs that could not be put back need the set.
            if is_new and not (isinstance(error, SetupFailed) and error.outcome is SetupOutcome.NOT_UNDONE):
                remove_sets(places, [name], job.disk)
            raise
        others = [other for other in places.set_names() if other not in (name, earlier)]
        _prune(job, others)


def stage(job: SetupJob, source: Path, version: str) -> Path:
    """Put the set in `source` into the HIS folder, where nothing reads it yet; returns its folder there.

    Raises:
        SetupFailed: it cannot be put there.
    """
    manifest = check_set(source)
    target = job.places.set_folder(manifest.folder_name(version))
    with _turn(job):
        place_set(source, manifest, target, job.disk)
    return target


def roll_back(job: SetupJob, wanted: str | None = None) -> str:
    """Go back to the set before the present one, or to the one that is named. Returns its name.

    Raises:
        SetupFailed: the HIS folder is as it was, but for NOT_UNDONE.
    """
    places = job.places
    with _turn(job) as transaction:
        record, present = read_record(places.setup), places.chosen()
        name = wanted if wanted is not None else record.previous if record else None
        if name is None or not (name in places.set_names() or (name == "" and (places.runtime / FRONTS).is_dir())):
            raise SetupFailed(SetupOutcome.NO_SUCH_SET, name=name or "", names=places.set_names())
        manifest = check_set(places.set_folder(name))
        names = front_names(manifest)
        _refuse_if_in_use(job, _to_replace(places, places.set_folder(name), names))
        version = name.rpartition("-")[0]
        vendor = kept_checksums(places)
        earlier = present if present != name else record.previous if record else None
        changes = _choosing(places, name, names, InstalledRecord(version, name, earlier, job.now, vendor))
        _carry_out(job, transaction, changes, names)
        return name


def uninstall(job: SetupJob, own_set: Path | None = None) -> list[Path]:
    """Give the vendor's files back and remove everything of ours but vcshim.ini and the log.

    Args:
        own_set: the set that this program runs from, which only its end sets free.

    Returns:
        The folders that are still to be removed.
    """
    places = job.places
    with _turn(job) as transaction:
        changes = give_back(places, LIBRARIES)
        sets = places.set_names()
        if not changes and not sets and places.chosen() is None and not places.backups.is_dir():
            raise SetupFailed(SetupOutcome.NOT_INSTALLED, folder=places.folder)
        cores = [places.set_folder(name) / CORE for name in ["", *sets]]
        _refuse_if_in_use(job, [places.folder / change.path for change in changes], cores)
        restored = [change.path for change in changes if isinstance(change.content, Path)]
        changes += [FileChange(f"{RUNTIME}/{name}", None) for name in (CHOICE, STARTER)]
        changes += [FileChange(SAMPLE, None), FileChange(f"{RUNTIME}/{places.setup.name}/{RECORD}", None)]
        _carry_out(job, transaction, changes, ())
        for name in restored:
            job.tell(SetupEvent.GIVEN_BACK, file=places.folder / name, checksum=checksum_of(places.folder / name))
        return _remove_all(job, sets, own_set)


def front_names(manifest: Manifest) -> list[str]:
    """The DLLs that a set brings for the HIS folder."""
    return [path.partition("/")[2] for path in manifest.rows if path.startswith(f"{FRONTS}/")]


# ---- what can refuse -------------------------------------------------------------------------------------------------


@contextmanager
def _turn(job: SetupJob) -> Iterator[Transaction]:
    """The lock, what an earlier run has left, and errors of the system as ends of the run."""
    places = job.places
    if not places.folder.is_dir():
        raise SetupFailed(SetupOutcome.NO_FOLDER, folder=places.folder)
    try:
        job.disk.make_folder(places.setup)
        with exclusive_turn(places.setup):
            transaction = Transaction(places.folder, places.setup, job.disk)
            recovered = transaction.recover()
            if recovered is not Recovered.NOTHING:
                job.tell(SetupEvent.RECOVERED, undone=recovered is Recovered.UNDONE)
            remove_remains(places, job.disk)
            try:
                yield transaction
            finally:
                remove_remains(places, job.disk)
    except OSError as error:
        raise failure_of(error) from error
    finally:
        _remove_if_empty(places)


def _remove_if_empty(places: HisPlaces) -> None:
    with suppress(OSError):
        places.backups.rmdir()
    with suppress(OSError):
        if {path.name for path in places.setup.iterdir()} <= {"running"}:
            forget_turn(places.setup)
            places.setup.rmdir()
            places.runtime.rmdir()


def _check_bits(places: HisPlaces, source: Path, names: Iterable[str]) -> None:
    """A HIS loads DLLs of its own kind only, and the vendor's is one that it has loaded."""
    for name in names:
        live = places.folder / name
        theirs = bits_of(live) if live.is_file() else 0
        ours = bits_of(source / FRONTS / name)
        if theirs and ours and theirs != ours:
            raise SetupFailed(SetupOutcome.WRONG_BITS, path=live, bits=theirs, ours=ours)


def _to_replace(places: HisPlaces, source: Path, names: Iterable[str]) -> list[Path]:
    """The DLLs in the HIS folder that are not those of the set yet."""
    pairs = ((places.folder / name, source / FRONTS / name) for name in names)
    return [live for live, front in pairs if live.exists() and checksum_of(live) != checksum_of(front)]


def _refuse_if_in_use(job: SetupJob, paths: Sequence[Path], cores: Sequence[Path] = ()) -> None:
    """Refuse if a program has one of these loaded. This program has a core loaded itself."""
    if not paths and not cores:
        return
    programs = job.find_programs([*paths, *cores])
    if programs:
        raise SetupFailed(SetupOutcome.IN_USE, programs=programs)
    locked = job.find_locked(paths)
    if locked:
        raise SetupFailed(SetupOutcome.LOCKED_FILE, path=locked[0])


# ---- the changes -----------------------------------------------------------------------------------------------------


def _choosing(places: HisPlaces, name: str, names: Iterable[str], record: InstalledRecord) -> list[FileChange]:
    """The set first, so that a DLL which has its name already finds it; then the DLLs."""
    fronts = places.set_folder(name) / FRONTS
    kept = f"{RUNTIME}/{places.setup.name}/{RECORD}"
    return [
        FileChange(f"{RUNTIME}/{CHOICE}", f"{name}\n".encode("ascii") if name else None),
        *(FileChange(each, fronts / each) for each in names),
        FileChange(kept, record.to_bytes()),
    ]


def _earlier(places: HisPlaces, name: str, before: str | None) -> str | None:
    """The set to go back to: the one that was in use, or what it was before where this one is only repaired."""
    if before != name:
        return before
    record = read_record(places.setup)
    return record.previous if record else None


def _carry_out(job: SetupJob, transaction: Transaction, changes: Sequence[FileChange], tried: Sequence[str]) -> bool:
    """All of the changes, and the call that tries them, or none. False if there was nothing to change."""
    if not transaction.prepare(changes):
        job.tell(SetupEvent.NOTHING)
        return False
    try:
        transaction.apply()
        if tried:
            job.tell(SetupEvent.CHANGED)
        reason = job.trial(job.places.folder, tried) if tried else ""
        if reason:
            raise SetupFailed(SetupOutcome.TRIAL_FAILED, reason=reason)
        if tried:
            job.tell(SetupEvent.TRIED)
        transaction.keep()
    except BaseException as error:
        _undo(job, transaction, error)
        raise
    return True


def _undo(job: SetupJob, transaction: Transaction, error: BaseException) -> None:
    try:
        transaction.undo()
    except OSError as again:
        raise SetupFailed(SetupOutcome.NOT_UNDONE, path=again.filename or "") from error
    job.tell(SetupEvent.UNDONE)


# ---- what nothing needs any more -------------------------------------------------------------------------------------


def _prune(job: SetupJob, names: Sequence[str]) -> None:
    stayed = remove_sets(job.places, names, job.disk)
    for name in names:
        if name not in stayed:
            job.tell(SetupEvent.PRUNED, name=name)


def _remove_all(job: SetupJob, sets: Sequence[str], own_set: Path | None) -> list[Path]:
    """Remove the sets and what the installer kept; the folders that only the end of this program sets free."""
    places = job.places
    own = own_set.resolve() if own_set else None
    free = [name for name in sets if places.set_folder(name).resolve() != own]
    left = left_of(places, remove_sets(places, free, job.disk))
    left += [places.set_folder(name) for name in sets if name not in free]
    if others := older_backups(places, LIBRARIES):
        job.tell(SetupEvent.OTHERS_LEFT, folder=places.backups, files=others)
        return left
    with suppress(OSError):
        job.disk.remove_folder(places.backups)
    with suppress(OSError):  # the setup program's, which is running itself where it was started with _?=
        job.disk.remove(places.runtime / _UNINSTALLER)
    return left


def library_states(places: HisPlaces) -> dict[str, str]:
    """What stands under each name in the HIS folder: "front", "other" or "" for nothing."""
    states = {}
    for name in LIBRARIES:
        live = places.folder / name
        states[name] = "" if not live.is_file() else "front" if is_front(live) else "other"
    return states
