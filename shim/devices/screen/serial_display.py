"""The extension screen as a small serial QR display: it is sent the text of the code when that changes, and no words.

The code stays while a page with a code is shown, also beside a refusal (VC 2.2: the page stays), and is cleared for
every other phase. What is sent is decided by protocols.py.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from shim.devices.base import DeviceUnavailable, spaced
from shim.devices.lines.base import Line
from shim.devices.lines.reconnect import Reconnector
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
        self._line = Reconnector(line, _RETRY_SECONDS)
        self._protocol = protocol
        self._logger = logger
        self._clock = clock
        self._displayed: str | None = ""  # the code on the display; None if unknown
        self._problem: str | None = ""

    def refresh(self, content: ScreenContent) -> None:
        if content.code == self._displayed or not self._line.ready(self._clock()):
            return
        try:
            data = self._protocol.show(content.code) if content.code else self._protocol.clear()
        except ValueError as error:
            self._problem = f"二维码超过扩展屏协议的长度，未显示（{error}）"
            event(self._logger, logging.WARNING, self._problem)
            self._displayed = content.code
            return
        try:
            self._line.open(_OPEN_SECONDS)
            if data:
                self._line.line.write(data)
        except (DeviceUnavailable, OSError) as error:
            self._lose(error)
            return
        self._displayed, self._problem = content.code, ""
        if self._line.confirm():
            event(self._logger, logging.INFO, f"{self._line.line.title} 已恢复")

    @property
    def problem(self) -> str | None:
        return self._problem

    def rest(self) -> None:
        self.close()

    def close(self) -> None:
        if self._line.is_open:
            try:
                self._line.line.write(self._protocol.clear())
            except OSError as error:
                event(self._logger, logging.DEBUG, "扩展屏未能清除", error=type(error).__name__)
        self._line.close()
        self._displayed = None

    def _lose(self, error: DeviceUnavailable | OSError) -> None:
        """Close the line and schedule a retry; warns once until the display is back."""
        self._displayed = None
        title = self._line.line.title
        self._problem = error.message if isinstance(error, DeviceUnavailable) else spaced(title, "已断开，请检查接线")
        if self._line.lose(self._clock()):
            event(self._logger, logging.WARNING, f"{self._problem}；接好后自动恢复显示")
