"""Work that is done when programs have ended: by a program of ours that waits, and at the next logon if that was ended.

Windows' own list of files to be replaced at the next start needs an administrator and a restart; this needs neither.
Only for Windows, but for the program that waits.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from shim.install.places import HisPlaces

_RUN_ONCE = r"Software\Microsoft\Windows\CurrentVersion\RunOnce"
_DETACHED = 0x00000008 | 0x00000200  # DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP
_CREATE_NO_WINDOW = 0x08000000
# The paths come as variables: a batch file would be read in the code page of the console.
_REMOVER = r"""@echo off
set VCSHIM_TURN=0
:again
rd /s /q "%VCSHIM_OWN%" 2>nul
if not exist "%VCSHIM_OWN%" goto done
set /a VCSHIM_TURN=%VCSHIM_TURN%+1
if %VCSHIM_TURN%==60 goto done
ping -n 2 127.0.0.1 >nul
goto again
:done
rd "%VCSHIM_SETUP%" 2>nul
rd "%VCSHIM_RUNTIME%" 2>nul
del "%~f0"
"""


def schedule(folder: Path, command: Sequence[str]) -> None:
    """Start a program that waits, and have it started again at this user's next logon.

    Raises:
        OSError: it cannot be started.
    """
    _run_once(folder, subprocess.list2cmdline(command))
    _start(command, _DETACHED)


def forget_schedule(folder: Path) -> None:
    """Nothing is to be done at the next logon any more. Never raises."""
    _run_once(folder, None)


def absolute(words: Sequence[str], folder: Path) -> list[str]:
    """The words of a command line with `folder` in full, since the program that waits has another current folder."""
    return [
        str(folder) if word and not word.startswith("-") and Path(word).absolute() == folder else word for word in words
    ]


def remove_after_end(folders: Sequence[Path], places: HisPlaces) -> None:
    """Have folders removed as soon as the programs in them, this one among them, have ended; for a minute."""
    if sys.platform != "win32":
        return
    for number, folder in enumerate(folders):
        script = Path(tempfile.gettempdir(), f"vcshim-{os.getpid()}-{number}.cmd")
        script.write_bytes(_REMOVER.replace("\n", "\r\n").encode("ascii"))
        variables = {"VCSHIM_OWN": folder, "VCSHIM_SETUP": places.setup, "VCSHIM_RUNTIME": places.runtime}
        environment = {**os.environ, **{name: str(path) for name, path in variables.items()}}
        command = [os.environ.get("COMSPEC", "cmd.exe"), "/d", "/c", str(script)]
        _start(command, _CREATE_NO_WINDOW, environment, script.parent)


def _start(
    command: Sequence[str], flags: int, environment: dict[str, str] | None = None, folder: Path | None = None
) -> None:
    null = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=null, stdout=null, stderr=null, env=environment, cwd=folder or Path(command[0]).parent,
        creationflags=flags if sys.platform == "win32" else 0,
    )  # fmt: skip
    process.returncode = 0  # nobody waits for it


def _run_once(folder: Path, command: str | None) -> None:
    if sys.platform != "win32":
        return
    import winreg

    name = f"vcshim-{hashlib.sha256(os.path.normcase(folder).encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    try:
        with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, _RUN_ONCE, 0, winreg.KEY_SET_VALUE) as key:
            if command is None:
                winreg.DeleteValue(key, name)
            else:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, command)
    except OSError:
        return  # the program that waits was started all the same
