"""What the log would hold, on the terminal as it happens: for the commands that try a device. Not a command."""

from __future__ import annotations

import logging
import time

from shim.bilingual import Bilingual
from shim.commands.console import say
from shim.commands.language import spoken


def logger(name: str) -> logging.Logger:
    """A logger whose events are printed at once, each with the seconds since this call. Replaces one of that name."""
    result = logging.getLogger(f"vcshim.{name}")
    result.handlers = [_Terminal()]
    result.propagate = False
    result.setLevel(logging.INFO)
    return result


class _Terminal(logging.Handler):
    """Prints a line for each event."""

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        facts = "  ".join(f"{name}={spoken(value)}" for name, value in getattr(record, "facts", {}).items())
        text = spoken(record.msg) if isinstance(record.msg, Bilingual) else record.getMessage()
        say(f"{time.monotonic() - self._started:8.3f}  {text}  {facts}".rstrip())
