"""Both platforms as one application: the bytes of a request in, the bytes of an answer out. No socket, no framework.

The transports are above it: server on a socket, inprocess without one. They carry out the directives that concern the
connection; the platforms carry out all others.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from shim import forks
from shim.simulator.directives import HUGE_BYTES, Directives
from shim.simulator.faults import FaultSampler
from shim.simulator.gateway import answer_gateway
from shim.simulator.insurance import answer_query, answer_token_check
from shim.simulator.messages import Call, PlatformReply, Refusal, body_excerpt, parse_object
from shim.simulator.state import SimulatorState

GATEWAY = "/ehcService/gateway.do"
QR_QUERY = "/localcfc/api/hsecfc/localQrCodeQuery"
TOKEN_CHECK = "/localcfc/api/hsecfc/localEcTokenCheck"
# Requests to this path are routed by their content, so that one short URL serves both functions of the DLLs.
EITHER = "/"

ERROR_PAGE = "<html><body>服务器错误</body></html>".encode()


def _answer_either(body: bytes, directives: Directives, state: SimulatorState, call: Call) -> str:
    """Choose the platform by the content: transType or ecToken means insurance, anything else the gateway."""
    try:
        names = parse_object(body).keys()
    except Refusal:
        names = {}.keys()
    if "method" in names or not names & {"transType", "ecToken"}:
        return answer_gateway(body, directives, state, call)
    return (answer_query if "transType" in names else answer_token_check)(body, directives, state, call)


PATHS: dict[str, Callable[[bytes, Directives, SimulatorState, Call], str]] = {
    GATEWAY: answer_gateway,
    QR_QUERY: answer_query,
    TOKEN_CHECK: answer_token_check,
    EITHER: _answer_either,
}


def answer_request(path: str, body: bytes, directives: Directives, state: SimulatorState) -> PlatformReply:
    """Return the reply to a POST of `body` to `path`, a key of `PATHS`. Its call is not in the log yet."""
    call = Call(path, request=body_excerpt(body))
    text = PATHS[path](body, directives, state, call)
    data = text.encode("gb18030" if directives.gbkbody else "utf-8")
    call.answer = body_excerpt(text.encode("utf-8"))
    if directives.huge:
        data = data.ljust(HUGE_BYTES)
    return PlatformReply(
        b"" if directives.empty else data, f"application/json; charset={directives.label or 'UTF-8'}", call
    )


class SimulatedPlatforms:
    """The application behind both transports: a state, its fault rules, and the log of calls. Any thread may call.

    If the disk of the state is full, requests that would change it are refused with 8007 (EC: -1). A call for which the
    log has no room is answered all the same; `unlogged` counts those.
    """

    def __init__(self, state: SimulatorState) -> None:
        self.state = state
        self.unlogged = 0
        self._sampler = FaultSampler()
        self._in_child()
        forks.in_child(self._in_child)

    def _in_child(self) -> None:
        self._lock = threading.Lock()

    def directives_for(self, query: str) -> str:
        """Return the directives of the next request as text: those drawn from the fault rules, then those of its URL.

        Args:
            query: The query of the URL, as it came.
        """
        with self._lock:
            drawn = self._sampler.draw(self.state.fault_rules.current())
        from_url = parse_qs(query).get("sim", []) if query else []
        return ",".join(filter(None, (drawn, *from_url)))

    def record_unread(self, path: str, directives: str) -> None:
        """Log a request whose connection is reset before it was read."""
        self._log(Call(path, directives=directives, at=self.state.now()))

    def handle(self, path: str, body: bytes, words: str, directives: Directives) -> PlatformReply:
        """Answer a POST and log the call.

        Args:
            path: A key of `PATHS`.
            body: The body of the request.
            words: The directives as text, for the log.
            directives: The same, parsed.
        """
        began, at = time.perf_counter(), self.state.now()
        reply = answer_request(path, body, directives, self.state)
        call = reply.call
        call.directives, call.at = words, at
        call.ms = round((time.perf_counter() - began) * 1000 + directives.delay, 2)
        self._log(call)
        return reply

    def _log(self, call: Call) -> None:
        try:
            self.state.calls.append(call)
        except OSError:
            self.unlogged += 1
