"""Why a device may be unavailable: one reason and one sentence for each, whatever the device.

Rules for every back end of every device: a call ends by its deadline; failure is DeviceUnavailable with a reason, never
another exception; the GIL is not held while waiting; any thread may call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shim.bilingual import Bilingual, filled, in_english
from shim.errors import Message, OwnError


@dataclass(frozen=True, slots=True)
class Device:
    """One kind of device: `title` is what the clerk calls it, `section` where vcshim.ini configures it.

    `english` is the title for commands in English.
    """

    title: str
    section: str
    english: str = ""

    @property
    def told(self) -> Bilingual:
        """The title in both languages."""
        return Bilingual(self.title, self.english or self.title)

    def named(self, name: str) -> Bilingual:
        """The title of one such device, by a name that is the same in both languages: a port, an address, a queue."""
        return Bilingual(f"{self.title} {name}", f"{self.english or self.title} {name}")


class DeviceUnavailable(OwnError):
    """A device cannot serve; `why` is for programs, the two texts of its row for people."""

    def __init__(self, row: Message, /, **facts: Any) -> None:
        super().__init__(row, **facts)
        assert row.why is not None, row.key
        self.why = row.why


def spaced(title: str) -> Bilingual:
    """A title before Chinese text: with a blank where it ends in a Latin letter or a digit. In English as it is."""
    return Bilingual(f"{title} " if title and title[-1].isascii() else title, str(in_english(title)))


class UnusableSetting(Exception):
    """A setting of a device that cannot be used; its text is advice, starting with the key.

    Raised while a device is chosen from its settings, and caught there: the device then exists, and says at its first
    use what must be corrected.

    Args:
        chinese, english: the advice, with {facts} in it.

    Attributes:
        problem: the advice in both languages; as text the error is the Chinese.
    """

    def __init__(self, chinese: str, english: str, /, **facts: object) -> None:
        self.problem = filled(chinese, english, facts)
        super().__init__(self.problem)
