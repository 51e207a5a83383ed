"""Servers on loopback that a test scripts: a peer that does what it is told, and TLS before the simulator."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from shim.simulator.server import Simulator
from tests.support.paths import VECTORS
from tests.support.streams import Stream, stop_listening

LOOPBACK = VECTORS / "loopback.pem"  # a certificate for 127.0.0.1 and its key


class Server:
    """A scripted peer: each connection is handed to `talk`, which may do to it what it likes."""

    def __init__(self, talk: Callable[[socket.socket], None]) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/x"
        self.talk = talk
        self.connections = 0
        self.requests = 0
        self._closed = threading.Semaphore(0)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.talk(connection)
            except OSError:
                pass  # the client went away, as some of these tests want it to
        self._closed.release()

    def wait_until_closed(self) -> None:
        """Wait until one more connection has been closed by this end: on loopback the other end knows by then."""
        assert self._closed.acquire(timeout=60)

    def read(self, connection: socket.socket | Stream) -> bytes:
        """One whole request."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more(connection)
        self.requests += 1
        return body

    @staticmethod
    def _more(connection: socket.socket | Stream) -> bytes:
        if isinstance(connection, Stream):
            return connection.receive()
        more = connection.recv(65536)
        if not more:
            raise OSError("the client closed")
        return more


@contextmanager
def serving(talk: Callable[[Server, socket.socket], None]) -> Iterator[Server]:
    server = Server(lambda connection: talk(server, connection))
    try:
        yield server
    finally:
        stop_listening(server.listener)


def tls_talk(folder: Path, *files: Path) -> Callable[[Server, socket.socket], None]:
    """For `serving`: shows the certificates of some files, put together in `folder`; the key is in the first."""
    chain = folder / "chain.pem"
    chain.write_bytes(b"".join(file.read_bytes() for file in files))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)

    def talk(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as inside:
            inside.recv(100)

    return talk


@contextmanager
def tls_front(simulator: Simulator, chain: Path = LOOPBACK) -> Iterator[str]:
    """The address of the simulator's gateway behind a TLS server that has the certificates and the key of `chain`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    inner = urlsplit(simulator.url)

    def pump(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):  # either side may hang up
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)

    def talk(server: Server, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as outside:
            with socket.create_connection((inner.hostname or "", inner.port or 0)) as inside:
                threading.Thread(target=pump, args=(inside, outside), daemon=True).start()
                pump(outside, inside)

    with serving(talk) as server:
        yield server.url.replace("http:", "https:").replace("/x", "/ehcService/gateway.do")
