"""What the scanner's tests share: the literal bytes of each make, a scanner behind a port, a driven scanner on it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from buildlib import tools
from shim.devices.lines.base import Line
from shim.devices.lines.serial import SerialLine
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.driver import DrivenScanner
from shim.devices.scanner.endpoints import Endpoint, FixedEndpoint
from shim.devices.scanner.framing import Ending, Framing
from shim.devices.scanner.lock import ScanLock
from shim.devices.scanner.simulated import SimulatedPort, SimulatedScanner
from shim.devices.scanner.triggers import BY_MAKE, Trigger
from tests.support.paths import vectors
from tests.support.terminals import new_link

# The keys of a row in vectors/scanners.json, all of them bytes in hexadecimal; a row leaves out what its make lacks.
_BYTES = ("start", "stop", "wake", "reply_to_start", "reply_to_stop", "refusal", "nothing_read", "setup")

_FILE = vectors("scanners")
ROWS: dict[str, dict[str, bytes]] = {
    row["make"]: {key: bytes.fromhex(row.get(key, "")) for key in _BYTES} for row in _FILE["rows"]
}
HID_ROWS: list[dict[str, Any]] = _FILE["hid"]
# Those that obey a start command.
MAKES = [make for make, row in ROWS.items() if row["start"]]

# Codes that the simulator knows.
INSURANCE = "4240000000000000000300350000"
FUSED = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"

LOGGER = logging.getLogger("vcshim.tests")


def simulated(
    make: str = "newland", code: bytes = INSURANCE.encode() + b"\r", *, link: str = "", on_light: Any = None
) -> SimulatedPort:
    """A scanner of `make`, after the literal bytes of its row, that sends `code` whenever its light goes on."""
    tools.require("linux")
    light = on_light or (lambda port: port.send(code) if code else None)
    return SimulatedPort(simulated_scanner(make), light, link or str(new_link()))


def simulated_scanner(make: str) -> SimulatedScanner:
    """The same without a port."""
    row = ROWS[make]
    return SimulatedScanner(row["start"], row["stop"], row["wake"], row["reply_to_start"], row["reply_to_stop"])


def trigger(make: str) -> Trigger:
    """The commands of a make, as the product has them."""
    return Trigger.read(make, BY_MAKE[make])


def driven(
    line: Line | str,
    folder: Path,
    make: str = "newland",
    *,
    timeout: float = 10.0,
    ending: str = "auto",
    again: float = 0.0,
    quiet: float = 0.03,
    clock: Callable[[], float] = time.monotonic,
) -> DrivenScanner:
    """The product's scanner on `line`, or on the serial port of that name; it waits for a shorter silence."""
    if isinstance(line, str):
        line = SerialLine(SCANNER, line, 9600, "8N1")
    lock = ScanLock(folder / "scanner.lock", line.title, LOGGER)
    source = FixedEndpoint(Endpoint(line, trigger(make)))
    return DrivenScanner(
        source, lock, Framing(Ending(ending)), timeout, LOGGER, repeat_seconds=again, quiet_seconds=quiet, clock=clock
    )


class Background:
    """A call in another thread: `result` waits for what it returned, or raises what it raised."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value = self._call()
        except BaseException as error:
            self._error = error

    def result(self) -> Any:
        self._thread.join(60)
        assert not self._thread.is_alive(), "still waiting"
        if self._error is not None:
            raise self._error
        return self._value
