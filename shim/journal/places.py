"""Where a journal is: one file per workstation and user, and whether its folder is on this PC.

Used by the writer's thread and by the commands.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from shim.workstation import file_word, user_name, workstation_name

_DRIVE_REMOTE = 4
# Of /proc/self/mountinfo: file systems that several PCs may share.
_NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)
_OCTAL = re.compile(r"\\([0-7]{3})")  # a blank, a tab, a line end or a backslash


def journal_file(folder: Path) -> Path:
    """The journal of this user on this PC."""
    return folder / f"journal-{file_word(workstation_name())}-{file_word(user_name())}.db"


def is_on_network(folder: Path) -> bool:
    """Whether a folder is on a share, also by a mapped drive, a link or a mount. It need not be there yet."""
    real = os.path.realpath(folder)
    if sys.platform == "win32":
        from shim.winapi.kernel32 import GetDriveTypeW

        drive = os.path.splitdrive(real)[0]
        return drive.startswith("\\\\") or GetDriveTypeW(f"{drive}\\") == _DRIVE_REMOTE
    try:
        mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
    except OSError:
        return False
    return mount_type(mounts, real) in _NETWORK_FILE_SYSTEMS


def mount_type(mounts: str, path: str) -> str:
    """The type of the file system that holds `path`, by the text of /proc/self/mountinfo; "" if no row holds it."""
    found, kind = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, types = before.split(" "), after.split(" ")
        if len(fields) < 5:
            continue
        point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4])
        if (path == point or path.startswith(point.rstrip("/") + "/")) and len(point) >= found:
            found, kind = len(point), types[0]
    return kind
