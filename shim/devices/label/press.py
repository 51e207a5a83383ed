"""A press makes one label of a drawing: by a language over a line, or by the system's driver. L2.

A press does not know what stands on the label: it asks `draw` for the dots at the resolution that it prints with.
"""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing

from shim.devices.base import DeviceUnavailable, Unavailable
from shim.devices.label.encoders import Paper
from shim.devices.label.languages import Language
from shim.devices.label.line import QueueLine
from shim.devices.label.statuses import Fault, Query
from shim.devices.lines.base import Line
from shim.drawing.dots import Dots
from shim.log import event

Draw = Callable[[int], Dots]

_ANSWER_SECONDS = 1.0


class Press(ABC):
    """What prints. DeviceUnavailable where it cannot, and nothing else; `draw`'s own errors pass."""

    @property
    @abstractmethod
    def title(self) -> str:
        """The device for the clerk."""

    @abstractmethod
    def print(self, draw: Draw, limit: float) -> None:
        """One label within `limit` seconds; `draw` is called once, with dots an inch."""

    @abstractmethod
    def status(self, limit: float) -> Fault | str | None:
        """What is wrong with it; None where it says that all is well; a text where it says nothing, and why."""


class RawPress(Press):
    """A printer that speaks a language, at the end of a line. It is asked how it is before the label leaves."""

    def __init__(self, line: Line, language: Language, paper: Paper, logger: logging.Logger) -> None:
        self._line = line
        self._language = language
        self._paper = paper
        self._logger = logger

    @property
    def title(self) -> str:
        return self._line.title

    def print(self, draw: Draw, limit: float) -> None:
        end = time.monotonic() + limit
        data = self._language.encode(draw(self._paper.dpi), self._paper)
        with self._opened(limit):
            try:
                fault = self._ask()
                if isinstance(fault, Fault):
                    raise DeviceUnavailable(self.title, Unavailable.NOT_READY, f"打印机{fault.value}")
                self._line.write(data, end - time.monotonic())
                self._line.drain(end - time.monotonic())
            except OSError as error:
                raise lost(self.title, error) from error

    def status(self, limit: float) -> Fault | str | None:
        with self._opened(limit):
            try:
                return self._ask()
            except OSError as error:
                raise lost(self.title, error) from error

    def _opened(self, limit: float) -> closing[Line]:
        self._line.open(limit)
        return closing(self._line)

    def _ask(self) -> Fault | str | None:
        line = self._line.unwrapped
        known = line.fault() if isinstance(line, QueueLine) else None
        query = self._language.query
        if known is not None:
            return known
        if query is None or not self._line.answers:
            return "这种接法不能查询打印机的状态"
        answer = self._answer(query)
        if not query.whole(answer):
            event(self._logger, logging.DEBUG, f"{self.title} 没有应答状态查询，照常打印", bytes=len(answer))
            return "打印机没有应答状态查询"
        return query.read(answer)

    def _answer(self, query: Query) -> bytes:
        end = time.monotonic() + _ANSWER_SECONDS
        self._line.write(query.ask, _ANSWER_SECONDS)
        answer = b""
        while not query.whole(answer) and (left := end - time.monotonic()) > 0:
            try:
                data = self._line.read(left)
            except ConnectionError:  # it closed its side: what was read before stands
                break
            if not data:
                break
            answer += data
        return answer


def lost(title: str, error: OSError) -> DeviceUnavailable:
    """A printer that went away while it was printed to, or stopped taking data."""
    if isinstance(error, TimeoutError) or "timeout" in str(error).lower():
        return timed_out(title)
    return DeviceUnavailable(title, Unavailable.LOST, "请检查电源和连接线，看标签是否已经打出，再决定是否重打")


def timed_out(title: str) -> DeviceUnavailable:
    """Nobody knows whether the label comes out."""
    advice = "打印机没有及时接收标签；请检查它是否缺纸、脱机或暂停，看标签是否已经打出，再决定是否重打"
    return DeviceUnavailable(title, Unavailable.TIMED_OUT, advice)
