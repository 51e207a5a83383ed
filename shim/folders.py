"""The folders of this user and of this PC in which vcshim keeps what does not stand beside the DLLs.

Only where they are: nothing is made or looked at here. native/platform_*.c answers the same (vcshim_data_folder).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAME = "vcshim"


def local_data() -> Path:
    """The folder that a program may always write to: the local application data of the user."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or os.environ.get("TEMP") or "C:\\") / NAME
    return Path(os.environ.get("XDG_STATE_HOME") or Path(os.path.expanduser("~"), ".local", "state")) / NAME


def machine_data() -> Path:
    """The folder for all users of this PC, which only administrators write to. It need not exist."""
    if sys.platform == "win32":
        # NB: not ProgramData, in which any user may make a folder; and the same one for programs of 32 and of 64 bits.
        programs = os.environ.get("PROGRAMW6432") or os.environ.get("PROGRAMFILES")
        return Path(programs or "C:\\Program Files") / NAME
    return Path("/etc") / NAME
