"""The label printer as a printer of Windows: raw bytes into its queue, past the driver, or a page by its driver.

Windows only; elsewhere both say so when a label is wanted. L2; the calls themselves are winspool.py's.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.label.line import QueueLine
from shim.devices.label.press import Draw, Press, lost
from shim.devices.label.statuses import Fault

if TYPE_CHECKING:
    from shim.winapi.winspool import DriverJob, RawJob

_DOCUMENT = "VirtualCard"  # what the queue shows; nothing of the patient

# PRINTER_STATUS_ of winspool.h.
_STATUS = (
    (0x00400000, Fault.HEAD_OPEN), (0x00000010, Fault.PAPER_OUT), (0x00000008, Fault.PAPER_JAM),
    (0x00000001, Fault.PAUSED), (0x00001080, Fault.OFFLINE), (0x00100002, Fault.ERROR),
)  # fmt: skip
_ACCESS_DENIED, _INVALID_PRINTER_NAME = 5, 1801


def queue_fault(status: int) -> Fault | None:
    """What the PRINTER_STATUS_ bits of a queue mean for a label."""
    return next((fault for bits, fault in _STATUS if status & bits), None)


class SpoolerLine(QueueLine):
    """Raw bytes into the queue `printer`: for printers that speak a label language."""

    def __init__(self, printer: str) -> None:
        self._printer = printer
        self._job: RawJob | None = None

    @property
    def title(self) -> str:
        return f"标签打印机 {self._printer}"

    def open(self, limit: float) -> None:
        if sys.platform != "win32":
            raise _only_windows(self.title, "spooler")
        from shim.winapi import winspool

        try:
            self._job = winspool.RawJob(self._printer)
        except OSError as error:
            raise _refusal(self.title, error) from error

    def fault(self) -> Fault | None:
        return queue_fault(self._open_job.status())

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._open_job.write(data, _DOCUMENT)

    def drain(self, limit: float) -> None:
        self._open_job.end()

    def close(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.close()

    @property
    def _open_job(self) -> RawJob:
        if self._job is None:
            raise OSError("not open")
        return self._job


class DriverPress(Press):
    """A page by the driver of `printer`, whatever it speaks, at the driver's resolution: modules stay whole dots."""

    def __init__(self, printer: str) -> None:
        self._printer = printer

    @property
    def title(self) -> str:
        return f"标签打印机 {self._printer}"

    def print(self, draw: Draw, limit: float) -> None:
        job = self._open()
        try:
            page = job.page()
            dots = draw(page.dpi_across)
            tall = round(dots.height * page.dpi_down / page.dpi_across)
            right, bottom = dots.ink()
            if right > page.width or bottom * page.dpi_down // page.dpi_across > page.height:
                size = f"{page.width * 25.4 / page.dpi_across:.0f} x {page.height * 25.4 / page.dpi_down:.0f}"
                advice = f"驱动设置的纸张只能打印 {size} 毫米，放不下标签；请在该打印机的首选项中选择标签的纸张"
                raise DeviceUnavailable(self.title, Unavailable.NOT_READY, advice)
            job.print(dots.rows, dots.width, dots.height, tall, _DOCUMENT)
        except OSError as error:
            raise lost(self.title, error) from error
        finally:
            job.close()

    def status(self, limit: float) -> Fault | str | None:
        self._open().close()
        return "经驱动打印不能查询打印机的状态"

    def _open(self) -> DriverJob:
        if sys.platform != "win32":
            raise _only_windows(self.title, "driver")
        from shim.winapi import winspool

        try:
            return winspool.DriverJob(self._printer)
        except OSError as error:
            raise _refusal(self.title, error) from error


def there_are() -> str:
    """The printers of this PC for a message."""
    if sys.platform != "win32":
        return "无"
    from shim.winapi import winspool

    try:
        return "、".join(winspool.printers()) or "无"
    except OSError:
        return "无法列出"


def _only_windows(title: str, kind: str) -> DeviceUnavailable:
    return DeviceUnavailable(title, Unavailable.NOT_SET_UP, f"[label] type = {kind} 只用于 Windows")


def _refusal(title: str, error: OSError) -> DeviceUnavailable:
    code = getattr(error, "winerror", None)
    if code == _ACCESS_DENIED:
        return DeviceUnavailable(title, Unavailable.BUSY, "本用户没有使用该打印机的权限，请在打印机属性中授权")
    advice = f"本机现有打印机：{there_are()}；请在 vcshim.ini 的 [label] 改正 printer（错误 {code}）"
    return DeviceUnavailable(title, Unavailable.NOT_FOUND, advice)
