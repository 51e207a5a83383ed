"""A device on a serial port, real or virtual over USB, by pyserial. The only module that imports it.

NB: the driver is never asked to wait: a blocking read raises ERROR_TIMEOUT under Wine, and its deadline is the
driver's. NB: OSError is caught, not SerialException: on Linux a lost port raises the plain one.
"""

from __future__ import annotations

import errno
import time
from typing import Any

from shim.devices.base import Device, DeviceUnavailable, Unavailable
from shim.devices.lines import ports
from shim.devices.lines.base import Line

_BUSY = frozenset({errno.EBUSY, errno.EACCES, errno.EPERM, errno.EAGAIN})
_WRITE_SECONDS = 1.0
_PIECE = 512  # bytes; half a second at 9600 baud, within the write time-out of the port
_POLL_SECONDS = 0.01


class SerialLine(Line):
    """`port` as the system names it (COM3, /dev/ttyACM0); `bits` as 8N1: data bits, parity, stop bits."""

    def __init__(self, device: Device, port: str, baud: int, bits: str) -> None:
        self._device = device
        self._port = port
        self._baud = baud
        self._bits = bits
        self._serial: Any = None

    @property
    def title(self) -> str:
        return f"{self._device.title} {self._port}"

    def open(self, limit: float) -> None:
        import serial

        data, parity, stop = tuple(self._bits)
        try:
            self._serial = serial.Serial(
                self._port, self._baud, bytesize=int(data), parity=parity, stopbits=int(stop),
                timeout=0, write_timeout=_WRITE_SECONDS, exclusive=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise self._refusal(error) from error

    def read(self, limit: float = 0.0) -> bytes:
        end = time.monotonic() + limit
        while not (waiting := self._serial.in_waiting) and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        return bytes(self._serial.read(waiting)) if waiting else b""

    def write(self, data: bytes, limit: float = 1.0) -> None:
        end = time.monotonic() + limit
        for start in range(0, len(data), _PIECE):
            if time.monotonic() > end:
                raise TimeoutError("the device accepts no more data")
            self._serial.write(data[start : start + _PIECE])

    def discard(self) -> None:
        self._serial.reset_input_buffer()

    def drain(self, limit: float) -> None:
        """NB: Windows drops what is still unsent when the port is closed."""
        end = time.monotonic() + limit
        while self._serial.out_waiting:
            if time.monotonic() > end:
                raise TimeoutError("the device accepts no more data")
            time.sleep(_POLL_SECONDS)

    def close(self) -> None:
        port, self._serial = self._serial, None
        if port is not None:
            try:
                port.close()
            except (OSError, TypeError):  # NB: pyserial on Linux: TypeError from a descriptor it has already lost
                return

    def _refusal(self, error: Exception) -> DeviceUnavailable:
        # NB: on Windows pyserial puts the system's error into the text and leaves errno empty.
        title, section = self._device.title, self._device.section
        if getattr(error, "errno", None) in _BUSY or "PermissionError" in str(error):
            advice = (
                f"请关闭正在使用该串口的程序（另一个医院程序窗口、{title}配置工具、厂商控件）后重试；"
                f"仍不行请拔插{title}（Linux 上也可能是没有串口权限）"
            )
            return DeviceUnavailable(self.title, Unavailable.BUSY, advice)
        if isinstance(error, ValueError):
            advice = f"该串口不支持波特率 {self._baud} 或格式 {self._bits}，请核对 [{section}] baud 和 bits"
            return DeviceUnavailable(self.title, Unavailable.NOT_SET_UP, advice)
        advice = (
            f"本机现有串口：{ports.there_are()}；请检查接线，在设备管理器中核对端口号，并在 vcshim.ini 的 "
            f"[{section}] 改正 port"
        )
        return DeviceUnavailable(self.title, Unavailable.NOT_FOUND, advice)
