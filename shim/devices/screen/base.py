"""What an extension screen must be able to do: `Screen` for the service, `Display` for a back end.

driver.py makes a `Screen` of a `Display`; state.py decides what is shown.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum, unique

from shim.spec.rows import Step


class Screen(ABC):
    """The extension screen of VC 3.3, as the service uses it.

    Any thread may call. No method waits for the device: showing is done by a thread of the screen.
    """

    @abstractmethod
    def set_visible(self, visible: bool) -> None:
        """Set_QRflow_Mode: show from now on what the answers ask for, or hide and forget it.

        Raises:
            DeviceUnavailable: NOT_SET_UP, if vcshim.ini names no screen or one that cannot be used.
        """

    @abstractmethod
    def tell(self, step: Step, number: str, text: str, time_expire: str = "") -> None:
        """Take over what the answer of a platform means to the screen. Never raises.

        Args:
            step: what the answer means.
            number: the out_authorize_no of the consent it is about; empty for a new code.
            text: the URL or code to be shown, or the auth_status (VC 4.7.2). Empty for a code that the answer lacks:
                what was shown goes.
            time_expire: for how many seconds a new code is valid, as the request says (VC 4.1.1); empty for one that
                is valid for ever.
        """


@unique
class ScreenPhase(Enum):
    """What the extension screen is showing; the values begin the names of settings, as in ``waiting_title``."""

    HIDDEN = "hidden"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    EXPIRED = "expired"
    REGISTERED = "registered"
    EXPIRING = "expiring"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class ScreenContent:
    """What a display is to show at one moment.

    Attributes:
        phase: what the patient is told.
        code: the text of the QR code, empty for none. It may be a patient's, and is not part of the repr.
        seconds: the countdown, None for none.
        total: where the countdown began, in seconds.
    """

    phase: ScreenPhase
    code: str = field(default="", repr=False)
    seconds: int | None = None
    total: int | None = None


class Display(ABC):
    """A back end of the extension screen: a device that shows what driver.py hands to it.

    Used by one thread. No method waits longer than a second. None raises for a device that is missing or was lost: the
    back end logs that once and tries again while `refresh` is called.
    """

    @abstractmethod
    def refresh(self, content: ScreenContent) -> None:
        """Show `content`. Called at every change, and at least four times a second with the same content."""

    @property
    def problem(self) -> str | None:
        """Why the display does not show what `refresh` was given last; "" if it does, None if that is not known yet."""
        return ""

    @abstractmethod
    def rest(self) -> None:
        """Release the device, which shows nothing, until the next `refresh`. Never raises."""

    @abstractmethod
    def close(self) -> None:
        """Clear the display and release the device. Never raises."""
