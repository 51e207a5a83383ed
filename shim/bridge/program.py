"""How this program starts itself once more: as the process with the DLLs, or to go on without a window.

Standard library only: vcshim.exe, which has no web server, reads the words of the command as well.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

WORKER_WORD = "--bridge-worker"
"""Not a command: the first word of the process with the DLLs, before the folder. No parser has to be built for it."""


def own_program() -> list[str]:
    """The command line of this program without its words."""
    return [sys.executable] if is_frozen() else [sys.executable, "-m", "shim.toolbox"]


def worker_command(folder: Path) -> list[str]:
    """The command line of the process with the DLLs in `folder`."""
    return [*own_program(), WORKER_WORD, str(folder)]


def child_environment(*, outlives: bool = False) -> dict[str, str]:
    """The environment of such a process: a checkout is found from any folder.

    Args:
        outlives: it goes on when this one has ended, so that PyInstaller's loader must unpack it again.
    """
    if not is_frozen():
        return {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    return {**os.environ, **({"PYINSTALLER_RESET_ENVIRONMENT": "1"} if outlives else {})}


def is_frozen() -> bool:
    """Whether this is vcshim-toolbox.exe: PyInstaller says so."""
    return hasattr(sys, "frozen")
