"""Which monitor is the extension screen: the rule, without asking the system (win32.py and xlib.py do that)."""

from __future__ import annotations

from collections.abc import Sequence

from shim.devices.screen.messages import NoMonitor


class Monitor:
    """A monitor: its name, its place on the desktop in pixels, and whether it is the primary one."""

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
        """Whether both show a common part of the desktop."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        return not beside and self.y < other.y + other.height and other.y < self.y + self.height


def choose(monitors: Sequence[Monitor], setting: str) -> Monitor | None:
    """The monitor that [screen] monitor names; None if it cannot be used.

    The only monitor is never chosen, nor one that shows the same as the primary one: the clerk works there.

    Args:
        setting: empty for the first monitor that is not primary, a number from 1, or a name.
    """
    usable = _usable(monitors)
    if len(usable) < 2:
        return None
    if not setting:
        return next((monitor for monitor in usable if not monitor.primary), None)
    if setting.isascii() and setting.isdecimal():
        number = int(setting)
        match = monitors[number - 1] if 1 <= number <= len(monitors) else None
    else:
        match = next((monitor for monitor in monitors if _short_name(monitor.name) == _short_name(setting)), None)
    return match if match in usable else None


def reason_for_none(monitors: Sequence[Monitor]) -> str:
    """Why `choose` has found none among `monitors`, of which there is at least one: a word of NoMonitor."""
    if len(monitors) == 1:
        return NoMonitor.ONLY
    return NoMonitor.COPY if len(_usable(monitors)) < 2 else NoMonitor.SETTING


def _usable(monitors: Sequence[Monitor]) -> list[Monitor]:
    """The monitors but those that show a part of what a primary one shows."""
    primary = [monitor for monitor in monitors if monitor.primary]
    return [
        monitor
        for monitor in monitors
        if monitor.primary or not any(monitor.overlaps(other) for other in primary)
    ]  # fmt: skip


def _short_name(name: str) -> str:
    r"""The name as it is compared: \\.\DISPLAY2 is display2."""
    return name.casefold().removeprefix("\\\\.\\")
