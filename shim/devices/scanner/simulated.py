"""A simulated scanner: obeys commands, answers them, and sends codes. For tests, measurements and demonstrations.

`SimulatedScanner` is pure: bytes in, bytes out. `SimulatedPort` puts it behind a pseudo terminal, which a serial line
opens like any port; Linux only. It shares no table with the driver: the commands that it obeys are handed over.
"""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass(slots=True)
class SimulatedScanner:
    """Obeys `start` (after `wake`, if any) and `stop`.

    Attributes:
        light: whether it is on: between `start` and `stop`.
        lit: how often it went on.
        received: everything that was sent to the scanner.
    """

    start: bytes
    stop: bytes
    wake: bytes = b""
    reply_to_start: bytes = b""
    reply_to_stop: bytes = b""
    light: bool = False
    lit: int = 0
    received: bytes = b""
    _unread: bytes = field(default=b"", repr=False)

    def feed(self, data: bytes) -> bytes:
        """Take bytes that are sent to it; its replies."""
        self.received += data
        self._unread += data
        replies = b""
        while True:
            commands = [(self.wake + self.start, True), (self.stop, False)]
            matches = [(self._unread.find(c), c, on) for c, on in commands if c and c in self._unread]
            if not matches:
                return replies
            at, command, on = min(matches)
            self._unread = self._unread[at + len(command) :]
            self.light = on
            self.lit += on
            replies += self.reply_to_start if on else self.reply_to_stop


class SimulatedPort:
    """A pseudo terminal with a scanner behind it. `path` is the port.

    Args:
        on_light: called each time the light goes on, in a thread of this port.
        link: a symbolic link that always names the port: after `unplug` and `plug` the terminal has a new name.
    """

    def __init__(
        self, scanner: SimulatedScanner, on_light: Callable[[SimulatedPort], None] | None = None, link: str = ""
    ) -> None:
        self.scanner = scanner
        self.path = link
        self._on_light = on_light
        self._link = link
        self._lock = threading.Lock()
        self._master: int | None = None
        self._slave: int | None = None
        self._plugged: object = None
        self._server = threading.current_thread()
        self.plug()

    def plug(self) -> None:
        """Make the port."""
        if sys.platform == "win32":
            raise OSError("Windows has no pseudo terminals")
        import tty

        master, slave = os.openpty()
        tty.setraw(slave)
        path = os.ttyname(slave)
        # NB: a new descriptor often has the number of the old one; only the plug tells them apart.
        plugged = object()
        with self._lock:
            self._master, self._slave, self._plugged = master, slave, plugged
        if self._link:
            if os.path.lexists(self._link):
                os.unlink(self._link)
            os.symlink(path, self._link)
        else:
            self.path = path
        self._server = threading.Thread(
            target=self._serve, args=(master, plugged), name="simulated-scanner", daemon=True
        )
        self._server.start()

    def unplug(self) -> None:
        """Remove the port, as when its cable is pulled."""
        with self._lock:
            master, slave = self._master, self._slave
            self._master = self._slave = self._plugged = None
        self.scanner.light = False
        if self._link and os.path.lexists(self._link):
            os.unlink(self._link)
        if threading.current_thread() is not self._server:
            self._server.join()  # or it would read from whatever gets the closed descriptor's number next
        if master is not None and slave is not None:
            os.close(slave)
            os.close(master)

    def send(self, *pieces: bytes, pause: float = 0.0) -> None:
        """Bytes from the scanner, in pieces."""
        for index, piece in enumerate(pieces):
            if index:
                time.sleep(pause)
            with self._lock:
                if self._master is None:
                    return
                os.write(self._master, piece)

    def close(self) -> None:
        self.unplug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self, master: int, plugged: object) -> None:
        poll = select.poll()
        poll.register(master, select.POLLIN)
        while True:
            with self._lock:
                if self._plugged is not plugged:
                    return
            try:
                if not poll.poll(10):
                    continue
                lit = self.scanner.lit
                reply = self.scanner.feed(os.read(master, 4096))
                if reply:
                    self.send(reply)
            except (OSError, ValueError):
                return  # unplugged
            if self.scanner.lit > lit and self._on_light is not None:
                self._on_light(self)
