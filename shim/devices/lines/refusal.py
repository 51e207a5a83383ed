"""Why a line could not be opened: the cause is decided here for every kind of line, and has one row.

The back ends hand over what the system raised, so the scanner, the serial display and the label printer say the same
for the same cause. The rows are in shim/messages/lines.py. Not here: why a device does not answer although its line is
open, which only its driver can tell.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import sys
from typing import Any

from shim.bilingual import Bilingual
from shim.devices.base import Device, DeviceUnavailable
from shim.devices.lines.holders import holder_of
from shim.messages.lines import ENGINEER, ROWS, Cause, LineKind

_IN_USE = frozenset({errno.EBUSY, errno.EAGAIN})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_MISSING = frozenset(
    {
        errno.ENOENT,
        errno.ENODEV,
        errno.ENXIO,
        errno.ENOTTY,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ENAMETOOLONG,
        errno.EINVAL,
    }
)
_UNREACHABLE = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, getattr(errno, "EHOSTDOWN", errno.EHOSTUNREACH)}
)
# What Windows says of a serial port: file, path, device or bus not there; no longer there; held; driver silent; a
# setting that the port does not have.
_WINDOWS = {
    2: Cause.MISSING, 3: Cause.MISSING, 433: Cause.MISSING, 1167: Cause.MISSING,
    5: Cause.IN_USE, 32: Cause.IN_USE, 170: Cause.IN_USE,
    121: Cause.NO_ANSWER, 1460: Cause.NO_ANSWER,
    87: Cause.UNSUPPORTED,
}  # fmt: skip
_WINDOWS_SHARED = (32, 33, 170)  # of a file: a sharing or a lock violation, busy
# NB: pyserial puts the system's error into the text and leaves errno empty: "... PermissionError(13, '...', None, 5)".
_IN_TEXT = re.compile(r"\([0-9]+, ['\"](.*)['\"], None, ([0-9]+)\)")
_BY_PYSERIAL = ("could not open port", "Could not exclusively lock port", "Could not configure port")


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
    if getattr(error, "winerror", None) in _WINDOWS_SHARED:
        return Cause.IN_USE
    number = getattr(error, "errno", None)
    if number is None:
        return _of_text(str(error))
    for numbers, meaning in (
        (_IN_USE, Cause.IN_USE), (_DENIED, Cause.ACCESS_DENIED), (_UNREACHABLE, Cause.UNREACHABLE),
        (_MISSING, Cause.MISSING),
    ):  # fmt: skip
        if number in numbers:
            return meaning
    return Cause.OTHER


def refusal(
    kind: LineKind, device: Device, title: str, error: Exception, path: str = "", **facts: Any
) -> DeviceUnavailable:
    """The exception that a line raises when it cannot be opened.

    Args:
        title: the title of the line.
        error: what the system raised.
        path: of a port or a file, to ask which program holds it.
        facts: what the rows of `kind` name beyond the title, the section and the error.
    """
    found = cause(error)
    if found is Cause.UNSUPPORTED and found not in ENGINEER[kind]:  # a text that cannot be the name of a file
        found = Cause.MISSING
    holder = holder_of(path) if found is Cause.IN_USE and path else None
    if holder is not None:
        found, facts = Cause.IN_USE_BY, {**facts, "program": holder.program, "pid": holder.pid}
    rows = {each: row for (section, of, each), row in ROWS.items() if (section, of) == (device.section, kind)}
    row = rows.get(found) or rows[Cause.OTHER]
    return DeviceUnavailable(row, title=title, section=device.section, error=system_text(error), **facts)


def system_text(error: BaseException) -> Bilingual:
    """What the system said, for the engineer: its number where it has one, and its words."""
    number = getattr(error, "winerror", None) or getattr(error, "errno", None)
    words = str(getattr(error, "strerror", None) or error)[:120]
    quoted = _IN_TEXT.search(str(error))
    if quoted is not None:
        number, words = int(quoted[2]), quoted[1]
    elif number is not None and words.startswith(_BY_PYSERIAL):
        words = os.strerror(number)
    name = type(error).__name__
    if number is not None:
        return Bilingual(f"系统错误 {number}：{words}", f"system error {number}: {words}")
    return Bilingual(f"{name}：{words}", f"{name}: {words}") if words else Bilingual(name, name)


def _of_text(text: str) -> Cause:
    match = _IN_TEXT.search(text)
    if sys.platform != "win32" or match is None:
        return Cause.OTHER
    return _WINDOWS.get(int(match[2]), Cause.OTHER)
