"""winspool.drv: printers, raw jobs, and pages by a printer's own driver (GDI).

Thin: one method a step, OSError with the system's error number for every failure. What a failure means to a clerk is
known in devices/label/spooler.py.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w
from dataclasses import dataclass

from shim.winapi import gdi32, loader
from shim.winapi.gdi32 import BITMAPINFO2, BITMAPINFOHEADER, DOCINFOW
from shim.winapi.loader import Library, Pointer

_PRINTER_ENUM_LOCAL, _PRINTER_ENUM_CONNECTIONS = 0x2, 0x4
_WHITE_AND_BLACK = (0x00FFFFFF, 0)  # the colours of a bit that is 0, and of one that is 1


class DOC_INFO_1W(ctypes.Structure):
    """A document for a queue."""

    _fields_ = (("name", w.LPCWSTR), ("output", w.LPCWSTR), ("datatype", w.LPCWSTR))


class PRINTER_INFO_4W(ctypes.Structure):
    """A printer's name."""

    _fields_ = (("name", w.LPWSTR), ("server", w.LPWSTR), ("attributes", w.DWORD))


_WINSPOOL = Library("winspool.drv")
_pointer, _count = ctypes.c_void_p, ctypes.POINTER(w.DWORD)

OpenPrinterW: Callable[[str, Pointer, Pointer], int] = _WINSPOOL.function(
    "OpenPrinterW", w.BOOL, w.LPCWSTR, ctypes.POINTER(w.HANDLE), _pointer
)
ClosePrinter: Callable[[w.HANDLE], int] = _WINSPOOL.function("ClosePrinter", w.BOOL, w.HANDLE)
StartDocPrinterW: Callable[[w.HANDLE, int, Pointer], int] = _WINSPOOL.function(
    "StartDocPrinterW", w.DWORD, w.HANDLE, w.DWORD, ctypes.POINTER(DOC_INFO_1W)
)
StartPagePrinter: Callable[[w.HANDLE], int] = _WINSPOOL.function("StartPagePrinter", w.BOOL, w.HANDLE)
WritePrinter: Callable[[w.HANDLE, bytes, int, Pointer], int] = _WINSPOOL.function(
    "WritePrinter", w.BOOL, w.HANDLE, _pointer, w.DWORD, _count
)
EndPagePrinter: Callable[[w.HANDLE], int] = _WINSPOOL.function("EndPagePrinter", w.BOOL, w.HANDLE)
EndDocPrinter: Callable[[w.HANDLE], int] = _WINSPOOL.function("EndDocPrinter", w.BOOL, w.HANDLE)
AbortPrinter: Callable[[w.HANDLE], int] = _WINSPOOL.function("AbortPrinter", w.BOOL, w.HANDLE)
GetPrinterW: Callable[[w.HANDLE, int, Pointer, int, Pointer], int] = _WINSPOOL.function(
    "GetPrinterW", w.BOOL, w.HANDLE, w.DWORD, _pointer, w.DWORD, _count
)
EnumPrintersW: Callable[[int, str | None, int, Pointer, int, Pointer, Pointer], int] = _WINSPOOL.function(
    "EnumPrintersW", w.BOOL, w.DWORD, w.LPCWSTR, w.DWORD, _pointer, w.DWORD, _count, _count
)


def _must(result: object) -> None:
    if not result:
        raise _failure()


def _failure() -> OSError:
    """NB: not the system's text, in which a caller could find the word time-out."""
    code = loader.last_error()
    return OSError(None, f"winspool error {code}", None, code)


def printers() -> tuple[str, ...]:
    """The names of the printers of this user, those of other PCs that they are connected to included."""
    which = _PRINTER_ENUM_LOCAL | _PRINTER_ENUM_CONNECTIONS
    needed, count = w.DWORD(), w.DWORD()
    EnumPrintersW(which, None, 4, None, 0, ctypes.byref(needed), ctypes.byref(count))
    if not needed.value:
        return ()
    buffer = ctypes.create_string_buffer(needed.value)
    _must(EnumPrintersW(which, None, 4, buffer, needed.value, ctypes.byref(needed), ctypes.byref(count)))
    rows = ctypes.cast(buffer, ctypes.POINTER(PRINTER_INFO_4W * count.value)).contents
    return tuple(str(row.name) for row in rows)


