"""A device on a serial port, real or virtual over USB, by pyserial. The only module that imports it. L2.

NB: the driver is never asked to wait: a blocking read raises ERROR_TIMEOUT under Wine, and its deadline is the
driver's. NB: OSError is caught, not SerialException: on Linux a lost port raises the plain one.
"""

from __future__ import annotations

import errno
from typing import Any

from shim.devices.base import Connection, DeviceUnavailable, Unavailable
from shim.devices.lines import ports

_WRITE_SECONDS = 1.0
_BUSY = frozenset({errno.EBUSY, errno.EACCES, errno.EPERM, errno.EAGAIN})


class SerialConnection(Connection):
    """`port` as the system names it (COM3, /dev/ttyACM0); `bits` as 8N1: data bits, parity, stop bits.

    `device` is what the clerk calls it, `section` where vcshim.ini speaks of it.
    """

    def __init__(self, port: str, baud: int, bits: str, device: str = "扫码枪", section: str = "scanner") -> None:
        self._port = port
        self._baud = baud
        self._bits = bits
        self._device = device
        self._section = section
        self._line: Any = None

    @property
    def title(self) -> str:
        return f"{self._device} {self._port}"

    def open(self, limit: float) -> None:
        import serial

        data, parity, stop = tuple(self._bits)
        try:
            self._line = serial.Serial(
                self._port, self._baud, bytesize=int(data), parity=parity, stopbits=int(stop),
                timeout=0, write_timeout=_WRITE_SECONDS, exclusive=True,
            )  # fmt: skip
        except (OSError, ValueError) as error:
            raise self._refusal(error) from error

    def read(self) -> bytes:
        line = self._line
        waiting = line.in_waiting
        return bytes(line.read(waiting)) if waiting else b""

    def write(self, data: bytes) -> None:
        self._line.write(data)

    def unsent(self) -> int:
        """Bytes that were written and have not left yet."""
        return int(self._line.out_waiting)

    def discard(self) -> None:
        self._line.reset_input_buffer()

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            try:
                line.close()
            except (OSError, TypeError):  # NB: pyserial on Linux: TypeError from a descriptor it has already lost
                return

    def _refusal(self, error: Exception) -> DeviceUnavailable:
        # NB: on Windows pyserial puts the system's error into the text and leaves errno empty.
        text = str(error)
        if getattr(error, "errno", None) in _BUSY or "PermissionError" in text:
            advice = (
                f"请关闭正在使用该串口的程序（另一个医院程序窗口、{self._device}配置工具、厂商控件）后重试；"
                f"仍不行请拔插{self._device}（Linux 上也可能是没有串口权限）"
            )
            return DeviceUnavailable(self.title, Unavailable.BUSY, advice)
        if isinstance(error, ValueError):
            advice = f"该串口不支持波特率 {self._baud} 或格式 {self._bits}，请核对 [{self._section}] baud 和 bits"
            return DeviceUnavailable(self.title, Unavailable.NOT_SET_UP, advice)
        advice = (
            f"本机现有串口：{ports.there_are()}；请检查接线，在设备管理器中核对端口号，并在 vcshim.ini 的 "
            f"[{self._section}] 改正 port"
        )
        return DeviceUnavailable(self.title, Unavailable.NOT_FOUND, advice)
