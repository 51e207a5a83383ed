"""What the log would say, on the terminal as it happens: for the commands that try a device."""

from __future__ import annotations

import logging
import time


def logger(name: str) -> logging.Logger:
    """A logger whose events appear at once, each with the seconds since now."""
    made = logging.getLogger(f"vcshim.{name}")
    made.handlers = [_Terminal()]
    made.propagate = False
    made.setLevel(logging.INFO)
    return made


class _Terminal(logging.Handler):
    """One line an event."""

    def __init__(self) -> None:
        super().__init__()
        self._started = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        facts = "  ".join(f"{name}={value}" for name, value in getattr(record, "facts", {}).items())
        print(f"{time.monotonic() - self._started:8.3f}  {record.getMessage()}  {facts}".rstrip(), flush=True)
