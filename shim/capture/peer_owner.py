"""Whose a connection from this PC is: this process's or another's, by the owner of the peer's port.

Linux tells it by its socket diagnosis or /proc, Windows by its table of TCP connections. Used by recorder, which tries
it on a connection of its own first: where the system does not tell, the recorder asks for a random path instead.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys

_V4_MAPPED = b"0000000000000000FFFF0000"  # as /proc/net/tcp6 writes ::ffff:0:0


def is_own(peer: tuple[str, int], listener: socket.socket) -> bool | None:
    """Whether the connection that leads from `peer` to `listener`, both IPv4, is of this process.

    Returns:
        None where the system does not tell, or the peer has closed it already.
    """
    try:
        return _is_own(peer, listener)
    except (OSError, AttributeError, ValueError):
        return None


if sys.platform == "win32":

    def _is_own(peer: tuple[str, int], listener: socket.socket) -> bool | None:
        from shim.winapi import iphlpapi, ntdll

        local: tuple[str, int] = listener.getsockname()[:2]
        if ntdll.is_wine():
            return _is_among_handles(peer, local, listener)
        owner = iphlpapi.connection_owner(peer, local)
        return None if owner is None else owner == os.getpid()

    def _is_among_handles(peer: tuple[str, int], local: tuple[str, int], listener: socket.socket) -> bool:
        """Whether one of this process's sockets is that of `peer`.

        NB: Wine 8 names no owners, because its server holds the sockets, and takes 40 ms to say so. Not for Windows,
        where asking a pipe on which another thread waits would wait with it.
        """
        from shim.winapi import ntdll, ws2_32

        handles = ntdll.handles_like(listener.fileno(), os.getpid())
        return any(ws2_32.ends(handle) == (peer, local) for handle in reversed(handles))

else:
    _NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, _NLMSG_ERROR = 4, 20, 1, 2
    # struct nlmsghdr, then struct inet_diag_req_v2: family, protocol, extensions, padding, states; ports and addresses
    # in network order, interface, cookie.
    _QUERY = struct.Struct("=IHHIIBBBBI2s2s4s12x4s12xI8s")
    _INODE = 84  # where it stands in the answer: struct nlmsghdr, then struct inet_diag_msg

    def _is_own(peer: tuple[str, int], listener: socket.socket) -> bool | None:
        inode = _inode(peer, listener.getsockname()[:2])
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
        try:
            return _diagnosed(peer, local)
        except OSError:  # not allowed in this container
            return _listed(peer, local)

    def _diagnosed(peer: tuple[str, int], local: tuple[str, int]) -> str | None:
        """As `_inode`, by one question: with thousands of connections /proc takes 10 ms."""
        query = _QUERY.pack(
            _QUERY.size, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 0, 0,
            socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF,
            peer[1].to_bytes(2, "big"), local[1].to_bytes(2, "big"),
            socket.inet_aton(peer[0]), socket.inet_aton(local[0]), 0, b"\xff" * 8,
        )  # fmt: skip
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG) as sock:
            sock.settimeout(1)
            sock.sendto(query, (0, 0))
            answer = sock.recv(4096)
        kind = int.from_bytes(answer[4:6], sys.byteorder)
        if kind == _NLMSG_ERROR:
            number = -int.from_bytes(answer[16:20], sys.byteorder, signed=True)
            if number == errno.ENOENT:
                return None
            raise OSError(number, os.strerror(number))
        if kind != _SOCK_DIAG_BY_FAMILY or len(answer) < _INODE + 4:
            raise OSError(errno.EPROTO, os.strerror(errno.EPROTO))
        inode = int.from_bytes(answer[_INODE : _INODE + 4], sys.byteorder)
        return str(inode) if inode else None

    def _listed(peer: tuple[str, int], local: tuple[str, int]) -> str | None:
        """As `_inode`, from the list of all connections."""
        for name, mapped in (("tcp", b""), ("tcp6", _V4_MAPPED)):
            wanted = b": %s%s %s%s " % (mapped, _row_address(peer), mapped, _row_address(local))
            with open(f"/proc/self/net/{name}", "rb") as file:
                rows = file.read()
            at = rows.find(wanted)
            if at >= 0:
                inode = rows[at + len(wanted) : at + 200].split(None, 7)[6]
                return inode.decode("ascii") if inode != b"0" else None
        return None

    def _row_address(address: tuple[str, int]) -> bytes:
        """An address as the kernel prints it: the four bytes as a number of this machine, and the port."""
        number = int.from_bytes(socket.inet_aton(address[0]), sys.byteorder)
        return f"{number:08X}:{address[1]:04X}".encode("ascii")
