"""What the scanner's tests share: the literal bytes of each make, a scanner behind a port, a driven scanner on it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shim.devices.lines.base import Line
from shim.devices.lines.serial import SerialLine
from shim.devices.scanner.driver import DrivenScanner, Head, OneHead
from shim.devices.scanner.framing import Ending, Framing
from shim.devices.scanner.lock import Gate
from shim.devices.scanner.pick import DEVICE
from shim.devices.scanner.simulated import PretendPort, PretendScanner
from shim.devices.scanner.triggers import BY_MAKE
from tests.support.paths import vectors

_FILE = vectors("scanners")
ROWS: list[dict[str, str]] = _FILE["rows"]
SETUP: dict[str, str] = _FILE["setup"]
BY_NAME = {row["make"]: row for row in ROWS}

# Codes that the simulator knows.
INSURANCE = "4240000000000000000300350000"
FUSED = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"

LOGGER = logging.getLogger("vcshim.tests")


def pretend(
    make: str = "newland", code: bytes = INSURANCE.encode() + b"\r", *, link: str = "", on_light: Any = None
) -> PretendPort:
    """A scanner of `make`, after the literal bytes of its row, that sends `code` whenever its light goes on."""
    row = {key: bytes.fromhex(value) for key, value in BY_NAME[make].items() if key != "make"}
    scanner = PretendScanner(row["start"], row["stop"], row["wake"], row["reply_to_start"], row["reply_to_stop"])
    return PretendPort(scanner, on_light or (lambda port: port.send(code) if code else None), link)


def driven(
    connection: Line | str,
    folder: Path,
    make: str = "newland",
    *,
    timeout: float = 10.0,
    ending: str = "auto",
    again: float = 0.0,
) -> DrivenScanner:
    """The product's scanner on `connection`, or on the serial port of that name."""
    if isinstance(connection, str):
        connection = SerialLine(DEVICE, connection, 9600, "8N1")
    gate = Gate(folder / "scanner.lock", connection.title, LOGGER)
    heads = OneHead(Head(connection, BY_MAKE[make]))
    return DrivenScanner(heads, gate, Framing(Ending(ending)), timeout, LOGGER, again_seconds=again)


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
