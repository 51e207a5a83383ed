"""A scanner that is a text file: for demonstrations and tests. Each scan reads the next line, and starts again at the
end.

Ships and may be used anywhere, but not with patients' codes: they would be stored on the disk.
"""

from __future__ import annotations

from pathlib import Path

from shim.bilingual import Bilingual
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.lines.refusal import system_text
from shim.devices.scanner.base import SCANNER
from shim.messages import scanner as rows


class CodeFileLine(Line):
    """The codes in `path`, one a line, UTF-8. An empty file is a scanner that reads nothing."""

    handover = None
    framed = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._scans = 0
        self._waiting = b""

    @property
    def title(self) -> Bilingual:
        return SCANNER.named(f"file:{self._path.name}")

    def open(self, limit: float) -> None:
        try:
            lines = self._path.read_bytes().split(b"\n")
        except (OSError, ValueError) as error:
            raise DeviceUnavailable(rows.FILE_UNREADABLE, title=self.title, error=system_text(error)) from error
        codes = [line.strip() for line in lines if line.strip()]
        self._waiting = codes[self._scans % len(codes)] + b"\r\n" if codes else b""
        self._scans += 1

    def read(self, limit: float = 0.0) -> bytes:
        data, self._waiting = self._waiting, b""
        return data

    def write(self, data: bytes, limit: float = 1.0) -> None:
        """A file obeys no commands."""

    def discard(self) -> None:
        """Nothing was there before the scan."""

    def close(self) -> None:
        self._waiting = b""
