"""The simulator on a socket: addresses, directives that concern the connection, fault rules, and `/_sim/`."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from shim.commands.simulator import _is_loopback
from shim.simulator.faults import FaultRule, FaultRuleSet, FaultSampler
from shim.simulator.persons import PERSONS
from shim.simulator.platforms import TOKEN_CHECK
from shim.simulator.server import Simulator
from tests.support.platforms import ASKING, AUTH_URL, NEWCOMER, REGISTER, VERIFY, VERIFYING, body, dump

AGAIN = "?sim=again:1"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator() as made:
        yield made


@contextmanager
def ask(url: str, data: bytes | None = None) -> Iterator[http.client.HTTPResponse]:
    """POST where there is `data`, else GET."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)) as connection:
        connection.request("GET" if data is None else "POST", f"{parts.path or '/'}?{parts.query}", data)
        with connection.getresponse() as reply:
            yield reply


def answer_to(url: str, data: bytes | None = None) -> Any:
    with ask(url, data) as reply:
        return json.load(reply)


@contextmanager
def raw(running: Simulator, path: str, data: bytes, size: int | None = None) -> Iterator[socket.socket]:
    """A connection on which a request was sent, with `size` as its Content-Length."""
    with socket.create_connection(("127.0.0.1", urlsplit(running.url).port or 0), timeout=20) as peer:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(data) if size is None else size}\r\n\r\n"
        )
        peer.sendall(head.encode() + data)
        yield peer


# ---- addresses -------------------------------------------------------------------------------------------------------


def test_three_addresses(running: Simulator) -> None:
    assert answer_to(running.gateway + AGAIN, body(VERIFY, VERIFYING))["ret_code"] == "0000"
    assert running.calls[-1].request_content == dump(VERIFYING)
    assert json.loads(running.calls[-1].answer_content)["user_name"] == "王𬱖"
    assert answer_to(running.qr_query, b"{}")["code"] == -2
    assert answer_to(running.token_check, b'{"ecToken":"x"}')["data"] == {"flag": "0"}
    call = running.calls[-1]
    assert (call.path, call.method, call.code) == (TOKEN_CHECK, "localEcTokenCheck", "0")
    assert call.request == call.request_content == '{"ecToken":"x"}'
    assert call.answer.startswith('{"code":0,"data":{"flag":"0"}') and call.directives == "" and call.ms > 0


def test_one_address_for_both(running: Simulator) -> None:
    """POST / goes by the content, as ``sim:`` does."""
    assert answer_to(running.url + "/" + AGAIN, body(VERIFY, VERIFYING))["ret_code"] == "0000"
    assert answer_to(running.url + "/", b'{"transType":"ec.query"}')["code"] == -2
    assert answer_to(running.url + "/", b'{"ecToken":"x"}')["data"] == {"flag": "0"}
    assert answer_to(running.url + "/", b"nothing")["ret_code"] == "9008"


def test_unknown_addresses(running: Simulator) -> None:
    with ask(running.url + "/else", b"{}") as reply:
        assert reply.status == 404
    with ask(running.gateway) as reply:
        assert reply.status == 404
    with ask(running.gateway + "?sim=hurry:1", b"{}") as reply:
        assert (reply.status, reply.read()) == (400, b"unknown directive: hurry")


def test_authorisations_begin_with_the_address(running: Simulator) -> None:
    url = json.loads(answer_to(running.gateway, body(AUTH_URL, ASKING, "Plain"))["biz_content"])["ehealth_authurl"]
    assert url.startswith(running.url + "/auth/")
    assert len(url) <= 128
    assert running.state.authorisations.consent(url, PERSONS[2].code_id)


def test_another_address_for_phones() -> None:
    with Simulator(base_url="http://10.1.1.5:18080") as simulator:
        url = json.loads(answer_to(simulator.gateway, body(AUTH_URL, ASKING, "Plain"))["biz_content"])[
            "ehealth_authurl"
        ]
        assert url.startswith("http://10.1.1.5:18080/auth/")


def test_an_address_that_is_taken(running: Simulator) -> None:
    with pytest.raises(OSError, match="in use"):
        Simulator(port=urlsplit(running.url).port or 0)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("10.1.1.5", False), ("pc7", False)],
)
def test_which_addresses_are_loopback(host: str, loopback: bool) -> None:
    assert _is_loopback(host) is loopback


