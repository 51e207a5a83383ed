"""Logs the status of a device when it changes, so that a fault that lasts all day is one line of the log."""

from __future__ import annotations

import logging

from shim.log import event


class StatusLog:
    """One device's status. Used by one thread."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._last = ""
        self._problem = ""

    @property
    def problem(self) -> str:
        """The text that was reported last, if it was a warning."""
        return self._problem

    def report(self, status: str, level: int, text: str, **facts: object) -> None:
        """Log `text`, unless `status` is the one that was reported last."""
        if status != self._last:
            self._last = status
            self._problem = text if level >= logging.WARNING else ""
            event(self._logger, level, text, **facts)
