"""What is said of one address of a platform, by what the probe found; and the probe, on servers of its own."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from pathlib import Path
from string import Formatter

import pytest

from shim.commands.catalogue import doctor_causes
from shim.commands.language import CommandLanguage
from shim.doctor import platforms
from shim.doctor.finding import CheckFinding, Place
from shim.doctor.platforms import BY_CAUSE, address_findings, known_urls, look_at_platforms, network_finding
from shim.doctor.probe import Certificate, Probed, http_time, probe
from shim.errors import Message, OwnError, PlatformError, State
from shim.messages import network
from shim.transport.address import parse_proxy, parse_url
from shim.transport.http1 import Received
from tests.support.paths import VECTORS
from tests.support.servers import LOOPBACK, Server, serving, tls_talk

DAY = 86400
ADDRESS = parse_url("https://platform.example/gateway.do?a=1")


def received(status: int, **headers: str) -> Received:
    return Received(status, {name.replace("_", "-"): [value] for name, value in headers.items()}, b"", False, None)


def names(found: list[CheckFinding]) -> list[str]:
    return [each.row.name for each in found]


# ---- causes ----------------------------------------------------------------------------------------------------------

# Told by other rows, or impossible where one program asks once.
ELSEWHERE = {
    "network.no_url", "network.url_scheme", "network.url_form", "network.proxy_form", "network.not_started",
    "network.no_time_zone", "network.certifi_missing", *(f"network.ca_file_{word}" for word in (
        "missing", "denied", "unreadable", "is_no_file", "too_large", "empty", "damaged",
    )),
}  # fmt: skip
ROWS = {row.key: row for row in vars(network).values() if isinstance(row, Message)}


def test_every_cause_of_the_transport_has_words_in_both_languages() -> None:
    assert set(BY_CAUSE) == set(ROWS) - ELSEWHERE and len(BY_CAUSE) > 45


@pytest.mark.parametrize("key", sorted(BY_CAUSE))
def test_a_cause_and_its_remedy(key: str) -> None:
    """The facts are those of the transport, and the cause is one line without the remedy."""
    facts = {name for _, name, _, _ in Formatter().parse(ROWS[key].engineer) if name} - {"platform"}
    cause, remedy = doctor_causes.CAUSES[key], doctor_causes.REMEDIES[key]
    for text in cause:
        assert {name for _, name, _, _ in Formatter().parse(text) if name} == facts
    assert not re.search("[；，]请(?!求)", cause.zh) and remedy.zh.startswith("请")
    assert "{" not in remedy.zh + remedy.en
    assert ROWS[key].state is not State.DONE


def test_other_causes() -> None:
    """A ca_file that cannot be used has a remedy of its own; what has no row in the table says what it is."""
    found = network_finding(PlatformError(network.CA_FILE_EMPTY, path="C:\\ca.pem"))
    assert found.row.name == "tls.ca_file"
    assert found.text(found.row.what, CommandLanguage.ENGLISH) == (
        "[transport] ca_file = C:\\ca.pem cannot be used: it holds no certificate; it should hold X.509 certificates "
        "in PEM or DER"
    )
    found = network_finding(OwnError(network.CERTIFI_MISSING))
    assert found.row.name == "network.unknown" and "certifi" in str(found.facts["reason"])


# ---- HTTP ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "name", "facts"),
    [
        (received(200), "http.answers", {"status": 200}),
        (received(405), "http.answers", {"status": 405}),
        (received(500), "http.answers", {"status": 500}),
        (received(404), "http.not_found", {"path": "/gateway.do"}),
        (received(401), "http.forbidden", {"status": 401}),
        (received(403), "http.forbidden", {"status": 403}),
        (received(502), "http.no_server", {"status": 502}),
        (received(503), "http.no_server", {"status": 503}),
        (received(302, location="http://login.his/?token=1"), "http.redirected", {"target": "http://login.his/"}),
        (received(307), "http.redirected", {"target": "?"}),
        (received(503, via="1.1 squid.his (squid)"), "http.intermediary", {"proxy": "squid.his"}),
        (received(403, x_squid_error="ERR_ACCESS_DENIED 0"), "http.intermediary", {}),
        (received(407, proxy_authenticate="Basic"), "http.intermediary", {"proxy": "HTTP 407"}),
        (received(200, via="1.1 front"), "http.answers", {}),  # the platform's own
    ],
)
def test_an_answer(answer: Received, name: str, facts: dict[str, object]) -> None:
    found = [each for each in address_findings(ADDRESS, None, Probed(connected=True, answer=answer))]
    assert names(found) == ["connection.made", name]
    assert facts.items() <= found[1].facts.items()


def test_a_root_that_has_nothing() -> None:
    """The log names no path, so that no path is what was asked for."""
    found = list(address_findings(parse_url("http://10.1.1.1"), None, Probed(connected=True, answer=received(404))))
    assert names(found)[1:] == ["http.answers"]


@pytest.mark.parametrize(
    ("skew", "name", "fact"),
    [
        (119.0, "clock.right", ("seconds", 119)),
        (-119.0, "clock.right", ("seconds", 119)),
        (121.0, "clock.ahead", ("minutes", 2)),
        (-600.0, "clock.behind", ("minutes", 10)),
    ],
)
def test_a_clock(skew: float, name: str, fact: tuple[str, int]) -> None:
    found = list(address_findings(ADDRESS, None, Probed(skew=skew)))
    assert names(found) == [name] and found[0].facts[fact[0]] == fact[1]


@pytest.mark.parametrize(("days", "name"), [(31, "tls.good"), (29, "tls.ends_soon"), (0, "tls.ends_soon")])
def test_a_certificate(days: int, name: str) -> None:
    until = time.time() + days * DAY + 60
    certificate = Certificate(("a.example", "b.example"), "CA", 0, until)
    found = list(address_findings(ADDRESS, None, Probed(connected=True, version="TLSv1.3", certificate=certificate)))
    assert names(found) == ["connection.made", name]
    assert (found[1].facts["days"], found[1].facts["names"]) == (days, "a.example b.example")


def test_by_a_proxy() -> None:
    found = list(address_findings(ADDRESS, parse_proxy("10.1.1.2:3128"), Probed(("10.9.9.9",), connected=True)))
    assert names(found) == ["connection.made_by_proxy"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777.0),
        (" Sun, 6 Nov 1994 08:49:37 GMT ", 784111777.0),
        ("Sun, 06 Nix 1994 08:49:37 GMT", None),
        ("1994-11-06T08:49:37Z", None),
        ("", None),
    ],
)
def test_a_date(text: str, seconds: float | None) -> None:
    assert http_time(text) == seconds


# ---- the probe -------------------------------------------------------------------------------------------------------


CERTIFICATES, TLS = VECTORS / "certificates", VECTORS / "tls"


@pytest.mark.parametrize(
    ("files", "ca_file", "found", "names_in_it"),
    [
        ((TLS / "expired.pem",), TLS / "ca.pem", ["network.certificate_expired", "tls.certificate"], "127.0.0.1"),
        ((TLS / "elsewhere.pem",), TLS / "ca.pem", ["network.certificate_of_another", "tls.certificate"], "elsewhere"),
        (
            (CERTIFICATES / "server.pem",),
            CERTIFICATES / "root.pem",
            ["network.certificate_not_trusted", "tls.alone"],
            "localhost",
        ),
        (
            (CERTIFICATES / "server.pem", CERTIFICATES / "intermediate.pem"),
            TLS / "ca.pem",
            ["network.certificate_not_trusted", "tls.certificate"],
            "localhost",
        ),
        ((LOOPBACK,), TLS / "ca.pem", ["network.certificate_not_trusted", "tls.certificate"], "127.0.0.1"),
    ],
)
def test_a_refused_certificate_is_read_all_the_same(
    tmp_path: Path, files: tuple[Path, ...], ca_file: Path, found: list[str], names_in_it: str
) -> None:
    """Whose it is, by whom and until when; and whether it came alone, which is no fault of one that signs itself."""
    with serving(tls_talk(tmp_path, *files)) as server:
        probed = probe(parse_url(server.url.replace("http:", "https:")), None, str(ca_file))
    said = list(address_findings(ADDRESS, None, probed))
    assert names(said) == found
    assert names_in_it in str(said[1].facts["names"]) and said[1].facts["issuer"] != "?"
    assert str(said[1].facts["until"]).startswith("2021-") == ("certificate_expired" in found[0])


ANSWERS: list[tuple[bytes, str]] = [
    (b"", "network.connection_lost"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "network.not_http"),
    (b"\x15\x03\x01\x00\x02\x02\x0a", "network.needs_tls"),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "network.answer_cut"),
]


@pytest.mark.parametrize(("sent", "key"), ANSWERS)
def test_an_answer_that_is_none(sent: bytes, key: str) -> None:
    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(sent)

    with serving(talk) as server:
        probed = probe(parse_url(server.url), None, "")
    assert probed.connected and probed.error is not None and probed.error.row is not None
    assert probed.error.row.key == key
    assert names(list(address_findings(ADDRESS, None, probed)))[-1] == key


def test_a_silent_server_ends_with_the_time() -> None:
    ended = threading.Event()

    def talk(server: Server, connection: socket.socket) -> None:
        ended.wait(60)

    with serving(talk) as server:
        probed = probe(parse_url(server.url), None, "", seconds=0.2)
        ended.set()
    assert probed.error is not None and probed.error.row is network.NO_ANSWER


def test_an_answer_out_of_a_cache_tells_no_time() -> None:
    head = b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nAge: 5\r\nContent-Length: 0\r\n\r\n"

    def talk(server: Server, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)

    with serving(talk) as server:
        assert probe(parse_url(server.url), None, "").skew is None


def test_what_is_asked() -> None:
    """A GET without a body, with the path and query of the address, and nothing of this PC."""
    asked: list[bytes] = []

    def talk(server: Server, connection: socket.socket) -> None:
        asked.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with serving(talk) as server:
        probe(parse_url(server.url + "?a=1"), None, "")
        probe(parse_url("http://platform.example/x?a=1"), parse_proxy(server.url[:-2]), "")
    host = server.url.split("/")[2].encode()
    tail = b"User-Agent: virtualcard-shim\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    assert asked == [
        b"GET /x?a=1 HTTP/1.1\r\nHost: " + host + b"\r\n" + tail,
        b"GET http://platform.example/x?a=1 HTTP/1.1\r\nHost: platform.example\r\n" + tail,
    ]


def test_what_is_asked_through_a_tunnel() -> None:
    """All of it: what the proxy was sent for the tunnel does not count as a part of it."""
    asked: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def talk(server: Server, connection: socket.socket) -> None:
        asked.append(connection.recv(65536).partition(b"\r\n")[0])
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with context.wrap_socket(connection, server_side=True) as inside:
            asked.append(inside.recv(65536))
            inside.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with serving(talk) as server:
        probed = probe(parse_url("https://127.0.0.1:9/x?a=1"), parse_proxy(server.url[:-2]), str(LOOPBACK))
    assert probed.error is None and probed.answer is not None
    tail = b"User-Agent: virtualcard-shim\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    assert asked == [b"CONNECT 127.0.0.1:9 HTTP/1.1", b"GET /x?a=1 HTTP/1.1\r\nHost: 127.0.0.1:9\r\n" + tail]


# ---- the check -------------------------------------------------------------------------------------------------------


def test_addresses_of_all_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's first; those of the log only where nothing else names their server; never the simulator's."""
    (tmp_path / "vcshim.ini").write_text("[transport]\nalternatives = http://10.1.1.1/a, http://10.1.1.2/a\n", "utf-8")
    seen = ["http://10.1.1.3:80", "http://10.1.1.1:80"]
    monkeypatch.setattr(platforms, "addresses_seen", lambda place: seen)
    place = Place(tmp_path, tmp_path, ("http://10.1.1.9/x", "sim:", "http://10.1.1.9/x"))
    assert known_urls(place) == ["http://10.1.1.9/x", "http://10.1.1.1/a", "http://10.1.1.2/a", "http://10.1.1.3:80"]