# ---- connections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("directive", ["drop:1", "reset:1"])
def test_broken_connections(running: Simulator, directive: str, capfd: pytest.CaptureFixture[str]) -> None:
    """No answer, but a closed or reset connection; the request was carried out both times."""
    before = running.seen
    with raw(running, f"{urlsplit(running.gateway).path}?sim=again:1,{directive}", body(VERIFY, VERIFYING)) as peer:
        if directive == "reset:1":
            with pytest.raises(ConnectionResetError):
                peer.recv(1)
        else:
            assert peer.recv(1) == b""
    assert running.seen == before + 1
    assert (running.calls[-1].code, running.calls[-1].directives) == ("0000", f"again:1,{directive}")
    assert answer_to(running.token_check, b'{"ecToken":"x"}')["code"] == 0
    assert capfd.readouterr().err == ""  # the simulator logged no error


def test_a_reset_before_the_request_is_read(running: Simulator) -> None:
    """The reset follows the head; the body is never sent and nothing is carried out."""
    before = running.seen
    with raw(running, urlsplit(running.gateway).path + "?sim=early:1", b"", size=1000) as peer:
        with pytest.raises(ConnectionResetError):
            peer.recv(1)
    assert running.seen == before + 1
    assert (running.calls[-1].code, running.calls[-1].request, running.calls[-1].directives) == ("", "", "early:1")


def test_no_answer_ever(running: Simulator) -> None:
    with raw(running, f"{urlsplit(running.gateway).path}?sim=again:1,never:1", body(VERIFY, VERIFYING)) as peer:
        peer.settimeout(0.5)
        with pytest.raises(TimeoutError):
            peer.recv(1)
        assert running.calls[-1].code == "0000"


def test_a_refused_connection(running: Simulator) -> None:
    with pytest.raises(ConnectionRefusedError), ask(running.refused, b"{}"):
        pass


def test_half_an_answer(running: Simulator) -> None:
    with ask(running.gateway + AGAIN + ",half:1", body(VERIFY, VERIFYING)) as reply:
        with pytest.raises(http.client.IncompleteRead) as caught:
            reply.read()
    assert 0 < len(caught.value.partial) == int(reply.headers["Content-Length"]) // 2


def test_an_answer_byte_by_byte(running: Simulator) -> None:
    with ask(running.gateway + "?sim=drip:5,refuse:2001", body(VERIFY, VERIFYING)) as reply:
        parts = [part for part in iter(lambda: reply.read1(1000), b"")]
    assert json.loads(b"".join(parts)) == {"ret_code": "2001", "ret_msg": "多码融合码二维码已过期"}
    assert len(parts) > 20  # one read would be enough for the whole answer


def test_clients_that_disconnect(running: Simulator, capfd: pytest.CaptureFixture[str]) -> None:
    """In the middle of a slow answer, before a delayed one, and in the middle of their request."""
    path = urlsplit(running.gateway).path
    for directive, size in (("again:1,drip:5", None), ("again:1,delay:50", None), ("again:1", 5000)):
        with raw(running, f"{path}?sim={directive}", body(VERIFY, VERIFYING), size) as peer:
            if "drip" in directive:
                assert peer.recv(1) == b"H"
    assert answer_to(running.gateway + AGAIN + ",delay:300", body(VERIFY, VERIFYING))["ret_code"] == "0000"
    assert capfd.readouterr().err == ""


def test_statuses_and_no_bodies(running: Simulator) -> None:
    with ask(running.gateway + AGAIN + ",http:503", body(VERIFY, VERIFYING)) as reply:
        assert (reply.status, reply.read().decode()) == (503, "<html><body>服务器错误</body></html>")
    with ask(running.qr_query + "?sim=empty:1", b"{}") as reply:
        assert (reply.status, reply.read()) == (200, b"")


def test_a_connection_is_kept(running: Simulator) -> None:
    names = set()
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(running.url).port, timeout=20)) as connection:
        for _ in range(5):
            connection.request("POST", urlsplit(running.gateway).path + AGAIN, body(VERIFY, VERIFYING))
            names.add(connection.sock.getsockname())
            with connection.getresponse() as reply:
                assert json.load(reply)["ret_code"] == "0000"
    assert len(names) == 1


def test_many_at_once(running: Simulator) -> None:
    """Eight threads register the same forty people: each gets one card."""
    results: list[set[str]] = []

    def run() -> None:
        names = set()
        for number in range(40):
            content = {**NEWCOMER, "id_no": f"9900002000010100{number:02d}"}
            answer = answer_to(running.gateway + AGAIN, body(REGISTER, content, "Plain"))
            names.add(json.loads(answer["biz_content"])["xman_id"])
        results.append(names)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(names) for names in results] == [40] * 8
    assert len(set().union(*results)) == 40


def test_a_request_that_is_too_long(running: Simulator) -> None:
    """More than 16 MB is refused when the head has arrived."""
    before = running.seen
    with raw(running, urlsplit(running.gateway).path, b"", size=17 * 1024 * 1024) as peer:
        assert peer.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.1 413")) or peer.recv(1) == b""
    assert running.seen == before


