"""A forwarded call from begin to end, with a vendor's DLL that is a few lines of Python over real sockets."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from shim.capture.forwarding import Forwarding, VendorOutcome
from shim.capture.record import CapturedCall, Habits
from shim.capture.state import read_states
from shim.capture.tee import Wanted, wait_readable
from tests.support.recording import SECONDS, SUCCESS, Kept, drained, forwarding_to, received
from tests.support.servers import LOOPBACK, Server, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
REFUSED = VendorOutcome(b"9001", 0, "连接失败：127.0.0.1:PORT".encode("gbk"))
CRASHED = VendorOutcome(None, 0, None, Habits(crashed=0xC0000005))
INDATA = '{"name":"王小明"}'.encode("gbk")


@pytest.fixture
def sink() -> Kept:
    return Kept()


@pytest.fixture
def forwarding(sink: Kept, tmp_path: Path) -> Iterator[Forwarding]:
    (tmp_path / "his").mkdir()
    os.chdir(tmp_path / "his")
    with forwarding_to(sink, tmp_path) as forwarding:
        yield forwarding


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def platform() -> Iterator[Server]:
    def talk(_server: Server, connection: socket.socket) -> None:
        while data := connection.recv(4096):
            if b"\r\n\r\n" in data:
                connection.sendall(OK)

    with serving(talk) as server:
        yield server


def ask(address: bytes) -> bytes:
    """What a vendor's DLL does: one GET over a connection of its own."""
    authority = address.split(b"/")[2]
    host, _, port = authority.rpartition(b":")
    with socket.create_connection((host.decode(), int(port)), timeout=30) as sock:
        sock.sendall(b"GET /x HTTP/1.1\r\nHost: %s\r\n\r\n" % authority)
        return received(sock, len(OK))


Vendor = Callable[[bytes], VendorOutcome]


def asking(address: bytes) -> VendorOutcome:
    """A vendor's DLL that works, whatever its address."""
    try:
        return SUCCESS if ask(address) == OK else REFUSED
    except OSError:
        return REFUSED


def picky(address: bytes) -> VendorOutcome:
    """A vendor's DLL that refuses a loopback address but one."""
    return SUCCESS if address.endswith(b"/direct") else REFUSED


def call(
    forwarding: Forwarding, url: bytes, vendor: Vendor, *, function: str = "VirtualCardTrans", data: bytes = INDATA
) -> tuple[VendorOutcome, list[bytes]]:
    """What C does: the outcome that the host gets, and every address that the vendor's DLL was given."""
    started = forwarding.begin(function, (url, data), 0)
    assert started.ticket > 0
    addresses = [started.address or url]
    outcome = vendor(addresses[0])
    if forwarding.end(started.ticket, outcome):
        addresses.append(url)
        outcome = vendor(url)
        assert not forwarding.end(started.ticket, outcome)
    return outcome, addresses


def test_a_call_with_its_traffic(forwarding: Forwarding, platform: Server, sink: Kept) -> None:
    url = platform.url.encode()
    outcome, (address,) = call(forwarding, url, asking)
    assert outcome == SUCCESS and address != url
    (stored,) = sink.calls
    (traffic,) = stored.traffic
    assert (stored.function, stored.texts, stored.mode) == ("VirtualCardTrans", (url, INDATA), 0)
    assert (stored.code, stored.number, stored.out, stored.recorded) == (b"00", 0, b"{}", True)
    assert stored.began <= traffic.began <= traffic.answered <= traffic.ended <= stored.ended
    assert traffic.origin == platform.url.removesuffix("/x")
    assert traffic.sent == b"GET /x HTTP/1.1\r\nHost: %s\r\n\r\n" % address.split(b"/")[2]
    assert traffic.received == OK


def test_calls_have_numbers_of_their_own(forwarding: Forwarding, platform: Server, sink: Kept) -> None:
    for _ in range(3):
        call(forwarding, platform.url.encode(), asking)
    assert len({stored.call_id for stored in sink.calls}) == 3
    assert {stored.call_id.rpartition("-")[2] for stored in sink.calls} == {"1", "2", "3"}


