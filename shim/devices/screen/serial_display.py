"""The extension screen as a small serial QR display: it gets the text of the code when that changes, and no words.

It shows the code of a page, also beside a refusal (VC 2.2: the page stays), and is cleared for every other state. L2.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.lines.reconnect import Reconnector
from shim.devices.screen.base import Display, Shown
from shim.devices.screen.protocols import QrProtocol
from shim.log import event

_OPEN_SECONDS = 1.0
_AGAIN_SECONDS = 2.0  # a display that is not there is looked for that often


class SerialDisplay(Display):
    """`connection` belongs to this display; it is opened at the first code and stays open."""

    def __init__(
        self,
        connection: Line,
        protocol: QrProtocol,
        logger: logging.Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._line = Reconnector(connection, _AGAIN_SECONDS)
        self._protocol = protocol
        self._logger = logger
        self._clock = clock
        self._stands: str | None = ""  # what the display shows; None where nobody knows

    def refresh(self, shown: Shown) -> None:
        if shown.code == self._stands or not self._line.ready(self._clock()):
            return
        try:
            data = self._protocol.show(shown.code) if shown.code else self._protocol.clear()
        except ValueError as error:
            event(self._logger, logging.WARNING, f"二维码超过扩展屏协议的长度，未显示（{error}）")
            self._stands = shown.code
            return
        try:
            self._line.open(_OPEN_SECONDS)
            if data:
                self._line.line.write(data)
        except (DeviceUnavailable, OSError) as error:
            self._lost(error)
            return
        self._stands = shown.code
        if self._line.confirm():
            event(self._logger, logging.INFO, f"{self._line.line.title} 已恢复")

    def close(self) -> None:
        if self._line.is_open:
            try:
                self._line.line.write(self._protocol.clear())
            except OSError as error:
                event(self._logger, logging.DEBUG, "扩展屏未能清除", error=type(error).__name__)
        self._line.close()
        self._stands = None

    def _lost(self, error: DeviceUnavailable | OSError) -> None:
        self._stands = None
        if self._line.lose(self._clock()):
            title = self._line.line.title
            text = error.message if isinstance(error, DeviceUnavailable) else f"{title}已断开，请检查接线"
            event(self._logger, logging.WARNING, f"{text}；接好后自动恢复显示")
