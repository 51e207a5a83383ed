"""The label printer as a file: a device such as /dev/usb/lp0 or \\\\.\\LPT1, or an ordinary file that labels end up in.

An ordinary file grows by each label; it holds a patient's data and is the site's to delete. L2.
"""

from __future__ import annotations

import os
from pathlib import Path

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.label.line import PrinterLine


class FilePrinterLine(PrinterLine):
    """Appends to `path`; makes it where it is not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    @property
    def title(self) -> str:
        return f"标签打印机 {self._path.name or self._path}"

    def open(self, limit: float) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
        try:
            # NB: not open(): in append mode it seeks to the end, which a printer port refuses.
            self._file = os.open(self._path, flags, 0o600)
        except (OSError, ValueError) as error:
            why = Unavailable.BUSY if isinstance(error, PermissionError) else Unavailable.NOT_FOUND
            advice = "请核对 [label] file 所写的设备或文件，并确认本用户可以写入"
            raise DeviceUnavailable(self.title, why, advice) from error

    def write(self, data: bytes, limit: float) -> None:
        if self._file is None:
            raise OSError("not open")
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest[:65536]) :]

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            try:
                os.close(file)
            except OSError:
                return  # a device that went away
