"""A device at a network address: an Ethernet scanner, a printer on port 9100, a serial device behind a converter."""

from __future__ import annotations

import socket
import time

from shim import forks
from shim.bilingual import Bilingual
from shim.devices.base import Device
from shim.devices.lines import tcp_state
from shim.devices.lines.base import Line
from shim.devices.lines.refusal import refusal
from shim.messages.lines import LineKind

_CONNECT_SECONDS = 3.0
_LINGER_SECONDS = 1.0
_CHUNK = 4096


class TcpLine(Line):
    """Connects to host:port; the device listens."""

    def __init__(self, device: Device, host: str, port: int) -> None:
        self._device = device
        self._address = host, port
        self._socket: socket.socket | None = None

    @property
    def title(self) -> Bilingual:
        return self._device.named(f"{self._address[0]}:{self._address[1]}")

    def open(self, limit: float) -> None:
        seconds = min(limit, _CONNECT_SECONDS)
        try:
            with forks.look_ups:
                connection = socket.create_connection(self._address, timeout=seconds)
        except (OSError, UnicodeError) as error:
            raise refusal(LineKind.TCP, self._device, self.title, error, seconds=f"{seconds:g}") from error
        forks.track(connection)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._socket = connection

    def read(self, limit: float = 0.0) -> bytes:
        connection = self._connected
        connection.settimeout(max(limit, 0.0))
        try:
            data = connection.recv(_CHUNK)
        except (BlockingIOError, TimeoutError):
            return b""
        if not data:
            raise ConnectionResetError("closed by the device")
        return data

    def write(self, data: bytes, limit: float = 1.0) -> None:
        connection = self._connected
        connection.settimeout(max(limit, 0.001))
        connection.sendall(data)

    def drain(self, limit: float) -> None:
        """NB: a printer that is closed at once may drop what it has not read."""
        self._half_close()
        self._closed_by_device(time.monotonic() + min(limit, _LINGER_SECONDS))

    def finish(self, limit: float) -> bool:
        """NB: an acknowledgement is no sign: the system of a device that hangs acknowledges what fits into its buffer.

        The sign is that the device closes the connection in order, for which it must have read to its end: a system
        resets a connection that is closed with bytes unread.
        """
        self._half_close()
        if self._closed_by_device(time.monotonic() + limit):
            return True
        if tcp_state.unacknowledged(self._connected):
            raise TimeoutError("the device accepts no more data")
        return False

    def _half_close(self) -> None:
        self._connected.shutdown(socket.SHUT_WR)

    def _closed_by_device(self, end: float) -> bool:
        """Whether the device closes the connection until `end`; what it says is dropped. OSError for a reset."""
        connection = self._connected
        while (left := end - time.monotonic()) > 0:
            connection.settimeout(max(left, 0.001))
            try:
                if not connection.recv(_CHUNK):
                    return True
            except TimeoutError:
                return False
        return False

    def close(self) -> None:
        connection, self._socket = self._socket, None
        if connection is not None:
            forks.hang_up(connection)  # a device serves one connection at a time
            connection.close()

    @property
    def _connected(self) -> socket.socket:
        if self._socket is None:
            raise OSError("not open")
        return self._socket