# ---- fault rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "directives", "probability"),
    [("delay:500", "delay:500", 1), ("drop:1@0.1", "drop:1", 0.1), ("http:500,delay:20@0", "http:500,delay:20", 0)],
)
def test_rules_are_parsed_and_printed(text: str, directives: str, probability: float) -> None:
    rule = FaultRule.parse(text)
    assert (rule.directives, rule.probability) == (directives, probability)
    assert str(rule) == text


@pytest.mark.parametrize("text", ["", "@1", "hurry:1", "delay:soon", "drop:1@2", "drop:1@-1", "drop:1@often", "d@n@n"])
def test_invalid_rules(text: str) -> None:
    with pytest.raises(ValueError):
        FaultRule.parse(text)


def test_draws_are_seeded() -> None:
    """Seed 7 selects the same of two hundred requests on every machine."""
    standing = FaultRuleSet((FaultRule("drop:1", 0.05),), 7)
    first, second, other = FaultSampler(), FaultSampler(), FaultSampler()
    hits = [number for number in range(200) if first.draw(standing)]
    assert hits == [8, 21, 56, 78, 106, 130, 134, 152, 157, 179, 180]
    assert [number for number in range(200) if second.draw(standing)] == hits
    assert [number for number in range(200) if other.draw(FaultRuleSet(standing.rules, 8))] != hits
    assert first.draw(FaultRuleSet()) == ""
    assert [number for number in range(200) if first.draw(standing)] == hits  # a new run begins


def test_rules_apply_to_all_requests_until_cleared() -> None:
    with Simulator() as simulator:
        simulator.misbehave("refuse:2001", "label:gbk", seed=3)
        with ask(simulator.gateway, body(VERIFY, VERIFYING)) as reply:
            assert reply.headers["Content-Type"] == "application/json; charset=gbk"
            assert json.load(reply)["ret_code"] == "2001"
        assert (
            answer_to(simulator.gateway + "?sim=refuse:2002", body(VERIFY, VERIFYING))["ret_code"] == "2002"
        )  # the URL counts
        simulator.misbehave()
        assert answer_to(simulator.gateway, body(VERIFY, VERIFYING))["ret_code"] == "0000"
        with pytest.raises(ValueError):
            simulator.misbehave("hurry:1")


def test_half_of_the_requests(running: Simulator) -> None:
    with Simulator() as simulator:
        simulator.misbehave("refuse:9998@0.5", "again:1", seed=1)
        codes = [answer_to(simulator.gateway, body(VERIFY, VERIFYING))["ret_code"] for _ in range(40)]
        simulator.misbehave()
        simulator.misbehave("refuse:9998@0.5", "again:1", seed=1)
        assert [answer_to(simulator.gateway, body(VERIFY, VERIFYING))["ret_code"] for _ in range(40)] == codes
    assert set(codes) == {"0000", "9998"}


# ---- /_sim/ ----------------------------------------------------------------------------------------------------------


def test_rules_over_http() -> None:
    with Simulator() as simulator:
        address = simulator.url + "/_sim/standing"
        rules = {"rules": ["delay:1@0.5", "refuse:9998"], "seed": 7}
        assert answer_to(address) == {"rules": [], "seed": 0}
        assert answer_to(address, dump(rules).encode()) == rules
        assert answer_to(address) == rules
        assert simulator.state.fault_rules.current() == FaultRuleSet(
            (FaultRule("delay:1", 0.5), FaultRule("refuse:9998")), 7
        )
        for wrong in (b"{", b"[]", b'{"rules":["hurry:1"]}', b'{"rules":[1]}', b'{"seed":"x"}', b"", b"\xff"):
            with ask(address, wrong) as reply:
                assert reply.status == 400
                assert json.load(reply)["error"]
        assert answer_to(address) == rules


def test_calls_over_http() -> None:
    with Simulator() as simulator:
        for number in range(3):
            answer_to(simulator.gateway, body(VERIFY, {**VERIFYING, "out_verify_no": f"N{number}"}))
        calls = answer_to(simulator.url + "/_sim/calls")
        assert [call["number"] for call in calls] == [1, 2, 3]
        assert list(calls[0]) == [
            "path", "method", "code", "request", "opened", "answer", "told", "wish", "number", "at", "ms",
        ]  # fmt: skip
        assert json.loads(calls[0]["told"])["user_name"] == "王𬱖"
        assert [json.loads(call["opened"])["out_verify_no"] for call in calls] == ["N0", "N1", "N2"]
        assert [call["number"] for call in answer_to(simulator.url + "/_sim/calls?after=2")] == [3]
        assert answer_to(simulator.url + "/_sim/calls?after=x") == calls
