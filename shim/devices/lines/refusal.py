"""Why a line could not be opened: the cause is decided here for every kind of line, and has one sentence.

The back ends hand over what the system raised, so the scanner, the serial display and the label printer say the same
for the same cause. Not here: why a device does not answer although its line is open, which only its driver can tell.
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Mapping
from enum import Enum, auto, unique

from shim.devices.base import Device, DeviceUnavailable
from shim.errors import Unavailable


@unique
class Cause(Enum):
    """What the system says when a line cannot be opened."""

    MISSING = auto()
    IN_USE = auto()
    ACCESS_DENIED = auto()
    UNSUPPORTED = auto()
    UNREACHABLE = auto()
    NO_ANSWER = auto()
    REFUSED = auto()
    UNKNOWN_HOST = auto()


Sentences = Mapping[Cause, tuple[Unavailable, str]]
"""The reason and the advice for each cause of one kind of line; the first row serves every cause that has none.

The advice may hold {device} and {section} (see Device), and the facts that the back end adds.
"""

# {ports}: the serial ports of this PC. {baud}, {bits}: as set.
SERIAL: Sentences = {
    Cause.MISSING: (
        Unavailable.NOT_FOUND,
        "本机现有串口：{ports}；请检查接线，在设备管理器中核对端口号，并在 vcshim.ini 的 [{section}] 改正 port",
    ),
    Cause.IN_USE: (
        Unavailable.BUSY,
        "请关闭正在使用该串口的程序（另一个医院程序窗口、{device}配置工具、厂商控件）后重试；仍不行请拔插{device}",
    ),
    Cause.ACCESS_DENIED: (
        Unavailable.ACCESS_DENIED,
        "本用户没有该串口的权限，请加入串口所属的组（多为 dialout），重新登录后重试",
    ),
    Cause.UNSUPPORTED: (
        Unavailable.NOT_SET_UP,
        "该串口不支持波特率 {baud} 或格式 {bits}，请核对 [{section}] baud 和 bits",
    ),
}
TCP: Sentences = {
    Cause.UNREACHABLE: (Unavailable.NOT_FOUND, "网络不通，请检查{device}的网线、供电和 [{section}] address"),
    Cause.NO_ANSWER: (Unavailable.NOT_FOUND, "没有应答，请检查{device}的网线、供电和 [{section}] address"),
    Cause.REFUSED: (
        Unavailable.REFUSED,
        "请检查{device}是否开机、[{section}] address 的端口是否写对；也可能正被其他程序或另一台电脑占用（往往只接受一个"
        "连接），请关闭后重试",
    ),
    Cause.ACCESS_DENIED: (Unavailable.BLOCKED, "防火墙或安全软件不允许本程序连接{device}，请放行后重试"),
    Cause.UNKNOWN_HOST: (Unavailable.NOT_FOUND, "找不到这个主机名，请核对 [{section}] address，或改写 IP 地址"),
}
FILE: Sentences = {
    Cause.MISSING: (Unavailable.NOT_FOUND, "请核对 [{section}] file 所写的设备或文件"),
    Cause.IN_USE: (Unavailable.BUSY, "请关闭正在使用它的程序后重试"),
    Cause.ACCESS_DENIED: (
        Unavailable.ACCESS_DENIED,
        "请确认本用户可以写入 [{section}] file 所写的设备或文件，并且没有其他程序正在使用它",
    ),
}

_IN_USE = frozenset({errno.EBUSY, errno.EAGAIN})
_DENIED = frozenset({errno.EACCES, errno.EPERM})


def cause(error: Exception) -> Cause:
    """What `error`, raised by the system while a line was opened, means."""
    if isinstance(error, (socket.gaierror, UnicodeError)):  # UnicodeError: a text that cannot be a host's name
        return Cause.UNKNOWN_HOST
    if isinstance(error, TimeoutError):
        return Cause.NO_ANSWER
    if isinstance(error, ConnectionRefusedError):
        return Cause.REFUSED
    if isinstance(error, ValueError):
        return Cause.UNSUPPORTED
    number = getattr(error, "errno", None)
    if number in _IN_USE or _windows_port_in_use(error):
        return Cause.IN_USE
    if number in _DENIED:
        return Cause.ACCESS_DENIED
    if number in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return Cause.UNREACHABLE
    return Cause.MISSING


def refusal(sentences: Sentences, device: Device, title: str, error: Exception, **facts: object) -> DeviceUnavailable:
    """The exception that a line raises when it cannot be opened.

    Args:
        sentences: SERIAL, TCP or FILE.
        title: the title of the line.
        error: what the system raised.
        facts: what the advice of `sentences` names beyond the device and its section.
    """
    why, advice = sentences.get(cause(error)) or next(iter(sentences.values()))
    return DeviceUnavailable(title, why, advice.format(device=device.title, section=device.section, **facts))


def _windows_port_in_use(error: Exception) -> bool:
    """NB: on Windows a port that another program holds is "access denied", and pyserial puts that into the text and
    leaves errno empty."""
    return sys.platform == "win32" and getattr(error, "errno", None) is None and "PermissionError" in str(error)