@pytest.mark.parametrize(
    ("function", "texts", "mode"),
    [
        ("Set_QRflow_Mode", (), 1),
        ("EhealthID_Print", (b"a", b"b", None), 0),
        ("SetEcQrcode", (), 0),
    ],
)
def test_exports_without_an_address(
    function: str, texts: tuple[bytes | None, ...], mode: int, forwarding: Forwarding, sink: Kept
) -> None:
    started = forwarding.begin(function, texts, mode)
    assert started.address is None
    assert not forwarding.end(started.ticket, VendorOutcome(None, -1, None, Habits(popped=4)))
    (stored,) = sink.calls
    assert (stored.texts, stored.mode, stored.number, stored.code, stored.traffic) == (texts, mode, -1, None, ())
    assert stored.recorded and stored.habits.popped == 4


@pytest.mark.parametrize(
    "url", [b"sim:", b"", b"ftp://h/", b"http://", b"http://[", b"h.example/x", b"http://h:99999/", None]
)
def test_an_address_that_is_not_understood(url: bytes | None, forwarding: Forwarding, sink: Kept) -> None:
    started = forwarding.begin("NationEcTrans", (url, INDATA), 0)
    assert started.address is None
    assert not forwarding.end(started.ticket, replace(REFUSED))
    assert [stored.recorded for stored in sink.calls] == [False]


def test_an_unknown_ticket_or_function(forwarding: Forwarding, sink: Kept) -> None:
    assert not forwarding.end(4711, SUCCESS)
    started = forwarding.begin("NoSuchExport", (), 0)
    assert started.ticket > 0 and started.address is None
    assert not forwarding.end(started.ticket, SUCCESS)
    assert sink.calls == []


# ---- once more with the original address -----------------------------------------------------------------------------


