"""What an extension screen must be able to do: `Screen` for the service, `Display` for a back end.

A display is driven by driver.py; what it shows is decided by state.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum, unique

from shim.spec.rows import Step


class Screen(ABC):
    """The extension screen of VC 3.3. Nothing of it waits: what it is told happens in a thread of its own."""

    @abstractmethod
    def set_visible(self, visible: bool) -> None:
        """Show what there is to show from now on, or hide it and forget it. DeviceUnavailable where none is set up."""

    @abstractmethod
    def tell(self, step: Step, number: str, text: str) -> None:
        """What an answer said: a URL, a code, or the state of the consent that has this `number`. Never raises."""


@unique
class State(Enum):
    """What the extension screen shows."""

    HIDDEN = "hidden"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    EXPIRED = "expired"
    REGISTERED = "registered"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture's worth: `code` is the text of the QR code, "" for none; `seconds` left, None where none are counted.

    `code` may be a patient's: it is not part of the repr.
    """

    state: State
    code: str = field(default="", repr=False)
    seconds: int | None = None


class Display(ABC):
    """Something that shows: what a back end of the extension screen writes. showing.py drives it.

    Used by one thread. No method waits longer than a second, and none raises anything for a device that is not there or
    went away: it logs that once, and tries again by itself.
    """

    @abstractmethod
    def refresh(self, shown: Shown) -> None:
        """Show this. Called at every change, and at least four times a second with the same again."""

    @abstractmethod
    def close(self) -> None:
        """Show nothing any more and release the device; never raises."""
