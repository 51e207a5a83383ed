"""A server for the made-up vendors: every habit of HTTP that they have, and every request kept as it came.

Not a web server: it answers what `answer` gives, one request after the other on a connection.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.streams import stop_listening

LIMIT = 120.0
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """A request: its start line and headers (names in lower case), the body without chunks, the bytes as they came."""

    method: str
    target: str
    version: str
    headers: dict[str, str]
    body: bytes
    raw: bytes


@dataclass(frozen=True)
class Exchanged:
    """A request with the bytes of its answer, an interim one included, and when: seconds since 1970."""

    request: Request
    received: bytes
    began: float
    answered: float
    ended: float


@dataclass(frozen=True)
class Answer:
    """What to answer: the body, its type, how: in chunks, after a pause in seconds, a byte at a time, with a close."""

    body: bytes
    content_type: str = "application/json;charset=UTF-8"
    status: str = "200 OK"
    chunked: bool = False
    pause: float = 0.0
    drip: bool = False
    close: bool = False


class RecordingServer:
    """A server on `host`; a context. Any number of connections, a thread each."""

    def __init__(self, answer: Callable[[Request], Answer], host: str = "127.0.0.1", chain: Path | None = None) -> None:
        self._answer = answer
        self._tls: ssl.SSLContext | None = None
        if chain is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(chain)
        self._listener = socket.create_server((host, 0), backlog=64)
        self.url = f"{'https' if chain else 'http'}://{host}:{self._listener.getsockname()[1]}"
        self.connections = 0
        self.lock = threading.Lock()
        self.exchanged: list[Exchanged] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stop_listening(self._listener)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(LIMIT)
            line = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            reader = _Reader(line)
            while (request := self._request(reader, line)) is not None:
                began = time.time()
                answer = self._answer(request)
                interim = CONTINUE if _waits(request.headers) else b""
                with self.lock:
                    self.exchanged.append(
                        Exchanged(request, interim + _bytes(request, answer), began, time.time(), time.time())
                    )
                self._send(line, request, answer)
                if answer.close or _closes(request):
                    line.close()
                    return

    def _request(self, reader: _Reader, line: socket.socket) -> Request | None:
        head = reader.until(b"\r\n\r\n")
        if head is None:
            return None
        start, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, target, version = start.split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
        if _waits(headers):
            line.sendall(CONTINUE)
        raw, body = head, b""
        if headers.get("transfer-encoding", "").lower() == "chunked":
            while True:
                size_line = reader.until(b"\r\n") or b"0\r\n"
                chunk = reader.exactly(int(size_line.split(b";")[0], 16) + 2)
                raw += size_line + chunk
                body += chunk[:-2]
                if len(chunk) == 2:
                    break
        elif "content-length" in headers:
            body = reader.exactly(int(headers["content-length"]))
            raw += body
        return Request(method, target, version, headers, body, raw)

    def _send(self, line: socket.socket, request: Request, answer: Answer) -> None:
        time.sleep(answer.pause)
        data = _bytes(request, answer)
        if answer.drip:
            for at in range(0, len(data), 40):
                line.sendall(data[at : at + 40])
                time.sleep(0.001)
        else:
            line.sendall(data)


def _bytes(request: Request, answer: Answer) -> bytes:
    chunked = answer.chunked and request.version == "HTTP/1.1"
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(answer.body)}"
    close = answer.close or _closes(request)
    head = f"HTTP/1.1 {answer.status}\r\nServer: nginx\r\nContent-Type: {answer.content_type}\r\n{length}\r\n"
    head += "Connection: close\r\n\r\n" if close else "Connection: keep-alive\r\n\r\n"
    body = answer.body
    if chunked:
        pieces = [body[at : at + 200] for at in range(0, len(body), 200)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return head.encode() + body


def _waits(headers: dict[str, str]) -> bool:
    return headers.get("expect", "").lower() == "100-continue"


def _closes(request: Request) -> bool:
    word = request.headers.get("connection", "").lower()
    return word == "close" or (request.version == "HTTP/1.0" and word != "keep-alive")


class _Reader:
    """Bytes of a connection, up to a mark or a number of them."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._held = b""

    def until(self, mark: bytes) -> bytes | None:
        """With the mark; None where the peer has closed before it."""
        while mark not in self._held:
            if not self._more():
                return None
        found, _, self._held = self._held.partition(mark)
        return found + mark

    def exactly(self, size: int) -> bytes:
        while len(self._held) < size:
            if not self._more():
                raise OSError("the vendor closed in the middle of a request")
        found, self._held = self._held[:size], self._held[size:]
        return found

    def _more(self) -> bool:
        data = self._line.recv(65536)
        self._held += data
        return bool(data)
