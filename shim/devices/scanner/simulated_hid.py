"""A simulated HID-POS scanner, in the place of the hid module and of its device. For tests and measurements.

Its reports are those of a Newland FM420, laid out here by hand: it shares no table with the driver. Like a real one it
keeps what it has read until somebody opens it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from shim.devices.scanner.simulated import SimulatedScanner

_REPORT, _DATA, _SYMBOLOGY, _QR, _MORE = 2, 56, 62, 0x51, 63
_COMMAND = 4


class SimulatedHid:
    """One scanner, as HidPosLine sees it. Any thread.

    Args:
        on_light: called each time the light goes on, in the thread that has sent the start command.
    """

    def __init__(self, scanner: SimulatedScanner, on_light: Callable[[SimulatedHid], None] | None = None) -> None:
        self.scanner = scanner
        self._on_light = on_light
        self._reports: deque[bytes] = deque()
        self._lock = threading.Lock()

    def send(self, code: bytes) -> None:
        """A code from the scanner, in as many reports as it takes."""
        parts = [code[at : at + _DATA] for at in range(0, len(code), _DATA)] or [b""]
        with self._lock:
            for number, part in enumerate(parts, 1):
                report = bytearray((bytes([_REPORT, len(part)]) + part).ljust(64, b"\0"))
                report[_SYMBOLOGY], report[_MORE] = _QR, number < len(parts)
                self._reports.append(bytes(report))

    # ---- the hid module and its device ---------------------------------------------------------------------------

    def enumerate(self) -> Sequence[dict[str, Any]]:
        """Itself, as hidapi describes a device."""
        ids = {"vendor_id": 0x1EAB, "product_id": 0x0022, "usage_page": 0x8C, "usage": 2}
        return [{"path": b"simulated", **ids}]

    def device(self) -> SimulatedHid:
        """Itself."""
        return self

    def open_path(self, path: bytes) -> None:
        """There is nothing to open."""

    def set_nonblocking(self, yes: int) -> None:
        """It never blocks."""

    def send_feature_report(self, data: bytes) -> int:
        """Taken, and without effect."""
        return len(data)

    def write(self, data: bytes) -> int:
        """An output report with a command."""
        lit = self.scanner.lit
        if data[0] == _COMMAND:
            self.scanner.feed(data[2 : 2 + data[1]])
        if self.scanner.lit > lit and self._on_light is not None:
            self._on_light(self)
        return len(data)

    def read(self, size: int) -> list[int]:
        """The next report; empty if there is none."""
        with self._lock:
            return list(self._reports.popleft()) if self._reports else []

    def close(self) -> None:
        """There is nothing to close."""
