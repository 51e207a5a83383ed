"""A pseudo terminal as a serial port, seen from its far end: where the device would be. Linux."""

from __future__ import annotations

import itertools
import os
import select
import tempfile
import time
from pathlib import Path
from typing import Self

from buildlib import tools

_NUMBERS = itertools.count()


def new_link() -> Path:
    """A name for a port. That of a terminal that is gone is given to another test's at once, and what still has it
    opens that one: a thread that outlives its test, a port that is unplugged."""
    return Path(tempfile.gettempdir()) / f"ttyTEST-{os.getpid()}-{next(_NUMBERS)}"


class FarEnd:
    """The device's end of a port. `path` is what the product opens.

    Args:
        link: the symbolic link that names the port; default: a new one.
    """

    def __init__(self, link: Path | None = None) -> None:
        self._link = link or new_link()
        self._master = self._slave = -1
        self.path = ""
        self.plug()

    def plug(self) -> None:
        """Make the port."""
        tools.require("linux")
        import tty

        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(os.ttyname(self._slave))
        self.path = str(self._link)

    def unplug(self) -> None:
        """Remove the port; `plug` makes it again."""
        self._link.unlink(missing_ok=True)
        for descriptor in (self._slave, self._master):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = -1

    def send(self, data: bytes) -> None:
        """Bytes from the device."""
        os.write(self._master, data)

    def received(self, size: int) -> bytes:
        """The next `size` bytes that the product sent; fewer if they do not come within 10 seconds."""
        data = b""
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        end = time.monotonic() + 10
        while len(data) < size and (left := end - time.monotonic()) > 0:
            if poll.poll(left * 1000):
                data += os.read(self._master, size - len(data))
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()
