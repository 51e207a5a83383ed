"""A program of its own: the window on the extension screen. Paints what it is told, and knows no patient and no code.

Run by screen_window.py as `vcshim.exe screen-helper MONITOR`, never imported by the DLL; what is said on stdin and
stdout is in screen_words.py. MONITOR is "" for the first monitor that is not primary, a number from 1, or a name.

Two threads: one reads stdin, and ends the process when stdin ends or makes no sense; the other pumps the window's
messages, paints and answers PING, and never waits for anything else: a top-level window that does not answer stops
every program that broadcasts a message. L2; the window is screen_win32.py or screen_x11.py.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque

from shim.devices.helpers.parent import end_with_parent
from shim.devices.screen import messages as words
from shim.devices.screen.helper.monitors import Monitor, choose

if sys.platform == "win32":
    from shim.devices.screen.helper.win32 import Window
else:
    from shim.devices.screen.helper.xlib import Window

_WAITING = 8  # orders that may wait for the window's thread
_HANGING = 5.0  # seconds after which it is no use to wait for it
_PIECE = 1 << 20


class Helper:
    """What the window's thread does with the orders. Not for another thread, but for `take`."""

    def __init__(self, wish: str) -> None:
        self._wish = wish
        self._window = Window()
        self._said = b""
        self._chosen: Monitor | None = None
        self._turn = 0
        self._shown = False
        self._orders: deque[words.Order] = deque()
        self._room = threading.Semaphore(_WAITING)

    def run(self) -> None:
        """Pump messages; returns where the window's system ends."""
        say(words.READY)
        self._arrange()
        self._window.run(self._arrange, self._obey)

    def take(self, order: words.Order) -> None:
        """An order from another thread. Ends the process where the window's thread no longer takes any."""
        if not self._room.acquire(timeout=_HANGING):
            end(4)
        self._orders.append(order)
        self._window.wake()

    def _arrange(self) -> None:
        """Choose among the monitors there are now. Any change hides the window: the sender knows what is next."""
        monitors = self._window.monitors()
        chosen = choose(monitors, self._wish)
        if chosen is not None and chosen == self._chosen:
            if self._shown:
                self._window.show()  # the system may have moved it
            return
        self._shown = False
        self._window.hide()
        self._chosen = chosen
        if chosen is None:
            line = f"{words.NONE} {len(monitors)} {' '.join(monitor.name for monitor in monitors)}".rstrip()
            if line.encode() != self._said:
                self._said = line.encode()
                say(line)
            return
        self._said = b""
        self._window.place(chosen)
        self._turn += 1
        say(f"{words.MONITOR} {chosen.width} {chosen.height} {chosen.name}")

    def _obey(self) -> None:
        """One order: messages of other programs must not wait for a heap of them."""
        order = self._orders.popleft()
        self._room.release()
        if order.kind == words.PING:
            say(words.PONG)
        elif order.kind == words.HIDE:
            self._shown = False
            self._window.hide()
        elif self._chosen is None or order.turn != self._turn:
            return  # for a monitor that is gone
        elif order.kind == words.PAINT:
            self._window.paint(order.x, order.y, order.width, order.height, order.rows)
        else:
            self._shown = True
            self._window.show()


def say(line: str) -> None:
    """One line to whoever started us; ends the process where nobody listens."""
    try:
        os.write(1, line.encode("ascii", "replace") + b"\n")
    except OSError:
        end(0)


def end(code: int) -> None:
    """The process is over, at once, whatever its other threads do; its window goes with it."""
    os._exit(code)


def listen(helper: Helper) -> None:
    """Read orders until stdin ends."""
    try:
        while (order := words.read_order(lambda count: os.read(0, min(count, _PIECE)))) is not None:
            helper.take(order)
    except words.Malformed:
        end(2)
    except OSError:
        end(0)
    finally:
        end(0)


def main(wish: str) -> int:
    """Serve until stdin ends."""
    end_with_parent()
    helper = Helper(wish)
    threading.Thread(target=listen, args=(helper,), daemon=True).start()
    helper.run()
    return 1


if __name__ == "__main__":
    code = 1
    try:
        code = main(sys.argv[1].strip() if len(sys.argv) > 1 else "")
    finally:
        end(code)
