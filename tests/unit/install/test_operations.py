"""Install, go back, uninstall, on stand-ins: what is left, what refuses, and a kill or an error at every step."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shim.install.disk import SetupDisk
from shim.install.operations import SetupEvent, install, library_states, roll_back, uninstall
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.install.places import HisPlaces
from shim.install.programs import UsingProgram
from shim.install.record import read_record
from shim.manifest import set_problems
from shim.sets import CORE
from tests.support.installing import (
    EC,
    INI,
    SAMPLE,
    VC,
    VENDOR,
    Recorded,
    SteppingDisk,
    assert_works,
    contents,
    denied,
    full,
    kill,
    killed,
    library,
    make_his,
    make_set,
    name_of,
)


@pytest.fixture(autouse=True)
def fast_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill of a process loses nothing that was written; what a power cut loses is not tested here."""
    monkeypatch.setattr("os.fsync", lambda _file: None)


@pytest.fixture
def places(tmp_path: Path) -> HisPlaces:
    return make_his(tmp_path / "医院 HIS;1")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return make_set(tmp_path / "old", "1.0.0", "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return make_set(tmp_path / "new", "1.1.0", "new")


def put(places: HisPlaces, source: Path, version: str = "1.0.0", recorded: Recorded | None = None) -> Recorded:
    recorded = recorded or Recorded()
    install(recorded.job(places), source, version, SAMPLE)
    return recorded


# ---- what is left ----------------------------------------------------------------------------------------------------


def test_installed(places: HisPlaces, old: Path) -> None:
    recorded = put(places, old)
    name = name_of(old, "1.0.0")
    files = contents(places.folder)
    assert files["vcshim/current.txt"] == f"{name}\n".encode()
    assert set_problems(places.runtime / name) == ()
    for dll, vendor in VENDOR.items():
        assert files[dll] == (old / "fronts" / dll).read_bytes()
        assert files[dll.replace(".dll", ".vendor.dll")] == files[f"vcshim/setup/vendor/{dll}"] == vendor
    assert set_problems(places.backups) == ()
    assert files["vcshim.ini"] == INI and files["vcshim.ini.sample"] == SAMPLE
    assert recorded.tried == [EC, VC]
    assert SetupEvent.KEPT_VENDOR in recorded.told() and SetupEvent.UNDONE not in recorded.told()
    assert not [path for path in files if "/next/" in path or "/before/" in path or "changes" in path]


def test_uninstalled_to_the_byte(places: HisPlaces, old: Path) -> None:
    before = contents(places.folder)
    put(places, old)
    assert uninstall(Recorded().job(places)) == []
    assert contents(places.folder) == before
    assert not places.runtime.exists()


class _BusyDisk(SetupDisk):
    """A program has files of a set open, in a folder that may be renamed, as Wine allows."""

    def remove_folder(self, path: Path) -> None:
        if path.parent.name == "vcshim" and path.name != "setup":
            raise PermissionError(13, "in use", str(path))
        super().remove_folder(path)


def test_a_set_that_cannot_be_removed_yet(places: HisPlaces, old: Path) -> None:
    """It is told by the name that it has by then, so that what waits for its programs removes that folder."""
    put(places, old)
    (left,) = uninstall(Recorded().job(places, _BusyDisk()))
    assert left == places.runtime / f"{name_of(old, '1.0.0')}.removed"
    assert left.is_dir()


def test_uninstalled_where_the_vendor_has_one_dll(tmp_path: Path, old: Path) -> None:
    places = make_his(tmp_path / "his", [VC])
    before = contents(places.folder)
    put(places, old)
    assert library_states(places) == {VC: "front", EC: "front"}
    uninstall(Recorded().job(places))
    assert contents(places.folder) == before


def test_upgraded_with_the_same_fronts_while_a_program_runs(places: HisPlaces, tmp_path: Path, old: Path) -> None:
    put(places, old)
    new = make_set(tmp_path / "new", "1.1.0", "old")
    recorded = Recorded(programs=[UsingProgram(7, "his.exe")])
    put(places, new, "1.1.0", recorded)
    assert recorded.asked == []
    assert places.set_names() == [name_of(old, "1.0.0"), name_of(new, "1.1.0")]
    assert places.chosen() == name_of(new, "1.1.0")
    assert roll_back(Recorded().job(places)) == name_of(old, "1.0.0") == places.chosen()


def test_upgraded_and_rolled_back_with_other_fronts(places: HisPlaces, old: Path, new: Path) -> None:
    put(places, old)
    put(places, new, "1.1.0")
    assert (places.folder / VC).read_bytes() == (new / "fronts" / VC).read_bytes()
    assert (places.vendor_file(VC)).read_bytes() == VENDOR[VC]
    roll_back(Recorded().job(places))
    assert (places.folder / VC).read_bytes() == (old / "fronts" / VC).read_bytes()
    roll_back(Recorded().job(places))  # and forward again
    assert places.chosen() == name_of(new, "1.1.0")
    put(places, old)  # a downgrade
    assert places.chosen() == name_of(old, "1.0.0")
    record = read_record(places.setup)
    assert record is not None and record.previous == name_of(new, "1.1.0")


def test_the_third_version_takes_the_place_of_the_first(
    places: HisPlaces, tmp_path: Path, old: Path, new: Path
) -> None:
    third = make_set(tmp_path / "third", "1.2.0")
    put(places, old)
    put(places, new, "1.1.0")
    recorded = put(places, third, "1.2.0")
    assert places.set_names() == [name_of(new, "1.1.0"), name_of(third, "1.2.0")]
    assert SetupEvent.PRUNED in recorded.told()


def test_a_damaged_set_is_repaired(places: HisPlaces, old: Path) -> None:
    put(places, old)
    folder = places.set_folder(name_of(old, "1.0.0"))
    (folder / CORE).write_text("torn")
    (folder / "vcshim.exe").unlink()
    put(places, old)
    assert set_problems(folder) == ()
    record = read_record(places.setup)
    assert record is not None and record.previous is None


def test_installed_over_a_swap_by_hand(places: HisPlaces, old: Path) -> None:
    """What docs/replacing.md says: rename the vendor's, copy ours."""
    before = contents(places.folder)
    for name in VENDOR:
        (places.folder / name).rename(places.vendor_file(name))
        (places.folder / name).write_bytes(library("an older front of vcshim_core.dll"))
    put(places, old)
    assert (places.backups / VC).read_bytes() == VENDOR[VC]
    uninstall(Recorded().job(places))
    assert contents(places.folder) == before


def test_the_vendor_comes_back_with_another_version(places: HisPlaces, old: Path) -> None:
    """An update of the HIS writes its own DLL over ours. Nothing of what was kept is lost."""
    put(places, old)
    newer = library("the vendor's card, 2")
    (places.folder / VC).write_bytes(newer)
    put(places, old)
    assert (places.folder / VC).read_bytes() == (old / "fronts" / VC).read_bytes()
    assert (places.vendor_file(VC)).read_bytes() == newer
    recorded = Recorded()
    uninstall(recorded.job(places))
    assert (places.folder / VC).read_bytes() == newer
    kept = [path for path in places.backups.iterdir() if path.read_bytes() == VENDOR[VC]]
    assert len(kept) == 1 and SetupEvent.OTHERS_LEFT in recorded.told()


def test_a_copy_beside_that_was_changed_is_left(places: HisPlaces, old: Path) -> None:
    put(places, old)
    places.vendor_file(VC).write_bytes(b"another")
    uninstall(Recorded().job(places))
    assert (places.folder / VC).read_bytes() == VENDOR[VC]
    assert places.vendor_file(VC).read_bytes() == b"another"


def test_the_copy_beside_serves_for_a_lost_backup(places: HisPlaces, old: Path) -> None:
    put(places, old)
    (places.backups / VC).write_bytes(b"torn")
    uninstall(Recorded().job(places))
    assert (places.folder / VC).read_bytes() == VENDOR[VC]


def test_a_plain_copy_is_upgraded_and_chosen_again(places: HisPlaces, new: Path) -> None:
    make_set(places.runtime, "0.9.0", "plain")
    for name in VENDOR:
        (places.folder / name).write_bytes((places.runtime / "fronts" / name).read_bytes())
    put(places, new, "1.1.0")
    assert places.chosen() == name_of(new, "1.1.0")
    assert roll_back(Recorded().job(places)) == ""
    assert places.chosen() == "" and (places.folder / VC).read_bytes() == (places.runtime / "fronts" / VC).read_bytes()


# ---- what refuses ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Refusal:
    """A way to spoil things, and the exit code."""

    spoil: Callable[[HisPlaces, Path, Recorded], object]
    outcome: SetupOutcome


def _spoiled_set(_places: HisPlaces, source: Path, _recorded: Recorded) -> None:
    (source / "vcshim.exe").write_text("other")


def _other_bits(places: HisPlaces, _source: Path, _recorded: Recorded) -> None:
    (places.folder / VC).write_bytes(library("64", 0x8664))


def _in_use(_places: HisPlaces, _source: Path, recorded: Recorded) -> None:
    recorded.programs = [UsingProgram(7, "his.exe")]


def _locked(places: HisPlaces, _source: Path, recorded: Recorded) -> None:
    recorded.locked = [places.folder / EC]


def _failing_call(_places: HisPlaces, _source: Path, recorded: Recorded) -> None:
    recorded.trial = "8009"


REFUSALS = [
    Refusal(_spoiled_set, SetupOutcome.DAMAGED_SET),
    Refusal(_other_bits, SetupOutcome.WRONG_BITS),
    Refusal(_in_use, SetupOutcome.IN_USE),
    Refusal(_locked, SetupOutcome.LOCKED_FILE),
    Refusal(_failing_call, SetupOutcome.TRIAL_FAILED),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.outcome.name)
def test_refused_and_as_it_was(places: HisPlaces, old: Path, refusal: Refusal) -> None:
    recorded = Recorded()
    refusal.spoil(places, old, recorded)
    before = contents(places.folder)
    with pytest.raises(SetupFailed) as raised:
        put(places, old, recorded=recorded)
    assert raised.value.outcome is refusal.outcome
    assert contents(places.folder) == before
    assert not places.runtime.exists()


def test_an_upgrade_that_fails_leaves_the_old_set(places: HisPlaces, old: Path, new: Path) -> None:
    put(places, old)
    before = contents(places.folder)
    with pytest.raises(SetupFailed) as raised:
        put(places, new, "1.1.0", Recorded(trial="8009"))
    assert raised.value.outcome is SetupOutcome.TRIAL_FAILED
    assert contents(places.folder) == before


def test_uninstalling_is_refused_while_a_program_runs(places: HisPlaces, old: Path) -> None:
    put(places, old)
    before = contents(places.folder)
    with pytest.raises(SetupFailed) as raised:
        uninstall(Recorded(programs=[UsingProgram(7, "his.exe")]).job(places))
    assert raised.value.outcome is SetupOutcome.IN_USE
    assert raised.value.facts["programs"] == [UsingProgram(7, "his.exe")]
    assert contents(places.folder) == before


def test_a_backup_that_is_another_file_is_not_given_back(places: HisPlaces, old: Path) -> None:
    put(places, old)
    (places.backups / VC).write_bytes(b"torn")
    places.vendor_file(VC).unlink()
    with pytest.raises(SetupFailed) as raised:
        uninstall(Recorded().job(places))
    assert raised.value.outcome is SetupOutcome.BACKUP_CHANGED
    assert_works_with_one(places)


def assert_works_with_one(places: HisPlaces) -> None:
    assert library_states(places) == {VC: "front", EC: "front"} and places.chosen()


def test_nothing_to_uninstall_or_to_go_back_to(places: HisPlaces, old: Path) -> None:
    before = contents(places.folder)
    with pytest.raises(SetupFailed) as raised:
        uninstall(Recorded().job(places))
    assert raised.value.outcome is SetupOutcome.NOT_INSTALLED
    assert contents(places.folder) == before
    put(places, old)
    for wanted in (None, "", "1.0.0-00000000", ".."):
        with pytest.raises(SetupFailed) as raised:
            roll_back(Recorded().job(places), wanted)
        assert raised.value.outcome is SetupOutcome.NO_SUCH_SET


def test_no_folder(tmp_path: Path, old: Path) -> None:
    with pytest.raises(SetupFailed) as raised:
        put(HisPlaces(tmp_path / "none"), old)
    assert raised.value.outcome is SetupOutcome.NO_FOLDER


@pytest.mark.needs("linux")
def test_another_run_is_refused(places: HisPlaces, old: Path) -> None:
    from shim.install.turn import exclusive_turn

    put(places, old)
    with exclusive_turn(places.setup), pytest.raises(SetupFailed) as raised:
        put(places, old)
    assert raised.value.outcome is SetupOutcome.BUSY


# ---- a kill and an error at every step -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """A run: what is there before it, and the run itself."""

    name: str
    before: Callable[[HisPlaces, Path, Path], object]
    run: Callable[[HisPlaces, Path, Path, SteppingDisk], object]


def _installing(places: HisPlaces, old: Path, _new: Path, disk: SteppingDisk) -> None:
    install(Recorded().job(places, disk), old, "1.0.0", SAMPLE)


def _upgrading(places: HisPlaces, _old: Path, new: Path, disk: SteppingDisk) -> None:
    install(Recorded().job(places, disk), new, "1.1.0", SAMPLE)


def _failing(places: HisPlaces, _old: Path, new: Path, disk: SteppingDisk) -> None:
    with pytest.raises(SetupFailed):
        install(Recorded(trial="8009").job(places, disk), new, "1.1.0", SAMPLE)


def _both(places: HisPlaces, old: Path, new: Path) -> None:
    put(places, old)
    put(places, new, "1.1.0")


COURSES = [
    Course("install", lambda *_: None, _installing),
    Course("upgrade", lambda places, old, _new: put(places, old), _upgrading),
    Course("failing upgrade", lambda places, old, _new: put(places, old), _failing),
    Course("roll back", _both, lambda places, _old, _new, disk: roll_back(Recorded().job(places, disk))),
    Course("uninstall", _both, lambda places, _old, _new, disk: uninstall(Recorded().job(places, disk))),
]


def steps(course: Course, folder: Path) -> int:
    """How many operations of the disk a run takes."""
    places, old, new = _fresh(folder)
    course.before(places, old, new)
    disk = SteppingDisk(0, kill)
    course.run(places, old, new, disk)
    return disk.done


def _fresh(folder: Path) -> tuple[HisPlaces, Path, Path]:
    folder.mkdir()
    return make_his(folder / "HIS"), make_set(folder / "a", "1.0.0", "old"), make_set(folder / "b", "1.1.0", "new")


@pytest.mark.needs("linux")
@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_a_kill_at_every_step(course: Course, tmp_path: Path) -> None:
    """The DLLs work at once, and the next run leaves what it leaves anywhere."""
    if sys.platform == "win32":
        raise NotImplementedError
    count = steps(course, tmp_path / "count")
    assert count > 15
    for at in range(1, count + 1):
        places, old, new = _fresh(tmp_path / str(at))
        untouched = contents(places.folder)
        course.before(places, old, new)
        assert killed(lambda at=at, to=places, a=old, b=new: course.run(to, a, b, SteppingDisk(at, kill)))  # type: ignore[misc]
        assert_works(places)
        if at % 2:
            put(places, new, "1.1.0")
            assert places.chosen() == name_of(new, "1.1.0")
            assert library_states(places) == {VC: "front", EC: "front"}
            assert_works(places)
        try:
            uninstall(Recorded().job(places))
        except SetupFailed as failure:
            assert failure.outcome is SetupOutcome.NOT_INSTALLED
        assert contents(places.folder) == untouched, at


@pytest.mark.parametrize("act", [full, denied], ids=["full", "denied"])
@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_an_error_at_every_step(course: Course, act: Callable[[str], None], tmp_path: Path) -> None:
    """Either everything is as it was, or the run is done; and the next run leaves what it leaves anywhere."""
    outcomes = set()
    for at in range(1, steps(course, tmp_path / "count") + 1):
        places, old, new = _fresh(tmp_path / str(at))
        untouched = contents(places.folder)
        course.before(places, old, new)
        before = (places.chosen(), [(places.folder / name).read_bytes() for name in VENDOR])
        try:
            course.run(places, old, new, SteppingDisk(at, act))
        except SetupFailed as failure:
            outcomes.add(failure.outcome)
            if failure.outcome is not SetupOutcome.NOT_UNDONE:
                assert before == (places.chosen(), [(places.folder / name).read_bytes() for name in VENDOR])
        assert_works(places)
        try:
            uninstall(Recorded().job(places))
        except SetupFailed as failure:
            assert failure.outcome is SetupOutcome.NOT_INSTALLED
        assert contents(places.folder) == untouched, at
    assert outcomes <= {SetupOutcome.DISK_FULL, SetupOutcome.NOT_WRITABLE, SetupOutcome.NOT_UNDONE}
