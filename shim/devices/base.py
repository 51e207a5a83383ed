"""What a device must be able to do, for those who write a back end, and why one may be unavailable.

Rules for every back end: a call ends by its deadline; failure is DeviceUnavailable with a reason, never another
exception; the GIL is not held while waiting; any thread may call. L2: imports errors only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum, unique

from shim.errors import OwnError, Reason


@unique
class Unavailable(Enum):
    """Why a device cannot serve, in the words for the clerk."""

    NOT_SET_UP = "未配置"
    NOT_FOUND = "未找到"
    BUSY = "正被占用"
    LOST = "已断开"
    TIMED_OUT = "操作超时"
    CANCELLED = "操作已取消"


class DeviceUnavailable(OwnError):
    """The device named by its Chinese title cannot serve; `why` is for programs, the message for people."""

    def __init__(self, title: str, why: Unavailable, advice: str) -> None:
        super().__init__(Reason.DEVICE_UNAVAILABLE, f"{title}{why.value}，{advice}")
        self.why = why


class Scanner(ABC):
    """Reads one code that a patient shows."""

    @abstractmethod
    def scan(self) -> str:
        """One code, CR, LF, tab and blanks trimmed."""


class Screen(ABC):
    """The extension screen of VC 3.3."""

    @abstractmethod
    def set_visible(self, visible: bool) -> None:
        """Show or hide the QR code."""


class LabelPrinter(ABC):
    """Prints the static code of VC 3.4."""

    @abstractmethod
    def print_label(self, ehealth_code: str, card_no: str, name: str) -> None:
        """One label; returns when the printer has taken it."""


class AutoFill(ABC):
    """Types the last insurance code into the focused window (VC 3.5)."""

    @abstractmethod
    def fill(self) -> None:
        """Type it, or raise."""
