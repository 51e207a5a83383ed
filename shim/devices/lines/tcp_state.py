"""What the system knows of a TCP connection: how much the other side has not acknowledged, and how much it can take.

Linux only; elsewhere nothing is known. Used by tcp.py.
"""

from __future__ import annotations

import socket
import struct
import sys

_SIOCOUTQ = 0x5411
_TCP_INFO = 11
_SND_WND = 228  # offset of tcpi_snd_wnd in struct tcp_info of linux/tcp.h, since Linux 5.4


def unacknowledged(connection: socket.socket) -> int:
    """How many bytes have been written that the system of the other side has not acknowledged; 0 if unknown."""
    if sys.platform != "linux":
        return 0
    import fcntl

    try:
        return int(struct.unpack("=i", fcntl.ioctl(connection.fileno(), _SIOCOUTQ, bytes(4)))[0])
    except OSError:
        return 0


def window(connection: socket.socket) -> int:
    """How many bytes the other side said that it could take; 0 if none or unknown."""
    if sys.platform != "linux":
        return 0
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _SND_WND + 4)
    except OSError:
        return 0
    return int.from_bytes(info[_SND_WND : _SND_WND + 4], sys.byteorder) if len(info) == _SND_WND + 4 else 0
