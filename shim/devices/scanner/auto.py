"""Finds the scanner by trying: a HID-POS scanner says what it is; serial ports do not, so all of them are listened to.

With serial ports the start command goes to every free port of the PC (or to those that [scanner] port lists), and the
one that a code comes from is the scanner; from then on it alone is asked, as long as it is there. That is why `auto`
must be chosen: another device on a serial port gets bytes that were not meant for it. L2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.lines.base import Line
from shim.devices.scanner.driver import Head, Heads
from shim.devices.scanner.hid_pos import HidPosLine
from shim.devices.scanner.triggers import Trigger


class AutoHeads(Heads):
    """`ports` names the serial ports that are there now, `serial` makes a connection to one of them."""

    def __init__(
        self,
        hid: HidPosLine,
        wrap: Callable[[Line], Line],
        ports: Callable[[], Sequence[str]],
        serial: Callable[[str], Line],
        trigger: Trigger,
    ) -> None:
        self._hid = hid
        self._wrap = wrap
        self._ports = ports
        self._serial = serial
        self._trigger = trigger
        self._winner = ""

    def take(self) -> Sequence[Head]:
        if self._hid.found():
            return (Head(self._wrap(self._hid), self._trigger),)
        heads = [Head(self._wrap(self._serial(port)), self._trigger) for port in self._ports()]
        if not heads:
            raise DeviceUnavailable(
                "扫码枪",
                Unavailable.NOT_FOUND,
                "本机没有 HID-POS 扫码枪，也没有串口；请检查接线，键盘模式的扫码枪请切换到 USB 虚拟串口或 HID-POS 模式",
            )
        return [head for head in heads if head.connection.title == self._winner] or heads

    def won(self, head: Head) -> None:
        self._winner = head.connection.title
