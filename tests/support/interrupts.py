"""Programs that a test starts and ends with Ctrl-C."""

from __future__ import annotations

import signal


def as_from_a_terminal() -> None:
    """For `preexec_fn`: what a shell starts in the background, such as a test run, ignores Ctrl-C; so do children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
