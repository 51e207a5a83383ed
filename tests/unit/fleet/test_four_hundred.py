"""400 PCs and one central file: a change, and a bad one. Every PC is a process with its own folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildlib import tools
from shim.fleet.document import compose
from tests.support.fleet.pcs import Hospital

PRIVATE = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
PCS = 400


@pytest.fixture
def hospital(tmp_path: Path) -> Hospital:
    tools.require("linux")
    hospital = Hospital(tmp_path, PUBLIC, PCS)
    hospital.set_up({"PC-017": "[log]\nkeep_days = 17\n"})
    return hospital


def publish(hospital: Hospital, ini: str, serial: int) -> bytes:
    data = compose(ini.split("\n"), serial, 100, (), PRIVATE)
    hospital.central.write_bytes(data)
    return data


def test_a_change_reaches_all_and_a_bad_one_none(hospital: Hospital) -> None:
    good = "[log]\nkeep_days = 7\n[messages]\naudience = developer\n[log@PC-0*]\nkeep_days = 8"
    data = publish(hospital, good, 1)
    rows = hospital.day()
    assert sorted(rows) == hospital.names
    assert len({row["process"] for row in rows.values()}) == PCS
    assert {row["outcome"] for row in rows.values()} == {"taken"}
    assert {row["kept"] for row in rows.values()} == {len(data)}
    # 99 PCs are named PC-0*: a section for some PCs is stronger than a plain one of any file, also that of PC-017.
    assert sorted(row["keep_days"] for row in rows.values()) == [7] * 301 + [8] * 99
    assert all("详情：" in row["text"] for row in rows.values())

    publish(hospital, "[log]\nkeep_days = 9\n[wire]\nverify = stict", 2)  # a key that would refuse every call
    rows = hospital.day()
    assert {row["outcome"] for row in rows.values()} == {"problems"}
    assert {(row["serial"], row["kept"]) for row in rows.values()} == {(1, len(data))}
    assert sorted(row["keep_days"] for row in rows.values()) == [7] * 301 + [8] * 99
