"""One look at the hospital's file: what is taken, what is refused by every PC, and that the last good one stays."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from shim import configuration, folders
from shim.bilingual import Bilingual
from shim.fleet import refusal, store
from shim.fleet.document import compose
from shim.fleet.refusal import FleetOutcome
from shim.fleet.store import FleetStore
from shim.fleet.take import look

PRIVATE = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
GOOD = "[messages]\naudience = developer"


class Hospital:
    """One PC, the folder of its DLLs, and the central file."""

    def __init__(self, place: Path) -> None:
        self.central = place / "central.ini"
        self.folder = place / "his"
        self.folder.mkdir()
        self.write_ini()
        self.store = FleetStore()

    def write_ini(self, more: str = "", key: str = PUBLIC) -> None:
        text = f"[fleet]\nsource = {self.central}\npublic_key = {key}\n{more}"
        (self.folder / "vcshim.ini").write_text(text, "utf-8")

    def publish(
        self, ini: str, serial: int = 1, share: int = 100, pcs: tuple[str, ...] = (), key: bytes | None = PRIVATE
    ) -> bytes:
        data = compose(ini.split("\n"), serial, share, pcs, key)
        self.central.write_bytes(data)
        return data

    def look(self, pc: str = "PC-1") -> FleetOutcome:
        return look(self.folder, self.store, pc).outcome

    @property
    def audience(self) -> str:
        return configuration.read(self.folder).messages.audience


@pytest.fixture
def hospital(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hospital:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    monkeypatch.setattr(configuration, "machine_data", lambda: tmp_path / "machine")
    return Hospital(tmp_path)


def test_a_good_file_is_taken_once_and_in_force(hospital: Hospital) -> None:
    assert hospital.audience == "clerk"
    data = hospital.publish(GOOD)
    assert hospital.look() is refusal.TAKEN
    assert hospital.audience == "developer"
    assert hospital.store.data() == data
    assert hospital.look() is refusal.IN_FORCE
    hospital.publish("", serial=2)
    assert hospital.look() is refusal.TAKEN
    assert hospital.audience == "clerk"


def test_the_pcs_own_settings_are_stronger(hospital: Hospital) -> None:
    hospital.publish(GOOD)
    hospital.write_ini("[messages]\naudience = clerk\n")
    assert hospital.look() is refusal.TAKEN
    assert hospital.audience == "clerk"


def truncated(hospital: Hospital) -> None:
    hospital.central.write_bytes(hospital.publish(GOOD, 2)[:-1])


def gone(hospital: Hospital) -> None:
    hospital.central.unlink()


def a_folder(hospital: Hospital) -> None:
    hospital.central.unlink()
    hospital.central.mkdir()


def too_large(hospital: Hospital) -> None:
    hospital.publish("; " + "x" * 1024 * 1024, 2)


def plain(hospital: Hospital) -> None:
    hospital.central.write_text(GOOD, "utf-8")


def by_other_key(hospital: Hospital) -> None:
    hospital.publish(GOOD, 2, key=bytes(32))


def hashed(hospital: Hospital) -> None:
    hospital.publish(GOOD, 2, key=None)


def key_misspelt(hospital: Hospital) -> None:
    hospital.publish(GOOD, 2)
    hospital.write_ini(key=PUBLIC[1:])


def publishing(ini: str, serial: int = 2) -> Callable[[Hospital], None]:
    def publish(hospital: Hospital) -> None:
        hospital.publish(ini, serial)

    return publish


BAD: list[tuple[str, Callable[[Hospital], None], FleetOutcome]] = [
    ("gone", gone, refusal.NOT_THERE),
    ("a folder", a_folder, refusal.UNREADABLE),
    ("too large", too_large, refusal.TOO_LARGE),
    ("no head", plain, refusal.BAD_HEAD),
    ("cut", truncated, refusal.WRONG_SIGNATURE),
    ("another key", by_other_key, refusal.WRONG_SIGNATURE),
    ("no signature", hashed, refusal.NOT_SIGNED),
    ("key misspelt", key_misspelt, refusal.NO_KEY),
    ("older", publishing("", 0), refusal.OLDER),
    ("same number", publishing("[abi]", 1), refusal.SAME_NUMBER),
    ("unknown key", publishing("[messages]\naudiense = clerk"), refusal.PROBLEMS),
    ("bad value", publishing("[scanner]\nbaud = 96OO"), refusal.PROBLEMS),
    ("refusing key", publishing("[wire]\nverify = stict"), refusal.PROBLEMS),
    ("unparsable", publishing("[messages]\na\0b"), refusal.PROBLEMS),
    ("for another PC", publishing("[scanner@PC-9]\nbaud = 96OO"), refusal.PROBLEMS),
    ("bad dialect", publishing("[dialect x]\nsort = asci"), refusal.PROBLEMS),
    ("own section", publishing("[fleet]\npoll_minutes = 1"), refusal.OWN_SECTION),
    ("own section of a PC", publishing("[fleet@PC-9]\npoll_minutes = 1"), refusal.OWN_SECTION),
    ("no such dialect", publishing("[wire]\ndialect = ehcservcie"), refusal.STOPS_CALLS),
]


@pytest.mark.parametrize(("spoil", "expected"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_file_is_refused_and_the_last_good_one_stays(
    hospital: Hospital, spoil: Callable[[Hospital], None], expected: FleetOutcome
) -> None:
    data = hospital.publish(GOOD)
    assert hospital.look() is refusal.TAKEN
    spoil(hospital)
    assert hospital.look() is expected
    assert hospital.store.data() == data
    assert hospital.audience == "developer"
    assert [path.suffix for path in hospital.store.file.parent.iterdir() if path.suffix == ".tmp"] == []
    assert hospital.store.state()["outcome"] == expected.key
    assert hospital.store.state()["serial"] == 1


def test_a_bad_file_is_refused_by_pcs_whose_turn_has_not_come(hospital: Hospital) -> None:
    hospital.publish("[messages]\naudiense = clerk", share=0)
    assert hospital.look() is refusal.PROBLEMS


def test_the_others_keep_theirs_until_their_turn_comes(hospital: Hospital) -> None:
    first = hospital.publish(GOOD)
    assert hospital.look() is refusal.TAKEN
    hospital.publish("", 2, share=0, pcs=("PC-2",))
    assert hospital.look() is refusal.NOT_YET
    assert hospital.store.data() == first
    hospital.publish("", 3, share=0, pcs=("PC-*",))
    assert hospital.look() is refusal.TAKEN


def test_what_stops_calls_already_is_no_reason_to_refuse(hospital: Hospital) -> None:
    """A PC whose own settings are wrong takes what is there to help it."""
    hospital.write_ini("[wire]\ndialect = ours\n")
    hospital.publish(GOOD)
    assert hospital.look() is refusal.TAKEN
    hospital.publish("[dialect ours]\nbase = ehcservice\n", 2)
    assert hospital.look() is refusal.TAKEN
    hospital.publish("", 3)
    assert hospital.look() is refusal.STOPS_CALLS


def test_another_source_begins_with_any_number(hospital: Hospital) -> None:
    hospital.publish(GOOD, 9)
    assert hospital.look() is refusal.TAKEN
    hospital.central = hospital.central.with_name("other.ini")
    hospital.write_ini()
    hospital.publish("", 1)
    assert hospital.look() is refusal.TAKEN
    hospital.publish("[abi]", 1)
    assert hospital.look() is refusal.SAME_NUMBER


def test_a_damaged_copy_is_replaced(hospital: Hospital) -> None:
    data = hospital.publish(GOOD)
    assert hospital.look() is refusal.TAKEN
    hospital.store.file.write_bytes(data[: len(data) // 2])
    assert hospital.look() is refusal.TAKEN
    assert hospital.store.data() == data


def test_a_checksum_will_do_where_no_key_is_set(hospital: Hospital) -> None:
    hospital.write_ini(key="")
    data = hospital.publish(GOOD, key=None)
    hospital.central.write_bytes(data[:-1])
    assert hospital.look() is refusal.WRONG_DIGEST
    hospital.central.write_bytes(data)
    assert hospital.look() is refusal.TAKEN


def test_a_folder_that_cannot_be_written_costs_nothing(hospital: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    hospital.publish(GOOD)

    def full(*arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    assert hospital.look() is refusal.NOT_KEPT
    assert list(hospital.store.file.parent.iterdir()) == []
    assert hospital.audience == "clerk"


def test_a_copy_that_is_being_read_is_replaced_a_moment_later(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows whoever has it open keeps it from being replaced."""
    replace, refused = os.replace, [PermissionError(13, ""), PermissionError(13, "")]

    def busy(*arguments: Path) -> None:
        if refused:
            raise refused.pop()
        replace(*arguments)

    monkeypatch.setattr(os, "replace", busy)
    monkeypatch.setattr(store, "_PAUSE_SECONDS", 0)
    hospital.publish(GOOD)
    assert hospital.look() is refusal.TAKEN


