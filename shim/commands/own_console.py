"""Whether this program was started by a double click: then its console is its own and closes with it. Not a command."""

from __future__ import annotations

import os
import sys

from shim.commands.catalogue import start as phrases
from shim.commands.console import say


def has_own_console() -> bool:
    """Whether no other program uses the console, so that what is printed is gone when this one has ended."""
    if sys.platform != "win32":
        return False
    from shim.winapi.kernel32 import console_processes

    # A program that PyInstaller froze runs as the child of itself.
    ours = {os.getpid(), os.getppid()} if getattr(sys, "frozen", False) else {os.getpid()}
    users = set(console_processes())
    return bool(users) and users <= ours


def wait() -> None:
    """Wait until somebody has read what is there."""
    say(phrases.PRESS_ENTER())
    sys.stdin.readline()
