"""A pretended scanner: obeys the bytes it is told to obey, replies, and sends codes. For tests, bench and demos.

`PretendScanner` is pure: bytes in, bytes out. `PretendPort` puts it behind a pseudo terminal, which a serial back end
opens like any port; Linux only. It shares no table with the drivers: what it obeys is handed over. L2.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass(slots=True)
class PretendScanner:
    """Obeys `start` (after `wake`, if any) and `stop`. `light` is on between them; `heard` is all it was sent."""

    start: bytes
    stop: bytes
    wake: bytes = b""
    reply_to_start: bytes = b""
    reply_to_stop: bytes = b""
    light: bool = False
    lit: int = 0
    heard: bytes = b""
    _unread: bytes = field(default=b"", repr=False)

    def feed(self, data: bytes) -> bytes:
        """What it replies to bytes it is sent."""
        self.heard += data
        self._unread += data
        replies = b""
        while True:
            commands = [(self.wake + self.start, True), (self.stop, False)]
            found = [(self._unread.find(c), c, on) for c, on in commands if c and c in self._unread]
            if not found:
                return replies
            at, command, on = min(found)
            self._unread = self._unread[at + len(command) :]
            self.light = on
            self.lit += on
            replies += self.reply_to_start if on else self.reply_to_stop


class PretendPort:
    """A pseudo terminal with a scanner behind it. `path` is the port; `unplug` and `plug` pull and push the cable.

    `on_light` is called, in a thread of this port, each time the light goes on. `link`, where given, is a symbolic
    link that names the port for ever: a new terminal has a new name.
    """

    def __init__(
        self, scanner: PretendScanner, on_light: Callable[[PretendPort], None] | None = None, link: str = ""
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
        self._server = threading.Thread(target=self._serve, args=(master, plugged), name="pretend-scanner", daemon=True)
        self._server.start()

    def unplug(self) -> None:
        """The port is gone, as when its cable is pulled."""
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
        while True:
            with self._lock:
                if self._plugged is not plugged:
                    return
            try:
                if not select.select([master], [], [], 0.01)[0]:
                    continue
                lit = self.scanner.lit
                reply = self.scanner.feed(os.read(master, 4096))
                if reply:
                    self.send(reply)
            except (OSError, ValueError):
                return  # unplugged
            if self.scanner.lit > lit and self._on_light is not None:
                self._on_light(self)
