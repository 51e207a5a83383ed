"""Captured calls for tests of replay, shadow, status and export.

Our own DLL with default settings stands for a vendor's: each call is performed against the simulator, and what it
posted, what the platform answered and what the host got become a CapturedCall. A test then changes what it is about.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shim.call_port import Port
from shim.capture.record import CapturedCall, Traffic
from shim.deadline import Deadline
from shim.http_answer import HttpAnswer
from shim.settings.pairs import Pairs
from shim.simulator.inprocess import InProcessTransport
from shim.spec import Effect
from tests.support.contract import CASES

NOON = 1779969600.0
GATEWAY = b"http://127.0.0.1:8099/ehcService/gateway.do"
INSURANCE = b"http://127.0.0.1:8099/localcfc/api/hsecfc/localQrCodeQuery"
ORIGIN = "http://127.0.0.1:8099"
BY_ID: dict[str, dict[str, Any]] = {case["id"]: case for case in CASES}


class Recorder:
    """Performs calls as a vendor's DLL would and captures them.

    Args:
        folder: of the DLL, and of the vcshim.ini by which it stands for another vendor's.
        real_time: the calls begin and end when they do; else a second apart, from `NOON` on.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, real_time: bool = False) -> None:
        self._real_time = real_time
        self._port = Port(folder)
        self._passed: list[tuple[bytes, HttpAnswer]] = []
        self._number = 0
        post = InProcessTransport.post

        def recorded(
            transport: InProcessTransport,
            url: str,
            body: bytes,
            content_type: str,
            effect: Effect,
            deadline: Deadline,
            headers: Pairs = (),
        ) -> HttpAnswer:
            answer = post(transport, url, body, content_type, effect, deadline, headers)
            self._passed.append((body, answer))
            return answer

        monkeypatch.setattr(InProcessTransport, "post", recorded)

    def case(self, name: str, **changes: Any) -> CapturedCall:
        """The case of the contract; `changes` replace fields of InData."""
        case = BY_ID[name]
        in_data = {**json.loads(case["in"]), **changes} if changes else None
        text = json.dumps(in_data, ensure_ascii=False) if in_data is not None else case["in"]
        directives = case["url"].partition("?")[2]
        return self.call(case["function"], text, directives)

    def call(self, function: str, in_data: str, directives: str = "") -> CapturedCall:
        """One call, against the simulator in this process."""
        url = f"sim:?{directives}".encode()
        data = in_data.encode("gb18030")
        self._passed.clear()
        before = time.time()
        answer = self._port.answer(function, [url, data], 0, 2048)
        self._number += 1
        real = GATEWAY if function == "VirtualCardTrans" else INSURANCE
        traffic = tuple(as_traffic(real, body, received) for body, received in self._passed)
        began, ended = (before, time.time()) if self._real_time else (NOON + self._number, NOON + self._number + 0.2)
        return CapturedCall(
            f"t-{self._number}", "his.exe", function, (real, data), 0, answer.out, answer.code, answer.number, began,
            ended, traffic,
        )  # fmt: skip


def as_traffic(url: bytes, body: bytes, answer: HttpAnswer, headers: bytes = b"") -> Traffic:
    """A POST and its answer as they pass a connection."""
    target = b"/" + url.split(b"/", 3)[3]
    head = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1:8099\r\nUser-Agent: vendor\r\nAccept: */*\r\n" % target
    content_type = b"Content-Type: application/json; charset=UTF-8\r\n"
    sent = head + content_type + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body
    charset = f";charset={answer.charset}".encode() if answer.charset else b""
    received = (
        b"HTTP/1.1 %d OK\r\nContent-Type: application/json%s\r\nContent-Length: %d\r\n\r\n"
        % (answer.status, charset, len(answer.body))
        + answer.body
    )
    return Traffic(ORIGIN, sent, received, NOON, NOON + 0.1, NOON + 0.1)


def with_body(call: CapturedCall, old: bytes, new: bytes) -> CapturedCall:
    """The call with a part of its posted body replaced."""
    (traffic,) = call.traffic
    head, _, body = traffic.sent.partition(b"\r\n\r\n")
    assert old in body, "the body has no such part"
    body = body.replace(old, new, 1)
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    sent = b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])
    return replace(call, traffic=(replace(traffic, sent=sent),))


def with_head(call: CapturedCall, old: bytes, new: bytes) -> CapturedCall:
    """The call with a part of the head of its request replaced."""
    (traffic,) = call.traffic
    assert old in traffic.sent
    return replace(call, traffic=(replace(traffic, sent=traffic.sent.replace(old, new, 1)),))


def posted_body(call: CapturedCall) -> bytes:
    """The body that the vendor's DLL posted."""
    return call.traffic[0].sent.partition(b"\r\n\r\n")[2]


@contextmanager
def settings_file(folder: Path, text: str) -> Iterator[Path]:
    """A vcshim.ini in `folder`."""
    file = folder / "vcshim.ini"
    file.write_text(text, "utf-8")
    yield file
    file.unlink()
