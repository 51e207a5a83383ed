"""Raw bytes into a print queue of Windows, past the driver: for printers that understand a label language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shim.devices.label import windows_printers
from shim.devices.label.queue_line import QueueLine
from shim.devices.label.statuses import Fault

if TYPE_CHECKING:
    from shim.winapi.winspool import RawJob

# PRINTER_STATUS_ of winspool.h.
_STATUS = (
    (0x00400000, Fault.HEAD_OPEN), (0x00000010, Fault.PAPER_OUT), (0x00000008, Fault.PAPER_JAM),
    (0x00000001, Fault.PAUSED), (0x00001080, Fault.OFFLINE), (0x00100002, Fault.ERROR),
)  # fmt: skip


def queue_fault(status: int) -> Fault | None:
    """What the PRINTER_STATUS_ bits of a queue mean for a label."""
    return next((fault for bits, fault in _STATUS if status & bits), None)


class SpoolerLine(QueueLine):
    """One job in the queue `printer`. Windows only."""

    def __init__(self, printer: str) -> None:
        self._printer = printer
        self._job: RawJob | None = None

    @property
    def title(self) -> str:
        return windows_printers.printer_title(self._printer)

    def open(self, limit: float) -> None:
        from shim.winapi import winspool

        try:
            self._job = winspool.RawJob(self._printer)
        except OSError as error:
            raise windows_printers.printer_refusal(self._printer, error) from error

    def fault(self) -> Fault | None:
        return queue_fault(self._open_job.status())

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._open_job.write(data, windows_printers.DOCUMENT)

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
