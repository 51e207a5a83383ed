"""Printers for the tests: one behind a TCP port, one behind a serial port, which may answer; and what tests print."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Self

import pytest

from buildlib import tools
from shim import configuration
from shim.devices.base import DeviceUnavailable
from shim.devices.label.base import LabelPrinter
from shim.devices.label.pick import pick_printer
from tests.support.streams import stop_listening

FUSED = "8BF77B9B0688AA6E4CF6E3587BCE515087C438CAA443301E:1:::35020010001"
CARD_NO = "D00000002"
NAME = "㛃敏𬱖"
NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc#2"

LOGGER = logging.getLogger("vcshim.tests")

_LIMIT = 60.0


def label_printer(folder: Path, **settings: object) -> LabelPrinter:
    """The label printer that a vcshim.ini in `folder` with these [label] settings names."""
    tools.require("font")
    lines = "".join(f"{key} = {value}\n" for key, value in ({"fonts": NOTO} | settings).items())
    result = configuration.parse(f"[label]\n{lines}", folder)
    assert result.problems == ()
    return pick_printer(result.label, LOGGER)


def refusal(printer: LabelPrinter, name: str = NAME, code: str = FUSED) -> DeviceUnavailable:
    """Why `printer` does not print a label; the message holds nothing of the patient."""
    with pytest.raises(DeviceUnavailable) as caught:
        printer.print_label(code, CARD_NO, name)
    assert not {name, CARD_NO, code} & set(caught.value.message.split())
    return caught.value


class Sink:
    """Listens on loopback and keeps what each connection sends, without `query`, which it answers with `answer`.

    Args:
        answer: None for a printer that never answers.
        takes: False for a printer that hangs: it reads nothing.
        buffer: how many bytes the system keeps for it; 0 for as many as it likes, more than a label has.
        closes: False for one that does not close a connection that the other side has closed.
        hangs_after_query: it reads nothing of a label.
        closes_after: the connection is reset after so many bytes of a label; 0 for never.
    """

    def __init__(
        self, query: bytes = b"", answer: bytes | None = None, *, takes: bool = True, closes_after: int = 0,
        buffer: int = 0, closes: bool = True, hangs_after_query: bool = False,
    ) -> None:  # fmt: skip
        self.jobs: list[bytes] = []
        self.asked = 0
        self._query = query
        self._answer = answer
        self._takes = takes
        self._closes_after = closes_after
        self._server = socket.create_server(("127.0.0.1", 0))
        self._closes = closes
        self._hangs = hangs_after_query
        if buffer:
            self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.port: int = self._server.getsockname()[1]
        self._closed = False
        self._unread: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def job(self, number: int = 0) -> bytes:
        """The job of that number, counted from 0; waits for it."""
        end = time.monotonic() + _LIMIT
        while len(self.jobs) <= number:
            assert time.monotonic() < end, "nothing was printed"
            time.sleep(0.01)
        return self.jobs[number]

    def close(self) -> None:
        self._closed = True
        stop_listening(self._server)
        for line in self._unread:
            line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            if self._closed:  # accepted while the test was ending
                line.close()
                return
            if not self._takes:
                self._unread.append(line)
                continue
            threading.Thread(target=self._take, args=(line,), daemon=True).start()

    def _take(self, line: socket.socket) -> None:
        data = b""
        with contextlib.ExitStack() as stack:
            (self._unread.append if self._hangs or not self._closes else stack.enter_context)(line)
            while not (self._hangs and self.asked):
                try:
                    piece = line.recv(65536)
                except OSError:
                    break
                if not piece:
                    break
                data += piece
                if 0 < self._closes_after < len(data):
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                if self._query and data == self._query:
                    self.asked += 1
                    data = b""
                    if self._answer:
                        line.sendall(self._answer)
        if data:
            self.jobs.append(data)


class PtyPrinter:
    """A printer on the serial port `link`; keeps everything but `query`, which it answers so many times."""

    def __init__(self, link: Path, query: bytes, answer: bytes, *, answers: int = 1000) -> None:
        self._link = link
        self._answers = answers
        tools.require("linux")
        import tty

        self._host, device = os.openpty()
        tty.setraw(device)
        self._device = device  # kept open: the port stays when a label is done
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(device))
        self.received = b""
        self._query = query
        self._answer = answer
        self._ended = False
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def answer(self) -> bytes:
        """What it answers now."""
        return self._answer

    def waited(self, size: int) -> bytes:
        """Everything it received; waits until that are `size` bytes."""
        end = time.monotonic() + _LIMIT
        while len(self.received) < size:
            assert time.monotonic() < end, f"{len(self.received)} of {size} bytes"
            time.sleep(0.01)
        return self.received

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended = True
        self._thread.join(_LIMIT)
        os.close(self._host)
        os.close(self._device)
        self._link.unlink(missing_ok=True)

    def _listen(self) -> None:
        while not self._ended:
            if select.select([self._host], [], [], 0.1)[0]:
                self.received += os.read(self._host, 65536)
                if self._query and self.received.endswith(self._query):
                    self.received = self.received.removesuffix(self._query)
                    if self._answers:
                        self._answers -= 1
                        os.write(self._host, self.answer())
