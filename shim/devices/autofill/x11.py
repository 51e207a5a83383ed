"""As much of the X11 protocol as typing needs, over a plain socket. Knows no characters and no rules of typing.

Not Xlib: that ends its process when the server goes away or answers with an error, and its handlers belong to the whole
process, which is the host's. X Window System Protocol, version 11; XTEST extension, version 2.2.
"""

from __future__ import annotations

import os
import re
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shim import forks
from shim.devices.autofill.base import KEYBOARD_SECONDS

_COOKIE = b"MIT-MAGIC-COOKIE-1"
_PRESS, _RELEASE = 2, 3
# Opcodes of the core protocol.
_QUERY_TREE, _INTERN_ATOM, _GET_PROPERTY, _QUERY_POINTER = 15, 16, 20, 38
_GET_INPUT_FOCUS, _QUERY_EXTENSION, _GET_KEYBOARD_MAPPING = 43, 98, 101


class X11Connection:
    """One connection to a display. For one thread.

    Args:
        name: the display, such as ":0" or "host:1.0".

    Raises:
        OSError: whatever goes wrong, here and in every method but `close`. A display that is slower than
            `KEYBOARD_SECONDS` in all counts as gone.
    """

    def __init__(self, name: str) -> None:
        match = re.fullmatch(r"(?:unix/?|unix:)?([^:/]*):([0-9]+)(?:\.[0-9]+)?", name)
        if match is None:
            raise OSError("not the name of a display")
        host, number = match[1], int(match[2])
        self._seconds = KEYBOARD_SECONDS  # that are left
        self._socket = _connect(host, number)
        forks.track(self._socket)
        try:
            self._set_up(_cookie(number))
            self._xtest = self._extension(b"XTEST")
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        forks.hang_up(self._socket)
        self._socket.close()

    def focus(self) -> int:
        """The window that has the keyboard; 0 for none, 1 for the one under the pointer."""
        return _u32(self._ask(_GET_INPUT_FOCUS), 8)

    def modifiers(self) -> int:
        """The mask of modifiers and buttons: Shift 1, Lock 2, Control 4, Mod1 to Mod5 from 8 on."""
        return int(struct.unpack_from("<H", self._ask(_QUERY_POINTER, struct.pack("<I", self._root)), 24)[0])

    def parent(self, window: int) -> int:
        """The parent of `window`; 0 for the root."""
        return _u32(self._ask(_QUERY_TREE, struct.pack("<I", window)), 12)

    def number_property(self, window: int, name: bytes) -> int:
        """The first number of a 32-bit property; 0 if the window has no such property."""
        words = struct.pack("<HH", len(name), 0) + _padded(name)
        atom = _u32(self._ask(_INTERN_ATOM, words, 1), 8)
        if atom == 0:
            return 0
        answer = self._ask(_GET_PROPERTY, struct.pack("<IIIII", window, atom, 0, 0, 1))
        return _u32(answer, 32) if answer[1] == 32 and _u32(answer, 16) else 0

    def keymap(self) -> dict[int, tuple[int, ...]]:
        """The keysyms of each key code, unshifted and shifted first."""
        count = self._last_key - self._first_key + 1
        answer = self._ask(_GET_KEYBOARD_MAPPING, bytes((self._first_key, count, 0, 0)))
        each = answer[1]
        keysyms = struct.unpack_from(f"<{each * count}I", answer, 32)
        return {self._first_key + at: keysyms[at * each : (at + 1) * each] for at in range(count)}

    def send(self, keys: list[tuple[int, bool]]) -> None:
        """Press (True) and release key codes, in one write; returns when the server has handled them."""
        requests = (
            struct.pack("<BBH BB2xIII4x hh7xB", self._xtest, 2, 9, _PRESS if down else _RELEASE, key, 0, 0, 0, 0, 0, 0)
            for key, down in keys
        )
        self._send(b"".join(requests))
        self.focus()

    # ---- the protocol ------------------------------------------------------------------------------------------

    def _set_up(self, cookie: bytes) -> None:
        name = _COOKIE if cookie else b""
        self._send(struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(name), len(cookie)) + _padded(name) + _padded(cookie))
        head = self._read(8)
        body = self._read(struct.unpack_from("<H", head, 6)[0] * 4)
        if head[0] != 1:
            raise PermissionError("the display refuses the connection")
        vendor, _, _, formats = struct.unpack_from("<HHBB", body, 16)
        self._first_key, self._last_key = body[26], body[27]
        self._root = _u32(body, 32 + vendor + -vendor % 4 + 8 * formats)

    def _extension(self, name: bytes) -> int:
        answer = self._ask(_QUERY_EXTENSION, struct.pack("<HH", len(name), 0) + _padded(name))
        if not answer[8]:
            raise OSError("the display has no XTEST")
        return answer[9]

    def _ask(self, opcode: int, words: bytes = b"", data: int = 0) -> bytes:
        self._send(struct.pack("<BBH", opcode, data, 1 + len(words) // 4) + words)
        while True:
            packet = self._read(32)
            if packet[0] == 0:
                raise OSError(f"X11 error {packet[1]}")
            if packet[0] == 1:
                return packet + self._read(_u32(packet, 4) * 4)

    def _send(self, data: bytes) -> None:
        with self._waiting():
            self._socket.sendall(data)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Around what may wait for the display: takes the time off what is left."""
        started = time.monotonic()
        if self._seconds <= 0:
            raise TimeoutError("the display is too slow")
        self._socket.settimeout(self._seconds)
        try:
            yield
        finally:
            self._seconds -= time.monotonic() - started

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            with self._waiting():
                part = self._socket.recv(size - len(data))
            if not part:
                raise ConnectionResetError("the display closed the connection")
            data += part
        return data


def _connect(host: str, number: int) -> socket.socket:
    if host:
        with forks.look_ups:
            return socket.create_connection((host, 6000 + number), KEYBOARD_SECONDS)
    if sys.platform == "win32":
        raise OSError("displays of this machine have Unix sockets")
    local = socket.socket(socket.AF_UNIX)
    local.settimeout(KEYBOARD_SECONDS)
    try:
        try:
            local.connect(f"/tmp/.X11-unix/X{number}")
        except OSError:
            local.connect(f"\0/tmp/.X11-unix/X{number}")
    except BaseException:
        local.close()
        raise
    return local


def _cookie(number: int) -> bytes:
    """The cookie for display `number` in the user's authority file; empty if it has none."""
    try:
        data = Path(os.environ.get("XAUTHORITY") or os.path.expanduser("~/.Xauthority")).read_bytes()
    except OSError:
        return b""
    at = 0

    def field() -> bytes:
        nonlocal at
        size = int.from_bytes(data[at : at + 2], "big")
        at += 2 + size
        return data[at - size : at]

    while at + 2 < len(data):
        at += 2  # the family of the address
        _, display, name, cookie = field(), field(), field(), field()
        if name == _COOKIE and display in (b"", str(number).encode()):
            return cookie
    return b""


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _u32(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<I", data, at)[0])
