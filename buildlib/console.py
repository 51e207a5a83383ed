"""How a build step talks: progress lines, and child processes whose output is shown only when they fail.

Not a logger and not for the product: only build_dll.py and the steps in this folder use it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

_started = time.monotonic()


class Failed(Exception):
    """A step could not be done; the text tells the person at the terminal what is missing and how to mend it."""


def say(text: str) -> None:
    """One progress line, with the seconds since the start, flushed at once so that a CI log shows it."""
    sys.stdout.write(f"[{time.monotonic() - _started:6.1f} s] {text}\n")
    sys.stdout.flush()


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    stdin: str | None = None,
) -> str:
    """Run a child to its end and return what it printed (stdout and stderr together), as UTF-8.

    Raises Failed with the tail of that output when it cannot start, exits non-zero or outlives `timeout` seconds.
    """
    words = [str(word) for word in argv]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            # Python prints UTF-8 then, even on a Windows whose code page has no Chinese.
            env={"PYTHONUTF8": "1", **(os.environ if env is None else env)},
            timeout=timeout,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise Failed(f"cannot start {words[0]}: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"still running after {timeout} s, ended: {' '.join(words)}") from error
    if done.returncode != 0:
        tail = "\n".join(done.stdout.splitlines()[-40:])
        raise Failed(f"exit code {done.returncode}: {' '.join(words)}\n{tail}")
    return done.stdout
