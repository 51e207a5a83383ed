"""Printing in a printer language: the bytes of a label over a line, after the printer was asked for its status."""

from __future__ import annotations

import logging
import time
from contextlib import closing

from shim import submission
from shim.devices.base import DeviceUnavailable
from shim.devices.label.languages import Language
from shim.devices.label.paper import Paper
from shim.devices.label.print_method import PrintMethod, Render, transfer_failed
from shim.devices.label.queue_line import QueueLine
from shim.devices.label.statuses import Fault, Query
from shim.devices.lines.base import Line
from shim.errors import Unavailable
from shim.log import event

_ANSWER_SECONDS = 1.0


class RawPrintMethod(PrintMethod):
    """A printer that understands `language`, at the end of `line`, which is opened for each label.

    A printer that does not answer the status query is sent the label all the same: many never do.
    """

    def __init__(self, line: Line, language: Language, paper: Paper, logger: logging.Logger) -> None:
        self._line = line
        self._language = language
        self._paper = paper
        self._logger = logger

    @property
    def title(self) -> str:
        return self._line.title

    def print(self, render: Render, limit: float) -> None:
        end = time.monotonic() + limit
        data = self._language.encode(render(self._paper.dpi), self._paper)
        with self._opened(limit):
            try:
                status = self._status()
                if isinstance(status, Fault):
                    raise DeviceUnavailable(self.title, Unavailable.NOT_READY, f"打印机{status.value}")
                submission.begin()
                self._line.write(data, end - time.monotonic())
                self._line.drain(end - time.monotonic())
            except OSError as error:
                raise transfer_failed(self.title, error) from error

    def status(self, limit: float) -> Fault | str | None:
        with self._opened(limit):
            try:
                return self._status()
            except OSError as error:
                raise transfer_failed(self.title, error) from error

    def _opened(self, limit: float) -> closing[Line]:
        self._line.open(limit)
        return closing(self._line)

    def _status(self) -> Fault | str | None:
        line, query = self._line.unwrapped, self._language.query
        fault = line.fault() if isinstance(line, QueueLine) else None
        if fault is not None:
            return fault
        if query is None or not self._line.answers:
            return "这种接法不能查询打印机的状态"
        answer = self._answer(query)
        if not query.complete(answer):
            event(self._logger, logging.DEBUG, f"{self.title} 没有应答状态查询，照常打印", bytes=len(answer))
            return "打印机没有应答状态查询"
        return query.fault(answer)

    def _answer(self, query: Query) -> bytes:
        """What the printer answers to `query` within a second."""
        end = time.monotonic() + _ANSWER_SECONDS
        self._line.write(query.command, _ANSWER_SECONDS)
        answer = b""
        while not query.complete(answer) and (left := end - time.monotonic()) > 0:
            try:
                data = self._line.read(left)
            except ConnectionError:  # the printer closed its side; what was read before counts
                break
            if not data:
                break
            answer += data
        return answer
