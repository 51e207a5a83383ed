"""The helper program: the window on the extension screen. It paints what it is sent, and knows no patient and no code.

Started by process.py as `vcshim.exe screen-helper MONITOR`, where MONITOR is the value of [screen] monitor. What it
reads on stdin and writes to stdout is defined in messages.py.

Two threads. One reads commands, and ends the process when stdin ends or makes no sense. The other dispatches the
window's messages, paints and answers PING, and waits for nothing else: a top-level window that does not answer holds up
every program that broadcasts a message.

Exit codes: 0 the parent closed a pipe; 1 the desktop ended or a fault; 2 a malformed command; 4 the window hangs.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque

from shim.devices.helpers.parent import end_with_parent
from shim.devices.screen import messages
from shim.devices.screen.helper.base import HelperWindow
from shim.devices.screen.helper.monitors import Monitor, choose, reason_for_none

if sys.platform == "win32":
    from shim.devices.screen.helper.win32 import Win32Window as SystemWindow
else:
    from shim.devices.screen.helper.xlib import XlibWindow as SystemWindow

_MAX_QUEUED = 8  # commands that may wait for the window's thread
_HANG_SECONDS = 5.0  # the longest that a full queue may last
_PIECE = 1 << 20


class HelperProgram:
    """Carries out commands on the window. Every method but `queue` is for the window's thread.

    Args:
        setting: the value of [screen] monitor.
    """

    def __init__(self, window: HelperWindow, setting: str) -> None:
        self._window = window
        self._setting = setting
        self._monitor: Monitor | None = None
        self._last_none = ""  # the NONE line that was sent last, if no MONITOR followed it
        self._generation = 0
        self._visible = False
        self._commands: deque[messages.HelperCommand] = deque()
        self._room = threading.Semaphore(_MAX_QUEUED)

    def run(self) -> None:
        """Serve until the desktop ends."""
        send_line(messages.READY)
        self._rearrange()
        self._window.run(self._rearrange, self._execute)

    def queue(self, command: messages.HelperCommand) -> None:
        """Hand a command to the window's thread; ends the process if that takes none any more. Any thread may call."""
        if not self._room.acquire(timeout=_HANG_SECONDS):
            end_process(4)
        self._commands.append(command)
        self._window.wake()

    def _rearrange(self) -> None:
        """Choose among the present monitors. A change hides the window; the parent sends what is shown next."""
        monitors = self._window.monitors()
        chosen = choose(monitors, self._setting)
        if chosen is not None and chosen == self._monitor:
            if self._visible:
                self._window.show()  # the system may have moved it
            return
        self._visible = False
        self._window.hide()
        self._monitor = chosen
        if chosen is None:
            why = reason_for_none(monitors) if monitors else self._window.why_none
            names = " ".join(monitor.name for monitor in monitors)
            line = f"{messages.NONE} {why} {len(monitors)} {names}".rstrip()
            if line != self._last_none:
                self._last_none = line
                send_line(line)
            return
        self._last_none = ""
        self._window.place(chosen)
        self._generation += 1
        send_line(f"{messages.MONITOR} {chosen.width} {chosen.height} {chosen.name}")

    def _execute(self) -> None:
        """Carry out one command; only one, so that the messages of other programs are never kept waiting."""
        command = self._commands.popleft()
        self._room.release()
        if command.kind == messages.PING:
            send_line(messages.PONG)
        elif command.kind == messages.HIDE:
            self._visible = False
            self._window.hide()
        elif self._monitor is None or command.generation != self._generation:
            return  # meant for a monitor that is gone
        elif command.kind == messages.PAINT:
            self._window.paint(command.x, command.y, command.width, command.height, command.rows)
        else:
            self._visible = True
            self._window.show()


def send_line(line: str) -> None:
    """Write one line to the parent; ends the process if the parent no longer reads."""
    try:
        os.write(1, line.encode("ascii", "replace") + b"\n")
    except OSError:
        end_process(0)


def end_process(code: int) -> None:
    """End the process at once, whatever its other thread does; the window goes with it."""
    os._exit(code)


def read_commands(program: HelperProgram) -> None:
    """The reading thread: queue commands until stdin ends, then end the process."""
    try:
        while (command := messages.read_command(lambda count: os.read(0, min(count, _PIECE)))) is not None:
            program.queue(command)
    except messages.MalformedCommand:
        end_process(2)
    except OSError:
        end_process(0)
    finally:
        end_process(0)


def run_helper(setting: str) -> int:
    """Serve until the parent or the desktop ends; the exit code."""
    end_with_parent()
    program = HelperProgram(SystemWindow(), setting)
    threading.Thread(target=read_commands, args=(program,), daemon=True).start()
    program.run()
    return 1


if __name__ == "__main__":
    code = 1
    try:
        code = run_helper(sys.argv[1].strip() if len(sys.argv) > 1 else "")
    finally:
        end_process(code)
