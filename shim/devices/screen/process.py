"""One helper process of the extension screen, from its start to its end: its pipes and the two threads on them.

Only those threads wait for the process. When to start, ping and kill it is decided by watchdog.py.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

from shim import forks
from shim.devices.helpers.process import end_helper, kill_helper, start_helper
from shim.devices.screen import messages

_MAX_LINE = 4096
_END_SECONDS = 1.0

_Encode = Callable[[], tuple[bytes, ...]]


class HelperProcess:
    """A running helper. Used by one thread, which never waits, except in `end`.

    Raises:
        OSError, ValueError: it cannot be started.
    """

    def __init__(self, launcher: Sequence[str]) -> None:
        self._process = start_helper(launcher, bufsize=0)
        self._forgotten = False
        forks.owns(self._descriptors)
        forks.in_child(self._forget)
        self._commands: queue.SimpleQueue[_Encode | None] = queue.SimpleQueue()
        self._queued = 0
        self._written = 0  # this and the next are set by the writer only
        self._compressing = False
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="vcshim-screen-lines", daemon=True)
        try:
            threading.Thread(target=self._write, name="vcshim-screen-writer", daemon=True).start()
            self._reader.start()
        except RuntimeError as error:  # a host that is out of memory
            self.kill()
            raise OSError("no thread for the helper's pipes") from error

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """For the job that ends it with the host; not to be waited for."""
        return self._process

    @property
    def idle(self) -> bool:
        """True if every command sent so far is in the pipe."""
        return self._queued == self._written

    @property
    def compressing(self) -> bool:
        """True while the last frame is still being compressed, so that silence is not counted."""
        return self._compressing

    @property
    def exit_code(self) -> int | None:
        """None while it runs, or there is more for `lines`: it may end sooner than what it said last is read."""
        return None if self._reader.is_alive() else self._process.poll()

    def send(self, kind: bytes, generation: int) -> None:
        """Queue SHOW, HIDE or PING."""
        self._queue(lambda: (messages.encode_command(kind, generation),))

    def send_paint(self, generation: int, box: tuple[int, int, int, int], bgrx: bytes) -> None:
        """Queue PAINT; the rows are compressed by the writer."""
        self._queue(lambda: messages.encode_paint(generation, box, bgrx))

    def lines(self) -> list[str]:
        """The lines that arrived since the last call."""
        lines = []
        while True:
            try:
                lines.append(self._lines.get_nowait())
            except queue.Empty:
                return lines

    def kill(self) -> None:
        """Kill it without waiting for its end; its threads end with it."""
        self._commands.put(None)
        kill_helper(self._process)

    def end(self) -> None:
        """Close its stdin, upon which it ends, or kill it after a second. Waits two seconds at most."""
        self._commands.put(None)
        latest = time.monotonic() + 2 * _END_SECONDS
        end_helper(self._process, _END_SECONDS)
        self._reader.join(max(latest - time.monotonic(), 0.0))

    def _descriptors(self) -> list[int]:
        """The pipes. A forked child has no helper: it neither commands, ends nor waits for its parent's."""
        pipes = () if self._forgotten else (self._process.stdin, self._process.stdout)
        return [pipe.fileno() for pipe in pipes if pipe is not None and not pipe.closed]

    def _forget(self) -> None:
        forks.keep(self._process)  # the destructors of its pipes close the numbers that they know
        self._forgotten = True

    def _queue(self, encode: _Encode) -> None:
        self._queued += 1
        self._commands.put(encode)

    def _write(self) -> None:
        """The writer: the only thread that waits for room in the pipe. A broken pipe shows in the exit code."""
        stream = self._process.stdin
        if stream is None:
            return
        try:
            with stream:
                while (encode := self._commands.get()) is not None:
                    self._compressing = True
                    pieces = encode()
                    self._compressing = False
                    for piece in pieces:
                        rest = memoryview(piece)
                        while rest:
                            rest = rest[stream.write(rest) or 0 :]
                    self._written += 1
        except (OSError, ValueError):
            return

    def _read(self) -> None:
        """The only thread that waits for the helper's lines; bytes that are not ASCII are replaced."""
        stream = self._process.stdout
        if stream is None:
            return
        rest = b""
        try:
            with stream:
                while piece := os.read(stream.fileno(), _MAX_LINE):
                    *lines, rest = (rest + piece).split(b"\n")
                    for line in lines:
                        self._lines.put(line.decode("ascii", "replace").strip())
                    rest = rest[-_MAX_LINE:]
        except (OSError, ValueError):
            return
