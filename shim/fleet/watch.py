"""The thread that looks at the hospital's file from time to time. No call waits for it, and nothing here raises.

One for each process that has made a call and whose settings name a source; a forked child has none, its parent looks.
The PCs of a hospital are switched on together: each looks at a moment of its own within the first minute, and again
after each interval. What it takes is in force where settings are read anew. Started by call_port.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from shim import configuration, log
from shim.fleet.document import place_of
from shim.fleet.store import FleetStore
from shim.fleet.take import Look, look
from shim.workstation import workstation_name

_FIRST_SECONDS = 60  # in which all PCs begin
_LEAST_SECONDS = 3  # a program that ends at once has nothing to do with it


class FleetWatch:
    """Looks until the process ends, while its settings name a source.

    Args:
        folder: that of the DLLs and vcshim.ini.
        wait: waits for some seconds; False ends the watch.
    """

    def __init__(
        self,
        folder: Path,
        logger: logging.Logger,
        *,
        pc: str | None = None,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self._folder = folder
        self._logger = logger
        self._pc = workstation_name() if pc is None else pc
        self._wait = wait or _wait
        self._told: tuple[str, str] = ("", "")

    def run(self) -> None:
        """Look, wait, look again."""
        seconds = _LEAST_SECONDS + _FIRST_SECONDS * place_of(self._pc) / 100
        while self._wait(seconds):
            try:
                seconds = self._look()
            except Exception:  # the next look may fare better
                log.exception(self._logger, "内部异常")

    def _look(self) -> float:
        """Look, if there is a source; after how many seconds to do so again."""
        fleet = configuration.read(self._folder, pc_name=lambda: self._pc).fleet
        if fleet.source:
            self._tell(look(self._folder, FleetStore(), self._pc))
        return fleet.poll_minutes * 60

    def _tell(self, result: Look) -> None:
        """One line for each change of what is found: an address that is silent all day is told once."""
        if (result.outcome.key, result.text) != self._told:
            self._told = result.outcome.key, result.text
            log.event(self._logger, result.outcome.level, result.text, outcome=result.outcome.key)


def _wait(seconds: float) -> bool:
    threading.Event().wait(seconds)
    return True