def test_no_address_and_a_bad_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "addresses_seen", lambda place: [])
    assert names(list(look_at_platforms(Place(tmp_path, tmp_path)))) == ["platforms.none"]
    bad = list(look_at_platforms(Place(tmp_path, tmp_path, ("ftp://who:secret@platform/?id=3501",))))
    assert names(bad) == ["platforms.bad_address", "platforms.none"]
    assert bad[0].facts == {"url": "ftp://platform"}


def test_side_by_side_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither address is done before the other was begun; the findings are in the order of the addresses."""
    both = threading.Barrier(2, timeout=60)

    def look(address: object, *_: object, **__: object) -> Probed:
        both.wait()
        return Probed(connected=True)

    monkeypatch.setattr(platforms, "probe", look)
    monkeypatch.setattr(platforms, "addresses_seen", lambda place: [])
    found = list(look_at_platforms(Place(tmp_path, tmp_path, ("http://10.1.1.2/", "http://10.1.1.1/"))))
    assert [each.facts["peer"] for each in found] == ["10.1.1.2:80", "10.1.1.1:80"]


def test_a_proxy_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "addresses_seen", lambda place: [])
    monkeypatch.setattr(platforms, "proxy_address", lambda text: None)
    (tmp_path / "vcshim.ini").write_text("[transport]\nproxy = http://10.1.1.1:3128\n", "utf-8")
    assert names(list(look_at_platforms(Place(tmp_path, tmp_path, ("http://10.1.1.2/",))))) == ["proxy.bad"]