def test_a_vendor_that_refuses_a_loopback_address(
    forwarding: Forwarding, sink: Kept, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = b"http://h.example/direct"

    def vendor(address: bytes) -> VendorOutcome:
        return SUCCESS if address == url else REFUSED

    outcome, addresses = call(forwarding, url, vendor)
    assert outcome == SUCCESS and len(addresses) == 2
    assert forwarding.off == "原厂动态库没有连接交给它的本机地址"
    assert sink.calls == []
    assert [record.levelname for record in caplog.records if "已在本进程关闭" in record.message] == ["ERROR"]
    (state,) = read_states(tmp_path / "state")
    assert (state.cause, state.off_at > 0) == (forwarding.off, True)
    outcome, addresses = call(forwarding, url, vendor)
    assert (outcome, addresses) == (SUCCESS, [url])


def test_a_failure_that_turns_out_otherwise_switches_capture_off(forwarding: Forwarding) -> None:
    """The platform's own refusal comes by the original address only."""
    url, refusal = b"http://h.example/", VendorOutcome(b"2001", 0, b"expired")
    outcome, addresses = call(forwarding, url, lambda address: refusal if address == url else REFUSED)
    assert (outcome, len(addresses)) == (refusal, 2)
    assert forwarding.off == "原厂动态库没有连接交给它的本机地址"


def test_the_second_try_finds_the_real_address_in_the_ini(forwarding: Forwarding, tmp_path: Path) -> None:
    url, ini, found = b"http://h.example/", tmp_path / "his" / "x.ini", []

    def vendor(address: bytes) -> VendorOutcome:
        found.append(ini.read_bytes() if ini.exists() else b"")
        ini.write_bytes(address)
        return REFUSED

    call(forwarding, url, vendor)
    assert found == [b"", url]


def test_a_certificate_that_only_the_vendor_trusts(forwarding: Forwarding) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)
    trusting = ssl.create_default_context(cafile=LOOPBACK)

    def talk(_server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            received(inside, 18)
            inside.sendall(OK)

    def vendor(address: bytes) -> VendorOutcome:
        if address.startswith(b"http:"):
            return asking(address)
        host, _, port = address.split(b"/")[2].decode().rpartition(":")
        with (
            socket.create_connection((host, int(port))) as sock,
            trusting.wrap_socket(sock, server_hostname=host) as inside,
        ):
            inside.sendall(b"GET / HTTP/1.1\r\n\r\n")
            return SUCCESS if received(inside, len(OK)) == OK else REFUSED

    with serving(talk) as server:
        outcome, addresses = call(forwarding, server.url.replace("http:", "https:").encode(), vendor)
    assert outcome == SUCCESS and len(addresses) == 2
    assert "证书" in forwarding.off


@pytest.mark.parametrize("scheme", ["http:", "https:"])
def test_a_vendor_that_speaks_tls_whatever_the_scheme(forwarding: Forwarding, scheme: str) -> None:
    """It would not accept the certificate of the recorder's address, and what it had sent could not be sent again."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)
    arrived: list[bytes] = []

    def talk(_server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            arrived.append(received(inside, 18))
            inside.sendall(OK)

    def vendor(address: bytes) -> VendorOutcome:
        host, _, port = address.split(b"/")[2].decode().rpartition(":")
        trusting = ssl.create_default_context(cafile=LOOPBACK)
        try:
            with (
                socket.create_connection((host, int(port))) as sock,
                trusting.wrap_socket(sock, server_hostname=host) as inside,
            ):
                inside.sendall(b"GET / HTTP/1.1\r\n\r\n")
                return SUCCESS if received(inside, len(OK)) == OK else REFUSED
        except OSError:
            return REFUSED

    with serving(talk) as server:
        outcome, addresses = call(forwarding, server.url.replace("http:", scheme).encode(), vendor)
    assert outcome == SUCCESS and len(addresses) == 2
    assert arrived == [b"GET / HTTP/1.1\r\n\r\n"]
    assert "TLS" in forwarding.off


def test_nothing_is_sent_twice(forwarding: Forwarding, platform: Server, sink: Kept) -> None:
    """It failed after its request was passed on: whatever the failure, there is no second try."""

    def vendor(address: bytes) -> VendorOutcome:
        ask(address)
        return REFUSED

    outcome, addresses = call(forwarding, platform.url.encode(), vendor)
    assert outcome == REFUSED and len(addresses) == 1
    assert [stored.code for stored in sink.calls] == [b"9001"]
    assert platform.connections == 1


def test_a_request_that_comes_while_the_second_try_runs_is_not_sent(forwarding: Forwarding, platform: Server) -> None:
    """A vendor's DLL that gives up before its own thread has sent: the thread's request must not follow."""
    url = platform.url.encode()
    started = forwarding.begin("VirtualCardTrans", (url, INDATA), 0)
    assert started.address is not None
    authority = started.address.split(b"/")[2]
    with socket.create_connection(("127.0.0.1", int(authority.rpartition(b":")[2]))) as sock:
        assert forwarding.end(started.ticket, REFUSED)
        with pytest.raises(OSError):
            sock.sendall(b"GET /x HTTP/1.1\r\n\r\n")
            assert drained(sock) == b""
            raise ConnectionResetError
    assert platform.connections == 0
    assert not forwarding.end(started.ticket, SUCCESS)


def test_what_a_crashed_call_has_left_in_a_connection_is_not_sent_once_that_was_said(
    forwarding: Forwarding, platform: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread of the connection, which has been told of the request, comes to take it when the call is over."""
    monkeypatch.setattr("shim.capture.recorder._SETTLE_SECONDS", 0.0)
    goes_on = threading.Event()

    def standing(wanted: Wanted, seconds: float | None) -> list[socket.socket] | None:
        ready = wait_readable(wanted, seconds)
        assert goes_on.wait(SECONDS)
        return ready

    monkeypatch.setattr("shim.capture.tee.wait_readable", standing)
    started = forwarding.begin("VirtualCardTrans", (platform.url.encode(), INDATA), 0)
    assert started.address is not None
    authority = started.address.split(b"/")[2]
    with socket.create_connection(("127.0.0.1", int(authority.rpartition(b":")[2])), timeout=SECONDS) as sock:
        sock.sendall(b"GET /x HTTP/1.1\r\n\r\n")
        assert not forwarding.end(started.ticket, CRASHED)
        was_sent = forwarding.was_sent(started.ticket)
        goes_on.set()
        with suppress(ConnectionResetError):
            assert drained(sock) == b""
    assert (was_sent, platform.connections) == (False, 0)


@pytest.mark.parametrize(
    ("function", "outcome", "data"),
    [
        ("NationEcTrans", VendorOutcome(b"-2", 0, b"{}"), INDATA),  # cancelled by the operator
        ("NationEcTrans", VendorOutcome(b"0000", 0, b"{}"), INDATA),
        ("VirtualCardTrans", VendorOutcome(b"0", 0, b"{}"), INDATA),
        ("VirtualCardTrans", VendorOutcome(b" 00 ", 0, b"{}"), INDATA),
        ("VirtualCardTrans", REFUSED, b'{"ECUrl":"https://ec.example/"}'),
        ("VirtualCardTrans", REFUSED, b'{"ECUrl":"http:\\/\\/ec.example\\/"}'),
        ("VirtualCardTrans", CRASHED, INDATA),
    ],
)
def test_no_second_try(function: str, outcome: VendorOutcome, data: bytes, forwarding: Forwarding, sink: Kept) -> None:
    _, addresses = call(forwarding, b"http://h.example/", lambda _address: outcome, function=function, data=data)
    assert len(addresses) == 1
    assert (forwarding.off, len(sink.calls)) == ("", 1)


def test_a_fault_of_the_hosts_own_keeps_capture_on(forwarding: Forwarding, platform: Server, sink: Kept) -> None:
    """It is the same both ways: tried once, and not again once the vendor's DLL is known to take our address."""
    url = platform.url.encode()
    tries = []
    for vendor in (lambda _: REFUSED, asking, lambda _: REFUSED, lambda _: REFUSED):
        _, addresses = call(forwarding, url, vendor)
        tries.append(len(addresses))
    assert tries == [2, 1, 1, 1]
    assert forwarding.off == ""
    assert [stored.recorded for stored in sink.calls] == [False, True, True, True]


def test_a_failure_is_the_same_whatever_numbers_are_in_it(forwarding: Forwarding) -> None:
    def vendor(address: bytes) -> VendorOutcome:
        return VendorOutcome(b"9001", 0, b"cannot use " + address.split(b"/")[2] + b" error 10061")

    _, addresses = call(forwarding, b"http://10.1.1.1:8080/", vendor)
    assert (len(addresses), forwarding.off) == (2, "")


def test_before_the_first_traffic_every_failure_is_tried_both_ways(forwarding: Forwarding) -> None:
    """A vendor's DLL may refuse our address with the words with which it refuses a faulty request."""
    faulty, proper = b"http://h.example/", b"http://h.example/direct"
    assert len(call(forwarding, faulty, picky)[1]) == 2
    assert forwarding.off == ""
    outcome, addresses = call(forwarding, proper, lambda address: SUCCESS if address == proper else REFUSED)
    assert (outcome, len(addresses)) == (SUCCESS, 2)
    assert forwarding.off != ""


def test_a_platform_that_is_down_keeps_capture_on(
    forwarding: Forwarding, platform: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x".encode()
    assert [len(call(forwarding, url, asking)[1]) for _ in range(3)] == [2, 1, 1]
    assert forwarding.off == ""
    now = 1e9
    monkeypatch.setattr("time.monotonic", lambda: now)  # long after
    assert len(call(forwarding, url, asking)[1]) == 2


def test_a_platform_that_only_the_vendor_reaches_switches_capture_off(forwarding: Forwarding) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x".encode()
    other = VendorOutcome(b"9001", 0, b"in other words")
    assert len(call(forwarding, url, lambda address: other if address == url else asking(address))[1]) == 2
    assert forwarding.off == ""
    outcome, _ = call(forwarding, url, lambda address: SUCCESS if address == url else asking(address))
    assert outcome == SUCCESS and "拒绝" in forwarding.off


# ---- what does not work ----------------------------------------------------------------------------------------------


def test_a_recorder_that_cannot_listen(
    forwarding: Forwarding, monkeypatch: pytest.MonkeyPatch, platform: Server
) -> None:
    def refused() -> socket.socket:
        raise OSError(24, "no descriptors")

    monkeypatch.setattr("shim.capture.recorder._listen", refused)
    url = platform.url.encode()
    assert call(forwarding, url, asking) == (SUCCESS, [url])
    assert forwarding.off == "不能在 127.0.0.1 上监听（EMFILE）"


def test_a_sink_that_is_full(forwarding: Forwarding, sink: Kept, platform: Server) -> None:
    sink.full = "磁盘已满"
    url = platform.url.encode()
    assert call(forwarding, url, asking)[0] == SUCCESS
    assert forwarding.off == "磁盘已满"
    assert call(forwarding, url, asking) == (SUCCESS, [url])


def test_a_bug_in_the_sink_costs_the_record_only(
    forwarding: Forwarding,
    sink: Kept,
    platform: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_call: CapturedCall) -> None:
        raise RuntimeError

    monkeypatch.setattr(sink, "append", broken)
    assert call(forwarding, platform.url.encode(), asking)[0] == SUCCESS
    assert [record.getMessage() for record in caplog.records] == ["留存：内部异常，本次调用没有留存"]
    assert forwarding.off == ""


def test_a_bug_in_begin_gives_the_original_address(
    forwarding: Forwarding, monkeypatch: pytest.MonkeyPatch, platform: Server
) -> None:
    def broken(_url: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr("shim.capture.forwarding.parse_origin", broken)
    url = platform.url.encode()
    assert call(forwarding, url, asking) == (SUCCESS, [url])


def test_all_lanes_in_use(
    forwarding: Forwarding, monkeypatch: pytest.MonkeyPatch, platform: Server, sink: Kept
) -> None:
    monkeypatch.setattr("shim.capture.recorder.MOST_LANES", 1)
    url = platform.url.encode()
    first = forwarding.begin("VirtualCardTrans", (url, INDATA), 0)
    assert call(forwarding, url, asking) == (SUCCESS, [url])
    forwarding.end(first.ticket, SUCCESS)
    assert ([stored.recorded for stored in sink.calls], forwarding.off) == ([False, True], "")


# ---- the vendor's ini ------------------------------------------------------------------------------------------------


def test_the_vendors_ini_gets_the_real_address(forwarding: Forwarding, platform: Server, tmp_path: Path) -> None:
    url = platform.url.encode()
    ini = tmp_path / "his" / "Updater.ini"

    def vendor(address: bytes) -> VendorOutcome:
        ini.write_bytes(b"[Updater]\r\nurl=" + address + b"\r\n")
        return asking(address)

    for _ in range(2):
        assert call(forwarding, url, vendor)[0] == SUCCESS
        assert ini.read_bytes() == b"[Updater]\r\nurl=" + url + b"\r\n"


def test_what_an_earlier_process_left_behind_is_put_back_before_the_first_call(
    forwarding: Forwarding, tmp_path: Path, platform: Server
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "lanes-1-a.json").write_text('{"50001": ["https", "h.example:8443", ""]}')
    (tmp_path / "his" / "x.ini").write_bytes(b"http://127.0.0.1:50001/x")
    assert call(forwarding, platform.url.encode(), lambda _: VendorOutcome(b"00", 0, Path("x.ini").read_bytes()))[
        0
    ] == (VendorOutcome(b"00", 0, b"https://h.example:8443/x"))


def test_the_working_directory_may_change_during_a_call(
    forwarding: Forwarding, platform: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = platform.url.encode()
    (tmp_path / "other").mkdir()

    def vendor(address: bytes) -> VendorOutcome:
        for folder in ("his", "other"):
            (tmp_path / folder / "x.ini").write_bytes(address)
        monkeypatch.chdir(tmp_path / "other")
        return asking(address)

    assert call(forwarding, url, vendor)[0] == SUCCESS
    assert [(tmp_path / folder / "x.ini").read_bytes() for folder in ("his", "other")] == [url, url]


# ---- many at once ----------------------------------------------------------------------------------------------------


def test_eight_threads_at_once(forwarding: Forwarding, sink: Kept, platform: Server) -> None:
    url = platform.url.encode()
    outcomes: list[VendorOutcome] = []

    def work(thread: int) -> None:
        for number in range(10):
            data = b"%d/%d" % (thread, number)
            outcome, _ = call(forwarding, url, asking, data=data)
            outcomes.append(outcome)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes == [SUCCESS] * 80
    assert {stored.texts[1] for stored in sink.calls} == {b"%d/%d" % (a, b) for a in range(8) for b in range(10)}
    assert {(len(stored.traffic), stored.traffic[0].received) for stored in sink.calls} == {(1, OK)}
