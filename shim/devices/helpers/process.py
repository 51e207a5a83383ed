"""The start and the end of a helper process: without a window, on pipes. Not what is said on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

_CREATE_NO_WINDOW = 0x08000000


def start_helper(command: Sequence[str], *, bufsize: int = -1) -> subprocess.Popen[bytes]:
    """Start a helper program in its own folder, with pipes for stdin and stdout; nothing reads its stderr.

    Args:
        command: the program, with its folder, and its arguments.
        bufsize: of both pipes, as `subprocess.Popen` has it: -1 by lines and blocks, 0 unbuffered.

    Raises:
        OSError, ValueError: it cannot be started.
    """
    return subprocess.Popen(
        list(command),
        bufsize=bufsize,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=_CREATE_NO_WINDOW if sys.platform == "win32" else 0,
        cwd=os.path.dirname(command[0]) or None,
    )


def end_helper(process: subprocess.Popen[bytes], limit: float) -> None:
    """Wait for a helper that ends because its stdin did; kill one that does not. Never raises.

    Args:
        limit: seconds to wait before it is killed, and as many again for the system to end it.
    """
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        kill_helper(process)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            return  # killed, and yet in the hands of the system


def kill_helper(process: subprocess.Popen[bytes]) -> None:
    """Kill a helper without waiting for its end. Never raises."""
    try:
        process.kill()
    except OSError:  # it has just ended by itself
        return
