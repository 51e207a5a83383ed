"""A scanner of each kind of line: it answers the start command with the patient's code, and sends a foreign one when
told, whatever it is doing. Linux.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from contextlib import suppress

from shim.devices.lines.base import Line
from shim.devices.lines.serial import SerialLine
from shim.devices.lines.tcp import TcpLine
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.hid_pos import HidPosLine
from shim.devices.scanner.simulated import SimulatedScanner
from shim.devices.scanner.simulated_hid import SimulatedHid
from shim.devices.scanner.wedge import WedgeLine
from tests.support.paths import ROOT
from tests.support.scanners import INSURANCE, ROWS, simulated

FOREIGN = "4249999999999999999900350000"
_MAKE = "newland"
_AFTER_KEYS = 0.5  # a foreign code takes a tenth of a second to type, and a code needs a pause before it


class ScanRig(ABC):
    """One scanner behind `line`.

    Args:
        answer_seconds: from the light to the patient's code.

    Attributes:
        patient: the code of the patient who is there.
    """

    make = _MAKE
    line: Line

    def __init__(self, answer_seconds: float = 0.0) -> None:
        self.answer_seconds = answer_seconds
        self.patient = INSURANCE
        self._timer = threading.Timer(0, lambda: None)

    def _answer(self) -> None:
        """The light went on: the patient shows the code."""
        if self.answer_seconds:
            self._show_in(self.answer_seconds)
        else:
            self.send(self.patient)

    def _show_in(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self.send, (self.patient,))
        self._timer.start()

    def patient_leaves(self) -> None:
        """The scan is over: whoever has not shown a code yet does not."""
        self._timer.cancel()

    @abstractmethod
    def send(self, code: str) -> None:
        """Have the scanner send a code now. Any thread."""

    def started(self) -> None:
        """The line has discarded what it had; the start command, if the make has one, follows. Any thread."""
        return None

    def close(self) -> None:
        """End it."""
        return None


class SerialRig(ScanRig):
    """On a pseudo terminal."""

    def __init__(self, answer_seconds: float = 0.0) -> None:
        super().__init__(answer_seconds)
        self._port = simulated(_MAKE, on_light=lambda _: self._answer())
        self.line = SerialLine(SCANNER, self._port.path, 9600, "8N1")

    def send(self, code: str) -> None:
        self._port.send(code.encode() + b"\r")

    def close(self) -> None:
        self._port.close()


class TcpRig(ScanRig):
    """Listens on loopback, and serves one connection at a time."""

    def __init__(self, answer_seconds: float = 0.0) -> None:
        super().__init__(answer_seconds)
        self._scanner = _scanner()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._accepted = threading.Condition()
        self._connection: socket.socket | None = None
        self.line = TcpLine(SCANNER, "127.0.0.1", self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def send(self, code: str) -> None:
        with self._accepted:
            self._accepted.wait_for(lambda: self._connection is not None, 60)
            if self._connection is None:
                return  # the scan is over
            with suppress(OSError):
                self._connection.sendall(code.encode() + b"\r")

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                self._note(connection)
                with suppress(OSError):
                    while data := connection.recv(4096):
                        lit = self._scanner.lit
                        self._scanner.feed(data)
                        if self._scanner.lit > lit:
                            self._answer()
                self._note(None)

    def _note(self, connection: socket.socket | None) -> None:
        with self._accepted:
            self._connection = connection
            self._accepted.notify_all()


class HidRig(ScanRig):
    """Behind the simulated hid module."""

    def __init__(self, answer_seconds: float = 0.0) -> None:
        super().__init__(answer_seconds)
        self._hid = SimulatedHid(_scanner(), lambda _: self._answer())
        self.line = HidPosLine(backend=self._hid)

    def send(self, code: str) -> None:
        self._hid.send(code.encode())


class KeyboardRig(ScanRig):
    """Types; the patient comes when the scan has started, and some time after the last key of the foreign code."""

    make = "none"

    def __init__(self, answer_seconds: float = 0.0) -> None:
        super().__init__(answer_seconds)
        self._orders = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        program = (
            f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.support.scans import keyboard; keyboard.run()"
        )
        self.line = WedgeLine((sys.executable, "-c", program, str(self._port)))

    def send(self, code: str) -> None:
        self._orders.sendto(f"{time.monotonic()} {code}".encode(), ("127.0.0.1", self._port))

    def started(self) -> None:
        self._show_in(max(self.answer_seconds, _AFTER_KEYS))

    def close(self) -> None:
        self._orders.close()


def _scanner() -> SimulatedScanner:
    return SimulatedScanner(ROWS[_MAKE]["start"], ROWS[_MAKE]["stop"])


RIGS: dict[str, type[ScanRig]] = {"serial": SerialRig, "tcp": TcpRig, "hidpos": HidRig, "wedge": KeyboardRig}
