"""Printing by a driver of Windows: one page with a picture, whatever the printer understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shim import submission
from shim.bilingual import Bilingual
from shim.devices.base import DeviceUnavailable, spaced
from shim.devices.label import statuses, windows_printers
from shim.devices.label.print_method import PrintMethod, Render, transfer_failed
from shim.devices.label.statuses import Fault
from shim.messages import label as rows

if TYPE_CHECKING:
    from shim.winapi.winspool import DriverJob


class GdiPrintMethod(PrintMethod):
    """A page at the resolution of the driver of `printer`, so that QR modules stay whole dots. Windows only."""

    def __init__(self, printer: str) -> None:
        self._printer = printer

    @property
    def title(self) -> str:
        return windows_printers.printer_title(self._printer)

    def print(self, render: Render, limit: float) -> None:
        job = self._open()
        try:
            page = job.page()
            dots = render(page.dpi_across)
            height_on_page = round(dots.height * page.dpi_down / page.dpi_across)
            right, bottom = dots.ink()
            if right > page.width or bottom * page.dpi_down // page.dpi_across > page.height:
                size = f"{page.width * 25.4 / page.dpi_across:.0f} x {page.height * 25.4 / page.dpi_down:.0f}"
                raise DeviceUnavailable(rows.PAGE_TOO_SMALL, printer=spaced(self.title), size=size)
            submission.begin()
            job.print(dots.rows, dots.width, dots.height, height_on_page, windows_printers.DOCUMENT)
        except OSError as error:
            raise transfer_failed(self.title, error, limit) from error
        finally:
            job.close()

    def status(self, limit: float) -> Fault | Bilingual | None:
        self._open().close()
        return statuses.BY_DRIVER

    def _open(self) -> DriverJob:
        from shim.winapi import winspool

        try:
            return winspool.DriverJob(self._printer)
        except OSError as error:
            raise windows_printers.printer_refusal(self._printer, error) from error
