"""Lines as messages of RFC 5424, and their way over UDP, TCP and TLS."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shim import log
from shim.telemetry import syslog
from shim.telemetry.heard import HeardLine
from tests.support.servers import LOOPBACK, Server, serving
from tests.support.telemetry import listening, success

MARK = b"\xef\xbb\xbf"


def test_the_form() -> None:
    line = HeardLine(1764230400.25, logging.WARNING, "缺纸", 7, {"function": "EhealthID_Print", "code": "9005"})
    assert syslog.message(line, "收费 01") == (
        b"<132>1 2025-11-27T08:00:00.250Z ___01 vcshim %d EhealthID_Print - " % os.getpid()
        + MARK
        + '{"level": "WARNING", "thread": 7, "text": "缺纸", "function": "EhealthID_Print", "code": "9005"}'.encode()
    )


@pytest.mark.parametrize(
    ("level", "number"), [(logging.ERROR, 131), (logging.WARNING, 132), (logging.INFO, 134), (logging.DEBUG, 135)]
)
def test_the_priority(level: int, number: int) -> None:
    message = syslog.message(HeardLine(0.0, level, "x", 1, {}), "")
    assert message.startswith(b"<%d>1 1970-01-01T00:00:00.000Z - vcshim " % number)


def test_a_datagram_ends_with_a_whole_character() -> None:
    long = b"x" * 2047 + "字".encode()
    assert syslog.datagram(long) == b"x" * 2047
    assert syslog.datagram(b"x" * 2048) == b"x" * 2048


def rows(data: bytes) -> list[str]:
    """The texts in counted messages."""
    texts = []
    while data:
        length, _, data = data.partition(b" ")
        message, data = data[: int(length)], data[int(length) :]
        assert len(message) == int(length)
        texts.append(json.loads(message.partition(MARK)[2])["text"])
    return texts


def test_udp(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(60)
        logger, listener = listening(tmp_path, syslog=f"udp://127.0.0.1:{server.getsockname()[1]}")
        log.event(logger, logging.INFO, "一")
        success(logger)
        listener.worker.deliver(0)
        first, second = server.recv(65536), server.recv(65536)
    assert re.match(rb"<134>1 \S+ PC-017 vcshim [0-9]+ - - \xef\xbb\xbf\{", first)
    assert json.loads(second.partition(MARK)[2])["method"] == "ehc.ehealthcode.verify"


@contextmanager
def stream_server(secure: bool) -> Iterator[tuple[Server, list[bytes]]]:
    """A server that takes what comes until the client hangs up; a `bye` in it makes the server hang up."""
    got: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def talk(server: Server, plain: socket.socket) -> None:
        connection = context.wrap_socket(plain, server_side=True) if secure else plain
        with connection:
            while data := connection.recv(65536):
                got.append(data)
                server.requests += 1
                if b"bye" in data:
                    return

    with serving(talk) as server:
        yield server, got


@pytest.mark.parametrize("scheme", ["tcp", "tls"])
def test_a_stream(tmp_path: Path, scheme: str) -> None:
    """One connection for several batches, and another one after the server has closed it."""
    with stream_server(scheme == "tls") as (server, got):
        url = server.url.replace("http:", f"{scheme}:").removesuffix("/x")
        logger, listener = listening(tmp_path, syslog=url, ca_file=str(LOOPBACK))
        for text in ("一", "二", "bye"):
            log.event(logger, logging.INFO, text)
            listener.worker.deliver(0)
        server.wait_until_closed()
        assert (rows(b"".join(got)), server.connections) == (["一", "二", "bye"], 1)
        log.event(logger, logging.INFO, "bye 四")
        listener.worker.deliver(0)
        server.wait_until_closed()
        assert (rows(b"".join(got))[3:], server.connections) == (["bye 四"], 2)


def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    with stream_server(secure=True) as (server, got):
        logger, listener = listening(tmp_path, syslog=server.url.replace("http:", "tls:").removesuffix("/x"))
        log.event(logger, logging.INFO, "一")
        listener.worker.deliver(0)
    assert got == []
    assert not listener.lanes[0].is_empty
    text = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.log"))
    assert text.count("遥测发不出去") == 1 and "证书" in text


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    logger, listener = listening(tmp_path, syslog=url)
    log.event(logger, logging.INFO, "一")
    listener.worker.deliver(0)
    assert not listener.lanes[0].is_empty
