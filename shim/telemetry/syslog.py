"""Lines as messages of RFC 5424, over UDP (RFC 5426), TCP (RFC 6587, counted) or TLS (RFC 5425).

The message is the JSON object of the log's file, after a byte-order mark as the RFC wants it of UTF-8. No structured
data: its names would need an enterprise number of our own. Used by the worker's thread only.
"""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from shim import forks
from shim.deadline import Deadline
from shim.errors import ShimError
from shim.settings.log import SYSLOG_SCHEMES
from shim.telemetry.delivery import Delivery
from shim.telemetry.heard import HeardLine
from shim.transport.address import Address
from shim.transport.causes import Peer
from shim.transport.connection import Connection, Connector
from shim.transport.resolver import Resolver

_SECONDS = 10.0
_LOOK_SECONDS = 0.02
_LOCAL0 = 16  # the facility
_SEVERITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_PORTS = {"udp": 514, "tcp": 601, "tls": 6514}
LONGEST_DATAGRAM = 2048  # bytes that every receiver should take (RFC 5426, 3.2)
_JSON = json.JSONEncoder(ensure_ascii=False, default=str)


def message(line: HeardLine, host: str) -> bytes:
    """A line as one message.

    Args:
        host: the name of this PC.
    """
    severity = next((number for level, number in _SEVERITIES if line.level >= level), 7)
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(line.time))
    stamp = f"{seconds}.{int(line.time % 1 * 1000):03d}Z"
    kind = _header(str(line.facts.get("function", "")), 32)
    head = f"<{_LOCAL0 * 8 + severity}>1 {stamp} {_header(host, 255)} vcshim {os.getpid()} {kind} - "
    row = {"level": logging.getLevelName(line.level), "thread": line.thread, "text": line.text, **line.facts}
    return head.encode("ascii") + b"\xef\xbb\xbf" + _JSON.encode(row).encode("utf-8", "replace")


def _header(text: str, length: int) -> str:
    """A text as a field of the header: printable ASCII without blanks; "-" for none."""
    return re.sub(r"[^\x21-\x7e]", "_", text)[:length] or "-"


def datagram(line: bytes) -> bytes:
    """A message that every receiver takes: cut at the end of a character where it is too long."""
    if len(line) <= LONGEST_DATAGRAM:
        return line
    return line[:LONGEST_DATAGRAM].decode("utf-8", "ignore").encode("utf-8")


def server_address(url: str) -> tuple[str, Address]:
    """The scheme of [telemetry] syslog, and where it leads.

    Raises:
        ValueError: its port is none.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    assert scheme in SYSLOG_SCHEMES  # the settings have looked
    return scheme, Address(scheme == "tls", Peer(parts.hostname or "", parts.port or _PORTS[scheme]), url, "")


class SyslogOutlet:
    """Sends lines to the server of [telemetry] syslog.

    Args:
        url: as there.
        ca_file: as in [telemetry] ca_file.
        host: the name of this PC.
    """

    def __init__(self, url: str, ca_file: str, host: str) -> None:
        self._scheme, self._address = server_address(url)
        self._peer = self._address.peer
        self._connector = Connector(None, ca_file)
        self._resolver = Resolver()
        self._host = host
        self._begin()
        forks.in_child(self._begin)

    def _begin(self) -> None:
        self._connection: Connection | None = None

    def send(self, lines: Sequence[HeardLine]) -> Delivery:
        messages = [message(line, self._host) for line in lines]
        try:
            if self._scheme == "udp":
                self._datagrams(messages)
            else:
                self._stream(b"".join(b"%d %s" % (len(each), each) for each in messages))
        except ShimError as error:
            return Delivery(again=True, cause=error.message)
        except OSError as error:
            self.close()
            return Delivery(again=True, cause=f"{self._peer.authority}：{type(error).__name__}")
        return Delivery()

    def _datagrams(self, messages: Sequence[bytes]) -> None:
        family, where = self._resolver.look_up(self._peer, Deadline(_SECONDS))[0]
        with forks.new_socket(family, socket.SOCK_DGRAM) as sock:
            sock.settimeout(1.0)
            for each in messages:
                sock.sendto(datagram(each), where)

    def _stream(self, data: bytes) -> None:
        deadline = Deadline(_SECONDS)
        if self._connection is not None and _has_ended(self._connection):
            self.close()
        if self._connection is None:
            self._connection = self._connector.connect(self._address, deadline.earlier(_SECONDS / 2))
        self._connection.sent = 0
        self._connection.send(data, deadline)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _has_ended(connection: Connection) -> bool:
    """Whether the server has closed a connection, on which it never speaks.

    NB: what TLS itself sends after a handshake has arrived as well, and is read here.
    """
    if connection.quiet:
        return False
    try:
        connection.receive(Deadline(_LOOK_SECONDS))
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
