"""The label printer on the network: raw bytes to port 9100. L2."""

from __future__ import annotations

import socket
import time

from shim.devices.label.line import PrinterLine
from shim.devices.tcp import connect

PORT = 9100
_LINGER_SECONDS = 1.0
_CHUNK = 4096


class TcpPrinterLine(PrinterLine):
    """Connects to host:port for one label."""

    can_answer = True

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._line: socket.socket | None = None

    @property
    def title(self) -> str:
        return f"标签打印机 {self._address[0]}:{self._address[1]}"

    def open(self, limit: float) -> None:
        advice = "请检查打印机的电源、网线和 [label] address；打印机正在为另一台电脑打印时请稍候重试"
        self._line = connect(self._address, limit, self.title, advice)

    def write(self, data: bytes, limit: float) -> None:
        line = self._connected
        line.settimeout(max(limit, 0.001))
        line.sendall(data)

    def read(self, limit: float) -> bytes:
        line = self._connected
        line.settimeout(max(limit, 0.001))
        try:
            return line.recv(_CHUNK)
        except TimeoutError:
            return b""

    def finish(self, limit: float) -> None:
        """NB: a printer that is closed at once may drop what it has not read; many never close themselves."""
        line = self._connected
        line.shutdown(socket.SHUT_WR)
        end = time.monotonic() + min(limit, _LINGER_SECONDS)
        while time.monotonic() < end:
            line.settimeout(max(end - time.monotonic(), 0.001))
            try:
                if not line.recv(_CHUNK):
                    return
            except TimeoutError:
                return

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    @property
    def _connected(self) -> socket.socket:
        if self._line is None:
            raise OSError("not open")
        return self._line
