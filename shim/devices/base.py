"""What a device must be able to do, for those who write a back end, and why one may be unavailable.

Rules for every back end: a call ends by its deadline; failure is DeviceUnavailable with a reason, never another
exception; the GIL is not held while waiting; any thread may call. A scanner's back end is a Connection only: the rules
are then kept by scanning.py, once for all of them; likewise a Keyboard and filling.py. L2: imports errors, and
the steps of a consent from spec.
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
    NO_CODE = "没有可填的医保码"
    NOT_DONE = "未执行"
    BLOCKED = "被系统拦截"
    INCOMPLETE = "可能不完整"
    NOT_READY = "未就绪"


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
        """One label; returns when the printer, or the system's queue, has taken it.

        At most the seconds of [label] timeout_seconds. One label at a time: a second caller waits that long for his
        turn and then gets BUSY. TIMED_OUT leaves open whether it comes out.
        """


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
