"""Which requests the server refuses: a Host that is not its own, and a change that another site's page asks for."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest

from shim.simulator.http_guard import HttpGuard
from shim.simulator.persons import PERSONS
from shim.simulator.platforms import PATHS
from shim.simulator.server import Simulator
from tests.support.platforms import VERIFY, VERIFYING, body, dump

PHONE = f"/phone/{PERSONS[2].code_id}"
PAGES = ("/", "/console", "/phone", PHONE, f"{PHONE}?show=insurance", f"{PHONE}?show=dynamic", "/follow", "/lost")
FILES = ("/static/pages.js", "/static/pages.css", "/console/calls", "/console/calls/1", "/console/authorisations")
INTERFACE = ("/_sim/calls", "/_sim/standing")
READ = (*PAGES, *FILES, *INTERFACE)
# Where something can be changed, with a body that would change it.
FORM = urlencode({"app_id": "A", "secret": "S", "term_id": "T", "on-empty": "1", "decision": "agree"}).encode()
RULES = b'{"rules":["drop:1"]}'
QUERY = dump(
    {
        "orgId": "O",
        "transType": "ec.query",
        "data": {
            "orgId": "O",
            "businessType": "01101",
            "operatorId": "1",
            "operatorName": "测试员",
            "ecQrCode": PERSONS[3].ec_code,
        },
    }
).encode()
CHANGED: dict[str, bytes] = {
    "/_sim/standing": RULES,
    "/console/switches": FORM,
    "/console/heal": FORM,
    "/console/accounts": FORM,
    "/console/terminals": FORM,
    "/auth/{name}": urlencode({"decision": "agree", "code_id": PERSONS[2].code_id}).encode(),
    "/ehcService/gateway.do": body(VERIFY, VERIFYING),
    "/localcfc/api/hsecfc/localQrCodeQuery": QUERY,
    "/": QUERY,
}
TYPES = ("text/plain", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None)
FOREIGN = (
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1"},  # another port
    {"Origin": "http://{host}@evil.example"},
    {"Origin": "http://{host}.evil.example"},
    {"Origin": "file://"},
    {"Origin": "http://{host}", "Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    {"Sec-Fetch-Site": "anything"},
    {"Referer": "http://evil.example/page"},
    {"Referer": "http://evil.example/http://{host}/"},
    {"Referer": "http://[broken"},
    {"Origin": "http://{host}", "Referer": "http://evil.example/"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://{host}"},
    {"Origin": "HTTP://{host}"},
    {"Origin": "http://{host}", "Sec-Fetch-Site": "same-origin", "Referer": "http://{host}/console"},
    {"Referer": "http://{host}/console"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://phones.hospital.example:8443"},  # the address of the phones
)


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(base_url="http://phones.hospital.example:8443", names=["Proxy.Hospital.example."]) as made:
        made.state.authorisations.create("A", "1")
        yield made


def send(
    simulator: Simulator,
    method: str,
    path: str,
    headers: Sequence[tuple[str, str]],
    data: bytes | None = None,
) -> tuple[int, str, http.client.HTTPMessage]:
    """Send exactly these headers, and return status, text and headers of the answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", urlsplit(simulator.url).port, timeout=20)) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if data is not None:
            connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        with connection.getresponse() as reply:
            return reply.status, reply.read().decode("utf-8", "replace"), reply.headers


def host(simulator: Simulator) -> str:
    return urlsplit(simulator.url).netloc


