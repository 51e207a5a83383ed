"""Scans with one rig: each has a foreign code sent at another moment after its line was opened."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.scanner.driver import DrivenScanner
from shim.devices.scanner.endpoints import Endpoint, FixedEndpoint
from shim.devices.scanner.framing import Framing
from shim.devices.scanner.lock import ScanLock
from tests.support.scanners import LOGGER, trigger
from tests.support.scans.rigs import FOREIGN, ScanRig

EARLY_SECONDS = 0.2
_SCAN_SECONDS = 20.0


@dataclass(slots=True)
class Figures:
    """What a number of scans gave.

    Attributes:
        own: scans that gave their patient's code; `failed` ones gave none.
        early: scans that gave the foreign code, or an earlier patient's, which was sent within `EARLY_SECONDS` of the
            opening.
        late: scans that gave the foreign code, which was sent after that, because this machine was busy.
        opened_to_start, whole: seconds from the open line to the start command, and of the call that scans.
    """

    own: int = 0
    failed: int = 0
    early: int = 0
    late: int = 0
    opened_to_start: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


class PlantingLine(Line):
    """The line of a rig: `delay` seconds after it was opened the scanner sends a foreign code; None for none."""

    def __init__(self, rig: ScanRig) -> None:
        self._rig = rig
        self._inner = rig.line
        self.answers, self.handover, self.framed = rig.line.answers, rig.line.handover, rig.line.framed
        self.delay: float | None = None
        self.opened = self.started = self.sent = 0.0
        self._planter = threading.Thread()

    @property
    def title(self) -> str:
        return self._inner.title

    def open(self, limit: float) -> None:
        self._inner.open(limit)
        self.opened, self.started, self.sent = time.monotonic(), 0.0, 0.0
        if self.delay is not None:
            self._planter = threading.Thread(target=self._plant, args=(self.delay,), daemon=True)
            self._planter.start()

    def read(self, limit: float = 0.0) -> bytes:
        return self._inner.read(limit)

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._inner.write(data, limit)

    def discard(self) -> None:
        self._inner.discard()
        self.started = time.monotonic()
        self._rig.started()

    def close(self) -> None:
        if self.delay is not None:
            self._planter.join()
        self._inner.close()

    def _plant(self, delay: float) -> None:
        time.sleep(max(self.opened + delay - time.monotonic(), 0))
        self._rig.send(FOREIGN)
        self.sent = time.monotonic()


def measure(rig: ScanRig, folder: Path, delays: Sequence[float | None], *, flush_only: bool = False) -> Figures:
    """Scan once for each of `delays`.

    Args:
        flush_only: discard once what is there, and start the scanner at once.
    """
    line, figures = PlantingLine(rig), Figures()
    if flush_only:
        line.handover = None
    scanner = DrivenScanner(
        FixedEndpoint(Endpoint(line, trigger(rig.make))), ScanLock(folder / "lock", line.title, LOGGER), Framing(),
        _SCAN_SECONDS, LOGGER,
    )  # fmt: skip
    for number, delay in enumerate(delays, 1):
        rig.patient, line.delay = f"424{number:017d}00350000", delay
        began = time.monotonic()
        try:
            code = scanner.scan()
        except DeviceUnavailable:
            code = ""
        figures.whole.append(time.monotonic() - began)
        rig.patient_leaves()
        scanner.settle()
        figures.opened_to_start.append(line.started - line.opened)
        is_late = code == FOREIGN and line.sent - line.opened > EARLY_SECONDS
        figures.own += code == rig.patient
        figures.failed += code == ""
        figures.late += is_late
        figures.early += code not in (rig.patient, "") and not is_late
    return figures
