"""A device as a file, such as /dev/usb/lp0 or \\\\.\\LPT1, or an ordinary file that collects what is written.

An ordinary file grows with every write; it may hold a patient's data, and the site must delete it.
"""

from __future__ import annotations

import os
from pathlib import Path

from shim import forks
from shim.bilingual import Bilingual
from shim.devices.base import Device
from shim.devices.lines.base import Line
from shim.devices.lines.refusal import refusal
from shim.messages.lines import LineKind


class FileLine(Line):
    """Appends to `path`, and creates it if it is missing. Nothing comes back.

    NB: the path is a text: pathlib makes \\\\.\\LPT1\\ of \\\\.\\LPT1, and that is no device.
    """

    answers = False

    def __init__(self, device: Device, path: str) -> None:
        self._device = device
        self._path = path
        self._file: int | None = None
        forks.owns(self._descriptors)
        forks.in_child(self._forget)

    @property
    def title(self) -> Bilingual:
        return self._device.named(Path(self._path).name or self._path)

    def open(self, limit: float) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
        try:
            # NB: not open(): in append mode it seeks to the end, which a printer port refuses.
            self._file = os.open(self._path, flags, 0o600)
        except (OSError, ValueError) as error:
            raise refusal(LineKind.FILE, self._device, self.title, error, self._path) from error

    def read(self, limit: float = 0.0) -> bytes:
        return b""

    def write(self, data: bytes, limit: float = 1.0) -> None:
        if self._file is None:
            raise OSError("not open")
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest[:65536]) :]

    def _descriptors(self) -> list[int]:
        return [] if self._file is None else [self._file]

    def _forget(self) -> None:
        self._file = None

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            try:
                os.close(file)
            except OSError:
                return  # a device that went away