@pytest.mark.parametrize(
    ("ini", "counts"),
    [
        ("", False),
        ("[fleet]\nsource = x", True),
        ("[fleet]\nsource =", False),
        ("[fleet]\nsource = x\n[fleet@*]\nsource =", False),
        ("[fleet@*]\nsource = x", True),
    ],
)
def test_the_copy_counts_only_where_the_pc_names_a_source(hospital: Hospital, ini: str, counts: bool) -> None:
    """Another HIS of the same PC is not concerned, nor one that has left."""
    hospital.publish(GOOD)
    assert hospital.look() is refusal.TAKEN
    (hospital.folder / "vcshim.ini").write_text(ini, "utf-8")
    assert (hospital.audience == "developer") is counts


def test_the_copy_cannot_name_its_own_source(hospital: Hospital) -> None:
    hospital.store.file.parent.mkdir(parents=True)
    hospital.store.file.write_text(f"{GOOD}\n[fleet]\nsource = x", "utf-8")
    (hospital.folder / "vcshim.ini").write_text("", "utf-8")
    assert hospital.audience == "clerk"


def test_the_copy_is_where_the_settings_are_read(hospital: Hospital) -> None:
    expected = folders.local_data() / "settings" / "fleet.ini"
    assert hospital.store.file == expected
    assert configuration.layers(hospital.folder)[0].path == expected


def test_whoever_reads_the_copy_finds_a_whole_one(hospital: Hospital) -> None:
    """The hosts of a PC read it while one of them replaces it, a hundred times here."""
    files = [hospital.publish(GOOD + f"\n; {'x' * size}", 1) for size in (0, 200_000)]
    hospital.store.keep(hospital.store.stage(files[0]))
    found: set[bytes | None] = set()
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            found.add(hospital.store.data())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        hospital.store.keep(hospital.store.stage(files[number % 2]))
    ended.set()
    reader.join()
    assert found <= set(files)


def test_every_outcome_is_said_in_english() -> None:
    outcomes = [row for row in vars(refusal).values() if isinstance(row, FleetOutcome)]
    assert len(outcomes) == 19
    for row in outcomes:
        told = row.told(
            serial=7, before=8, why=Bilingual("原因", "the cause"), count=2, first=Bilingual("第一", "the first")
        )
        assert told.english and re.search("[⺀-鿿]", told) and not re.search("[⺀-鿿：；，]", told.english), row.key
