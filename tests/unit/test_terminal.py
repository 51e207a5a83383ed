"""The MAC and IPv4 of this PC towards the insurance platform, and where they go into a request (EC 7.2.1.1)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from shim import forks, terminal
from shim.call_port import Port
from shim.deadline import Deadline
from shim.settings.terminal import TerminalSettings
from shim.simulator.server import Simulator
from shim.terminal import (
    STYLES,
    Adapter,
    TerminalFields,
    TerminalIdentifier,
    TerminalIdentity,
    select_identity,
    terminal_fields,
)
from tests.support.calls import QUERY
from tests.support.forked import CountingGate
from tests.support.paths import ROOT

LATER = Deadline(3600)
WIRE = Adapter("eth0", "F83441BDE188", ("10.1.1.7", "10.1.2.7"))
RADIO = Adapter("wlan0", "02FC00000001", ("192.168.3.4",))
DOWN = Adapter("eth1", "0EFB529B8E05", ())
LOOP = Adapter("lo", "000000000000", ("127.0.0.1",), False)
TUNNEL = Adapter("tun0", "AABBCCDDEEFF", ("172.16.0.1",), False)


@pytest.mark.parametrize(
    ("adapters", "local", "expected"),
    [
        ((DOWN, LOOP, WIRE, RADIO), "192.168.3.4", TerminalIdentity("02FC00000001", "192.168.3.4", True)),
        ((DOWN, LOOP, WIRE, RADIO), "10.1.2.7", TerminalIdentity("F83441BDE188", "10.1.2.7", True)),
        ((DOWN, LOOP, TUNNEL, WIRE), "127.0.0.1", TerminalIdentity("F83441BDE188", "10.1.1.7")),
        ((DOWN, LOOP, TUNNEL, WIRE), "", TerminalIdentity("F83441BDE188", "10.1.1.7")),
        ((DOWN, LOOP), "", TerminalIdentity()),
        ((), "", TerminalIdentity()),
    ],
)
def test_select_identity(adapters: tuple[Adapter, ...], local: str, expected: TerminalIdentity) -> None:
    """The interface that leads there, never a dead one and never the loopback's zeros."""
    assert select_identity(adapters, local) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [("colon", "f8:34:41:bd:e1:88"), ("dash", "F8-34-41-BD-E1-88"), ("plain", "F83441BDE188")],
)
def test_styles(style: str, expected: str) -> None:
    """colon is the example of EC 7.2.1.1, table 1, letter for letter."""
    assert STYLES[style]("F83441BDE188") == expected


def test_the_host_of_the_url_or_of_the_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def local(host: str, seconds: float) -> str:
        asked.append(host)
        return "10.1.1.7"

    monkeypatch.setattr(terminal, "_local_address", local)
    here = TerminalIdentifier(lambda: (WIRE,))
    assert (
        here.identity("http://10.9.9.9:80/x", LATER).certain
        and here.identity("http://10.9.9.9:80/y", LATER).ip == "10.1.1.7"
    )
    TerminalIdentifier(lambda: (WIRE,), "http://10.8.8.8:3128").identity("http://10.9.9.9/x", LATER)
    TerminalIdentifier(lambda: (WIRE,), "10.8.8.8:3128").identity("http://10.9.9.9/x", LATER)
    for url in ("not an address", "sim:platform", "http://[::1/x", ""):
        TerminalIdentifier(lambda: (WIRE,)).identity(url, LATER)
    assert asked == ["10.9.9.9", "10.8.8.8", "10.8.8.8", "", "", "", ""]


def test_what_is_not_certain_is_asked_again() -> None:
    rows: list[tuple[Adapter, ...]] = [(), (WIRE,)]
    here = TerminalIdentifier(lambda: rows.pop(0))
    assert here.identity("http://127.0.0.1/", LATER) == TerminalIdentity()
    assert here.identity("http://127.0.0.1/", LATER).mac == "F83441BDE188"


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "300.1.1.1", "a" * 300])
def test_a_host_that_cannot_be_found(host: str) -> None:
    assert terminal._local_address(host, 2) == ""


def test_no_more_than_half_of_the_time_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds: list[float] = []

    def local(host: str, limit: float) -> str:
        seconds.append(limit)
        return ""

    monkeypatch.setattr(terminal, "_local_address", local)
    here = TerminalIdentifier(lambda: (WIRE,))
    here.identity("http://gateway.his.internal/", Deadline(1))
    here.identity("http://gateway.his.internal/", LATER)
    assert 0 < seconds[0] <= 0.5 and seconds[1] == 2


def test_no_thread_for_the_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    assert terminal._local_address("gateway.his.internal", 2) == ""


@pytest.mark.needs("network")
def test_the_routed_interface_of_two(tmp_path: Path) -> None:
    """In a network namespace with two interfaces: the one that the route takes."""
    program = (
        "from shim.deadline import Deadline\n"
        "from shim.terminal import TerminalIdentifier, adapters\n"
        "here = TerminalIdentifier(adapters)\n"
        "for host in ('192.0.2.9', '198.51.100.9', '127.0.0.1'):\n"
        "    print(host, here.identity(f'http://{host}/', Deadline(60)))\n"
    )
    script = (
        "ip link set lo up; "
        "ip link add a0 address 02:fc:00:00:00:01 type veth peer name a1; ip addr add 192.0.2.2/24 dev a0; "
        "ip link add b0 address 02:fc:00:00:00:02 type veth peer name b1; ip addr add 198.51.100.2/24 dev b0; "
        "for name in a0 a1 b0 b1; do ip link set $name up; done; "
        'mount -t sysfs none /sys; exec "$0" -c "$1"'
    )
    done = subprocess.run(
        ["unshare", "-n", "-m", "sh", "-c", script, sys.executable, program],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "192.0.2.9 TerminalIdentity(mac='02FC00000001', ip='192.0.2.2', certain=True)",
        "198.51.100.9 TerminalIdentity(mac='02FC00000002', ip='198.51.100.2', certain=True)",
    ], done.stderr
    assert "certain=False" in lines[2] and "02FC0000000" in lines[2]


