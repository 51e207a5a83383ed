"""The last insurance code: once, not for long, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim.abi import Port
from shim.lastcode import LastCode
from shim.simulator.server import Simulator
from tests.scanners import FUSED, INSURANCE
from tests.test_hosts import QUERY, VERIFY


def test_taken_once() -> None:
    last = LastCode(60)
    assert last.take() is None
    last.keep("4249999999999999999999999999")
    last.keep(INSURANCE)
    assert last.take() == INSURANCE
    assert last.take() is None


def test_its_bytes_are_overwritten() -> None:
    last = LastCode(60)
    last.keep(INSURANCE)
    held = last._bytes
    assert bytes(held) == INSURANCE.encode()
    last.take()
    assert bytes(held) == bytes(28)
    last.keep(INSURANCE)
    held = last._bytes
    last.keep("4249999999999999999999999999")
    assert bytes(held) == bytes(28)
    last.take()


def test_its_time_is_over() -> None:
    now = [100.0]
    last = LastCode(60, lambda: now[0])
    last.keep(INSURANCE)
    now[0] = 160.0
    assert last.take() is None


def test_it_goes_by_itself() -> None:
    """Nobody asks, and yet the bytes are gone."""
    last = LastCode(0.01)
    last.keep(INSURANCE)
    held, sweeper = last._bytes, last._sweeper
    if sweeper is not None:
        sweeper.join(60)
    assert not any(held)
    assert last._sweeper is None
    last.keep(INSURANCE)
    held, sweeper = last._bytes, last._sweeper
    if sweeper is not None:
        sweeper.join(60)
    assert not any(held)


def test_one_thread_for_all_codes() -> None:
    last = LastCode(60)
    last.keep(INSURANCE)
    sweeper = last._sweeper
    for _ in range(5):
        last.keep("4249999999999999999999999999")
    assert last._sweeper is sweeper
    assert last.take() == "4249999999999999999999999999"


def test_zero_keeps_nothing() -> None:
    last = LastCode(0)
    last.keep(INSURANCE)
    assert last.take() is None and last._sweeper is None


@pytest.mark.parametrize(
    ("function", "code", "kept"),
    [
        ("NationEcTrans", INSURANCE, INSURANCE),
        ("VirtualCardTrans", INSURANCE, INSURANCE),
        ("VirtualCardTrans", FUSED, None),
    ],
)
def test_the_service_keeps_insurance_codes(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, function: str, code: str, kept: str | None
) -> None:
    """Given by the host or scanned, by either DLL; a 多码融合码 is not what SetEcQrcode fills in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "vcshim.ini").write_text("[scanner]\ntype = file\nfile = codes.txt\n")
    (tmp_path / "codes.txt").write_text(code + "\n")
    port = Port(tmp_path)
    for given in (True, False):
        case = json.loads((VERIFY if function == "VirtualCardTrans" else QUERY)["in"])
        inner, field = ("biz_content", "ehealth_code") if function == "VirtualCardTrans" else ("data", "ecQrCode")
        case[inner][field] = code if given else ""
        url = simulator.gateway if function == "VirtualCardTrans" else simulator.qr_query
        port.answer(function, [url.encode(), json.dumps(case).encode()], 0, 2048)
        assert port._wire().service._last_code.take() == kept
