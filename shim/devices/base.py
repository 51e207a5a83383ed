"""What a device must be able to do, for those who write a back end, and why one may be unavailable.

Rules for every back end: a call ends by its deadline; failure is DeviceUnavailable with a reason, never another
exception; the GIL is not held while waiting; any thread may call. A scanner's back end is a Connection only: the rules
are then kept by scanning.py, once for all of them. L2: imports errors, and the steps of a consent from spec.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum, unique

from shim.errors import OwnError, Reason
from shim.spec.rows import Step


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

    def __init__(self, title: str, why: Unavailable, advice: str, reason: Reason = Reason.DEVICE_UNAVAILABLE) -> None:
        super().__init__(reason, f"{title}{why.value}，{advice}")
        self.why = why


class Scanner(ABC):
    """Reads one code that a patient shows."""

    @abstractmethod
    def scan(self) -> str:
        """One code, CR, LF, tab and blanks trimmed.

        Waits until a code is there, at most the seconds of [scanner] timeout_seconds. One scan at a time: a second
        caller gets BUSY at once, and is told who scans.
        """

    @abstractmethod
    def cancel(self) -> bool:
        """End the scan under way in another thread, which then raises CANCELLED; False where there is none."""

    @abstractmethod
    def settle(self) -> None:
        """Wait until the device of the last scan is at rest: a code is handed out before that."""


class Connection(ABC):
    """A line to one scanner: what a back end writes. Bytes only; when to send what is scanning.py's business.

    Used by one thread at a time. `read` and `write` raise OSError, and nothing else, for a device that went away;
    after that only `close` and `open` are called. A connection that was closed can be opened again.
    """

    @property
    @abstractmethod
    def title(self) -> str:
        """The device for the clerk, with its port: 扫码枪 COM3. The same text always: the lock is named after it."""

    @abstractmethod
    def open(self, limit: float) -> None:
        """Open within `limit` seconds. DeviceUnavailable with NOT_FOUND, BUSY or NOT_SET_UP, and how to mend it."""

    @abstractmethod
    def read(self) -> bytes:
        """What has come since the last time, never waiting; b"" for nothing."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Send a command, within a second."""

    @abstractmethod
    def discard(self) -> None:
        """Forget what has come and was not read."""

    @abstractmethod
    def close(self) -> None:
        """Release the device; never raises, also when it went away or was never open."""


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
