"""Who uses which PC: the names of this user and of this PC, as the system tells them.

Not the identity towards a platform, which is shim/terminal.py. Used where files are kept apart by user and PC.
"""

from __future__ import annotations

import os
import sys


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


def file_word(name: str, length: int = 40) -> str:
    """A name as a part of the name of a file or folder, in at most `length` characters."""
    return "".join(c if c.isalnum() or c in "._" else "_" for c in name)[:length].strip(".") or "_"
