"""iphlpapi: the network adapters of this PC."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import wintypes as w

from shim.winapi.loader import Library, Pointer

MIB_IF_TYPE_ETHERNET, IF_TYPE_IEEE80211 = 6, 71


class IP_ADDR_STRING(ctypes.Structure):
    """One address of an adapter, as text, and a pointer to the next."""


IP_ADDR_STRING._fields_ = (
    ("next", ctypes.POINTER(IP_ADDR_STRING)),
    ("address", ctypes.c_char * 16),
    ("mask", ctypes.c_char * 16),
    ("context", w.DWORD),
)


class IP_ADAPTER_INFO(ctypes.Structure):
    """One adapter and a pointer to the next; declared up to the last member that is read."""


IP_ADAPTER_INFO._fields_ = (
    ("next", ctypes.POINTER(IP_ADAPTER_INFO)),
    ("combo", w.DWORD),
    ("name", ctypes.c_char * 260),
    ("description", ctypes.c_char * 132),
    ("mac_bytes", w.UINT),
    ("mac", ctypes.c_ubyte * 8),
    ("index", w.DWORD),
    ("type", w.UINT),
    ("dhcp", w.UINT),
    ("current", ctypes.c_void_p),
    ("addresses", IP_ADDR_STRING),
)

# 0, or the number of the error. The second argument says how many bytes there are, and then how many are needed.
GetAdaptersInfo: Callable[[Pointer, Pointer], int] = Library("iphlpapi").function(
    "GetAdaptersInfo", w.ULONG, ctypes.c_void_p, ctypes.POINTER(w.ULONG)
)


def adapters_info() -> Iterator[IP_ADAPTER_INFO]:
    """Every adapter that is up, valid until the next one is asked for; none if Windows gives an error."""
    size = w.ULONG(0)
    GetAdaptersInfo(None, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(max(size.value, ctypes.sizeof(IP_ADAPTER_INFO)))
    if GetAdaptersInfo(buffer, ctypes.byref(size)) != 0:
        return
    row = ctypes.cast(buffer, ctypes.POINTER(IP_ADAPTER_INFO))
    while row:
        yield row.contents
        row = row.contents.next


def addresses(info: IP_ADAPTER_INFO) -> Iterator[str]:
    """The IPv4 addresses of an adapter, as Windows lists them: 0.0.0.0 for one that has none."""
    entry = ctypes.pointer(info.addresses)
    while entry:
        yield entry.contents.address.decode("ascii", "replace")
        entry = entry.contents.next


# ---- TCP connections -------------------------------------------------------------------------------------------------

TCP_TABLE_OWNER_PID_CONNECTIONS = 4  # of TCP_TABLE_CLASS
_AF_INET, _ERROR_INSUFFICIENT_BUFFER = 2, 122


class MIB_TCPROW_OWNER_PID(ctypes.Structure):
    """One IPv4 connection. Addresses and ports stand in network order, a port in the low half."""

    _fields_ = (
        ("state", w.DWORD), ("local", ctypes.c_ubyte * 4), ("local_port", ctypes.c_ubyte * 4),
        ("remote", ctypes.c_ubyte * 4), ("remote_port", ctypes.c_ubyte * 4), ("owner", w.DWORD),
    )  # fmt: skip


# 0, or the number of the error. The second argument says how many bytes there are, and then how many are needed.
GetExtendedTcpTable: Callable[[Pointer, Pointer, bool, int, int, int], int] = Library("iphlpapi").function(
    "GetExtendedTcpTable", w.DWORD, ctypes.c_void_p, ctypes.c_void_p, w.BOOL, w.ULONG, ctypes.c_int, w.ULONG
)


def connection_owner(local: tuple[str, int], remote: tuple[str, int]) -> int | None:
    """The process that has the IPv4 connection from `local` to `remote`; None where Windows does not tell."""
    size = w.DWORD(16 * 1024)
    for _ in range(5):  # the table may grow between two calls
        buffer = ctypes.create_string_buffer(size.value)
        error = GetExtendedTcpTable(
            buffer, ctypes.byref(size), False, _AF_INET, TCP_TABLE_OWNER_PID_CONNECTIONS, 0
        )  # fmt: skip
        if error != _ERROR_INSUFFICIENT_BUFFER:
            break
    if error:
        return None
    count = int.from_bytes(buffer.raw[:4], "little")
    rows = (MIB_TCPROW_OWNER_PID * count).from_buffer_copy(buffer.raw, 4)
    wanted = (_bytes(local), _bytes(remote))
    for row in rows:
        found = (
            bytes(row.local) + bytes(row.local_port)[:2],
            bytes(row.remote) + bytes(row.remote_port)[:2],
        )
        if found == wanted:
            return int(row.owner) or None
    return None


def _bytes(address: tuple[str, int]) -> bytes:
    """An IPv4 address and its port in network order."""
    return bytes(int(part) for part in address[0].split(".")) + address[1].to_bytes(2, "big")
