"""What auto-fill must be able to do: `AutoFill` for the service, `Keyboard` for a back end, driven by driver.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

KEYBOARD_SECONDS = 5.0
"""How long a keyboard may wait for the system in all, from its opening to its end."""


class AutoFill(ABC):
    """Types into the window that has the focus (VC 3.5). Any thread."""

    longest_seconds = 1.0
    """The longest time that `fill` takes, as far as it is ours to limit."""

    @abstractmethod
    def check(self) -> None:
        """Raise DeviceUnavailable, NOT_SET_UP, if no code can be typed with these settings: nobody need scan one."""

    @abstractmethod
    def fill(self, code: str, is_current: Callable[[], bool] = lambda: True) -> None:
        """Type `code`. Returns before it has arrived, because the window's own thread may be the caller.

        Args:
            is_current: asked directly before typing; False if another patient is being identified meanwhile.

        Raises:
            DeviceUnavailable: with INCOMPLETE, a part may have been typed; with any other reason nothing was.
        """


@dataclass(frozen=True, slots=True)
class FocusedWindow:
    """The window that has the focus. Never its title, which may name a patient.

    Attributes:
        process_id: the process that it belongs to; 0 if unknown.
        program: the file name of that process; "" if unknown.
        class_name: its window class; "" on systems without.
        control: the control in it that takes the keys; 0 if unknown.
        elevated: its process has more rights than this one, so that Windows discards our keys without an error.
    """

    handle: int
    process_id: int
    program: str
    class_name: str = ""
    control: int = 0
    elevated: bool = False


class Keyboard(ABC):
    """Keys for the focused window: what a back end implements. Whether to type is decided in driver.py.

    Opened for one fill, used by one thread, closed after it. Every method may raise OSError, and no other exception but
    those of `write`. None may wait for a window: its thread may be the one that calls.
    """

    follows_focus = True
    """Whether what is typed goes to the window that has the focus when it arrives, not to the one that was checked."""

    @abstractmethod
    def focused(self) -> FocusedWindow | None:
        """The window that has the focus now; None if there is none."""

    @abstractmethod
    def modifiers(self) -> tuple[str, ...]:
        """The modifiers that are down, and the locks that are on, if they change what is typed: as printed on them."""

    @abstractmethod
    def write(self, window: FocusedWindow, code: str, enter: bool) -> tuple[int, int]:
        """Type `code`, and Enter if `enter`, in one batch.

        Returns:
            How many key events the system accepted, and of how many.

        Raises:
            DeviceUnavailable: there is no key for a character of `code`; nothing was typed.
        """

    @abstractmethod
    def close(self) -> None:
        """Release what was opened. Never raises."""
