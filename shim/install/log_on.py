"""Starts `vcshim bridge` when this user logs on: a value of Windows' Run key, on Linux a file of the desktop's.

One entry a HIS folder. Of the user, so that no administrator is needed; the program runs with the user's own rights.
Used by the command itself and by install and uninstall.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from shim.install.disk import failure_of
from shim.install.libraries import bits_of
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.sets import CORE

_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"


def bridge_command(program: Sequence[str], folder: Path) -> list[str]:
    """The command line that starts the service of a HIS folder without a window."""
    return [*program, "bridge", "--background", "--folder", str(folder)]


def entry_name(folder: Path) -> str:
    """The name of the entry of a HIS folder."""
    digest = hashlib.sha256(os.path.normcase(folder).encode("utf-8", "surrogatepass")).hexdigest()
    return f"vcshim-bridge-{digest[:8]}"


@contextmanager
def bridge_at_log_on(program: Path | None, folder: Path, own_set: Path) -> Iterator[None]:
    """Have `program` started at log-on, unless the block fails; nothing is done for None.

    Args:
        own_set: a set with the DLLs for which the program is.

    Raises:
        SetupFailed: NO_BRIDGE, FAILED.
    """
    if program is None:
        yield
        return
    bits = bits_of(own_set / CORE) if (own_set / CORE).is_file() else 0
    if not program.is_file() or bits_of(program) != bits:
        raise SetupFailed(SetupOutcome.NO_BRIDGE, path=program, bits=bits)
    before = log_on_command(folder)
    try:
        start_at_log_on([str(program.absolute())], folder)
    except OSError as error:
        raise failure_of(error) from error
    try:
        yield
    except BaseException:
        if before is None:
            with suppress(OSError):
                forget_log_on(folder)
        raise


if sys.platform == "win32":
    import winreg

    def log_on_command(folder: Path) -> str | None:
        """The command line that starts the service of `folder` at log-on; None if there is none."""
        try:
            with winreg.OpenKeyEx(winreg.HKEY_CURRENT_USER, _RUN) as key:
                return str(winreg.QueryValueEx(key, entry_name(folder))[0])
        except OSError:
            return None

    def start_at_log_on(program: Sequence[str], folder: Path) -> str:
        """Have the service of `folder` started at each log-on of this user; returns the command line.

        Raises:
            OSError: the system does not allow it.
        """
        command = subprocess.list2cmdline(bridge_command(program, folder))
        with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, _RUN, 0, winreg.KEY_SET_VALUE) as key:
            winreg.SetValueEx(key, entry_name(folder), 0, winreg.REG_SZ, command)
        return command

    def forget_log_on(folder: Path) -> bool:
        """Start nothing at log-on any more; False if nothing was.

        Raises:
            OSError: the system does not allow it.
        """
        try:
            with winreg.OpenKeyEx(winreg.HKEY_CURRENT_USER, _RUN, 0, winreg.KEY_SET_VALUE) as key:
                winreg.DeleteValue(key, entry_name(folder))
        except FileNotFoundError:
            return False
        return True

else:

    def log_on_command(folder: Path) -> str | None:
        """The command line that starts the service of `folder` at log-on; None if there is none."""
        try:
            return _entry(folder).read_text("utf-8").partition("Exec=")[2].rstrip("\n")
        except OSError:
            return None

    def start_at_log_on(program: Sequence[str], folder: Path) -> str:
        """Have the service of `folder` started at each log-on of this user; returns the command line.

        Raises:
            OSError: the system does not allow it.
        """
        command = shlex.join(bridge_command(program, folder)).replace("%", "%%")
        path = _entry(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[Desktop Entry]\nType=Application\nName=vcshim bridge\nExec={command}\n", "utf-8")
        return command

    def forget_log_on(folder: Path) -> bool:
        """Start nothing at log-on any more; False if nothing was.

        Raises:
            OSError: the system does not allow it.
        """
        try:
            _entry(folder).unlink()
        except FileNotFoundError:
            return False
        return True

    def _entry(folder: Path) -> Path:
        base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
        return Path(base, "autostart", f"{entry_name(folder)}.desktop")
