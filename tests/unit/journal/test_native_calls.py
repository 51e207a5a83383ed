"""The journal of calls that vcshim answers itself: a row each, and the row of a change before its request."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shim.call_port import Port
from shim.journal.call_journal import CallJournal
from shim.journal.calls import CallTable, JournalRow, Wanted
from shim.journal.database import JournalDatabase, JournalUnusable
from shim.journal.places import journal_file
from shim.journal.schema import STEPS
from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY
from tests.support.servers import Server, serving

CLOSE = json.dumps(
    json.loads(VERIFY["in"]) | {"method": "ehc.ehealthcard.close", "biz_content": {"out_close_no": "20261121000058"}}
).encode()
INI = "[journal]\nfolder = journal\n"


@pytest.fixture
def port(tmp_path: Path) -> Port:
    (tmp_path / "vcshim.ini").write_text(INI)
    return Port(tmp_path)


def rows(folder: Path) -> list[JournalRow]:
    database = JournalDatabase(journal_file(folder / "journal"), STEPS, busy_seconds=60, create=False)
    return CallTable(database).select(Wanted())


def are_there_rows(folder: Path) -> bool:
    try:
        return bool(rows(folder))
    except JournalUnusable:  # it is just being made
        return False


def written(port: Port, folder: Path) -> list[JournalRow]:
    wired = port._wired
    assert wired is not None and isinstance(wired.journal, CallJournal) and wired.journal.flush(60)
    return rows(folder)


def test_a_row_for_every_call(port: Port, tmp_path: Path, simulator: Simulator) -> None:
    verify, query = VERIFY["in"].encode("gb18030"), QUERY["in"].encode("gb18030")
    url, ec_url = simulator.gateway.encode(), simulator.qr_query.encode()
    port.answer("VirtualCardTrans", [url, verify], 0, 2048)
    port.answer("NationEcTrans", [ec_url, query], 0, 2048)
    port.answer("VirtualCardTrans", [url, b"no json"], 0, 2048)
    port.answer("VirtualCardTrans", [-1, verify], 0, 2048)
    port.answer("Set_QRflow_Mode", [], 5, 0)
    port.answer("VirtualCardTrans", [url + b"?sim=refuse:2001", verify], 0, 2048)
    port.answer("VirtualCardTrans", [(simulator.gateway + "?sim=early:1").encode(), CLOSE], 0, 2048)
    port.answer("VirtualCardTrans", [b"http://127.0.0.1:1/", CLOSE], 0, 2048)
    port.answer("VirtualCardTrans", [url, verify], 0, 300)
    found = [
        (row.function, row.method, row.serial, row.sent, row.outcome.value, row.code) for row in written(port, tmp_path)
    ]
    verify_row, close_row = (
        ("VirtualCardTrans", "ehc.ehealthcode.verify"),
        ("VirtualCardTrans", "ehc.ehealthcard.close"),
    )
    assert found == [
        (*verify_row, "", True, "success", "00"),
        ("NationEcTrans", "ec.query", "", True, "success", "0000"),
        ("VirtualCardTrans", "", "", False, "not done", "9008"),
        ("VirtualCardTrans", "", "", False, "not done", "9001"),
        ("Set_QRflow_Mode", "", "", False, "not done", "9001"),
        (*verify_row, "", True, "refused", "2001"),
        (*close_row, "20261121000058", True, "unknown", "3003"),
        (*close_row, "20261121000058", False, "not done", "8004"),
        (*verify_row, "", True, "done", "9008"),
    ]
    assert all(row.milliseconds is not None and row.mode == "native" for row in rows(tmp_path))


def test_a_change_has_its_row_before_its_request(port: Port, tmp_path: Path) -> None:
    """Read by the platform, at the moment at which the request arrives. A query has none by then."""
    seen: list[list[str]] = []

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        wired = port._wired
        assert wired is not None and wired.journal.flush(60)
        seen.append([row.outcome.value for row in rows(tmp_path)])

    with serving(talk) as server:
        port.answer("VirtualCardTrans", [server.url.encode(), CLOSE], 0, 2048)
        written(port, tmp_path)
        port.answer("NationEcTrans", [server.url.encode(), QUERY["in"].encode("gb18030")], 0, 2048)
    assert seen[0] == ["sending"] and {tuple(each) for each in seen[1:]} == {("unknown",)}
    assert [row.outcome.value for row in written(port, tmp_path)] == ["unknown", "no result"]


HOST = """
import sys
from pathlib import Path
from shim.call_port import Port
Port(Path(sys.argv[1])).answer("VirtualCardTrans", [sys.argv[2].encode(), sys.stdin.buffer.read()], 0, 2048)
"""


def test_a_host_that_is_killed_while_the_platform_is_silent(tmp_path: Path) -> None:
    """The platform kills it when it has the request: nothing else tells the journal that the call has no end."""
    (tmp_path / "vcshim.ini").write_text(INI)
    hosts: list[subprocess.Popen[bytes]] = []

    def talk(server: Server, connection: socket.socket) -> None:
        server.read(connection)
        while not are_there_rows(tmp_path):
            time.sleep(0.01)
        os.kill(hosts[0].pid, signal.SIGKILL)

    with serving(talk) as server:
        hosts.append(subprocess.Popen([sys.executable, "-c", HOST, tmp_path, server.url], stdin=subprocess.PIPE))
        hosts[0].communicate(CLOSE, timeout=60)
    (row,) = rows(tmp_path)
    assert (row.outcome.value, row.serial, row.is_open) == ("sending", "20261121000058", True)
    assert hosts[0].returncode == -signal.SIGKILL


def test_the_journal_holds_nothing_of_the_patient(port: Port, tmp_path: Path, simulator: Simulator) -> None:
    names = ["张三丰", "990000195203030026", "13800138000"]
    data = json.loads(VERIFY["in"]) | {"method": names[0]}
    data["biz_content"] |= {
        "user_name": names[0],
        "id_no": names[1],
        "mobile_phone": names[2],
        "out_trade_no": names[1],
    }
    for method in (names[0], names[1], "ehc.ehealthcard.querywithreg"):
        text = json.dumps(data | {"method": method}, ensure_ascii=False).encode("gb18030")
        port.answer("VirtualCardTrans", [simulator.gateway.encode(), text], 0, 2048)
    assert len(written(port, tmp_path)) == 3
    stored = b"".join(path.read_bytes() for path in (tmp_path / "journal").iterdir())
    assert [name for name in names if name.encode() in stored] == []


def test_a_broken_journal_changes_no_answer(port: Port, tmp_path: Path, simulator: Simulator) -> None:
    journal_file(tmp_path / "journal").mkdir(parents=True)
    call = ("VirtualCardTrans", [simulator.gateway.encode(), VERIFY["in"].encode("gb18030")], 0, 2048)
    assert [port.answer(*call).code for _ in range(3)] == [b"00"] * 3
