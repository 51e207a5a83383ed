"""What the helper's window must be able to do: the interface of win32.py and xlib.py. Not for the host's process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from shim.devices.screen.helper.monitors import Monitor
from shim.devices.screen.messages import NoMonitor


class HelperWindow(ABC):
    """One window, hidden at first: above all others, without a frame, and never with the focus.

    Every method but `wake` is called by the thread that made the window. What is painted is kept, so that the window
    can be drawn again at any time. All positions and sizes are in pixels of the monitor, never scaled.
    """

    @abstractmethod
    def monitors(self) -> list[Monitor]:
        """The monitors of the desktop, in the order by which they are numbered; empty if there is no desktop."""

    @property
    def why_none(self) -> str:
        """Why `monitors` is empty: a word of NoMonitor."""
        return NoMonitor.DESKTOP

    @abstractmethod
    def place(self, monitor: Monitor) -> None:
        """Cover `monitor` from now on; what was painted is dropped. The window must be hidden.

        Raises:
            OSError: the system refuses.
        """

    @abstractmethod
    def paint(self, x: int, y: int, width: int, height: int, rows: bytes) -> None:
        """Paint a rectangle; what is outside of the monitor is cut off.

        Args:
            rows: the top one first, four bytes a pixel: blue, green, red, unused.
        """

    @abstractmethod
    def show(self) -> None:
        """Show the window above everything else on its monitor, without taking the focus."""

    @abstractmethod
    def hide(self) -> None:
        """Hide the window."""

    @abstractmethod
    def wake(self) -> None:
        """Have `execute` called once by `run`. Any thread may call."""

    @abstractmethod
    def run(self, rearrange: Callable[[], None], execute: Callable[[], None]) -> None:
        """Dispatch the window's messages until the desktop ends.

        Args:
            rearrange: called after every change of the monitors.
            execute: called once for each `wake`.
        """
