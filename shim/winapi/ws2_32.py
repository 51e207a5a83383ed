"""ws2_32: the addresses of a socket that is known by its handle only."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from shim.winapi.loader import Library, Pointer

_WS2_32 = Library("ws2_32")
_Address = Callable[[int, Pointer, Pointer], int]
_AF_INET, _AF_INET6 = 2, 23
_V4_MAPPED = bytes(10) + b"\xff\xff"

# 0, or -1 also for a handle that is no socket.
getsockname: _Address = _WS2_32.function("getsockname", ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p)
getpeername: _Address = _WS2_32.function("getpeername", ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p)


def ends(handle: int) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
    """The IPv4 addresses of both ends of a connection; None for an end that has none, and for what is no socket."""
    local = _address(getsockname, handle)
    return local, None if local is None else _address(getpeername, handle)


def _address(function: _Address, handle: int) -> tuple[str, int] | None:
    buffer, size = ctypes.create_string_buffer(128), ctypes.c_int(128)
    if function(handle, buffer, ctypes.byref(size)) != 0:
        return None
    data = buffer.raw
    family, port = int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "big")
    if family == _AF_INET:
        return ".".join(map(str, data[4:8])), port
    if family == _AF_INET6 and data[8:20] == _V4_MAPPED:
        return ".".join(map(str, data[20:24])), port
    return None
