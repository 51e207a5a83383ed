"""Xlib and XRandR by ctypes, under their own names: structures, and the prototypes of what xlib.py calls. No logic."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from ctypes import POINTER, Structure, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from typing import Any

_MAX_EVENT_LONGS = 24


class XSetWindowAttributes(Structure):
    _fields_ = (
        ("background_pixmap", c_ulong), ("background_pixel", c_ulong), ("border_pixmap", c_ulong),
        ("border_pixel", c_ulong), ("bit_gravity", c_int), ("win_gravity", c_int), ("backing_store", c_int),
        ("backing_planes", c_ulong), ("backing_pixel", c_ulong), ("save_under", c_int), ("event_mask", c_long),
        ("do_not_propagate_mask", c_long), ("override_redirect", c_int), ("colormap", c_ulong), ("cursor", c_ulong),
    )  # fmt: skip


class XImage(Structure):
    """`functions` is set by XInitImage."""

    _fields_ = (
        ("width", c_int), ("height", c_int), ("xoffset", c_int), ("format", c_int), ("data", c_char_p),
        ("byte_order", c_int), ("bitmap_unit", c_int), ("bitmap_bit_order", c_int), ("bitmap_pad", c_int),
        ("depth", c_int), ("bytes_per_line", c_int), ("bits_per_pixel", c_int), ("red_mask", c_ulong),
        ("green_mask", c_ulong), ("blue_mask", c_ulong), ("obdata", c_void_p), ("functions", c_void_p * 6),
    )  # fmt: skip


class XRRMonitorInfo(Structure):
    _fields_ = (
        ("name", c_ulong), ("primary", c_int), ("automatic", c_int), ("outputs", c_int), ("x", c_int), ("y", c_int),
        ("width", c_int), ("height", c_int), ("width_mm", c_int), ("height_mm", c_int), ("output", c_void_p),
    )  # fmt: skip


class XEvent(ctypes.Union):
    _fields_ = (("type", c_int), ("room", c_long * _MAX_EVENT_LONGS))


XErrorHandler = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)
XIOErrorHandler = ctypes.CFUNCTYPE(c_int, c_void_p)

# Functions of each library: name, what it returns, its parameters, as in Xlib.h and Xrandr.h.
_DISPLAY, _DRAWABLE, _CONTEXT = c_void_p, c_ulong, c_void_p
_PROTOTYPES: Mapping[str, tuple[tuple[str, Any, tuple[Any, ...]], ...]] = {
    "libX11.so.6": (
        ("XSetErrorHandler", c_void_p, (XErrorHandler,)),
        ("XSetIOErrorHandler", c_void_p, (XIOErrorHandler,)),
        ("XOpenDisplay", c_void_p, (c_char_p,)),
        ("XDefaultScreen", c_int, (_DISPLAY,)),
        ("XDefaultDepth", c_int, (_DISPLAY, c_int)),
        ("XRootWindow", c_ulong, (_DISPLAY, c_int)),
        ("XConnectionNumber", c_int, (_DISPLAY,)),
        ("XCreateWindow", c_ulong, (
            _DISPLAY, _DRAWABLE, c_int, c_int, c_uint, c_uint, c_uint, c_int, c_uint, c_void_p, c_ulong,
            POINTER(XSetWindowAttributes),
        )),
        ("XStoreName", c_int, (_DISPLAY, _DRAWABLE, c_char_p)),
        ("XSelectInput", c_int, (_DISPLAY, _DRAWABLE, c_long)),
        ("XMapRaised", c_int, (_DISPLAY, _DRAWABLE)),
        ("XUnmapWindow", c_int, (_DISPLAY, _DRAWABLE)),
        ("XMoveResizeWindow", c_int, (_DISPLAY, _DRAWABLE, c_int, c_int, c_uint, c_uint)),
        ("XCreatePixmap", c_ulong, (_DISPLAY, _DRAWABLE, c_uint, c_uint, c_uint)),
        ("XFreePixmap", c_int, (_DISPLAY, _DRAWABLE)),
        ("XCreateGC", c_void_p, (_DISPLAY, _DRAWABLE, c_ulong, c_void_p)),
        ("XFreeGC", c_int, (_DISPLAY, _CONTEXT)),
        ("XFillRectangle", c_int, (_DISPLAY, _DRAWABLE, _CONTEXT, c_int, c_int, c_uint, c_uint)),
        ("XInitImage", c_int, (POINTER(XImage),)),
        ("XPutImage", c_int, (
            _DISPLAY, _DRAWABLE, _CONTEXT, POINTER(XImage), c_int, c_int, c_int, c_int, c_uint, c_uint,
        )),
        ("XCopyArea", c_int, (
            _DISPLAY, _DRAWABLE, _DRAWABLE, _CONTEXT, c_int, c_int, c_uint, c_uint, c_int, c_int,
        )),
        ("XFlush", c_int, (_DISPLAY,)),
        ("XPending", c_int, (_DISPLAY,)),
        ("XNextEvent", c_int, (_DISPLAY, POINTER(XEvent))),
        ("XGetAtomName", c_void_p, (_DISPLAY, c_ulong)),
        ("XFree", c_int, (c_void_p,)),
        ("XCreateBitmapFromData", c_ulong, (_DISPLAY, _DRAWABLE, c_char_p, c_uint, c_uint)),
        ("XCreatePixmapCursor", c_ulong, (_DISPLAY, _DRAWABLE, _DRAWABLE, c_void_p, c_void_p, c_uint, c_uint)),
    ),
    "libXrandr.so.2": (
        ("XRRQueryExtension", c_int, (_DISPLAY, POINTER(c_int), POINTER(c_int))),
        ("XRRSelectInput", None, (_DISPLAY, _DRAWABLE, c_int)),
        ("XRRUpdateConfiguration", c_int, (POINTER(XEvent),)),
        ("XRRGetMonitors", POINTER(XRRMonitorInfo), (_DISPLAY, _DRAWABLE, c_int, POINTER(c_int))),
        ("XRRFreeMonitors", None, (POINTER(XRRMonitorInfo),)),
    ),
}  # fmt: skip


def load_library(name: str) -> ctypes.CDLL:
    """One of the libraries, with its prototypes.

    Raises:
        OSError: it is not installed.
    """
    library = ctypes.CDLL(name)
    for function, result, parameters in _PROTOTYPES[name]:
        symbol = getattr(library, function)
        symbol.restype, symbol.argtypes = result, parameters
    return library
