"""The scanner behind a network address: an Ethernet scanner, or a serial one behind a converter. L2."""

from __future__ import annotations

import socket

from shim.devices.base import Connection
from shim.devices.tcp import connect

_WRITE_SECONDS = 1.0
_CHUNK = 4096


class TcpConnection(Connection):
    """Connects to host:port; the scanner listens."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._line: socket.socket | None = None

    @property
    def title(self) -> str:
        return f"扫码枪 {self._address[0]}:{self._address[1]}"

    def open(self, limit: float) -> None:
        advice = "请检查扫码枪的网线、供电和 [scanner] address；扫码枪往往只接受一个连接，请关闭其他正在使用它的程序"
        self._line = connect(self._address, limit, self.title, advice)
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._line.setblocking(False)

    def read(self) -> bytes:
        try:
            data = self._connected.recv(_CHUNK)
        except BlockingIOError:
            return b""
        if not data:
            raise ConnectionResetError("closed by the scanner")
        return data

    def write(self, data: bytes) -> None:
        line = self._connected
        line.settimeout(_WRITE_SECONDS)
        try:
            line.sendall(data)
        finally:
            line.setblocking(False)

    def discard(self) -> None:
        while self.read():
            pass

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    @property
    def _connected(self) -> socket.socket:
        if self._line is None:
            raise OSError("not open")
        return self._line
