"""A TCP line to a device: how one is opened, and what it means when that fails. L2, for the tcp_line.py files."""

from __future__ import annotations

import socket

from shim.devices.base import DeviceUnavailable, Unavailable

_CONNECT_SECONDS = 3.0


def connect(address: tuple[str, int], limit: float, title: str, advice: str) -> socket.socket:
    """A connection within `limit` and three seconds.

    DeviceUnavailable with BUSY where it refuses, as a device does that serves another PC, else NOT_FOUND.
    """
    try:
        line = socket.create_connection(address, timeout=min(limit, _CONNECT_SECONDS))
    except (OSError, UnicodeError) as error:
        why = Unavailable.BUSY if isinstance(error, ConnectionRefusedError) else Unavailable.NOT_FOUND
        raise DeviceUnavailable(title, why, advice) from error
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line
