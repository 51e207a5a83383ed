"""The simulator on a socket: HTTP/1.1 with kept-alive connections, a thread for each, loopback unless told otherwise.

`/_sim/calls` lists the last calls as JSON, wire text and opened text side by side. L3; started by the command line.
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from shim.simulator.platform import GATEWAY, QR_QUERY, Call, Wish, answer

_MAX_BODY = 16 * 1024 * 1024


class Simulator:
    """A running simulator: `url` to reach it, `calls` what it has seen (the last 1000). Close it, or use `with`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.calls: deque[Call] = deque(maxlen=1000)
        calls = self.calls

        class Handler(_Handler):
            seen = calls

        self._server = _Server((host, port), Handler)
        self.url = f"http://{host}:{self._server.server_address[1]}"
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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    seen: deque[Call]

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        if url.path not in (GATEWAY, QR_QUERY) or length > _MAX_BODY:
            self._reply(404, b"<html><body>404</body></html>", "text/html")
            self.close_connection = True
            return
        body = self.rfile.read(length)
        try:
            wish = Wish.parse(",".join(parse_qs(url.query).get("sim", [])))
        except ValueError as error:
            self._reply(400, str(error).encode(), "text/plain")
            return
        data, call = answer(url.path, body, wish)
        self.seen.append(call)
        time.sleep(wish.delay / 1000)
        if wish.drop:
            self.close_connection = True
            return
        if wish.http:
            self._reply(wish.http, "<html><body>网关错误</body></html>".encode(), "text/html; charset=utf-8")
            return
        self._reply(200, b"" if wish.empty else data, "application/json; charset=UTF-8")

    def do_GET(self) -> None:
        if self.path != "/_sim/calls":
            self._reply(404, b"", "text/plain")
            return
        calls = [asdict(call) for call in self.seen]
        self._reply(200, json.dumps(calls, ensure_ascii=False).encode(), "application/json; charset=UTF-8")

    def _reply(self, status: int, body: bytes, content_type: str) -> None:
        """One write for head and body: two would meet the other side's delayed acknowledgement."""
        self.log_request(status)
        self.send_response_only(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self._headers_buffer.append(b"\r\n" + body)  # type: ignore[attr-defined]  # not in the stubs
        try:
            self.flush_headers()
        except OSError:
            self.close_connection = True  # the client went away: its business

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the list of calls is the log."""