class RawJob:
    """One job of bytes that no driver touches. For one thread; every method may raise OSError, but not `close`."""

    def __init__(self, printer: str) -> None:
        """Open the queue `printer`; nothing is printed yet."""
        self._handle = w.HANDLE()
        self._begun = False
        _must(OpenPrinterW(printer, ctypes.byref(self._handle), None))

    def status(self) -> int:
        """The PRINTER_STATUS_ bits of the queue; 0 if the system does not tell."""
        status, needed = w.DWORD(), w.DWORD()
        size = ctypes.sizeof(status)
        known = GetPrinterW(self._handle, 6, ctypes.byref(status), size, ctypes.byref(needed))
        return int(status.value) if known else 0

    def write(self, data: bytes, title: str) -> None:
        """Begin the job at the first call; the spooler has all of `data` on return.

        Raises:
            TimeoutError: the spooler accepts no more.
        """
        if not self._begun:
            _must(StartDocPrinterW(self._handle, 1, ctypes.byref(DOC_INFO_1W(title, None, "RAW"))))
            self._begun = True
            _must(StartPagePrinter(self._handle))
        while data:
            written = w.DWORD()
            _must(WritePrinter(self._handle, data, len(data), ctypes.byref(written)))
            if not written.value:
                raise TimeoutError("the spooler accepts no more")
            data = data[written.value :]

    def end(self) -> None:
        """Hand the job over to the queue."""
        if self._begun:
            _must(EndPagePrinter(self._handle))
            _must(EndDocPrinter(self._handle))
            self._begun = False

    def close(self) -> None:
        """Close the queue; a job that was not ended is discarded."""
        handle, self._handle = self._handle, w.HANDLE()
        if handle:
            if self._begun:
                AbortPrinter(handle)
            ClosePrinter(handle)


@dataclass(frozen=True, slots=True)
class PrintableArea:
    """What a driver can print on: dots an inch, and the size of the area in dots."""

    dpi_across: int
    dpi_down: int
    width: int
    height: int


class DriverJob:
    """One page with a black and white picture, by the printer's own driver. For one thread; OSError as in `RawJob`."""

    def __init__(self, printer: str) -> None:
        """Ask the driver of `printer`; nothing is printed yet."""
        self._dc = gdi32.CreateDCW("WINSPOOL", printer, None, None)
        self._begun = False
        _must(self._dc)

    def page(self) -> PrintableArea:
        """The page that the driver is set to."""
        capabilities = (gdi32.LOGPIXELSX, gdi32.LOGPIXELSY, gdi32.HORZRES, gdi32.VERTRES)
        return PrintableArea(*(gdi32.GetDeviceCaps(self._open_dc, capability) for capability in capabilities))

    def print(self, rows: bytes, width: int, height: int, tall: int, title: str) -> None:
        """Print one page: a picture of `width` x `height` dots at its top left, `tall` dots high on paper.

        Args:
            rows: from the top, 1 is black, each padded to whole bytes.
        """
        dc = self._open_dc
        stride, aligned = (width + 7) // 8, (width + 31) // 32 * 4
        lines = (rows[y * stride : (y + 1) * stride] for y in range(height))
        # From the bottom, which every driver accepts.
        picture = b"".join([line.ljust(aligned, b"\0") for line in lines][::-1])
        header = BITMAPINFOHEADER(ctypes.sizeof(BITMAPINFOHEADER), width, height, 1, 1, 0, len(picture), 0, 0, 2, 2)
        info = BITMAPINFO2(header, _WHITE_AND_BLACK)
        document = DOCINFOW(ctypes.sizeof(DOCINFOW), title, None, None, 0)
        if gdi32.StartDocW(dc, ctypes.byref(document)) <= 0:
            raise _failure()
        self._begun = True
        if gdi32.StartPage(dc) <= 0:
            raise _failure()
        scan_lines = gdi32.StretchDIBits(
            dc, 0, 0, width, tall, 0, 0, width, height, picture, ctypes.byref(info), gdi32.DIB_RGB_COLORS,
            gdi32.SRCCOPY,
        )  # fmt: skip
        if scan_lines in (0, gdi32.GDI_ERROR) or gdi32.EndPage(dc) <= 0 or gdi32.EndDoc(dc) <= 0:
            raise _failure()
        self._begun = False

    def close(self) -> None:
        """Release the driver; a page that was not ended is discarded."""
        dc, self._dc = self._dc, None
        if dc:
            if self._begun:
                gdi32.AbortDoc(dc)
            gdi32.DeleteDC(dc)

    @property
    def _open_dc(self) -> int:
        if self._dc is None:
            raise OSError("closed")
        return self._dc
