"""The scanner as a USB HID-POS device, by hidapi (module hid). The only module that imports it.

What stands where in a report is known to hid_layouts.py. A code ends with the report that no other follows, so CR is
put there and framing needs no silence.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from shim import forks
from shim.bilingual import Bilingual
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.lines.holders import holder_of
from shim.devices.lines.refusal import system_text
from shim.devices.scanner.base import SCANNER
from shim.devices.scanner.hid_layouts import REPORT_BYTES, HidLayout, layout_of
from shim.messages import scanner as messages

# USB HID POS Usage Tables 1.02: page 8C bar code scanner, usage 2 bar code scanner.
_PAGE, _USAGE = 0x8C, 0x02
_AT_ONCE = 256
_LIBUSB_PATH = re.compile(r"([0-9]+-[0-9.]+):[0-9.]+")
_first_used_by = 0  # the process


class HidPosLine(Line):
    """The scanner with `device` "VID:PID" in hexadecimal, or the first HID-POS scanner of this PC.

    Args:
        layout: used instead of the layout of the scanner's vendor.
        backend: what stands in for the hid module in tests.
    """

    framed = True

    def __init__(self, device: str = "", layout: HidLayout | None = None, backend: Any = None) -> None:
        self._device = device.upper()
        self._site_layout = layout
        self._layout = layout or layout_of(0)
        self._backend = backend
        self._hid_device: Any = None
        forks.in_child(self._forget)

    @property
    def title(self) -> Bilingual:
        return SCANNER.named(f"HID-POS {self._device}".rstrip())

    def present(self) -> list[dict[str, Any]]:
        """The HID-POS scanners of this PC that the settings allow, as hidapi describes them."""
        scanners = [
            row for row in self._hid().enumerate() if row["usage_page"] == _PAGE and row["usage"] in (_USAGE, 0)
        ]  # fmt: skip
        return [row for row in scanners if self._device in ("", f"{row['vendor_id']:04X}:{row['product_id']:04X}")]

    def open(self, limit: float) -> None:
        rows = self.present()
        if not rows:
            raise DeviceUnavailable(messages.HID_MISSING, title=self.title)
        row = rows[0]
        self._layout = self._site_layout or layout_of(row["vendor_id"])
        device = self._hid().device()
        try:
            device.open_path(row["path"])
            device.set_nonblocking(1)
            if self._layout.enter:
                device.send_feature_report(self._layout.enter)
        except (OSError, ValueError) as error:
            device.close()
            raise self._refusal(row["path"], error) from error
        self._hid_device = device

    def read(self, limit: float = 0.0) -> bytes:
        return b"".join(self._layout.data(report) or b"" for report in self._reports())

    def write(self, data: bytes, limit: float = 1.0) -> None:
        if self._call(self._hid_device.write, self._layout.output(data)) < 0:
            raise OSError("HID write failed")

    def discard(self) -> None:
        for _ in self._reports():
            pass

    def close(self) -> None:
        device, self._hid_device = self._hid_device, None
        if device is not None:
            device.close()

    def _refusal(self, path: bytes, error: Exception) -> DeviceUnavailable:
        """Why the device could not be opened. hidapi does not tell; on Linux its node does."""
        node = _node(path)
        facts = {"title": self.title, "error": system_text(error)}
        if node and os.path.exists(node) and not os.access(node, os.R_OK | os.W_OK):
            return DeviceUnavailable(messages.HID_DENIED, node=node, **facts)
        holder = holder_of(node) if node else None
        if holder is not None:
            return DeviceUnavailable(messages.HID_IN_USE_BY, program=holder.program, pid=holder.pid, **facts)
        return DeviceUnavailable(messages.HID_IN_USE, **facts)

    def _reports(self) -> Iterator[Sequence[int]]:
        """What has come; the rest of a device that never stops is left for the next look."""
        for _ in range(_AT_ONCE):
            report = self._call(self._hid_device.read, REPORT_BYTES)
            if not report:
                return
            yield report

    def _call(self, function: Any, argument: Any) -> Any:
        try:
            return function(argument)
        except ValueError as error:  # hidapi: "not open"
            raise OSError(str(error)) from error

    def _forget(self) -> None:
        """In a forked child: closing the device would release it for the parent, too."""
        forks.keep(self._hid_device)
        self._hid_device = None

    def _hid(self) -> Any:
        """The module. Its library has threads and descriptors of its own, which do not survive a fork."""
        global _first_used_by
        if self._backend is None:
            import hid

            self._backend = hid
            _first_used_by = _first_used_by or os.getpid()
        if _first_used_by not in (0, os.getpid()):
            raise DeviceUnavailable(messages.HID_FORKED, title=self.title)
        return self._backend


def _node(path: bytes) -> str:
    """The device file of what hidapi calls a path: itself, or of libusb's BUS-PORTS:INTERFACE; "" if there is none."""
    text = path.decode("utf-8", "replace")
    if text.startswith("/dev/"):
        return text
    match = _LIBUSB_PATH.fullmatch(text)
    if match is None:
        return ""
    numbers = (Path("/sys/bus/usb/devices") / match[1] / name for name in ("busnum", "devnum"))
    try:
        bus, device = (int(number.read_text()) for number in numbers)
    except (OSError, ValueError):
        return ""
    return f"/dev/bus/usb/{bus:03}/{device:03}"