# ---- fields ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        ({}, {}),
        ({"record_no": "35"}, {}),
        ({"record_field": "r"}, {}),
        ({"record_field": "r", "record_no": "35"}, {"r": "35"}),
        ({"mac_field": "m", "mac": "X"}, {"m": "X"}),
        ({"ip_field": "i", "ip": "1.2.3.4", "mac_field": "m", "mac": "X"}, {"m": "X", "i": "1.2.3.4"}),
    ],
)
def test_what_the_settings_give_is_not_looked_for(settings: dict[str, str], values: dict[str, str]) -> None:
    def identify() -> TerminalIdentity:
        raise AssertionError

    assert terminal_fields(TerminalSettings(**settings), identify) == TerminalFields(values, True)


@pytest.mark.parametrize(
    ("settings", "values"),
    [
        ({"mac_field": "m", "mac_style": "dash"}, {"m": "F8-34-41-BD-E1-88"}),
        ({"mac_field": "m", "mac": "X", "ip_field": "i"}, {"m": "X", "i": "10.1.1.7"}),
        ({"mac_field": "m", "ip_field": "i", "ip": "1.2.3.4"}, {"m": "f8:34:41:bd:e1:88", "i": "1.2.3.4"}),
    ],
)
def test_what_the_settings_leave_open_is_looked_for_once(settings: dict[str, str], values: dict[str, str]) -> None:
    answers = [TerminalIdentity("F83441BDE188", "10.1.1.7", False)]
    assert terminal_fields(TerminalSettings(**settings), answers.pop) == TerminalFields(values, False)
    assert answers == []


def test_what_cannot_be_found_is_left_out() -> None:
    settings = TerminalSettings(mac_field="m", ip_field="i", record_field="r", record_no="35")
    assert terminal_fields(settings, TerminalIdentity) == TerminalFields({"r": "35"}, False)


# ---- in a request ----------------------------------------------------------------------------------------------------

NAMES = "mac_field = macAddr\nip_field = ipAddr\nrecord_field = terminalNo\nrecord_no = 35020000000000000001\n"
FIXED = "mac = f8:34:41:bd:e1:88\nip = 10.1.1.7\n"


def sent(tmp_path: Path, simulator: Simulator, ini: str, **changes: Any) -> dict[str, Any]:
    (tmp_path / "vcshim.ini").write_text(ini, "utf-8")
    data = json.loads(QUERY["in"]) | changes
    answer = Port(tmp_path).answer(
        "NationEcTrans", [simulator.qr_query.encode(), json.dumps(data, ensure_ascii=False).encode("gb18030")], 0, 2048
    )
    assert answer.code == b"0000"
    request: dict[str, Any] = json.loads(simulator.calls[-1].request)
    return request


def test_nothing_is_added_by_default(tmp_path: Path, simulator: Simulator) -> None:
    """EC tables B.1 and B.3 have no such field."""
    assert sent(tmp_path, simulator, "[terminal]\nrecord_no = 35020000000000000001\n") == json.loads(QUERY["in"])


@pytest.mark.parametrize("place", ["data", "extra", "top"])
def test_the_fields_go_where_the_settings_say(tmp_path: Path, simulator: Simulator, place: str) -> None:
    request = sent(tmp_path, simulator, f"[terminal]\n{NAMES}{FIXED}place = {place}\n", extra=None)
    fields = request if place == "top" else request[place]
    assert {name: fields[name] for name in ("macAddr", "ipAddr", "terminalNo")} == {
        "macAddr": "f8:34:41:bd:e1:88", "ipAddr": "10.1.1.7", "terminalNo": "35020000000000000001",
    }  # fmt: skip


def test_what_the_host_filled_in_stays(tmp_path: Path, simulator: Simulator) -> None:
    request = sent(
        tmp_path, simulator, f"[terminal]\n{NAMES}{FIXED}place = top\n", macAddr="aa", ipAddr="", extra="text"
    )
    assert (request["macAddr"], request["ipAddr"], request["extra"]) == ("aa", "10.1.1.7", "text")
    request = sent(tmp_path, simulator, f"[terminal]\n{NAMES}{FIXED}place = extra\n", extra="text")
    assert request["extra"] == "text"


def test_other_types_are_posted_unchanged(tmp_path: Path, simulator: Simulator) -> None:
    changes = {"transType": "hos.query.insu"}
    request = sent(tmp_path, simulator, f"[terminal]\n{NAMES}{FIXED}", **changes)
    assert request == json.loads(QUERY["in"]) | changes


@pytest.mark.parametrize("certain", [True, False])
def test_an_interface_that_may_be_the_wrong_one_is_logged(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, certain: bool
) -> None:
    monkeypatch.setattr(
        TerminalIdentifier, "identity", lambda *_: TerminalIdentity("F83441BDE188", "10.1.1.7", certain)
    )
    assert sent(tmp_path, simulator, "[terminal]\nmac_field = m\n")["data"]["m"] == "f8:34:41:bd:e1:88"
    log = "".join(path.read_text("utf-8") for path in (tmp_path / "vcshim_log").glob("*.log"))
    assert ("未能确定连接医保平台的网卡" in log) is not certain


def test_a_look_up_is_known_to_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver holds locks of its own for moments (shim/forks.py)."""
    gate = CountingGate()
    monkeypatch.setattr(forks, "look_ups", gate)
    assert terminal._resolve("localhost", 60) == "127.0.0.1"
    assert gate.passes == 1
