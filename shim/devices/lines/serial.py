"""A device on a serial port, real or virtual over USB, by pyserial. The only module that imports it.

NB: the driver is never asked to wait for bytes: a blocking read raises ERROR_TIMEOUT under Wine, and its deadline is
the driver's. NB: on Linux pyserial opens the port, but does not move the bytes: it waits by select(), which fails in
a host with more than 1024 open files. NB: OSError is caught, not SerialException: on Linux a lost port raises the
plain one.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import select
import sys
import time
from typing import Any

from shim import forks
from shim.bilingual import Bilingual
from shim.devices.base import Device
from shim.devices.lines import ports
from shim.devices.lines.base import Line
from shim.devices.lines.refusal import refusal
from shim.messages.lines import LineKind

_WRITE_SECONDS = 1.0
_PIECE = 512  # bytes; half a second at 9600 baud, within the write time-out of the port
_POLL_SECONDS = 0.01
_STUCK = "the device accepts no more data"
_DESCRIPTORS = ("fd", "pipe_abort_read_r", "pipe_abort_read_w", "pipe_abort_write_r", "pipe_abort_write_w")


class SerialLine(Line):
    """`port` as the system names it (COM3, /dev/ttyACM0); `bits` as 8N1: data bits, parity, stop bits."""

    def __init__(self, device: Device, port: str, baud: int, bits: str) -> None:
        self._device = device
        self._port = port
        self._baud = baud
        self._bits = bits
        self._serial: Any = None
        forks.owns(self._descriptors)
        forks.in_child(self._forget)

    @property
    def title(self) -> Bilingual:
        return self._device.named(self._port)

    def open(self, limit: float) -> None:
        import serial

        data, parity, stop = tuple(self._bits)
        try:
            self._serial = serial.Serial(
                self._port, self._baud, bytesize=int(data), parity=parity, stopbits=int(stop),
                timeout=0, write_timeout=_WRITE_SECONDS, exclusive=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            facts = {"ports": ports.listing(), "baud": self._baud, "bits": self._bits}
            raise refusal(LineKind.SERIAL, self._device, self.title, error, self._port, **facts) from error

    def read(self, limit: float = 0.0) -> bytes:
        end = time.monotonic() + limit
        while not (waiting := self._serial.in_waiting) and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        return _read(self._serial, waiting) if waiting else b""

    def write(self, data: bytes, limit: float = 1.0) -> None:
        end = time.monotonic() + limit
        for start in range(0, len(data), _PIECE):
            if time.monotonic() > end:
                raise TimeoutError(_STUCK)
            _write(self._serial, data[start : start + _PIECE])

    def discard(self) -> None:
        self._serial.reset_input_buffer()

    def drain(self, limit: float) -> None:
        """NB: Windows drops what is still unsent when the port is closed."""
        end = time.monotonic() + limit
        while self._serial.out_waiting:
            if time.monotonic() > end:
                raise TimeoutError(_STUCK)
            time.sleep(_POLL_SECONDS)

    def close(self) -> None:
        port, self._serial = self._serial, None
        if port is not None:
            _unlock(port)
            try:
                port.close()
            except (OSError, TypeError):  # NB: pyserial on Linux: TypeError from a descriptor it has already lost
                return

    def _descriptors(self) -> list[int]:
        """The port's, and those of the two pipes that pyserial has for each port on Linux."""
        numbers = [getattr(self._serial, name, None) for name in _DESCRIPTORS]
        return [number for number in numbers if number is not None]

    def _forget(self) -> None:
        if self._serial is not None:
            forks.keep(self._serial)  # its destructor closes the numbers that it knows
            self._serial = None


if sys.platform == "win32":

    def _read(port: Any, size: int) -> bytes:
        """Up to `size` bytes that are there."""
        return bytes(port.read(size))

    def _write(port: Any, data: bytes) -> None:
        """Hand `data` to the driver; TimeoutError if it does not take all of it in time."""
        import serial

        try:
            port.write(data)
        except serial.SerialTimeoutException as error:
            raise TimeoutError(_STUCK) from error

else:

    def _read(port: Any, size: int) -> bytes:
        """Up to `size` bytes that are there."""
        try:
            data = os.read(port.fileno(), size)
        except BlockingIOError:  # discarded meanwhile
            return b""
        if not data:
            raise OSError(errno.EIO, "the port is gone")
        return data

    def _write(port: Any, data: bytes) -> None:
        """Hand `data` to the driver; TimeoutError if it does not take all of it in time."""
        number = port.fileno()
        poll = select.poll()
        poll.register(number, select.POLLOUT)
        end = time.monotonic() + _WRITE_SECONDS
        while data:
            try:
                data = data[os.write(number, data) :]
            except BlockingIOError:
                left = end - time.monotonic()
                if left <= 0 or not poll.poll(math.ceil(left * 1000)):
                    raise TimeoutError(_STUCK) from None


def _unlock(port: Any) -> None:
    """Release the lock of a port that is about to be closed: a child may hold a copy, and with it the lock."""
    if sys.platform != "win32":
        import fcntl

        with contextlib.suppress(OSError, TypeError, ValueError):
            fcntl.flock(port.fd, fcntl.LOCK_UN)