def everything(simulator: Simulator) -> list[str]:
    """All that the simulator remembers."""
    database = simulator.state.database
    tables = [name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    return [str(database.rows(f"SELECT * FROM {table}")) for table in tables]


def filled(headers: dict[str, str], simulator: Simulator) -> list[tuple[str, str]]:
    return [(name, value.replace("{host}", host(simulator))) for name, value in headers.items()]


# ---- another site's page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("foreign", FOREIGN, ids=str)
@pytest.mark.parametrize("path", CHANGED)
def test_another_sites_page_changes_nothing(running: Simulator, path: str, foreign: dict[str, str]) -> None:
    before = everything(running)
    path = path.replace("{name}", running.state.authorisations.latest()[0].url.rpartition("/")[2])
    headers = [("Host", host(running)), *filled(foreign, running)]
    for kind in TYPES:
        typed = [*headers, ("Content-Type", kind)] if kind else headers
        status, text, _ = send(running, "POST", path, typed, CHANGED.get(path, b"decision=agree"))
        assert (status, text[:21]) == (403, "已拒绝：请求来自其他网站的页面（" + text[16:21])
        assert "未作任何更改" in text
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        assert send(running, method, "/elsewhere", headers, b"")[0] == 403
    assert everything(running) == before


@pytest.mark.parametrize("own", OWN, ids=str)
def test_our_own_pages_and_programs_are_served(running: Simulator, own: dict[str, str]) -> None:
    headers = [("Host", host(running)), *filled(own, running), ("Content-Type", "text/plain")]
    running.misbehave()
    status, text, _ = send(running, "POST", "/_sim/standing", headers, RULES)
    assert (status, json.loads(text)["rules"]) == (200, ["drop:1"])
    assert send(running, "POST", "/console/heal", headers, b"")[0] == 303
    status, text, _ = send(running, "POST", "/ehcService/gateway.do?sim=again:1", headers, body(VERIFY, VERIFYING))
    assert (status, json.loads(text)["ret_code"]) == (200, "0000")


def test_an_origin_that_is_sent_twice(running: Simulator) -> None:
    twice = [("Host", host(running)), ("Origin", running.url), ("Origin", "http://evil.example")]
    assert send(running, "POST", "/_sim/standing", twice, RULES)[0] == 403


def test_the_refusal_names_the_site(running: Simulator) -> None:
    _, text, headers = send(
        running, "POST", "/console/heal", [("Host", host(running)), ("Origin", "http://evil.example/<b>")], b""
    )
    assert text == (
        "已拒绝：请求来自其他网站的页面（Origin: http://evil.example/<b>），未作任何更改。请从模拟平台自己的页面操作；"
        "程序调用时不要带 Origin、Referer 和 Sec-Fetch-Site 头。\n"
    )
    assert headers["Content-Type"] == "text/plain; charset=utf-8" and headers["X-Content-Type-Options"] == "nosniff"


# ---- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_changes_nothing_and_is_for_our_own_pages(running: Simulator, method: str) -> None:
    """Whoever reads: no row is written, and no header lets another site's page see the answer."""
    before = everything(running)
    paths = (*READ, f"/auth/{running.state.authorisations.latest()[0].url.rpartition('/')[2]}", *PATHS)
    for path in paths:
        for more in ([], [("Origin", "http://evil.example")], [("Sec-Fetch-Site", "cross-site")]):
            status, _, headers = send(running, method, path, [("Host", host(running)), *more])
            assert status < 500 and not [name for name in headers if name.lower().startswith("access-control-")]
    assert everything(running) == before


def test_another_site_does_not_choose_whose_phone_the_browser_is(running: Simulator) -> None:
    own = [("Host", host(running))]
    assert send(running, "GET", PHONE, own)[2]["Set-Cookie"].startswith("me=")
    for foreign in (("Sec-Fetch-Site", "cross-site"), ("Referer", "http://evil.example/")):
        status, text, headers = send(running, "GET", PHONE, [*own, foreign])
        assert (status, "王𬱖" in text, headers["Set-Cookie"]) == (200, True, None)


def test_answers_are_not_for_other_sites(running: Simulator) -> None:
    for path in (*INTERFACE, "/console", PHONE):
        headers = send(running, "GET", path, [("Host", host(running))])[2]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"


# ---- Host ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "foreign",
    ["evil.example", "evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example", "evil",
     "10.255.255.254", "8.8.8.8:{port}", "0.0.0.0:{port}", "[2001:db8::1]", "127.1", "2130706433"],
)  # fmt: skip
def test_a_foreign_host_is_not_answered(running: Simulator, foreign: str) -> None:
    """On no path, whatever the method; the text names the Host and the option."""
    before = everything(running)
    foreign = foreign.replace("{port}", host(running).partition(":")[2])
    for path in (*READ, *PATHS, *CHANGED):
        for method in ("GET", "POST"):
            status, text, headers = send(running, method, path, [("Host", foreign)], CHANGED.get(path, b"{}"))
            assert (status, f"请求的 Host 头为“{foreign}”" in text, "--allow-host" in text) == (421, True, True)
            assert "Set-Cookie" not in headers
    assert everything(running) == before


