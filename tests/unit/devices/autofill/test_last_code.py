"""The last insurance code: once, not for long, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim.abi import Port
from shim.devices.autofill.last_code import LastCode
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.scanners import FUSED, INSURANCE

OTHER = "4249999999999999999999999999"


def test_until_it_is_told_to_forget() -> None:
    last = LastCode(60)
    assert last.look() is None
    last.keep(OTHER)
    last.keep(INSURANCE)
    assert last.look() == last.look() == INSURANCE
    last.forget(OTHER)
    assert last.look() == INSURANCE
    last.forget(INSURANCE)
    assert last.look() is None


def test_its_bytes_are_overwritten() -> None:
    last = LastCode(60)
    last.keep(INSURANCE)
    held = last._bytes
    assert bytes(held) == INSURANCE.encode()
    last.forget(INSURANCE)
    assert bytes(held) == bytes(28)
    last.keep(INSURANCE)
    held = last._bytes
    last.keep(OTHER)
    assert bytes(held) == bytes(28)
    last.forget(OTHER)


def test_its_time_is_over() -> None:
    now = [100.0]
    last = LastCode(60, lambda: now[0])
    last.keep(INSURANCE)
    now[0] = 160.0
    assert last.look() is None and last._bytes == b""


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
        last.keep(OTHER)
    assert last._sweeper is sweeper
    assert last.look() == OTHER
    last.forget(OTHER)


def test_zero_keeps_nothing() -> None:
    last = LastCode(0)
    last.keep(INSURANCE)
    assert last.look() is None and last._sweeper is None


@pytest.mark.parametrize(
    ("function", "code", "kept"),
    [
        ("NationEcTrans", INSURANCE, INSURANCE),
        ("NationEcTrans", "of another form", "of another form"),
        ("VirtualCardTrans", "of another form", None),
        ("NationEcTrans", FUSED, None),
        ("VirtualCardTrans", INSURANCE, INSURANCE),
        ("VirtualCardTrans", FUSED, None),
    ],
)
def test_the_service_keeps_insurance_codes(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, function: str, code: str, kept: str | None
) -> None:
    """Given by the host or scanned, by either DLL; a 多码融合码 is not what SetEcQrcode fills in.

    What EC's own platform is asked counts as an insurance code, whatever its form.
    """
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
        assert port._wire().service._devices.last_code.look() == kept
        if kept:
            port._wire().service._devices.last_code.forget(kept)
