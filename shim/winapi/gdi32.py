"""gdi32: pictures in memory, on a window and on a printer's page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi.loader import Library, Pointer

_int, _pointer = ctypes.c_int, ctypes.c_void_p

SRCCOPY, DIB_RGB_COLORS, GDI_ERROR = 0x00CC0020, 0, -1
HORZRES, VERTRES, LOGPIXELSX, LOGPIXELSY = 8, 10, 88, 90


class BITMAPINFOHEADER(ctypes.Structure):
    """The size of a picture and its bits a dot. A positive height says that the bottom row comes first."""

    _fields_ = (
        ("size", w.DWORD), ("width", w.LONG), ("height", w.LONG), ("planes", w.WORD), ("bits", w.WORD),
        ("compression", w.DWORD), ("image_size", w.DWORD), ("x_per_metre", w.LONG), ("y_per_metre", w.LONG),
        ("used", w.DWORD), ("important", w.DWORD),
    )  # fmt: skip


class BITMAPINFO2(ctypes.Structure):
    """BITMAPINFO of a picture in two colours, each 0x00RRGGBB. One of 32 bits a dot is its header alone."""

    _fields_ = (("header", BITMAPINFOHEADER), ("colours", w.DWORD * 2))


class DOCINFOW(ctypes.Structure):
    """A document for a printer's driver."""

    _fields_ = (
        ("size", _int), ("name", w.LPCWSTR), ("output", w.LPCWSTR), ("datatype", w.LPCWSTR), ("type", w.DWORD),
    )  # fmt: skip


_GDI32 = Library("gdi32")

CreateCompatibleDC: Callable[[int | None], int | None] = _GDI32.function("CreateCompatibleDC", w.HDC, w.HDC)
# A BITMAPINFO has as many colours at its end as its picture needs: any pointer will do.
CreateDIBSection: Callable[[int | None, Pointer, int, Pointer, int | None, int], int | None] = _GDI32.function(
    "CreateDIBSection", w.HANDLE, w.HDC, _pointer, w.UINT, ctypes.POINTER(w.LPVOID), w.HANDLE, w.DWORD
)
SelectObject: Callable[[int, int], int | None] = _GDI32.function("SelectObject", w.HANDLE, w.HDC, w.HANDLE)
DeleteObject: Callable[[int | None], int] = _GDI32.function("DeleteObject", w.BOOL, w.HANDLE)
SetDIBitsToDevice: Callable[[int, int, int, int, int, int, int, int, int, bytes, Pointer, int], int] = _GDI32.function(
    "SetDIBitsToDevice", _int, w.HDC, _int, _int, w.DWORD, w.DWORD, _int, _int, w.UINT, w.UINT, ctypes.c_char_p,
    _pointer, w.UINT,
)  # fmt: skip
BitBlt: Callable[[int | None, int, int, int, int, int, int, int, int], int] = _GDI32.function(
    "BitBlt", w.BOOL, w.HDC, _int, _int, _int, _int, w.HDC, _int, _int, w.DWORD
)

CreateDCW: Callable[[str, str, str | None, Pointer], int | None] = _GDI32.function(
    "CreateDCW", w.HDC, w.LPCWSTR, w.LPCWSTR, w.LPCWSTR, _pointer
)
DeleteDC: Callable[[int], int] = _GDI32.function("DeleteDC", w.BOOL, w.HDC)
GetDeviceCaps: Callable[[int, int], int] = _GDI32.function("GetDeviceCaps", _int, w.HDC, _int)
StartDocW: Callable[[int, Pointer], int] = _GDI32.function("StartDocW", _int, w.HDC, ctypes.POINTER(DOCINFOW))
StartPage: Callable[[int], int] = _GDI32.function("StartPage", _int, w.HDC)
EndPage: Callable[[int], int] = _GDI32.function("EndPage", _int, w.HDC)
EndDoc: Callable[[int], int] = _GDI32.function("EndDoc", _int, w.HDC)
AbortDoc: Callable[[int], int] = _GDI32.function("AbortDoc", _int, w.HDC)
StretchDIBits: Callable[
    [int, int, int, int, int, int, int, int, int, Pointer, Pointer, int, int], int
] = _GDI32.function("StretchDIBits", _int, w.HDC, *[_int] * 8, _pointer, _pointer, w.UINT, w.DWORD)  # fmt: skip
