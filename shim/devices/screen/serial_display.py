"""The extension screen as a small serial QR display: it is sent the text of the code when that changes, and no words.

The code stays while a page with a code is shown, also beside a refusal (VC 2.2: the page stays), and is cleared for
every other phase, and for a code that cannot be sent: that of the patient before must not stay. What is sent is decided
by protocols.py.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from shim.bilingual import Bilingual, filled
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.devices.lines.reconnect import Reconnector
from shim.devices.screen.base import Display, ScreenContent
from shim.devices.screen.protocols import QrProtocol
from shim.log import event
from shim.messages import screen as rows

_OPEN_SECONDS = 1.0
_RETRY_SECONDS = 2.0  # between two attempts to open a display that is missing
_MOST_BYTES = 2331  # of a text in a QR code of level M (ISO/IEC 18004, table 7)
_PICTURE = "data:image/"  # how a platform begins that gives a picture in the place of a text
_NOT_CLEARED = Bilingual("扩展屏未能清除", "the screen could not be cleared")


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
        self._displayed: str | None = ""  # what `refresh` was given when the display was last right; None if unknown
        self._problem: str | None = ""
        self._has_code = False  # the display shows one
        self._warned = False  # that it cannot be cleared

    def refresh(self, content: ScreenContent) -> None:
        if content.code == self._displayed or not self._line.ready(self._clock()):
            return
        data, problem = self._order(content.code)
        if not problem or self._has_code:
            try:
                self._line.open(_OPEN_SECONDS)
                if data:
                    self._line.line.write(data)
            except (DeviceUnavailable, OSError) as error:
                self._lose(error)
                return
            if self._line.confirm():
                event(
                    self._logger,
                    logging.INFO,
                    filled("{title} 已恢复", "{title} is back", {"title": self._line.line.title}),
                )
        self._displayed, self._problem = content.code, problem
        if problem:
            event(self._logger, logging.WARNING, problem)
        self._note_sent(data, shows=bool(content.code) and not problem)

    def _order(self, code: str) -> tuple[bytes, str]:
        """What is to be sent for `code`, and why that clears the display although there is a code; "" if it does not.

        The code of the patient before must not stay in the place of one that cannot be sent.
        """
        if not code:
            return self._protocol.clear(), ""
        if code[: len(_PICTURE)].lower() == _PICTURE:
            return self._protocol.clear(), rows.PICTURE_ON_SERIAL.told(size=len(code))
        size = len(code.encode("utf-8", "replace"))
        if size > _MOST_BYTES:
            return self._protocol.clear(), rows.CODE_TOO_LONG.told(size=size)
        try:
            return self._protocol.show(code), ""
        except ValueError:
            facts = {"size": size, "protocol": self._protocol.name}
            return self._protocol.clear(), rows.TOO_LONG_FOR_PROTOCOL.told(**facts)

    def _note_sent(self, data: bytes, *, shows: bool) -> None:
        """Remember whether a code is on the display; warns once of one that cannot be taken off it."""
        if not shows and not data and self._has_code and not self._warned:
            self._warned = True
            event(self._logger, logging.WARNING, rows.CANNOT_BE_CLEARED.told())
        self._has_code = shows or (self._has_code and not data)

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
                event(self._logger, logging.DEBUG, _NOT_CLEARED, error=type(error).__name__)
        self._line.close()
        self._displayed = None

    def _lose(self, error: DeviceUnavailable | OSError) -> None:
        """Close the line and schedule a retry; warns once until the display is back."""
        self._displayed = None
        lost = rows.SERIAL_LOST.told(title=self._line.line.title)
        self._problem = error.told if isinstance(error, DeviceUnavailable) else lost
        if self._line.lose(self._clock()):
            event(self._logger, logging.WARNING, self._problem)
