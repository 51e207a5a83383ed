"""A recorder before a platform that a test scripts: what the vendor's DLL would send goes through real sockets."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

from shim.capture.forwarding import Forwarding, Sink, VendorOutcome
from shim.capture.origin import parse_origin
from shim.capture.record import CapturedCall
from shim.capture.recorder import LaneCall, Recorder
from shim.capture.state import StateFile
from shim.capture.store import CannotStore
from shim.capture.updater_ini import UpdaterInis
from shim.capture.upstream import UpstreamConnector

LOGGER = logging.getLogger("vcshim")
SECONDS = 30.0  # after which a test that waits has failed
SUCCESS = VendorOutcome(b"00", 0, b"{}")


@contextlib.contextmanager
def recorder_of(ca_file: Path | str = "", proxy: str = "", *, ask_owner: bool = True) -> Iterator[Recorder]:
    """A recorder whose lanes are closed at the end."""
    recorder = Recorder(UpstreamConnector(10, proxy, str(ca_file)), LOGGER, ask_owner=ask_owner)
    try:
        yield recorder
    finally:
        recorder.close()


def begun(recorder: Recorder, url: str | bytes) -> LaneCall:
    """A lane for a call to `url`."""
    origin = parse_origin(url.encode() if isinstance(url, str) else url)
    assert origin is not None
    call = recorder.begin(origin)
    assert call is not None
    return call


def connected(call: LaneCall) -> socket.socket:
    """A connection as the vendor's DLL would make it."""
    host, _, port = call.authority.decode().rpartition(":")
    sock = socket.create_connection((host, int(port)), timeout=SECONDS)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def received(sock: socket.socket, count: int) -> bytes:
    """The next `count` bytes, or what comes before the end."""
    data = bytearray()
    while len(data) < count:
        more = sock.recv(min(count - len(data), 1 << 20))
        if not more:
            break
        data += more
    return bytes(data)


def drained(sock: socket.socket) -> bytes:
    """Everything up to the end."""
    return received(sock, 1 << 40)


class Kept:
    """A sink in memory; `full` makes it refuse."""

    def __init__(self) -> None:
        self.calls: list[CapturedCall] = []
        self.full = ""

    def append(self, call: CapturedCall) -> None:
        if self.full:
            raise CannotStore(self.full)
        self.calls.append(call)


@contextlib.contextmanager
def forwarding_to(sink: Sink, folder: Path, ca_file: Path | str = "") -> Iterator[Forwarding]:
    """What wiring builds in capture mode, with its files in `folder`."""
    with recorder_of(ca_file) as recorder:
        yield Forwarding(
            recorder, sink, None, StateFile(folder / "state", "capture"), UpdaterInis(folder / "state", LOGGER), LOGGER
        )
