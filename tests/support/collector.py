"""An OpenTelemetry collector on loopback: an HTTP server that reads what it is sent by OpenTelemetry's own protocol.

Whatever is not in the protocol, a field of another name or form, fails the test that sent it: json_format knows nothing
else. Only the numbers of traces and spans are translated before, because OTLP writes them in hexadecimal, where JSON of
other protocols has base64. What it answers is scripted.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.support.servers import LOOPBACK

REQUESTS: dict[str, Any] = {
    "/v1/logs": ExportLogsServiceRequest,
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/traces": ExportTraceServiceRequest,
}
RESPONSES: dict[str, Any] = {
    "/v1/logs": ExportLogsServiceResponse,
    "/v1/metrics": ExportMetricsServiceResponse,
    "/v1/traces": ExportTraceServiceResponse,
}
_NUMBERS = ("traceId", "spanId", "parentSpanId")


@dataclass
class HttpReply:
    """What the collector answers; without a body the empty message of the protocol."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


def read(path: str, body: bytes) -> Any:
    """A request as the protocol has it. json_format.ParseError for anything that it has not."""
    return json_format.Parse(json.dumps(_translated(json.loads(body))), REQUESTS[path]())


def _translated(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _translated(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_translated(each) for each in value]
    return base64.b64encode(bytes.fromhex(value)).decode() if name in _NUMBERS else value


class CollectorServer:
    """The requests it got: their paths, headers and bodies, and what the protocol makes of them."""

    def __init__(self, reply: Callable[[str], HttpReply], *, secure: bool = False) -> None:
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.messages: list[Any] = []
        self.errors: list[str] = []
        self.reply = reply
        self.arrived = threading.Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer._take(self)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http{'s' if secure else ''}://127.0.0.1:{self._server.server_address[1]}"
        if secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(LOOPBACK)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def _take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        reply = self.reply(request.path)
        with self.arrived:
            self.paths.append(request.path)
            self.headers.append(dict(request.headers))
            self.bodies.append(body)
            try:
                self.messages.append(read(request.path, body))
            except Exception as error:
                self.errors.append(f"{request.path}: {error}")
            self.arrived.notify_all()
        answer = json_format.MessageToJson(RESPONSES[request.path]()).encode() if reply.body is None else reply.body
        request.send_response(reply.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(answer)),
            **reply.headers,
        }.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer)

    def of(self, path: str) -> list[Any]:
        """What came by a path, read by the protocol; AssertionError if anything that came is none of it."""
        assert self.errors == []
        return [message for each, message in zip(self.paths, self.messages, strict=True) if each == path]

    def wait_for(self, count: int) -> None:
        """Wait until so many requests have come."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.paths) >= count, timeout=60)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def collecting(
    reply: Callable[[str], HttpReply] = lambda path: HttpReply(), *, secure: bool = False
) -> Iterator[CollectorServer]:
    """A collector that answers as `reply` says of each path."""
    server = CollectorServer(reply, secure=secure)
    try:
        yield server
    finally:
        server.close()
