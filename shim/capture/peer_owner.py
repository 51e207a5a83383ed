"""Whose a connection from this PC is: this process's or another's, by the owner of the peer's port.

Linux tells it by /proc, Windows by its table of TCP connections. Used by recorder, which tries it on a connection of
its own first: where the system does not tell, the recorder asks for a random path instead.
"""

from __future__ import annotations

import os
import socket
import sys

_V4_MAPPED = b"0000000000000000FFFF0000"  # as /proc/net/tcp6 writes ::ffff:0:0


def is_own(peer: tuple[str, int], local: tuple[str, int]) -> bool | None:
    """Whether the connection that leads from `peer` to `local`, both IPv4, is of this process.

    Returns:
        None where the system does not tell, or the peer has closed it already.
    """
    try:
        return _is_own(peer, local)
    except (OSError, AttributeError, ValueError):
        return None


if sys.platform == "win32":

    def _is_own(peer: tuple[str, int], local: tuple[str, int]) -> bool | None:
        from shim.winapi import iphlpapi

        owner = iphlpapi.connection_owner(peer, local)
        return None if owner is None else owner == os.getpid()

else:

    def _is_own(peer: tuple[str, int], local: tuple[str, int]) -> bool | None:
        inode = _inode(peer, local)
        if inode is None:
            return None
        wanted = f"socket:[{inode}]"
        for number in os.listdir("/proc/self/fd"):
            try:
                if os.readlink(f"/proc/self/fd/{number}") == wanted:
                    return True
            except OSError:
                continue  # closed meanwhile
        return False

    def _inode(peer: tuple[str, int], local: tuple[str, int]) -> str | None:
        """The inode of the socket of `peer`; None if there is no such connection, or nobody has it open any more."""
        wanted = (_row_address(peer), _row_address(local))
        for name, mapped in (("tcp", b""), ("tcp6", _V4_MAPPED)):
            with open(f"/proc/self/net/{name}", "rb") as file:
                for row in file:
                    words = row.split(None, 10)
                    if len(words) > 9 and (words[1], words[2]) == (mapped + wanted[0], mapped + wanted[1]):
                        return words[9].decode("ascii") if words[9] != b"0" else None
        return None

    def _row_address(address: tuple[str, int]) -> bytes:
        """An address as the kernel prints it: the four bytes as a number of this machine, and the port."""
        number = int.from_bytes(socket.inet_aton(address[0]), sys.byteorder)
        return f"{number:08X}:{address[1]:04X}".encode("ascii")
