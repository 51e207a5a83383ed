"""Whether [telemetry] is reached: on real sockets, with the faults that a hospital's monitoring has."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from shim.commands.language import CommandLanguage
from shim.doctor.finding import CheckFinding, Place
from shim.doctor.telemetry import look_at_telemetry
from tests.support.paths import VECTORS
from tests.support.servers import LOOPBACK, Server, serving, tls_talk

CA = VECTORS / "tls" / "ca.pem"


def look(folder: Path, text: str) -> list[CheckFinding]:
    """What is found with a [telemetry] of these lines."""
    (folder / "vcshim.ini").write_text(f"[telemetry]\n{text}\n", "utf-8")
    return list(look_at_telemetry(Place(folder, folder)))


def chinese(found: CheckFinding) -> str:
    """Its cause."""
    return found.text(found.row.what, CommandLanguage.CHINESE)


def answering(head: bytes) -> Callable[[Server, socket.socket], None]:
    def talk(server: Server, connection: socket.socket) -> None:
        asked = connection.recv(65536)
        assert asked.startswith(b"GET /")
        connection.sendall(head)

    return talk


def quiet(server: Server, connection: socket.socket) -> None:
    """A syslog server: it only reads, and counts that it has."""
    while connection.recv(65536):
        server.requests += 1


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_nothing_is_set(tmp_path: Path) -> None:
    assert look(tmp_path, "level = info") == []


@pytest.mark.parametrize(
    ("head", "name", "reason"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "telemetry.collector", ""),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "telemetry.no_collector", "它后面的采集器没有（HTTP 503）"),
        # what a port of gRPC says: the beginning of HTTP/2
        (b"\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0", "telemetry.no_collector", "的应答不是 HTTP"),
    ],
)
def test_a_collector(tmp_path: Path, head: bytes, name: str, reason: str) -> None:
    with serving(answering(head)) as server:
        (found,) = look(tmp_path, f"endpoint = {server.url}")
    assert found.row.name == name
    assert reason in chinese(found)
    assert server.connections == 1


def test_nobody_listens(tmp_path: Path, closed_port: int) -> None:
    """Named as the transport names it, but for the platform, which it is not."""
    text = f"endpoint = http://127.0.0.1:{closed_port}\nsyslog = tcp://127.0.0.1:{closed_port}"
    found = look(tmp_path, text)
    assert [each.row.name for each in found] == ["telemetry.no_collector", "telemetry.no_syslog"]
    assert [chinese(each) for each in found] == [
        f"[telemetry] {option}：127.0.0.1:{closed_port} 拒绝连接" for option in ("endpoint", "syslog")
    ]
    assert {each.plain_facts["reason"] for each in found} == {f"127.0.0.1:{closed_port} refuses the connection"}
    assert all(each.row.level.is_bad and each.row.remedy and each.row.meaning for each in found)


def test_a_syslog_server(tmp_path: Path) -> None:
    """Connected to, and told nothing: a line there would be one of its log."""
    with serving(quiet) as server:
        port = server.listener.getsockname()[1]
        (found,) = look(tmp_path, f"syslog = tcp://127.0.0.1:{port}")
        server.wait_until_closed()
    assert (found.row.name, found.facts) == ("telemetry.syslog", {"peer": f"127.0.0.1:{port}"})
    assert (server.connections, server.requests) == (1, 0)


@pytest.mark.parametrize(
    ("chain", "reason"),
    [(LOOPBACK, "certificate of {} is not trusted here"), (VECTORS / "tls" / "expired.pem", "{} has expired")],
)
def test_a_certificate_that_is_refused(tmp_path: Path, chain: Path, reason: str) -> None:
    with serving(tls_talk(tmp_path, chain)) as server:
        port = server.listener.getsockname()[1]
        (found,) = look(tmp_path, f"syslog = tls://127.0.0.1:{port}\nca_file = {CA}")
    assert found.row.name == "telemetry.no_syslog"
    assert reason.format(f"127.0.0.1:{port}") in found.plain_facts["reason"]


def test_a_certificate_that_is_trusted(tmp_path: Path) -> None:
    with serving(tls_talk(tmp_path, LOOPBACK)) as server:
        port = server.listener.getsockname()[1]
        (found,) = look(tmp_path, f"syslog = tls://127.0.0.1:{port}\nca_file = {LOOPBACK}")
    assert found.row.name == "telemetry.syslog"


def test_datagrams_are_not_sent(tmp_path: Path) -> None:
    """The name is looked up; whether they arrive cannot be known."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        (found,) = look(tmp_path, f"syslog = udp://127.0.0.1:{port}")
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.recv(100)
    assert (found.row.name, found.facts) == ("telemetry.datagrams", {"peer": f"127.0.0.1:{port}"})


def test_a_name_that_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    (found,) = look(tmp_path, "syslog = udp://log.example")
    assert found.row.name == "telemetry.no_syslog"
    assert chinese(found) == "[telemetry] syslog：找不到主机名 log.example"


@pytest.mark.parametrize("line", ["endpoint = http://a]b", "syslog = tcp://a]b"])
def test_an_address_that_is_none(tmp_path: Path, line: str) -> None:
    (found,) = look(tmp_path, line)
    assert found.facts["reason"] == ("不是可用的地址", "no address that can be used")
