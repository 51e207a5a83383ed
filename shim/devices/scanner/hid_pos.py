"""The scanner as USB HID-POS device, by hidapi (module hid). The only module that imports it. L2.

Where a report keeps its length, its data and the sign that more follows differs from make to make: rows. A code ends
with the report that has no more after it, so CR is put there and framing needs no silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.lines.base import Line

# USB HID POS Usage Tables 1.02: page 8C bar code scanner, usage 2 bar code scanner.
_PAGE, _USAGE = 0x8C, 0x02
_REPORT_BYTES = 64
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Layout:
    """Input report `report`: data `first`..`last` with its length at `length_at`; bit 0 at `more_at`: more follows.

    `command` is what stands before a serial command in an output report: ``{length}`` for the length, else bytes.
    `enter` is a feature report that makes the scanner obey; empty for none.
    """

    make: str
    vendor: int
    report: int
    length_at: int
    first: int
    last: int
    more_at: int
    command: tuple[int | str, ...]
    enter: bytes
    evidence: str

    def data(self, report: Sequence[int]) -> bytes | None:
        """The data of one input report, ended by CR where no more follows; None for another kind of report."""
        if len(report) <= max(self.more_at, self.last) or report[0] != self.report:
            return None
        length = min(report[self.length_at], self.last - self.first + 1)
        data = bytes(report[self.first : self.first + length])
        return data if report[self.more_at] & 1 else data + b"\r"

    def output(self, command: bytes) -> bytes:
        """The output report that carries a serial command."""
        head = bytes(len(command) if part == "{length}" else int(part) for part in self.command)
        return (head + command).ljust(_REPORT_BYTES, b"\0")


LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "newland", 0x1EAB, 2, 1, 2, 57, 63, (0x04, "{length}"), b"",
        "Newland FM420 manual, HID-POS, p.47; output: Newland wiki 435",
    ),
    Layout(
        "honeywell", 0x0C2E, 2, 1, 5, 60, 63, (0xFD, "{length}"), b"\xfe\x01",
        "public code (HenkVanAsselt/python_hon_usbhid): bytes 2 to 4 are the AIM identifier, 61 the symbology",
    ),
)  # fmt: skip


def layout_from(text: str) -> Layout:
    """A site's own row: "report,length_at,first,last,more_at". ValueError where it is not five such numbers."""
    numbers = [int(part) for part in text.split(",")]
    report, length_at, first, last, more_at = numbers
    if not all(0 <= number < _REPORT_BYTES for number in numbers) or first > last:
        raise ValueError(text)
    return Layout("custom", 0, report, length_at, first, last, more_at, (0x04, "{length}"), b"", "vcshim.ini")


class HidPosLine(Line):
    """The scanner with `device` "VID:PID" in hex, or the first HID-POS scanner there is.

    `layout` overrules the row of its vendor. `backend` stands in for the hid module in tests.
    """

    def __init__(self, device: str = "", layout: Layout | None = None, backend: Any = None) -> None:
        self._device = device.upper()
        self._given = layout
        self._layout = layout or LAYOUTS[0]
        self._backend = backend
        self._line: Any = None

    @property
    def title(self) -> str:
        return f"扫码枪 HID-POS {self._device}".rstrip()

    def found(self) -> list[dict[str, Any]]:
        """The HID-POS scanners of this PC that the settings allow, as hidapi describes them."""
        scanners = [
            row for row in self._hid().enumerate() if row["usage_page"] == _PAGE and row["usage"] in (_USAGE, 0)
        ]  # fmt: skip
        return [row for row in scanners if self._device in ("", f"{row['vendor_id']:04X}:{row['product_id']:04X}")]

    def open(self, limit: float) -> None:
        rows = self.found()
        if not rows:
            raise DeviceUnavailable(
                self.title,
                Unavailable.NOT_FOUND,
                "没有发现处于 HID-POS 模式的扫码枪，请检查接线，用说明书上的设置码切换到 HID-POS（或改用串口模式）",
            )
        row = rows[0]
        vendors = {layout.vendor: layout for layout in LAYOUTS}
        self._layout = self._given or vendors.get(row["vendor_id"], LAYOUTS[0])
        line = self._hid().device()
        try:
            line.open_path(row["path"])
            line.set_nonblocking(1)
            if self._layout.enter:
                line.send_feature_report(self._layout.enter)
        except (OSError, ValueError) as error:
            line.close()
            raise DeviceUnavailable(
                self.title, Unavailable.BUSY, "请关闭正在使用扫码枪的其他程序；仍不行请拔插扫码枪后重试"
            ) from error
        self._line = line

    def read(self, limit: float = 0.0) -> bytes:
        return b"".join(self._layout.data(report) or b"" for report in self._reports())

    def write(self, data: bytes, limit: float = 1.0) -> None:
        if self._call(self._line.write, self._layout.output(data)) < 0:
            raise OSError("HID write failed")

    def discard(self) -> None:
        for _ in self._reports():
            pass

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _reports(self) -> Iterator[Sequence[int]]:
        """What has come; a device that never stops is left for the next look."""
        for _ in range(_AT_ONCE):
            report = self._call(self._line.read, _REPORT_BYTES)
            if not report:
                return
            yield report

    def _call(self, function: Any, argument: Any) -> Any:
        try:
            return function(argument)
        except ValueError as error:  # hidapi: "not open"
            raise OSError(str(error)) from error

    def _hid(self) -> Any:
        if self._backend is None:
            import hid

            self._backend = hid
        return self._backend
