"""The service as pages and programs reach it: real sockets, a real process with made-up DLLs (bridge_vendor.c)."""

from __future__ import annotations

import json
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import requests

from shim.bridge import peer, server, worker
from shim.bridge.calls import MOST_CALLS
from shim.bridge.request import MOST_BYTES
from shim.bridge.server import MOST_CONNECTIONS
from shim.bridge.worker import WorkerProcess
from tests.support.bridges import SITE, TOKEN, Lines, RunningBridge, receive, running_bridge, send

pytestmark = pytest.mark.needs("gcc")

JSON = {"Content-Type": "application/json"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}
STATUS = "/v1/status"
MODE = "/v1/calls/Set_QRflow_Mode"
# A request of a method that scans, on which the made-up DLL waits until Set_QRflow_Mode(0).
SCAN: dict[str, Any] = {
    "strUrl": "x",
    "InData": {"method": "ehc.ehealthcode.verify", "biz_content": {"note": "wait"}},
}


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds; a failed test takes a minute."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def running(bridge: RunningBridge) -> int:
    return len(bridge.bridge.calls._running)


# ---- what a call gives -----------------------------------------------------------------------------------------------


def test_a_transaction(bridge: RunningBridge) -> None:
    """GB18030 to the DLL and back; the object, and the text."""
    answer = bridge.call("NationEcTrans", strUrl="x", InData={"name": "龙䶮𬱖", "amount": 1})
    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("ms") >= 0
    assert body == {
        "code": "00",
        "OutData": '{"name":"龙䶮𬱖","amount":1}',
        "data": {"name": "龙䶮𬱖", "amount": 1},
    }


@pytest.mark.parametrize(
    ("name", "fields", "result"),
    [
        ("VirtualCardTrans", {"strUrl": "x", "InData": "a text"}, {"code": "00", "OutData": "a text", "data": None}),
        ("VirtualCardTrans", {"strUrl": "x", "InData": "null"}, {"code": None, "OutData": "", "data": None}),
        (
            "VirtualCardTrans",
            {"strUrl": "x", "InData": "bytes"},
            {"code": "77", "OutData": None, "OutDataBase64": "//8="},
        ),
        ("Set_QRflow_Mode", {"mode": 1}, {"code": 0}),
        ("Set_QRflow_Mode", {"mode": -7}, {"code": -7}),
        ("EhealthID_Print", {"ehealthid": "12345", "cardNo": "123", "name": "王𬱖"}, {"code": 536}),
        ("SetEcQrcode", {}, {"code": 9005, "pErrmsg": "没有医保码"}),
    ],
)
def test_results(bridge: RunningBridge, name: str, fields: dict[str, Any], result: dict[str, Any]) -> None:
    body = bridge.call(name, **fields).json()
    assert {key: body[key] for key in result} == result
    assert set(body) == {*result, "ms"}


def test_a_dll_that_prints(bridge: RunningBridge) -> None:
    """Its text does not get among the answers of the process with the DLLs."""
    assert bridge.call("VirtualCardTrans", strUrl="x", InData="print").json()["code"] == "00"
    assert bridge.call("VirtualCardTrans", strUrl="x", InData="after").json()["OutData"] == "after"


def test_a_dll_that_reads(bridge: RunningBridge) -> None:
    """It finds the end of its standard input, and takes no call from the process with the DLLs."""
    assert bridge.call("VirtualCardTrans", strUrl="x", InData="read").json()["code"] == "00"
    assert bridge.call("VirtualCardTrans", strUrl="x", InData="after").json()["OutData"] == "after"


def test_a_dll_that_writes_more_than_agreed(bridge: RunningBridge) -> None:
    assert bridge.call("VirtualCardTrans", strUrl="x", InData="long").json()["OutData"] == "x" * 100_000


def test_a_dll_that_is_missing(tmp_path: Path) -> None:
    with running_bridge(tmp_path) as bridge:
        answer = bridge.call("NationEcTrans", strUrl="x", InData="{}")
    assert (answer.status_code, answer.json()["error"]) == (503, "no_library")
    assert "libNationECCode.so" in answer.json()["text"]


