"""The MAC and IPv4 by which the insurance platform knows this PC: those of the interface that leads to it (EC 7.2.1.1).

It only looks: connecting a UDP socket sends nothing, and tells which interface the system would take. For a platform on
this very machine, or one that cannot be reached, it is the first physical interface. It never fails a call: what cannot
be found is left out. Used by the service, which gets it from wiring.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shim import forks
from shim.deadline import Deadline
from shim.settings.terminal import TerminalSettings

RESOLVE_SECONDS = 2.0
"""How long the platform's name is looked up for the identity of this PC."""

STYLES: Mapping[str, Callable[[str], str]] = {
    # As table 1 of EC 7.2.1.1 prints it, as Windows prints it, and without marks.
    "colon": lambda mac: ":".join(mac[i : i + 2] for i in range(0, 12, 2)).lower(),
    "dash": lambda mac: "-".join(mac[i : i + 2] for i in range(0, 12, 2)).upper(),
    "plain": lambda mac: mac.upper(),
}


@dataclass(frozen=True, slots=True)
class Adapter:
    """A network interface of this PC.

    Attributes:
        mac: 12 hexadecimal digits, upper case.
        addresses: its IPv4 addresses.
        physical: it is Ethernet or wireless, not a tunnel or the loopback.
    """

    name: str
    mac: str
    addresses: tuple[str, ...]
    physical: bool = True


@dataclass(frozen=True, slots=True)
class TerminalIdentity:
    """A MAC and an IPv4; "" for what was not found.

    Attributes:
        certain: they belong to the interface that leads to the platform.
    """

    mac: str = ""
    ip: str = ""
    certain: bool = False


@dataclass(slots=True)
class TerminalIdentifier:
    """Finds this PC's identity towards a platform. Any thread.

    An identity that is certain is remembered for each host of a URL; one that is not is looked for again.

    Args:
        adapters: lists the interfaces of this PC.
        proxy: as in [transport] proxy: the identity is then that towards the proxy.
    """

    adapters: Callable[[], tuple[Adapter, ...]]
    proxy: str = ""
    _known: dict[str, TerminalIdentity] = field(default_factory=dict)

    def identity(self, url: str, deadline: Deadline) -> TerminalIdentity:
        """The identity towards the platform at `url`. Looks a name up for two seconds at most; never raises.

        Args:
            deadline: that of the call, of which no more than half is spent here.
        """
        proxy = self.proxy if "://" in self.proxy else f"//{self.proxy}"
        host = _host(proxy) or _host(url)
        identity = self._known.get(host)
        if identity is None:
            identity = select_identity(
                self.adapters(), _local_address(host, min(RESOLVE_SECONDS, deadline.remaining / 2))
            )
            if identity.certain:
                self._known[host] = identity
        return identity


def select_identity(adapters: tuple[Adapter, ...], local: str) -> TerminalIdentity:
    """The identity of the adapter that has the address `local`, else of the first physical one. Pure."""
    usable = [adapter for adapter in adapters if adapter.mac.strip("0") and adapter.addresses]
    for adapter in usable:
        if local in adapter.addresses:
            return TerminalIdentity(adapter.mac, local, True)
    usable.sort(key=lambda adapter: not adapter.physical)
    return TerminalIdentity(usable[0].mac, usable[0].addresses[0]) if usable else TerminalIdentity()


@dataclass(frozen=True, slots=True)
class TerminalFields:
    """The fields of EC 7.2.1.1 under the names that a site uses for them. `certain` is that of the TerminalIdentity."""

    values: dict[str, str]
    certain: bool


def terminal_fields(settings: TerminalSettings, identify: Callable[[], TerminalIdentity]) -> TerminalFields:
    """The fields that the settings name, with their values; what is neither set nor found is left out.

    Args:
        identify: finds out the interface; called only where a field is wanted whose value the settings do not give.
    """
    identity = TerminalIdentity(certain=True)
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


def _local_address(host: str, seconds: float) -> str:
    """The address that this PC has on the route to `host`; "" if there is no route."""
    address = _resolve(host, seconds)
    if not address:
        return ""
    with forks.new_socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def _resolve(host: str, seconds: float) -> str:
    """The IPv4 address of `host`; "" if it has none, or none within `seconds`: the resolver has no time-out."""
    try:
        socket.inet_aton(host)
        return host
    except OSError:
        addresses: list[str] = []

    def look_up() -> None:
        try:
            with forks.look_ups:
                rows = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_DGRAM)
            addresses.append(str(rows[0][4][0]))
        except (OSError, UnicodeError):
            return  # no such name: no route to it

    if host:
        thread = threading.Thread(target=look_up, name="vcshim-resolve", daemon=True)
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            return ""  # the system has no thread left
        thread.join(seconds)
    return addresses[0] if addresses else ""


if sys.platform == "win32":

    def adapters() -> tuple[Adapter, ...]:
        """Every adapter that is up, by GetAdaptersInfo; none if Windows does not tell."""
        from shim.winapi import iphlpapi

        return tuple(
            Adapter(
                info.name.decode("ascii", "replace"),
                bytes(info.mac)[: info.mac_bytes].hex().upper(),
                tuple(address for address in iphlpapi.addresses(info) if address not in ("", "0.0.0.0")),
                info.type in (iphlpapi.MIB_IF_TYPE_ETHERNET, iphlpapi.IF_TYPE_IEEE80211),
            )
            for info in iphlpapi.adapters_info()
        )

else:

    def adapters() -> tuple[Adapter, ...]:
        """Every interface of /sys/class/net that has an IPv4 address, with its first one."""
        import fcntl

        siocgifaddr = 0x8915
        rows: list[Adapter] = []
        with forks.new_socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            for name in sorted(os.listdir("/sys/class/net")):
                folder = f"/sys/class/net/{name}"
                try:
                    with open(f"{folder}/address", encoding="ascii") as file:
                        mac = file.read().strip().replace(":", "").upper()
                    answer = fcntl.ioctl(any_socket, siocgifaddr, name.encode()[:15].ljust(256, b"\0"))
                except OSError:
                    continue  # gone meanwhile, or without an address
                rows.append(Adapter(name, mac, (socket.inet_ntoa(answer[20:24]),), os.path.exists(f"{folder}/device")))
        return tuple(rows)
