"""Printing in a printer language: the bytes of a label over a line, after the printer was asked for its status, and
with a sign that it has read them: without one the label may lie unread in the buffer of a printer that hangs.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing

from shim import submission
from shim.bilingual import Bilingual, filled
from shim.devices.base import DeviceUnavailable, spaced
from shim.devices.label import statuses
from shim.devices.label.languages import Language
from shim.devices.label.paper import Paper
from shim.devices.label.print_method import PrintMethod, Render, transfer_failed
from shim.devices.label.queue_line import QueueLine
from shim.devices.label.statuses import Fault, Query
from shim.devices.lines.base import Line
from shim.log import event
from shim.messages import label as rows

_ANSWER_SECONDS = 1.0
_AFTERWARDS = (
    "标签已经交给打印机，它随后报告：{fault}",
    "the label was handed to the printer, which then reported: {fault}",
)
_SILENT = (
    "{title} 没有应答状态查询，照常打印",
    "{title} did not answer the status query; the label is printed all the same",
)


class RawPrintMethod(PrintMethod):
    """A printer that understands `language`, at the end of `line`, which is opened for each label.

    A printer that does not answer the status query is sent the label all the same: many never do.

    Args:
        confirm: whether a label counts as printed only if there is a sign that the printer has read it.
    """

    def __init__(
        self, line: Line, language: Language, paper: Paper, logger: logging.Logger, *, confirm: bool = True
    ) -> None:
        self._line = line
        self._language = language
        self._paper = paper
        self._logger = logger
        self._confirm = confirm

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
                    raise DeviceUnavailable(status.value, printer=spaced(self.title))
                submission.begin()
                self._line.write(data, end - time.monotonic())
                if not self._confirm:
                    self._line.drain(end - time.monotonic())
                elif not self._is_read(end, answered=status is None):
                    raise DeviceUnavailable(rows.NOT_CONFIRMED, printer=spaced(self.title), seconds=f"{limit:.0f}")
            except OSError as error:
                raise transfer_failed(self.title, error, limit) from error

    def status(self, limit: float) -> Fault | Bilingual | None:
        with self._opened(limit):
            try:
                return self._status()
            except OSError as error:
                raise transfer_failed(self.title, error, limit) from error

    def _is_read(self, end: float, *, answered: bool) -> bool:
        """Whether nothing speaks against the printer having read the label.

        Where the line itself has no sign of it, a printer that has answered the status query must answer it again. One
        that never answers counts as one that prints: on such a line nothing more can be known.

        Args:
            answered: the printer has answered the status query on this line.
        """
        left = end - time.monotonic()
        sign = self._line.finish(left / 2 if answered else left)
        if sign:
            return True
        if sign is None:
            return not answered or not self._line.answers or self._answers(end)
        return answered and self._answers_anew(end)

    def _answers_anew(self, end: float) -> bool:
        """Whether the printer answers on another connection. It serves one after the other, so it is done with ours."""
        self._line.close()
        try:
            self._line.open(end - time.monotonic())
            return self._answers(end)
        except DeviceUnavailable:
            return False

    def _answers(self, end: float) -> bool:
        query = self._language.query
        if query is None:
            return False
        answer = self._answer(query, end - time.monotonic())
        if not query.complete(answer):
            return False
        fault = query.fault(answer)
        if fault is not None:
            event(
                self._logger,
                logging.WARNING,
                filled(*_AFTERWARDS, {"fault": Bilingual(fault.value.clerk, fault.told(self.title).english)}),
            )
        return True

    def _opened(self, limit: float) -> closing[Line]:
        self._line.open(limit)
        return closing(self._line)

    def _status(self) -> Fault | Bilingual | None:
        line, query = self._line.unwrapped, self._language.query
        fault = line.fault() if isinstance(line, QueueLine) else None
        if fault is not None:
            return fault
        if query is None or not self._line.answers:
            return statuses.NO_WAY
        answer = self._answer(query, _ANSWER_SECONDS)
        if not query.complete(answer):
            event(self._logger, logging.DEBUG, filled(*_SILENT, {"title": self.title}), bytes=len(answer))
            return statuses.NO_ANSWER
        return query.fault(answer)

    def _answer(self, query: Query, limit: float) -> bytes:
        """What the printer answers to `query` within `limit`."""
        end = time.monotonic() + limit
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
