"""The extension screen as a small serial QR display: it is sent the text of the code when that changes, and no words.

The code stays while a page with a code is shown, also beside a refusal (VC 2.2: the page stays), and is cleared for
every other phase. What is sent is decided by protocols.py.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.screen.base import Display, ScreenContent
from shim.devices.screen.protocols import QrProtocol
from shim.log import event

_OPEN_SECONDS = 1.0
_RETRY_SECONDS = 2.0  # between two attempts to open a display that is missing


class SerialDisplay(Display):
    """Owns `line`, which is opened at the first code and stays open."""

    def __init__(
        self,
        line: Line,
        protocol: QrProtocol,
        logger: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = line
        self._protocol = protocol
        self._logger = logger
        self._clock = clock
        self._open = False
        self._displayed: str | None = ""  # the code on the display; None if unknown
        self._retry_at = 0.0
        self._warned = False

    def refresh(self, content: ScreenContent) -> None:
        if content.code == self._displayed or self._clock() < self._retry_at:
            return
        try:
            data = self._protocol.show(content.code) if content.code else self._protocol.clear()
        except ValueError as error:
            event(self._logger, logging.WARNING, f"二维码超过扩展屏协议的长度，未显示（{error}）")
            self._displayed = content.code
            return
        try:
            if not self._open:
                self._line.open(_OPEN_SECONDS)
                self._open = True
            if data:
                self._line.write(data)
        except (DeviceUnavailable, OSError) as error:
            self._lose(error)
            return
        self._displayed = content.code
        if self._warned:
            self._warned = False
            event(self._logger, logging.INFO, f"{self._line.title} 已恢复")

    def close(self) -> None:
        if self._open:
            try:
                self._line.write(self._protocol.clear())
            except OSError as error:
                event(self._logger, logging.DEBUG, "扩展屏未能清除", error=type(error).__name__)
        self._line.close()
        self._open = False
        self._displayed = None

    def _lose(self, error: DeviceUnavailable | OSError) -> None:
        """Close the line and schedule a retry; warns once until the display is back."""
        self._line.close()
        self._open = False
        self._displayed = None
        self._retry_at = self._clock() + _RETRY_SECONDS
        if not self._warned:
            self._warned = True
            text = error.message if isinstance(error, DeviceUnavailable) else f"{self._line.title}已断开，请检查接线"
            event(self._logger, logging.WARNING, f"{text}；接好后自动恢复显示")