# ---- who is refused --------------------------------------------------------------------------------------------------

REFUSED = [
    # a page of another site, in each way in which a page can send something
    ("POST", MODE, {"Origin": "https://attacker.example", **JSON}, 403, "origin"),
    ("POST", MODE, {"Origin": "https://attacker.example", **JSON, **BEARER}, 403, "origin"),
    ("POST", MODE, {"Origin": "null", **JSON, **BEARER}, 403, "origin"),
    ("POST", MODE, {"Origin": "https://attacker.example", "Content-Type": "text/plain"}, 403, "origin"),
    ("OPTIONS", MODE, {"Origin": "https://attacker.example", "Access-Control-Request-Method": "POST"}, 403, "origin"),
    ("GET", STATUS, {"Origin": "https://attacker.example"}, 403, "origin"),
    ("GET", STATUS, {"Sec-Fetch-Site": "cross-site"}, 403, "site"),
    # a site whose name was made to resolve to 127.0.0.1
    ("POST", MODE, {"Host": "attacker.example", **JSON, **BEARER}, 421, "host"),
    ("GET", STATUS, {"Host": "attacker.example"}, 421, "host"),
    ("OPTIONS", MODE, {"Host": "attacker.example", "Origin": SITE}, 421, "host"),
    # a program, or a script that is not the permitted page's own, without the token
    ("POST", MODE, JSON, 401, "token"),
    ("POST", MODE, {**JSON, "Authorization": "Bearer x"}, 401, "token"),
    ("POST", MODE, {**JSON, "Origin": SITE}, 401, "token"),
    ("POST", "/v1/cancel", {**JSON, "Origin": SITE}, 401, "token"),
    ("POST", "/v1/stop", JSON, 401, "token"),
    ("POST", "/v1/stop", {**JSON, **BEARER, "Origin": SITE}, 403, "program_only"),
    # what a form sends without a preflight
    ("POST", MODE, {**BEARER, "Origin": SITE, "Content-Type": "text/plain"}, 415, "content_type"),
    ("POST", MODE, {**BEARER, "Content-Type": "application/x-www-form-urlencoded"}, 415, "content_type"),
    ("POST", MODE, {**BEARER, "Content-Type": "text/plain; application/json"}, 415, "content_type"),
    ("GET", MODE, {**BEARER, "Origin": SITE}, 405, "method"),
    ("PUT", MODE, {**BEARER, **JSON}, 405, "method"),
    ("POST", STATUS, {**BEARER, **JSON}, 405, "method"),
    # addresses
    ("GET", "/", BEARER, 404, "path"),
    ("GET", "/", {}, 401, "token"),
    ("GET", "/../../etc/passwd", BEARER, 404, "path"),
    ("POST", "/v1/calls/nothing", {**BEARER, **JSON}, 404, "call"),
    ("POST", "/v1/calls/NationEcTrans/x", {**BEARER, **JSON}, 404, "path"),
]


@pytest.mark.parametrize(("method", "path", "headers", "status", "error"), REFUSED)
def test_refused(
    bridge: RunningBridge, method: str, path: str, headers: dict[str, str], status: int, error: str
) -> None:
    answer = bridge.ask(method, path, headers, b"" if method in ("GET", "OPTIONS") else b'{"mode":1}')
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    permitted = headers.get("Origin") == SITE and status != 421
    assert answer.headers.get("Access-Control-Allow-Origin") == (SITE if permitted else None)


def test_the_refusals_reach_nothing(bridge: RunningBridge) -> None:
    """The negative control: with everything right the same request is carried out."""
    answer = bridge.ask("POST", MODE, {**BEARER, **JSON}, b'{"mode":1}')
    assert (answer.status_code, answer.json()["code"]) == (200, 0)


