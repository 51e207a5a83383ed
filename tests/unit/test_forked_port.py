"""Calls in a forked child, in process: what is the child's own, and that no thread of the parent keeps it waiting."""

from __future__ import annotations

import itertools
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shim import call_port, daily_file, forks, wiring
from shim.call_port import Port
from shim.host_bytes import Answer
from shim.simulator.inprocess import InProcessTransport
from shim.simulator.server import Simulator
from shim.transport import resolver, trust
from shim.transport.pool import REST_SECONDS
from tests.support.calls import QUERY, VERIFY
from tests.support.forked import begin, descriptors, in_child
from tests.support.forks.peer import Peer, Report, caller, in_data, settings
from tests.support.logs import log as log_of
from tests.support.logs import start_note
from tests.support.scanners import INSURANCE, Background

_numbers = itertools.count()
Make = Callable[..., "Host"]


class Host:
    """A host's calls by a port: each asks for a person of its own, and gets an answer about that person."""

    def __init__(self, folder: Path, url: str, more: str = "") -> None:
        folder.mkdir(exist_ok=True)
        (folder / "vcshim.ini").write_text(settings(more))
        self.folder = folder
        self.port = Port(folder)
        self.url = url

    def raw(self, url: str = "") -> tuple[str, Answer]:
        name = caller(os.getpid(), threading.get_native_id(), next(_numbers))
        return name, self.port.answer("VirtualCardTrans", [(url or self.url).encode(), in_data(name)], 0, 2048)

    def call(self, url: str = "") -> None:
        name, answer = self.raw(url)
        assert (answer.code, answer.out.decode("gb18030")) == (b"00", f'{{"user_name":"{name}"}}')

    def calls(self, count: int) -> None:
        for _ in range(count):
            self.call()


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with Peer() as running:
        yield running


@pytest.fixture(params=["http", "https"])
def make(request: pytest.FixtureRequest, peer: Peer, tmp_path: Path) -> Make:
    def host(more: str = "") -> Host:
        return Host(tmp_path / "his", getattr(peer, request.param), more)

    return host


@pytest.fixture
def host(peer: Peer, tmp_path: Path) -> Host:
    return Host(tmp_path / "his", peer.http)


def faultless(report: Report) -> None:
    assert (report.twice, report.shared, report.odd) == ([], [], 0)


class Held:
    """Stands in for a function: the first thread that calls it stays in it until `go_on`, all others pass."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._first = threading.Lock()
        self.entered, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        if self._first.acquire(blocking=False):
            self.entered.set()
            assert self.go_on.wait(60)
        return self._function(*arguments, **more)


# ---- connections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["socket", "requests"])
def test_a_child_has_connections_of_its_own(make: Make, peer: Peer, engine: str) -> None:
    """The parent goes on using those that it kept."""
    host = make(f"engine = {engine}\n")
    host.call()
    before = peer.report().connections
    time.sleep(2 * REST_SECONDS)  # else nobody would use it
    children = [begin(lambda: host.calls(3)) for _ in range(3)]
    for result in children:
        result()
    host.call()
    report = peer.report()
    faultless(report)
    assert report.connections > before


def test_children_of_children(make: Make, peer: Peer) -> None:
    host = make()
    host.call()
    time.sleep(2 * REST_SECONDS)

    def child() -> None:
        host.call()
        in_child(grandchild)
        host.call()

    def grandchild() -> None:
        host.call()
        in_child(lambda: host.calls(2))  # of one that has called, and below of one that has not
        host.call()

    in_child(child)
    in_child(lambda: in_child(lambda: host.calls(2)))
    host.call()
    faultless(peer.report())


@pytest.mark.parametrize("engine", ["socket", "requests"])
def test_a_child_that_is_forked_while_a_call_waits(make: Make, peer: Peer, engine: str) -> None:
    """It works, and the call of the parent goes on. Not a descriptor of that call is left in the child."""
    before = descriptors()
    host = make(f"engine = {engine}\n")
    host.call()
    seen = peer.report().requests
    thread = Background(lambda: host.call(f"{host.url}?wait=1500"))  # longer than a fork waits
    while peer.report().requests == seen:
        time.sleep(0.01)

    def child() -> set[str]:
        left = {what for number, what in descriptors().items() if ours.get(number) == what}
        host.calls(2)
        return left

    ours = {number: what for number, what in descriptors().items() if before.get(number) != what}
    assert any(what.startswith("socket:") for what in ours.values())
    assert in_child(child) == set()
    thread.result()
    faultless(peer.report())


def test_forks_beside_calls(make: Make, peer: Peer) -> None:
    host = make()
    host.call()
    stop = threading.Event()

    def work() -> int:
        done = 0
        while not stop.is_set():
            host.call()
            done += 1
        return done

    threads = [Background(work) for _ in range(4)]
    for _ in range(40):
        in_child(lambda: host.calls(2))
    stop.set()
    assert all(thread.result() for thread in threads)
    faultless(peer.report())


# ---- locks that a thread of the parent holds -------------------------------------------------------------------------


def test_while_the_service_is_built(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(wiring.wire)
    monkeypatch.setattr(call_port, "wire", held)
    thread = Background(host.call)
    assert held.entered.wait(60)
    in_child(lambda: host.calls(2))
    held.go_on.set()
    thread.result()


def test_while_certificates_are_read(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(trust._from_file)
    monkeypatch.setattr(trust, "_from_file", held)
    trust.forget()
    host = Host(tmp_path / "his", peer.https)
    thread = Background(host.call)
    assert held.entered.wait(60)
    in_child(lambda: host.calls(2))
    held.go_on.set()
    thread.result()


def test_certificates_are_not_read_again(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may take half a second."""
    host = Host(tmp_path / "his", peer.https)
    host.call()

    def read(_: str) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(trust, "_from_file", read)
    in_child(host.call)


