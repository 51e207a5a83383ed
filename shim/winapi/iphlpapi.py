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
