"""The label printer on a serial port. L2; the port itself is serial_line.py's."""

from __future__ import annotations

import time

from shim.devices.label.line import PrinterLine
from shim.devices.lines.serial import SerialConnection

_PIECE = 512  # bytes; half a second at 9600 baud, within the write limit of the port
_LOOK_SECONDS = 0.01


class SerialPrinterLine(PrinterLine):
    """`port`, `baud` and `bits` as for a scanner. A label of 50 x 30 mm is 12 KB or more: 13 s at 9600 baud."""

    can_answer = True

    def __init__(self, port: str, baud: int, bits: str) -> None:
        self._port = SerialConnection(port, baud, bits, "标签打印机", "label")

    @property
    def title(self) -> str:
        return self._port.title

    def open(self, limit: float) -> None:
        self._port.open(limit)
        self._port.discard()

    def write(self, data: bytes, limit: float) -> None:
        end = time.monotonic() + limit
        for start in range(0, len(data), _PIECE):
            if time.monotonic() > end:
                raise TimeoutError("the printer takes no more")
            self._port.write(data[start : start + _PIECE])

    def read(self, limit: float) -> bytes:
        end = time.monotonic() + limit
        while not (data := self._port.read()) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        return data

    def finish(self, limit: float) -> None:
        """NB: Windows throws away what is still unsent when the port is closed."""
        end = time.monotonic() + limit
        while self._port.unsent():
            if time.monotonic() > end:
                raise TimeoutError("the printer takes no more")
            time.sleep(_LOOK_SECONDS)

    def close(self) -> None:
        self._port.close()
