"""Posts to an OpenTelemetry collector, by the rules of OTLP/HTTP for answers.

429, 502, 503 and 504 are tried again, after Retry-After if the collector says so; so is what did not arrive. Any other
refusal is final, a redirect too: nothing is sent to an address that nobody has set. Used by the worker's thread only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from shim.deadline import Deadline
from shim.errors import ShimError
from shim.http_answer import HttpAnswer
from shim.spec import Effect
from shim.telemetry import otlp
from shim.telemetry.delivery import Delivery
from shim.transport.sockets import SocketTransport

_SECONDS = 10.0  # for one request, all steps
_CONNECT_SECONDS = 5.0
_LONGEST_PAUSE = 3600.0  # that a collector may ask for
_AGAIN = frozenset({429, 502, 503, 504})
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e][\x20-\x7e]*)")
_LONGEST_FILE = 64 * 1024


class Collector:
    """A collector's address with what is sent along.

    Args:
        endpoint: as in [telemetry] endpoint.
        ca_file, headers_file: as there; the second is read anew for each request, so that a token may be renewed.
    """

    def __init__(self, endpoint: str, ca_file: str, headers_file: str) -> None:
        self._base = re.sub("/v1/(logs|metrics|traces)$", "", endpoint.strip().rstrip("/"))
        self._headers_file = headers_file
        self._transport = SocketTransport(_CONNECT_SECONDS, "", ca_file)

    def close(self) -> None:
        """Close the connections that are kept."""
        self._transport.close()

    def post(self, signal: str, body: bytes, count: int) -> Delivery:
        """Send the body of `count` items of a signal. Never raises but for bugs."""
        try:
            headers = tuple(collector_headers(self._headers_file))
        except (OSError, ValueError) as error:
            return Delivery(again=True, cause=f"headers_file：{type(error).__name__}")
        url = f"{self._base}/v1/{signal}"
        try:
            deadline = Deadline(_SECONDS)
            answer = self._transport.post(url, body, "application/json", Effect.QUERY, deadline, headers)
        except ShimError as error:
            return Delivery(again=True, cause=error.message)
        return judged(signal, answer, count)


def judged(signal: str, answer: HttpAnswer, count: int) -> Delivery:
    """What an answer means to the `count` items that were sent."""
    if answer.accepted:
        lost = min(otlp.rejected(signal, answer.body), count)
        return Delivery(lost=lost, cause="采集器未收下其中一部分" if lost else "")
    cause = f"HTTP {answer.status}"
    if answer.status not in _AGAIN:
        return Delivery(lost=count, cause=cause)
    return Delivery(again=True, pause=_pause(answer.retry_after), cause=cause)


def _pause(text: str) -> float | None:
    """Retry-After in seconds. A date is not looked at: the clock of either side may be wrong."""
    text = text.strip()
    return min(float(text), _LONGEST_PAUSE) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def collector_headers(file: str) -> Iterable[tuple[str, str]]:
    """The headers in [telemetry] headers_file: `Name: value`, a line each; `#` begins a comment line.

    Raises:
        OSError: it cannot be read.
        ValueError: a line is no header. Its text is not in the error: it may be a secret.
    """
    if not file:
        return
    with Path(file).open("rb") as stream:
        text = stream.read(_LONGEST_FILE).decode("utf-8-sig")
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = _HEADER.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number}")
        yield match[1], match[2]
