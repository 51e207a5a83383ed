"""[mode] run = shadow as a host meets it: the vendor's DLL answers through the recorder, and ours is compared with it.

Our own DLL in native mode, in another folder, stands for the vendor's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.call_port import Port
from shim.capture.forwarding import VendorOutcome
from shim.journal.comparisons import AGREES, ComparisonStore
from shim.replay.counting import comparisons_folder
from shim.replay.shadow import Shadow
from shim.simulator.server import Simulator
from tests.support.cleartext import assert_no_clear_text
from tests.support.contract import CASES

SECONDS = 60.0
VERIFY = next(case for case in CASES if case["id"] == "verify aes md5")
QUERY = next(case for case in CASES if case["id"] == "query")
PRIVATE = ("990000195203030026", "19900000002", "1TESTSEC0000000000000000TESTSEC0", "测试员")


def test_calls_are_shadowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> None:
    """Each is sent once, and nothing of a patient is written anywhere."""
    local, front, vendor_folder = (tmp_path / name for name in ("local", "front", "vendor"))
    front.mkdir()
    vendor_folder.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(local))
    (front / "vcshim.ini").write_text("[mode]\nrun = shadow\n", "utf-8")
    port, vendor = Port(front), Port(vendor_folder)
    calls = ((VERIFY, simulator.gateway), (QUERY, simulator.qr_query))
    for case, url in calls:
        in_data = case["in"].encode("gb18030")
        ticket, address = port.begin(case["function"], [url.encode(), in_data], 0)
        assert address is not None and address != url.encode()
        answer = vendor.answer(case["function"], [address, in_data], 0, 2048)
        assert port.end(ticket, VendorOutcome(answer.code, 0, answer.out)) == (False, True)
    forwarding = port._wire().forwarding
    assert forwarding is not None
    shadow = forwarding._sink
    assert isinstance(shadow, Shadow)
    assert shadow.wait_done(SECONDS)
    store = ComparisonStore(comparisons_folder(), create=False)
    found = {(key.function, key.verdict): calls for key, calls in store.counts().items()}
    assert found == {("VirtualCardTrans", AGREES): 1, ("NationEcTrans", AGREES): 1}
    assert_no_clear_text(local, PRIVATE)
    assert_no_clear_text(front, PRIVATE)