@pytest.mark.parametrize("engine", ["socket", "requests"])
def test_while_a_name_is_looked_up(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    """The same name: the child must not wait for the look-up of a thread that it does not have."""
    url = peer.http.replace("127.0.0.1", "localhost")
    host = Host(tmp_path / "his", url, f"engine = {engine}\n")
    held = Held(resolver._addresses)
    monkeypatch.setattr(resolver, "_addresses", held)
    thread = Background(host.call)
    assert held.entered.wait(60)
    in_child(host.call)
    held.go_on.set()
    thread.result()


def test_while_a_line_of_the_log_is_written(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line is there once and whole, and says whose it is."""
    host.call()
    held = Held(daily_file._append)
    monkeypatch.setattr(daily_file, "_append", held)
    thread = Background(host.call)
    assert held.entered.wait(60)

    def work() -> int:
        host.calls(2)
        return os.getpid()

    child = in_child(work)
    held.go_on.set()
    thread.result()
    calls = [row["pid"] for row in log_of(host.folder) if row.get("function") == "VirtualCardTrans" and "code" in row]
    assert sorted(calls) == sorted([os.getpid()] * 2 + [child] * 2)


def test_while_old_logs_are_looked_for(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fork waits: its child would keep the descriptor of the folder."""
    listing, waits = os.listdir, []

    def listdir(folder: str | Path = ".") -> list[str]:
        if Path(folder).name == "vcshim_log":
            waits.append(not forks.gate.close(0))
            forks.gate.open()
        return listing(folder)

    monkeypatch.setattr(os, "listdir", listdir)
    host.call()
    assert waits == [True]


def test_the_log_of_a_child(host: Host) -> None:
    """It has a descriptor of its own: what looks for half a line moves the position, which copies share."""
    host.call()
    handler = logging.getLogger("vcshim").handlers[0]
    assert isinstance(handler, daily_file.DailyFile)
    inherited = handler._file
    assert inherited is not None
    position = os.lseek(inherited, 0, os.SEEK_SET)

    def child() -> int:
        assert inherited not in descriptors()
        host.call()
        return len(logging.getLogger("vcshim").handlers)

    assert inherited in descriptors() and in_child(child) == 1
    assert os.lseek(inherited, 0, os.SEEK_CUR) == position
    started = [row for row in log_of(host.folder) if "启动" in row["text"]]
    assert [row["pid"] == os.getpid() for row in started] == [True, False]
    assert started[1]["parent"] == os.getpid()


# ---- state -----------------------------------------------------------------------------------------------------------


def test_the_last_insurance_code_is_not_inherited(tmp_path: Path, simulator: Simulator) -> None:
    """It is another patient's. Its bytes are gone from the child's memory."""
    port = Port(tmp_path)

    def ask() -> None:
        answer = port.answer("NationEcTrans", [simulator.qr_query.encode(), QUERY["in"].encode("gb18030")], 0, 2048)
        assert answer.code == b"0000"

    def kept(port: Port) -> bytes:
        assert port._wired is not None
        return bytes(port._wired.service._devices.last_code._bytes)

    ask()
    assert port._wired is not None
    last = port._wired.service._devices.last_code
    inherited = last._bytes
    assert bytes(inherited) == INSURANCE.encode()

    def child() -> tuple[bytes, str | None]:
        port.answer("Set_QRflow_Mode", [], 0, 0)
        assert port._wired is not None
        return bytes(inherited), port._wired.service._devices.last_code.look()

    assert in_child(child) == (bytes(28), None)
    assert last.look() == INSURANCE
    with last._lock:  # a thread that has it is not in the child
        assert in_child(child) == (bytes(28), None)

    def own() -> bytes:
        ask()
        return kept(port)

    assert in_child(own) == INSURANCE.encode()


def test_settings_are_the_parents(host: Host) -> None:
    """They are read once a program, and a child may have no right to read them."""
    host.call()
    (host.folder / "vcshim.ini").write_text("[wire]\ndialect = none\n")
    in_child(host.call)


def test_warnings_of_a_process_are_a_childs_own(host: Host, tmp_path: Path) -> None:
    """What is said once a process is said once by the child, too."""
    doubtful = [host.url.encode(), '{"a":"测试"}'.encode()]
    for _ in range(2):
        host.port.answer("VirtualCardTrans", doubtful, 0, 2048)
    in_child(lambda: [host.port.answer("VirtualCardTrans", doubtful, 0, 2048) for _ in range(2)] and None)
    lines = [row["pid"] for row in log_of(host.folder) if "像是 UTF-8" in row["text"]]
    assert len(lines) == len(set(lines)) == 2


def test_the_memory_of_sim_is_copied(tmp_path: Path) -> None:
    """What the parent registered the child knows; what the child does stays its own."""
    port = Port(tmp_path)

    def verify() -> bytes:
        return port.answer("VirtualCardTrans", [b"sim:", VERIFY["in"].encode("gb18030")], 0, 2048).code

    def logged() -> int:
        assert port._wired is not None
        platform = port._wired.transport.made["sim"]
        assert isinstance(platform, InProcessTransport)
        return int(platform._platforms.state.database.row("SELECT count(*) FROM calls")[0])

    def child() -> tuple[bytes, int]:
        return verify(), logged()

    assert verify() == b"00"
    assert in_child(child) == (b"3002", 2)  # a serial number that was used
    assert logged() == 1
    assert port._wired is not None
    platform = port._wired.transport.made["sim"]
    assert isinstance(platform, InProcessTransport)
    with platform._platforms._lock:  # as another thread might
        assert in_child(verify) == b"3002"


# ---- a child that can use nothing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "texts", "code", "number"),
    [("VirtualCardTrans", 2, b"8009", 8009), ("NationEcTrans", 2, b"-1", -1), ("SetEcQrcode", 0, b"8009", 8009)],
)
def test_a_lost_child_is_refused_at_once(
    host: Host, peer: Peer, monkeypatch: pytest.MonkeyPatch, function: str, texts: int, code: bytes, number: int
) -> None:
    """In every call, with one sentence, in the host's charset, and without a line in the log: a file says why."""
    monkeypatch.setattr(forks, "_CLOSE_SECONDS", 0.02)
    host.call()
    lines, seen = len(log_of(host.folder)), peer.report().requests
    inside, end = threading.Event(), threading.Event()

    def occupy() -> None:
        with forks.gate:
            inside.set()
            assert end.wait(60)

    thread = Background(occupy)
    assert inside.wait(60)
    arguments = [host.url.encode(), in_data("0" * 48)][:texts]
    answers = in_child(lambda: [host.port.answer(function, arguments, 0, 2048) for _ in range(2)])
    end.set()
    thread.result()
    undone = "医保码没有填入" if function == "SetEcQrcode" else "本次没有提交"
    sentence = f"扫码组件不能启动（代号 B10），{undone}。请联系信息科（{number}）。"
    note = start_note(host.folder).read_text("utf-8-sig")
    assert note.startswith("本进程由 fork 产生，当时另一线程正在 vcshim 中工作，本进程不能使用 vcshim；")
    assert note.endswith("；请重新 fork，或 exec 程序后再调用\n")
    for answer in answers:
        assert (answer.code, answer.number) == (code, number)
        assert sentence in answer.out.decode("gb18030")
    assert (len(log_of(host.folder)), peer.report().requests) == (lines, seen)
    in_child(host.call)
    host.call()


def test_a_name_server_that_hangs_makes_no_child_wait(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up that waits for the network holds up no fork, and its child is not lost."""
    held = Held(socket.getaddrinfo)
    monkeypatch.setattr(socket, "getaddrinfo", held)
    host = Host(tmp_path / "his", peer.http.replace("127.0.0.1", "localhost"))
    thread = Background(host.call)
    assert held.entered.wait(60)
    in_child(host.call)
    held.go_on.set()
    thread.result()
