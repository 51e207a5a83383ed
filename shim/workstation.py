"""Who uses which PC: the names of this user and of this PC, as the system tells them.

Not the identity towards a platform, which is shim/terminal.py. Used where files are kept apart by user and PC.
"""

from __future__ import annotations

import os
import sys

from shim.log import Station, file_word

__all__ = ["file_word", "station", "user_name", "workstation_name"]


def user_name() -> str:
    """The user whose rights this process has: the Windows user, elsewhere a number; "" if Windows does not say."""
    if sys.platform == "win32":
        from shim.winapi.advapi32 import windows_user

        return windows_user()
    return str(os.getuid())  # NB: a name may be asked of the network, by libraries of the host's


def workstation_name() -> str:
    """The name of this PC; "" if the system does not say."""
    if sys.platform == "win32":
        from shim.winapi.kernel32 import computer_name

        return computer_name()
    return os.uname().nodename


def station(pc: str = "", session: int | None = None) -> Station:
    """Where this process runs, without loading anything: the front has asked Windows already.

    Args:
        pc, session: what the front says; "" and None where there is no front.
    """
    if sys.platform != "win32":
        return Station(workstation_name(), user_name())
    if session is None:
        from shim.winapi.kernel32 import session_number

        return Station(workstation_name(), user_name(), session_number())
    try:
        return Station(pc, os.getlogin(), session)  # of Windows, the same as user_name(); no ctypes
    except OSError:
        return Station(pc, "", session)
