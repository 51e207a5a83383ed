"""What auto-fill must be able to do: `AutoFill` for the service, `Keyboard` for a back end, driven by driver.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


class AutoFill(ABC):
    """Types into the focused window (VC 3.5)."""

    @abstractmethod
    def fill(self, code: str) -> None:
        """Type `code`; returns before it has arrived, because the window's own thread may be the caller.

        DeviceUnavailable with INCOMPLETE where part of it may have been typed; with anything else nothing was.
        """


@dataclass(frozen=True, slots=True)
class Window:
    """The window that has the focus. Never its title: that may name a patient.

    `process` is the number of its process (0: not known), `program` the file name of that ("": not known), `kind` its
    window class, `focus` the control in it that takes the keys (0: not known). `above`: its process has more rights
    than this one, and the system will keep our keys from it without a word.
    """

    handle: int
    process: int
    program: str
    kind: str = ""
    focus: int = 0
    above: bool = False


class Keyboard(ABC):
    """Keys for the focused window: what a back end writes. Whether to type is filling.py's business.

    Made for one fill, used by one thread, closed after it. Every method may raise OSError, and nothing else but what
    `write` says. None of them waits for a window: its thread may be the one that calls.
    """

    aimed = False
    """Whether keys go to the window they were meant for, whichever has the focus when they arrive."""

    @abstractmethod
    def focused(self) -> Window | None:
        """The window that has the focus now."""

    @abstractmethod
    def held(self) -> tuple[str, ...]:
        """The keys that are down, or locks that are on, and would change what is typed, as they are printed on it."""

    @abstractmethod
    def write(self, window: Window, code: str, enter: bool) -> tuple[int, int]:
        """All of `code`, and Enter, in one batch: how many key events the system took, and of how many.

        DeviceUnavailable where it has no keys for a character of `code`: nothing was typed then.
        """

    @abstractmethod
    def close(self) -> None:
        """Release what was opened; never raises."""
