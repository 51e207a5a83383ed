"""The simulator on a socket: HTTP/1.1 with kept-alive connections, a thread for each, loopback unless told otherwise.

It grants the wishes that have to do with the connection; the answers are the platform's. `/_sim/calls` lists the last
calls as JSON, wire text and opened text side by side. L3; started by the command line and by tests.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import time
from collections import deque
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from shim.simulator.messages import Call
from shim.simulator.platform import GATEWAY, PATHS, QR_QUERY, TOKEN_CHECK, answer
from shim.simulator.state import State
from shim.simulator.wishes import Wish

_MAX_BODY = 16 * 1024 * 1024
_NO_WISH = Wish()
_LINGER_NOT = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Simulator:
    """A running simulator: `url` to reach it, `calls` what it has seen (the last 1000), `state` what it remembers.

    Close it, or use `with`.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, state: State | None = None) -> None:
        self.calls: deque[Call] = deque(maxlen=1000)
        self.state = state or State()
        simulator = self

        class Handler(_Handler):
            owner = simulator

        self._server = _Server((host, port), Handler)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self.state.base_url = self.state.base_url or self.url
        self._thread = threading.Thread(target=self._server.serve_forever, name="simulator", daemon=True)
        self._thread.start()

    @property
    def gateway(self) -> str:
        """strUrl for VirtualCardTrans."""
        return self.url + GATEWAY

    @property
    def qr_query(self) -> str:
        """strUrl for NationEcTrans."""
        return self.url + QR_QUERY

    @property
    def token_check(self) -> str:
        """strUrl for NationEcTrans where a token is to be checked."""
        return self.url + TOKEN_CHECK

    def close(self) -> None:
        """Stop listening; calls under way are let go."""
        self._server.shutdown()
        self._server.server_close()

    def wait(self) -> None:
        """Serve until the thread is interrupted."""
        self._thread.join()

    def __enter__(self) -> Simulator:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is its own business; anything else is a bug and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner: Simulator

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        if url.path not in PATHS or length > _MAX_BODY:
            self._reply(404, b"<html><body>404</body></html>", "text/html")
            self.close_connection = True
            return
        body = self.rfile.read(length)
        try:
            wish = Wish.parse(",".join(parse_qs(url.query).get("sim", [])))
        except ValueError as error:
            self._reply(400, str(error).encode(), "text/plain")
            return
        reply = answer(url.path, body, wish, self.owner.state)
        self.owner.calls.append(reply.call)
        time.sleep(wish.delay / 1000)
        if wish.reset:
            self._reset()
        elif wish.drop:
            self.close_connection = True
        elif wish.http:
            self._reply(wish.http, "<html><body>网关错误</body></html>".encode(), "text/html; charset=utf-8")
        else:
            self._reply(200, reply.body, reply.content_type, wish)

    def do_GET(self) -> None:
        if self.path != "/_sim/calls":
            self._reply(404, b"", "text/plain")
            return
        calls = [asdict(call) for call in list(self.owner.calls)]
        self._reply(200, json.dumps(calls, ensure_ascii=False).encode(), "application/json; charset=UTF-8")

    def _reply(self, status: int, body: bytes, content_type: str, wish: Wish = _NO_WISH) -> None:
        """One write for head and body: two would meet the other side's delayed acknowledgement."""
        self.log_request(status)
        self.send_response_only(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if wish.half:
            body = body[: len(body) // 2]
            self.close_connection = True
        now = min(len(body), 1) if wish.drip else len(body)
        self._headers_buffer.append(b"\r\n" + body[:now])  # type: ignore[attr-defined]  # not in the stubs
        try:
            self.flush_headers()
            for at in range(now, len(body)):
                time.sleep(wish.drip / 1000)
                self.wfile.write(body[at : at + 1])
        except OSError:
            self.close_connection = True  # the client went away: its business

    def _reset(self) -> None:
        """Close so that the other side sees a reset. The file that reads holds the socket open, so it goes first."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.rfile.close()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the list of calls is the log."""