def test_the_preflight_of_a_permitted_page(bridge: RunningBridge) -> None:
    headers = {
        "Origin": SITE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = bridge.ask("OPTIONS", MODE, headers, b"")
    assert (answer.status_code, answer.content) == (204, b"")
    wanted = {
        "Access-Control-Allow-Origin": SITE,
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "authorization, content-type",
        "Access-Control-Allow-Private-Network": "true",
        "Vary": "Origin",
    }
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_status_tells_nothing_of_the_pc(bridge: RunningBridge) -> None:
    answer = bridge.ask("GET", STATUS, {"Origin": SITE}, b"")
    assert set(answer.json()) == {"service", "version"}


def test_another_user(bridge: RunningBridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a terminal server, on which 127.0.0.1 is everybody's. What the system tells is for test_peer."""
    monkeypatch.setattr(peer, "is_foreign", lambda *_: True)
    assert bridge.ask("GET", STATUS, {}, b"").json()["error"] == "user"
    assert bridge.refused_socket(origin=SITE) == 403


# ---- limits ----------------------------------------------------------------------------------------------------------


def test_a_body_that_is_too_large(bridge: RunningBridge) -> None:
    """Refused by its length, before it is sent."""
    with socket.create_connection(("127.0.0.1", bridge.port), timeout=60) as sock:
        head = (
            f"POST {MODE} HTTP/1.1\r\nHost: 127.0.0.1:{bridge.port}\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n"
        )
        sock.sendall(head.encode())
        assert sock.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.1 413")) or sock.recv(1) == b""
    assert bridge.call("Set_QRflow_Mode", mode=1).json()["code"] == 0


def test_too_many_calls(bridge: RunningBridge) -> None:
    """What is beyond the limit is refused at once; Set_QRflow_Mode is not, and frees the others."""
    bridge.call("Set_QRflow_Mode", mode=1)
    with bridge.socket() as opened:
        receive(opened)
        for number in range(MOST_CALLS + 1):
            send(opened, id=f"n{number}", call="VirtualCardTrans", strUrl="x", InData="wait")
        refused = receive(opened)
        assert (refused["id"], refused["status"], refused["error"]) == (f"n{MOST_CALLS}", 429, "busy")
        send(opened, id="end", call="Set_QRflow_Mode", mode=0)
        answers = [receive(opened) for _ in range(MOST_CALLS + 1)]
    assert {answer["code"] for answer in answers} == {0, "9999"}


def test_too_many_connections(his: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_PATIENCE", 3600.0)  # nothing else may close them
    with running_bridge(his) as bridge, ExitStack() as stack:
        address = ("127.0.0.1", bridge.port)
        opened = [stack.enter_context(socket.create_connection(address)) for _ in range(MOST_CONNECTIONS + 5)]
        for sock in opened[MOST_CONNECTIONS:]:
            sock.settimeout(60)
            assert sock.recv(1) == b""
        last = opened[MOST_CONNECTIONS - 1]
        last.settimeout(60)
        last.sendall(f"GET {STATUS} HTTP/1.1\r\nHost: 127.0.0.1:{bridge.port}\r\n\r\n".encode())
        assert last.recv(100).startswith(b"HTTP/1.1 200 ")
        stack.close()
        eventually(lambda: _answers(bridge))


def test_too_many_websockets(bridge: RunningBridge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted apart: Tornado's server no longer knows of them. One that has gone makes room for one."""
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    eventually(lambda: bridge.bridge.sockets == 0)
    with ExitStack() as stack:
        for opened in [stack.enter_context(bridge.socket()) for _ in range(2)]:
            assert receive(opened)["service"] == "vcshim bridge"
        for _ in range(2):
            with bridge.socket() as opened:
                assert receive(opened)["service"] == "vcshim bridge"
                assert bridge.refused_socket(origin=SITE) == 429
            eventually(lambda: bridge.bridge.sockets == 2)
    eventually(lambda: bridge.bridge.sockets == 0)
    with bridge.socket() as opened:
        assert receive(opened)["service"] == "vcshim bridge"


def _answers(bridge: RunningBridge) -> bool:
    try:
        return bridge.ask("GET", STATUS, {}, b"").status_code == 200
    except requests.RequestException:
        return False


@pytest.mark.parametrize("sent", [b"", b"GET /v1/status HT", b"POST /v1/stop HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"])
def test_a_client_that_sends_half(his: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """It is disconnected after a while."""
    monkeypatch.setattr(server, "_PATIENCE", 0.2)
    with running_bridge(his) as bridge, socket.create_connection(("127.0.0.1", bridge.port), timeout=60) as sock:
        with suppress(ConnectionError):  # it was disconnected before it had sent that
            sock.sendall(sent)
            assert sock.recv(1000).partition(b"\r\n")[0] in (b"", b"HTTP/1.1 400 Bad Request")


def test_a_websocket_that_says_nothing(his: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_FIRST_MESSAGE", 0.2)
    with running_bridge(his) as bridge, bridge.socket(token=None) as opened:
        assert opened.recv() == ""


# ---- cancelling ------------------------------------------------------------------------------------------------------


def test_a_scan_is_cancelled(bridge: RunningBridge) -> None:
    bridge.call("Set_QRflow_Mode", mode=1)
    answers: list[requests.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(bridge.call("VirtualCardTrans", id="s1", **SCAN)))
    waiting.start()
    eventually(lambda: running(bridge) == 1)
    assert bridge.call("VirtualCardTrans", id="s1", **SCAN).json()["error"] == "id_used"
    other = bridge.ask("POST", "/v1/cancel", {**BEARER, **JSON}, b'{"id":"s1"}')
    assert other.json() == {"cancelled": False}  # a program's: that id is the page's
    unknown = bridge.ask("POST", "/v1/cancel", bridge.headers(**JSON), b'{"id":"s2"}')
    assert unknown.json() == {"cancelled": False}
    cancelled = bridge.ask("POST", "/v1/cancel", bridge.headers(**JSON), b'{"id":"s1"}')
    assert cancelled.json() == {"cancelled": True}
    waiting.join(60)
    assert (answers[0].json()["code"], answers[0].json()["OutData"]) == ("9999", "cancelled")


def test_a_page_that_leaves_ends_its_scan(bridge: RunningBridge) -> None:
    bridge.call("Set_QRflow_Mode", mode=1)
    with bridge.socket() as opened:
        receive(opened)
        send(opened, id="s1", call="VirtualCardTrans", **SCAN)
        eventually(lambda: running(bridge) == 1)
    eventually(lambda: running(bridge) == 0)


def test_a_program_that_leaves_ends_its_scan(bridge: RunningBridge) -> None:
    bridge.call("Set_QRflow_Mode", mode=1)
    body = json.dumps(SCAN).encode()
    with socket.create_connection(("127.0.0.1", bridge.port), timeout=60) as sock:
        head = (
            f"POST /v1/calls/VirtualCardTrans HTTP/1.1\r\nHost: 127.0.0.1:{bridge.port}\r\n"
            f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        sock.sendall(head.encode() + body)
        eventually(lambda: running(bridge) == 1)
    eventually(lambda: running(bridge) == 0)


# ---- WebSocket -------------------------------------------------------------------------------------------------------


def test_a_call_by_websocket(bridge: RunningBridge) -> None:
    """Answers come when they are ready: the second call overtakes the first, and ends it."""
    bridge.call("Set_QRflow_Mode", mode=1)
    with bridge.socket() as opened:
        assert receive(opened)["service"] == "vcshim bridge"
        send(opened, id="1", call="VirtualCardTrans", **SCAN)
        send(opened, id="2", call="VirtualCardTrans", strUrl="x", InData={"a": 1})
        answer = receive(opened)
        assert (answer["id"], answer["code"], answer["data"]) == ("2", "00", {"a": 1})
        send(opened, id="3", cancel="1")
        answers = {answer["id"]: answer for answer in (receive(opened), receive(opened))}
        assert answers["3"]["cancelled"] is True and answers["1"]["code"] == "9999"
        send(opened, id="4", call="nothing")
        assert receive(opened)["error"] == "call"
        opened.send("[]")
        assert receive(opened)["error"] == "json"


@pytest.mark.parametrize("origin", ["https://attacker.example", "null"])
def test_a_websocket_of_another_site(bridge: RunningBridge, origin: str) -> None:
    assert bridge.refused_socket(origin=origin) == 403


def test_a_websocket_with_another_host(bridge: RunningBridge) -> None:
    assert bridge.refused_socket(origin=SITE, host="attacker.example") == 421


@pytest.mark.parametrize("message", ['{"token":"x"}', '{"call":"SetEcQrcode"}', '{"token":null}'])
def test_a_websocket_without_the_token(bridge: RunningBridge, message: str) -> None:
    """Nothing is carried out, and the connection ends."""
    with bridge.socket(token=None) as opened:
        opened.send(message)
        assert receive(opened)["error"] == "token"
        assert opened.recv() == ""  # closed


# ---- a DLL that fails ------------------------------------------------------------------------------------------------


def test_a_crash_costs_the_calls_that_were_under_way(his: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are told that the outcome is not known; the next call finds the DLLs again, unless it happens often."""
    monkeypatch.setattr(worker, "_ENDS_SECONDS", 3600.0)  # a busy machine starts a process in many seconds
    with Lines("bridge-crash") as lines, running_bridge(his, logger=logging.getLogger("bridge-crash")) as bridge:
        answers: list[requests.Response] = []
        waiting = threading.Thread(target=lambda: answers.append(bridge.call("VirtualCardTrans", **SCAN)))
        waiting.start()
        eventually(lambda: running(bridge) == 1)
        crashed = bridge.call("VirtualCardTrans", strUrl="x", InData="crash")
        waiting.join(60)
        for answer in (crashed, answers[0]):
            assert (answer.status_code, answer.json()["error"]) == (502, "ended")
            assert str(-signal.SIGABRT) in answer.json()["text"]
        ends = [facts for facts in lines.facts if "exit_code" in facts]
        assert ends == [{"exit_code": -signal.SIGABRT, "calls": 2}]
        assert bridge.call("VirtualCardTrans", strUrl="x", InData="again").json()["OutData"] == "again"
        for _ in range(4):
            bridge.call("VirtualCardTrans", strUrl="x", InData="crash")
        often = bridge.call("VirtualCardTrans", strUrl="x", InData="again")
        assert (often.status_code, often.json()["error"]) == (503, "often_ended")


def test_a_dll_that_never_returns(his: Path) -> None:
    """Its process takes no more calls, and ends with the thread that is stuck."""
    with running_bridge(his, seconds=1) as bridge:
        bridge.call("Set_QRflow_Mode", mode=1)
        stuck = bridge.bridge.worker._process
        assert stuck is not None
        late = bridge.call("VirtualCardTrans", strUrl="x", InData="stuck")
        assert (late.status_code, late.json()["error"]) == (504, "late")
        assert bridge.bridge.worker._process is not stuck
        eventually(lambda: stuck.is_over)
        assert bridge.call("VirtualCardTrans", strUrl="x", InData="again").json()["OutData"] == "again"


def test_stop(his: Path) -> None:
    with running_bridge(his) as bridge:
        assert bridge.ask("POST", "/v1/stop", {**BEARER, **JSON}).json() == {"stopping": True}
        eventually(lambda: not _accepts(bridge.port))


def test_stop_while_a_call_waits(his: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told so, however long the process with the DLLs takes to end; no other one is started."""
    end, goes_on = WorkerProcess.end, threading.Event()

    def slowly(process: WorkerProcess) -> None:
        threading.Thread(target=lambda: (goes_on.wait(60), end(process))).start()

    monkeypatch.setattr(WorkerProcess, "end", slowly)
    with running_bridge(his) as bridge:
        bridge.call("Set_QRflow_Mode", mode=1)
        answers: list[requests.Response] = []
        waiting = threading.Thread(target=lambda: answers.append(bridge.call("VirtualCardTrans", **SCAN)))
        waiting.start()
        eventually(lambda: [each.process is not None for each in bridge.bridge.calls._running] == [True])
        with bridge.socket() as opened:
            receive(opened)
            bridge.ask("POST", "/v1/stop", {**BEARER, **JSON})
            eventually(lambda: bridge.bridge.worker._is_closed)
            time.sleep(0.2)  # longer than the last answer has to leave
            send(opened, id="1", call="Set_QRflow_Mode", mode=1)
            assert receive(opened)["error"] == "not_started"
            goes_on.set()
        waiting.join()
    assert (answers[0].status_code, answers[0].json()["error"]) == (502, "ended")


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True
