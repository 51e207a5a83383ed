"""winhttp: the proxies that `netsh winhttp` has set for the services of Windows. It asks, and sets nothing."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi.kernel32 import GlobalFree
from shim.winapi.loader import Library, Pointer


class PROXY_INFO(ctypes.Structure):
    """What is set. The texts are Windows' own, to be freed."""

    _fields_ = (("access", w.DWORD), ("proxy", ctypes.c_void_p), ("bypass", ctypes.c_void_p))


_WINHTTP = Library("winhttp")

WinHttpGetDefaultProxyConfiguration: Callable[[Pointer], int] = _WINHTTP.function(
    "WinHttpGetDefaultProxyConfiguration", w.BOOL, ctypes.c_void_p
)


def machine_proxy() -> str:
    """The proxies, as one text; "" for none."""
    info = PROXY_INFO()
    if not WinHttpGetDefaultProxyConfiguration(ctypes.byref(info)):
        return ""
    proxy, _ = _taken(info.proxy), _taken(info.bypass)
    return proxy


def _taken(text: int | None) -> str:
    """The text at an address, which is freed."""
    if not text:
        return ""
    value = ctypes.wstring_at(text)
    GlobalFree(text)
    return value
