"""Windows' print spooler by ctypes: printers, raw jobs, and pages by a driver (GDI). Windows only. L2.

Thin: one method a step, OSError with the system's error number for every failure; what a failure means to a clerk is
spooler.py's and driver.py's. System libraries are taken from System32 only.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from dataclasses import dataclass
from typing import Any

if sys.platform != "win32":
    raise ImportError("Windows only")

_SYSTEM32 = 0x800
_SPOOL = ctypes.WinDLL("winspool.drv", winmode=_SYSTEM32, use_last_error=True)
_GDI = ctypes.WinDLL("gdi32", winmode=_SYSTEM32, use_last_error=True)
_HANDLE = wintypes.HANDLE
_HORZRES, _VERTRES, _LOGPIXELSX, _LOGPIXELSY = 8, 10, 88, 90
_SRCCOPY, _DIB_RGB_COLORS, _GDI_ERROR = 0x00CC0020, 0, -1
_LOCAL_AND_CONNECTED = 0x2 | 0x4


class _DocInfo1(ctypes.Structure):
    """DOC_INFO_1W."""

    _fields_ = (("name", wintypes.LPCWSTR), ("output", wintypes.LPCWSTR), ("datatype", wintypes.LPCWSTR))


class _DocInfo(ctypes.Structure):
    """DOCINFOW of GDI."""

    _fields_ = (
        ("size", ctypes.c_int), ("name", wintypes.LPCWSTR), ("output", wintypes.LPCWSTR),
        ("datatype", wintypes.LPCWSTR), ("type", wintypes.DWORD),
    )  # fmt: skip


class _PrinterInfo4(ctypes.Structure):
    """PRINTER_INFO_4W."""

    _fields_ = (("name", wintypes.LPWSTR), ("server", wintypes.LPWSTR), ("attributes", wintypes.DWORD))


class _BitmapInfo(ctypes.Structure):
    """BITMAPINFOHEADER and the two colours of a picture in black and white."""

    _fields_ = (
        ("size", wintypes.DWORD), ("width", wintypes.LONG), ("height", wintypes.LONG), ("planes", wintypes.WORD),
        ("bits", wintypes.WORD), ("compression", wintypes.DWORD), ("image_size", wintypes.DWORD),
        ("x_per_meter", wintypes.LONG), ("y_per_meter", wintypes.LONG), ("used", wintypes.DWORD),
        ("important", wintypes.DWORD), ("colours", wintypes.DWORD * 2),
    )  # fmt: skip


def _declare(library: Any, name: str, result: object, *arguments: object) -> Any:
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments
    return function


_BOOL, _DWORD, _INT, _TEXT, _ANY = wintypes.BOOL, wintypes.DWORD, ctypes.c_int, wintypes.LPCWSTR, ctypes.c_void_p
_PDWORD = ctypes.POINTER(_DWORD)
_OpenPrinter = _declare(_SPOOL, "OpenPrinterW", _BOOL, _TEXT, ctypes.POINTER(_HANDLE), _ANY)
_ClosePrinter = _declare(_SPOOL, "ClosePrinter", _BOOL, _HANDLE)
_StartDocPrinter = _declare(_SPOOL, "StartDocPrinterW", _DWORD, _HANDLE, _DWORD, ctypes.POINTER(_DocInfo1))
_StartPagePrinter = _declare(_SPOOL, "StartPagePrinter", _BOOL, _HANDLE)
_WritePrinter = _declare(_SPOOL, "WritePrinter", _BOOL, _HANDLE, _ANY, _DWORD, _PDWORD)
_EndPagePrinter = _declare(_SPOOL, "EndPagePrinter", _BOOL, _HANDLE)
_EndDocPrinter = _declare(_SPOOL, "EndDocPrinter", _BOOL, _HANDLE)
_AbortPrinter = _declare(_SPOOL, "AbortPrinter", _BOOL, _HANDLE)
_GetPrinter = _declare(_SPOOL, "GetPrinterW", _BOOL, _HANDLE, _DWORD, _ANY, _DWORD, _PDWORD)
_EnumPrinters = _declare(_SPOOL, "EnumPrintersW", _BOOL, _DWORD, _TEXT, _DWORD, _ANY, _DWORD, _PDWORD, _PDWORD)
_CreateDC = _declare(_GDI, "CreateDCW", _HANDLE, _TEXT, _TEXT, _TEXT, _ANY)
_DeleteDC = _declare(_GDI, "DeleteDC", _BOOL, _HANDLE)
_GetDeviceCaps = _declare(_GDI, "GetDeviceCaps", _INT, _HANDLE, _INT)
_StartDoc = _declare(_GDI, "StartDocW", _INT, _HANDLE, ctypes.POINTER(_DocInfo))
_StartPage = _declare(_GDI, "StartPage", _INT, _HANDLE)
_EndPage = _declare(_GDI, "EndPage", _INT, _HANDLE)
_EndDoc = _declare(_GDI, "EndDoc", _INT, _HANDLE)
_AbortDoc = _declare(_GDI, "AbortDoc", _INT, _HANDLE)
_StretchDIBits = _declare(
    _GDI, "StretchDIBits", _INT, _HANDLE, *[_INT] * 8, _ANY, ctypes.POINTER(_BitmapInfo), wintypes.UINT, _DWORD
)  # fmt: skip


def _must(done: object) -> None:
    if not done:
        raise _failure()


def _failure() -> OSError:
    code = ctypes.get_last_error()
    return OSError(None, f"winspool error {code}", None, code)


def printers() -> tuple[str, ...]:
    """The names of the printers of this user."""
    needed, count = _DWORD(), _DWORD()
    _EnumPrinters(_LOCAL_AND_CONNECTED, None, 4, None, 0, ctypes.byref(needed), ctypes.byref(count))
    if not needed.value:
        return ()
    buffer = ctypes.create_string_buffer(needed.value)
    _must(_EnumPrinters(_LOCAL_AND_CONNECTED, None, 4, buffer, needed.value, ctypes.byref(needed), ctypes.byref(count)))
    rows = ctypes.cast(buffer, ctypes.POINTER(_PrinterInfo4 * count.value)).contents
    return tuple(str(row.name) for row in rows)


class RawJob:
    """One job of bytes that no driver touches."""

    def __init__(self, printer: str) -> None:
        """Open the queue `printer`; nothing is printed yet."""
        self._handle = _HANDLE()
        self._begun = False
        _must(_OpenPrinter(printer, ctypes.byref(self._handle), None))

    def status(self) -> int:
        """The PRINTER_STATUS_ bits of the queue; 0 where the system does not tell."""
        status, needed = _DWORD(), _DWORD()
        size = ctypes.sizeof(status)
        told = _GetPrinter(self._handle, 6, ctypes.byref(status), size, ctypes.byref(needed))
        return int(status.value) if told else 0

    def write(self, data: bytes, title: str) -> None:
        """Begin the job at the first call; all of `data` is taken when this returns."""
        if not self._begun:
            _must(_StartDocPrinter(self._handle, 1, ctypes.byref(_DocInfo1(title, None, "RAW"))))
            self._begun = True
            _must(_StartPagePrinter(self._handle))
        while data:
            taken = _DWORD()
            _must(_WritePrinter(self._handle, data, len(data), ctypes.byref(taken)))
            if not taken.value:
                raise TimeoutError("the spooler takes no more")
            data = data[taken.value :]

    def end(self) -> None:
        """Hand the job over to the queue."""
        if self._begun:
            _must(_EndPagePrinter(self._handle))
            _must(_EndDocPrinter(self._handle))
            self._begun = False

    def close(self) -> None:
        """Close the queue; a job that was not ended is given up."""
        handle, self._handle = self._handle, _HANDLE()
        if handle:
            if self._begun:
                _AbortPrinter(handle)
            _ClosePrinter(handle)


@dataclass(frozen=True, slots=True)
class Page:
    """What a driver can print on: dots an inch, and the size of the printable area in dots."""

    dpi_across: int
    dpi_down: int
    width: int
    height: int


class DriverJob:
    """One page of a picture in black and white, by the printer's own driver."""

    def __init__(self, printer: str) -> None:
        """Ask the driver of `printer`; nothing is printed yet."""
        self._dc = _CreateDC("WINSPOOL", printer, None, None)
        self._begun = False
        _must(self._dc)

    def page(self) -> Page:
        """The page that the driver is set to."""
        across, down, width, height = (
            int(_GetDeviceCaps(self._dc, cap)) for cap in (_LOGPIXELSX, _LOGPIXELSY, _HORZRES, _VERTRES)
        )
        return Page(across, down, width, height)

    def print(self, rows: bytes, width: int, height: int, tall: int, title: str) -> None:
        """One page with a picture of `width` x `height` dots at its left top, `tall` dots high on paper.

        `rows` from the top, 1 is black, filled up to whole bytes.
        """
        stride, aligned = (width + 7) // 8, (width + 31) // 32 * 4
        lines = (rows[y * stride : (y + 1) * stride] for y in range(height))
        # From the bottom, as every driver takes it.
        picture = b"".join([line.ljust(aligned, b"\0") for line in lines][::-1])
        info = _BitmapInfo(40, width, height, 1, 1, 0, len(picture), 0, 0, 2, 2, (_DWORD * 2)(0x00FFFFFF, 0))
        document = _DocInfo(ctypes.sizeof(_DocInfo), title, None, None, 0)
        if _StartDoc(self._dc, ctypes.byref(document)) <= 0:
            raise _failure()
        self._begun = True
        if _StartPage(self._dc) <= 0:
            raise _failure()
        lines_set = _StretchDIBits(
            self._dc, 0, 0, width, tall, 0, 0, width, height, picture, ctypes.byref(info), _DIB_RGB_COLORS, _SRCCOPY
        )
        if lines_set in (0, _GDI_ERROR) or _EndPage(self._dc) <= 0 or _EndDoc(self._dc) <= 0:
            raise _failure()
        self._begun = False

    def close(self) -> None:
        """Release the driver; a page that was not ended is given up."""
        dc, self._dc = self._dc, None
        if dc:
            if self._begun:
                _AbortDoc(dc)
            _DeleteDC(dc)
