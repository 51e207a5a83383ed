"""ws2_32: whether this process has a socket, where Windows' table of connections names no owner (Wine)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from shim.winapi.loader import Library, Pointer

_AF_INET = 2
_NAME_BYTES = 28  # of sockaddr_in6
_LAST_HANDLE = 0x10000  # handles are multiples of four, and the lowest free one is taken

# 0, or -1 for what is no socket. The third argument says how many bytes there are, and then how many are filled.
getsockname: Callable[[int, Pointer, Pointer], int] = Library("ws2_32").function(
    "getsockname", ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p
)


def has_socket_at(address: tuple[str, int]) -> bool:
    """Whether a socket of this process has this IPv4 address and port. Asks every handle: 10 ms if there is none."""
    port, number = address[1].to_bytes(2, "big"), bytes(int(part) for part in address[0].split("."))
    wanted = _AF_INET.to_bytes(2, "little") + port + number
    name, size = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()
    for handle in range(4, _LAST_HANDLE, 4):
        size.value = _NAME_BYTES
        if getsockname(handle, name, ctypes.byref(size)) == 0 and name.raw[:8] == wanted:
            return True
    return False