@pytest.mark.parametrize(
    "own",
    ["127.0.0.1", "127.0.0.1:{port}", "127.0.0.1:1", "localhost:{port}", "LOCALHOST", "localhost.", "[::1]:{port}",
     "[0:0:0:0:0:0:0:1]", "phones.hospital.example", "proxy.hospital.example:80", "{name}:{port}", "{name}"],
)  # fmt: skip
def test_its_own_names_are_answered(running: Simulator, own: str) -> None:
    own = own.replace("{port}", host(running).partition(":")[2]).replace("{name}", socket.gethostname())
    for path in ("/console", "/_sim/calls", PHONE):
        assert send(running, "GET", path, [("Host", own)])[0] == 200
    answer = send(running, "POST", "/ehcService/gateway.do?sim=again:1", [("Host", own)], body(VERIFY, VERIFYING))
    assert json.loads(answer[1])["ret_code"] == "0000"


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ([], "请求没有 Host 头"),
        (["127.0.0.1", "evil.example"], "请求有 2 个 Host 头：127.0.0.1、evil.example"),
        (["127.0.0.1", "127.0.0.1"], "请求有 2 个 Host 头：127.0.0.1、127.0.0.1"),
    ],
)
def test_a_request_needs_one_host(running: Simulator, hosts: list[str], said: str) -> None:
    for path in ("/console", "/_sim/calls", "/ehcService/gateway.do"):
        for method in ("GET", "POST"):
            status, text, _ = send(running, method, path, [("Host", value) for value in hosts], b"{}")
            assert (status, said in text) == (400, True)


def test_a_host_that_is_none(running: Simulator) -> None:
    for wrong in ("", "127.0.0.1, evil.example", "127.0.0.1@evil.example", "[::1", "127.0.0.1:80:80", "127.0.0.1/x"):
        for path in ("/console", "/ehcService/gateway.do"):
            assert send(running, "POST", path, [("Host", wrong)], b"{}")[0] == 421


def test_a_target_that_is_a_whole_url(running: Simulator) -> None:
    for target in ("http://evil.example/_sim/calls", "http://[broken/_sim/calls", "evil.example:80"):
        assert send(running, "GET", target, [("Host", host(running))])[0] == 421


def test_all_addresses_of_the_machine() -> None:
    """A server for other machines answers by each address of its own, and by no other."""
    with Simulator(host="0.0.0.0") as simulator:
        port = host(simulator).partition(":")[2]
        with socket.socket(type=socket.SOCK_DGRAM) as probe:  # the address that other machines reach, if there is one
            try:
                probe.connect(("192.0.2.1", 9))
                address = probe.getsockname()[0]
            except OSError:
                address = "127.0.0.3"
        for own in ("0.0.0.0", "127.0.0.1", "127.0.0.2", "localhost", socket.gethostname(), address):
            assert send(simulator, "GET", "/_sim/calls", [("Host", f"{own}:{port}")])[0] == 200
        for foreign in ("198.51.100.7", "pc7.evil.example", "224.0.0.1", "255.255.255.255"):
            status, text, _ = send(simulator, "GET", "/_sim/calls", [("Host", f"{foreign}:{port}")])
            assert (status, f"--allow-host {foreign}。" in text) == (421, True)


def test_port_numbers_do_not_fill_the_memory() -> None:
    class OneHost:
        def __init__(self, value: str) -> None:
            self.value = value

        def get_list(self, name: str, /) -> list[str]:
            return [self.value] if name == "Host" else []

    guard = HttpGuard("127.0.0.1")
    assert [guard.refusal("GET", "/", OneHost(f"127.0.0.1:{port}")) for port in range(1000)] == [None] * 1000
    assert len(guard._accepted) <= 64
