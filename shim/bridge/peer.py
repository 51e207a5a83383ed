"""Whether a connection comes from this user's session: on a terminal server 127.0.0.1 is everybody's.

Windows tells the process at the other end, and its session; Linux the user. Where the system does not tell, as under
Wine, the token alone decides.
"""

from __future__ import annotations

import os
import socket
import sys

Address = tuple[str, int]

if sys.platform == "win32":

    def is_foreign(peer: Address, local: Address) -> bool:
        """Whether the connection from `peer` to `local`, both IPv4, is another user's or session's."""
        from shim.winapi import iphlpapi, kernel32

        try:
            owner = iphlpapi.connection_owner(peer, local)
        except (OSError, AttributeError):
            return False
        return owner is not None and kernel32.session_of(owner) != kernel32.session_number()

else:
    _UID = 7  # the column of /proc/net/tcp

    def is_foreign(peer: Address, local: Address) -> bool:
        """Whether the connection from `peer` to `local`, both IPv4, is another user's or session's."""
        wanted = [_row(peer), _row(local)]
        try:
            with open("/proc/self/net/tcp", encoding="ascii") as file:
                rows = (line.split(None, 10) for line in file)
                owner = next((row[_UID] for row in rows if row[1:3] == wanted), None)
        except (OSError, ValueError):
            return False
        return owner is not None and int(owner) != os.getuid()

    def _row(address: Address) -> str:
        """An address as the kernel prints it: the four bytes as a number of this machine, and the port."""
        number = int.from_bytes(socket.inet_aton(address[0]), sys.byteorder)
        return f"{number:08X}:{address[1]:04X}"
