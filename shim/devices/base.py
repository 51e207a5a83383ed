"""Why a device may be unavailable: one reason and one sentence for each, whatever the device.

Rules for every back end of every device: a call ends by its deadline; failure is DeviceUnavailable with a reason, never
another exception; the GIL is not held while waiting; any thread may call.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, unique

from shim.errors import OwnError, Reason


@unique
class Unavailable(Enum):
    """Why a device cannot serve, in the words for the clerk."""

    NOT_SET_UP = "未配置"
    NOT_FOUND = "未找到"
    BUSY = "正被占用"
    ACCESS_DENIED = "拒绝访问"
    REFUSED = "拒绝连接"
    LOST = "已断开"
    TIMED_OUT = "操作超时"
    CANCELLED = "操作已取消"
    NO_CODE = "没有可填的医保码"
    NOT_DONE = "未执行"
    BLOCKED = "被系统拦截"
    INCOMPLETE = "可能不完整"
    NOT_READY = "未就绪"


@dataclass(frozen=True, slots=True)
class Device:
    """One kind of device: `title` is what the clerk calls it, `section` where vcshim.ini configures it."""

    title: str
    section: str


class DeviceUnavailable(OwnError):
    """The device named by its Chinese title cannot serve; `why` is for programs, the message for people."""

    def __init__(self, title: str, why: Unavailable, advice: str, reason: Reason = Reason.DEVICE_UNAVAILABLE) -> None:
        super().__init__(reason, f"{spaced(title, why.value)}，{advice}")
        self.why = why


def spaced(title: str, text: str) -> str:
    """A title and Chinese text after it, with a blank between where the title ends in a Latin letter or a digit."""
    return f"{title} {text}" if title and title[-1].isascii() else title + text


class UnusableSetting(Exception):
    """A setting of a device that cannot be used; its text is advice in Chinese, starting with the key.

    Raised while a device is chosen from its settings, and caught there: the device then exists, and says at its first
    use what must be corrected.
    """
