"""The last insurance code: kept in one place, for a limited time, overwritten after use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shim.call_port import Port
from shim.devices.autofill.last_code import LastCode
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.forked import in_child
from tests.support.scanners import FUSED, INSURANCE

OTHER = "4249999999999999999999999999"


def test_kept_until_forget() -> None:
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
    kept = last._bytes
    assert bytes(kept) == INSURANCE.encode()
    last.forget(INSURANCE)
    assert bytes(kept) == bytes(28)
    last.keep(INSURANCE)
    kept = last._bytes
    last.keep(OTHER)
    assert bytes(kept) == bytes(28)
    last.forget(OTHER)


def test_its_time_is_over() -> None:
    now = [100.0]
    last = LastCode(60, lambda: now[0])
    last.keep(INSURANCE)
    now[0] = 160.0
    assert last.look() is None and last._bytes == b""


def test_it_is_overwritten_in_time() -> None:
    """The bytes are overwritten although no method is called."""
    last = LastCode(0.01)
    last.keep(INSURANCE)
    kept, sweeper = last._bytes, last._sweeper
    if sweeper is not None:
        sweeper.join(60)
    assert not any(kept)
    assert last._sweeper is None
    last.keep(INSURANCE)
    kept, sweeper = last._bytes, last._sweeper
    if sweeper is not None:
        sweeper.join(60)
    assert not any(kept)


def test_one_thread_for_all_codes() -> None:
    last = LastCode(60)
    last.keep(INSURANCE)
    sweeper = last._sweeper
    for _ in range(5):
        last.keep(OTHER)
    assert last._sweeper is sweeper
    assert last.look() == OTHER
    last.forget(OTHER)


def test_no_thread_waits_for_a_code_that_was_used() -> None:
    last = LastCode(3600)
    for _ in range(2):
        last.keep(INSURANCE)
        sweeper = last._sweeper
        assert sweeper is not None
        last.forget(INSURANCE)
        sweeper.join(60)
        assert not sweeper.is_alive() and last._sweeper is None


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
    """From the host or scanned, in either DLL; a 多码融合码 is not what SetEcQrcode fills in.

    What EC's own platform is asked counts as an insurance code, whatever its form.
    """
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "vcshim.ini").write_text("[scanner]\ntype = file\nfile = codes.txt\n")
    (tmp_path / "codes.txt").write_text(code + "\n")
    port = Port(tmp_path)
    for from_host in (True, False):
        case = json.loads((VERIFY if function == "VirtualCardTrans" else QUERY)["in"])
        inner, field = ("biz_content", "ehealth_code") if function == "VirtualCardTrans" else ("data", "ecQrCode")
        case[inner][field] = code if from_host else ""
        url = simulator.gateway if function == "VirtualCardTrans" else simulator.qr_query
        port.answer(function, [url.encode(), json.dumps(case).encode()], 0, 2048)
        assert port._wire().service._devices.last_code.look() == kept
        if kept:
            port._wire().service._devices.last_code.forget(kept)


def test_a_forked_child_begins_without_one() -> None:
    """Also where another thread had the lock; the parent's stays."""
    last = LastCode(60)
    last.keep(INSURANCE)
    kept = last._bytes

    def child() -> tuple[bytes, str | None, str | None]:
        before = last.look()
        last.keep(OTHER)
        return bytes(kept), before, last.look()

    with last._lock:
        assert in_child(child) == (bytes(28), None, OTHER)
    assert last.look() == INSURANCE
    last.forget(INSURANCE)
