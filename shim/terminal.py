"""Who this PC is for the insurance platform: the MAC and IPv4 of the interface that leads to it (EC 7.2.1.1).

Looks only: connecting a UDP socket sends nothing and tells which interface the system would take. A platform on this
very machine, or none that can be reached, gets the first real interface. Never fails a call: what cannot be found is
left out. L2, used by the service through wiring.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shim.settings.terminal import TerminalSettings

_RESOLVE_SECONDS = 2.0

STYLES: Mapping[str, Callable[[str], str]] = {
    # As table 1 of EC 7.2.1.1 prints it, as Windows prints it, and without marks.
    "colon": lambda mac: ":".join(mac[i : i + 2] for i in range(0, 12, 2)).lower(),
    "dash": lambda mac: "-".join(mac[i : i + 2] for i in range(0, 12, 2)).upper(),
    "plain": lambda mac: mac.upper(),
}


@dataclass(frozen=True, slots=True)
class Adapter:
    """An interface: `mac` as 12 hex digits, its IPv4 addresses, whether it is a real one."""

    name: str
    mac: str
    addresses: tuple[str, ...]
    physical: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """What was found; empty texts for what was not. `certain`: it is the interface that leads to the platform."""

    mac: str = ""
    ip: str = ""
    certain: bool = False


def choose(adapters: tuple[Adapter, ...], local: str) -> Identity:
    """The adapter that has the address `local`, else the first real one. Pure."""
    usable = [adapter for adapter in adapters if adapter.mac.strip("0") and adapter.addresses]
    for adapter in usable:
        if local in adapter.addresses:
            return Identity(adapter.mac, local, True)
    usable.sort(key=lambda adapter: not adapter.physical)
    return Identity(usable[0].mac, usable[0].addresses[0]) if usable else Identity()


@dataclass(slots=True)
class Terminal:
    """Answers once for each host of a URL and remembers; what was found with no route is asked again. Any thread."""

    adapters: Callable[[], tuple[Adapter, ...]]
    proxy: str = ""
    _known: dict[str, Identity] = field(default_factory=dict)

    def identity(self, url: str) -> Identity:
        """The identity towards the platform at `url`, or towards the proxy before it."""
        proxy = self.proxy if "://" in self.proxy else f"//{self.proxy}"
        host = _host(proxy) or _host(url)
        found = self._known.get(host)
        if found is None:
            found = choose(self.adapters(), _local_address(host))
            if found.certain:
                self._known[host] = found
        return found


@dataclass(frozen=True, slots=True)
class TerminalFields:
    """The fields of EC 7.2.1.1 under the names that a site uses for them. `certain` is that of the Identity."""

    values: dict[str, str]
    certain: bool


def terminal_fields(settings: TerminalSettings, identify: Callable[[], Identity]) -> TerminalFields:
    """The fields that the settings name, with their values; what is neither set nor found is left out.

    Args:
        identify: finds out the interface; called only where a field is wanted whose value the settings do not give.
    """
    identity = Identity(certain=True)
    if (settings.mac_field and not settings.mac) or (settings.ip_field and not settings.ip):
        identity = identify()
    mac = STYLES[settings.mac_style](identity.mac) if identity.mac else ""
    rows = (
        (settings.mac_field, settings.mac or mac),
        (settings.ip_field, settings.ip or identity.ip),
        (settings.record_field, settings.record_no),
    )
    return TerminalFields({name: value for name, value in rows if name and value}, identity.certain)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _local_address(host: str) -> str:
    """Our address on the way to `host`; empty where there is no way."""
    address = _resolve(host)
    if not address:
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect((address, 9))
            return str(way.getsockname()[0])
        except OSError:
            return ""


def _resolve(host: str) -> str:
    """The IPv4 address of `host`, looked up for two seconds at most; a resolver itself knows no limit."""
    try:
        socket.inet_aton(host)
        return host
    except OSError:
        found: list[str] = []

    def look() -> None:
        try:
            found.append(str(socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_DGRAM)[0][4][0]))
        except (OSError, UnicodeError):
            return  # no such name: no way to it

    if host:
        thread = threading.Thread(target=look, name="vcshim-resolve", daemon=True)
        thread.start()
        thread.join(_RESOLVE_SECONDS)
    return found[0] if found else ""


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Address(ctypes.Structure):
        """IP_ADDR_STRING."""

    _Address._fields_ = (
        ("next", ctypes.POINTER(_Address)),
        ("address", ctypes.c_char * 16),
        ("mask", ctypes.c_char * 16),
        ("context", wintypes.DWORD),
    )

    class _Info(ctypes.Structure):
        """IP_ADAPTER_INFO, up to the last member that is read."""

    _Info._fields_ = (
        ("next", ctypes.POINTER(_Info)),
        ("combo", wintypes.DWORD),
        ("name", ctypes.c_char * 260),
        ("description", ctypes.c_char * 132),
        ("mac_bytes", wintypes.UINT),
        ("mac", ctypes.c_ubyte * 8),
        ("index", wintypes.DWORD),
        ("type", wintypes.UINT),
        ("dhcp", wintypes.UINT),
        ("current", ctypes.c_void_p),
        ("addresses", _Address),
    )

    def adapters() -> tuple[Adapter, ...]:
        """Every adapter that is up, by GetAdaptersInfo."""
        function = ctypes.WinDLL("iphlpapi", winmode=0x800).GetAdaptersInfo  # System32 only
        size = wintypes.ULONG(0)
        function(None, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(max(size.value, ctypes.sizeof(_Info)))
        if function(buffer, ctypes.byref(size)) != 0:
            return ()
        found: list[Adapter] = []
        row = ctypes.cast(buffer, ctypes.POINTER(_Info))
        while row:
            info = row.contents
            addresses: list[str] = []
            entry = ctypes.pointer(info.addresses)
            while entry:
                address = entry.contents.address.decode("ascii", "replace")
                if address not in ("", "0.0.0.0"):
                    addresses.append(address)
                entry = entry.contents.next
            mac = bytes(info.mac)[: info.mac_bytes].hex().upper()
            ethernet_or_wireless = info.type in (6, 71)
            found.append(
                Adapter(info.name.decode("ascii", "replace"), mac, tuple(addresses), ethernet_or_wireless)
            )  # fmt: skip
            row = info.next
        return tuple(found)

else:

    def adapters() -> tuple[Adapter, ...]:
        """Every interface of /sys/class/net with its first IPv4 address."""
        import fcntl

        siocgifaddr = 0x8915
        found: list[Adapter] = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            for name in sorted(os.listdir("/sys/class/net")):
                folder = f"/sys/class/net/{name}"
                try:
                    with open(f"{folder}/address", encoding="ascii") as file:
                        mac = file.read().strip().replace(":", "").upper()
                    answer = fcntl.ioctl(any_socket, siocgifaddr, name.encode()[:15].ljust(256, b"\0"))
                except OSError:
                    continue  # gone meanwhile, or without an address
                found.append(Adapter(name, mac, (socket.inet_ntoa(answer[20:24]),), os.path.exists(f"{folder}/device")))
        return tuple(found)
