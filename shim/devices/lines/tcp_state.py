"""What the system knows of a TCP connection: how much of what was written the other side has not acknowledged.

That it has acknowledged everything says nothing of the program there: 120 KB were acknowledged to a Linux program that
read none of them, and its window was as large as that of one that had read them. Used by tcp.py.
"""

from __future__ import annotations

import socket
import struct
import sys

_SIOCOUTQ = 0x5411


def unacknowledged(connection: socket.socket) -> int:
    """How many bytes have been written that the other side's system has not acknowledged; 0 if unknown, off Linux."""
    if sys.platform != "linux":
        return 0
    import fcntl

    try:
        return int(struct.unpack("=i", fcntl.ioctl(connection.fileno(), _SIOCOUTQ, bytes(4)))[0])
    except OSError:
        return 0
