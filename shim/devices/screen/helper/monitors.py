"""Which of the system's monitors is the extension screen. Asks no system: screen_win32.py and screen_x11.py do.

L2; of the extension screen's helper process.
"""

from __future__ import annotations

from collections.abc import Sequence


class Monitor:
    """A monitor of the system: its name, where it stands on the desktop, in dots, and whether it is the primary one."""

    __slots__ = ("height", "name", "primary", "width", "x", "y")

    def __init__(self, name: str, box: tuple[int, int, int, int], primary: bool) -> None:
        self.name = name
        self.x, self.y, self.width, self.height = box
        self.primary = primary

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Monitor) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.name, self.x, self.y, self.width, self.height, self.primary)

    def overlaps(self, other: Monitor) -> bool:
        """Whether a dot of the desktop is on both."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        return not beside and self.y < other.y + other.height and other.y < self.y + self.height


def choose(monitors: Sequence[Monitor], wish: str) -> Monitor | None:
    """The monitor that `wish` names: "" the first that is not primary, a number from 1, or a name.

    Never the only one, and never a copy of the primary one: the clerk works there.
    """
    primary = [monitor for monitor in monitors if monitor.primary]
    usable = [one for one in monitors if one in primary or not any(one.overlaps(other) for other in primary)]
    if len(usable) < 2:
        return None
    if not wish:
        return next((monitor for monitor in usable if not monitor.primary), None)
    if wish.isascii() and wish.isdecimal():
        number = int(wish)
        found = monitors[number - 1] if 1 <= number <= len(monitors) else None
    else:
        found = next((monitor for monitor in monitors if _plain(monitor.name) == _plain(wish)), None)
    return found if found in usable else None


def _plain(name: str) -> str:
    r"""A monitor's name as it is compared: \\.\DISPLAY2 is display2."""
    return name.casefold().removeprefix("\\\\.\\")
