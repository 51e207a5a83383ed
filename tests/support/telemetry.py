"""The listener of shim/telemetry with lines and calls to hear, as the tests of its parts use it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from shim import log
from shim.log import CallEnd, CallStage, Station
from shim.settings.log import TelemetrySettings
from shim.telemetry.listener import TelemetryListener

PC = Station("PC-017", "user", 1)
DEVICES = {"scanner": "serial", "label": "none"}
STAGES = (CallStage("scan_ms", 0.1, 0.5), CallStage("platform_ms", 0.75, 0.25))
ENDED = CallEnd("success", "", 1.25, STAGES)
FAILED = CallEnd("not done", "scanner.not_found", 0.5)


def listening(
    folder: Path, by_hand: bool = True, level: str = "info", **settings: Any
) -> tuple[logging.Logger, TelemetryListener]:
    """A log that a listener hears.

    Args:
        by_hand: its worker starts no thread: the test calls `worker.deliver` itself.
    """
    logger = log.open_log(folder, folder, level, 30, PC)
    listener = TelemetryListener(TelemetrySettings(**settings), PC, DEVICES, logger)
    log.listen(logger, listener, level)
    if by_hand:
        listener.worker.start = lambda: None  # type: ignore[method-assign]
    else:
        listener.worker._logger = logging.Logger(
            "telemetry"
        )  # its thread outlives the test, and the log is the next one's
    return logger, listener


def success(logger: logging.Logger, method: str = "ehc.ehealthcode.verify") -> None:
    """The last line of a call that went well."""
    facts = {"function": "VirtualCardTrans", "code": "00", "ms": 1250.0, "method": method, "platform_ms": 250.0}
    log.last_line(logger, logging.INFO, "成功", ENDED, **facts)


def failure(logger: logging.Logger) -> None:
    """The last line of a call that a scanner has failed."""
    facts = {"function": "VirtualCardTrans", "code": "9005", "method": "ehc.ehealthcode.verify"}
    log.last_line(logger, logging.ERROR, "扫码枪没有找到", FAILED, **facts)
