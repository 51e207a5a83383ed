"""The MAC and IPv4 of this PC in a request of the real libraries (EC 7.2.1.1)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shim import terminal
from shim.simulator.server import Simulator
from shim.terminal import STYLES
from tests.support.calls import QUERY
from tests.support.clients import Rig, trans_line
from tests.support.product import install

NAMES = "mac_field = macAddr\nip_field = ipAddr\nrecord_field = terminalNo\nrecord_no = 35020000000000000001\n"


@pytest.mark.parametrize("client", ["linux-c", "win32-c"])
def test_through_the_dll(rig: Rig, simulator: Simulator, tmp_path: Path, client: Any) -> None:
    """The MAC and address of a real interface of this machine: the simulator is on loopback, which has none."""
    product = install(client, tmp_path / "his").ini(f"[terminal]\n{NAMES}mac_style = dash\n")
    (reply,) = product.run(
        rig, [trans_line("q", QUERY["in"].encode("gb18030"), url=simulator.qr_query, export="NationEcTrans")]
    )
    assert reply.out == QUERY["out"].encode("gb18030")
    data = json.loads(simulator.calls[-1].request)["data"]
    assert data["terminalNo"] == "35020000000000000001"
    here = {(STYLES["dash"](adapter.mac), *adapter.addresses) for adapter in terminal.adapters()}
    assert (data["macAddr"], data["ipAddr"]) in here
    assert "网卡" in product.log_text()
