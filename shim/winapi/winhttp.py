"""winhttp: the proxies that Windows is set to, for this user and for services. It asks, and sets nothing."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import wintypes as w

from shim.winapi.kernel32 import GlobalFree
from shim.winapi.loader import Library, Pointer


class CURRENT_USER_IE_PROXY_CONFIG(ctypes.Structure):
    """What the Internet options of a user say. The texts are Windows' own, to be freed."""

    _fields_ = (
        ("detects", w.BOOL), ("script", ctypes.c_void_p), ("proxy", ctypes.c_void_p), ("bypass", ctypes.c_void_p),
    )  # fmt: skip


class PROXY_INFO(ctypes.Structure):
    """What `netsh winhttp set proxy` has set."""

    _fields_ = (("access", w.DWORD), ("proxy", ctypes.c_void_p), ("bypass", ctypes.c_void_p))


_WINHTTP = Library("winhttp")

WinHttpGetIEProxyConfigForCurrentUser: Callable[[Pointer], int] = _WINHTTP.function(
    "WinHttpGetIEProxyConfigForCurrentUser", w.BOOL, ctypes.c_void_p
)
WinHttpGetDefaultProxyConfiguration: Callable[[Pointer], int] = _WINHTTP.function(
    "WinHttpGetDefaultProxyConfiguration", w.BOOL, ctypes.c_void_p
)


def user_proxy() -> tuple[str, str]:
    """The proxies and the address of the script of this user's Internet options; "" for none."""
    config = CURRENT_USER_IE_PROXY_CONFIG()
    if not WinHttpGetIEProxyConfigForCurrentUser(ctypes.byref(config)):
        return "", ""
    proxy, script, _ = _taken(config.proxy), _taken(config.script), _taken(config.bypass)
    return proxy, script


def machine_proxy() -> str:
    """The proxies of WinHTTP's own settings; "" for none."""
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
