"""Both platforms as one application: a request's bytes in, an answer's bytes out. No socket, no framework.

What can be provoked and how stands in `Wish`; what has to do with the connection, the two doors do: server on a socket,
inprocess without one. L3.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from shim.simulator import gateway, insurance
from shim.simulator.faults import Draw
from shim.simulator.messages import Call, Refusal, Reply, kept, read_object
from shim.simulator.state import State
from shim.simulator.wishes import HUGE_BYTES, Wish

GATEWAY = "/ehcService/gateway.do"
QR_QUERY = "/localcfc/api/hsecfc/localQrCodeQuery"
TOKEN_CHECK = "/localcfc/api/hsecfc/localEcTokenCheck"
# Whatever a host sends here finds its platform by its content, so that one short URL serves both functions.
EITHER = "/"

ERROR_PAGE = "<html><body>网关错误</body></html>".encode()


def _either(body: bytes, wish: Wish, state: State, call: Call) -> str:
    """The platform that the content is for: insurance has transType, or the token check's ecToken."""
    try:
        names = read_object(body).keys()
    except Refusal:
        names = {}.keys()
    if "method" in names or not names & {"transType", "ecToken"}:
        return gateway.answer(body, wish, state, call)
    return (insurance.query if "transType" in names else insurance.check)(body, wish, state, call)


PATHS: dict[str, Callable[[bytes, Wish, State, Call], str]] = {
    GATEWAY: gateway.answer,
    QR_QUERY: insurance.query,
    TOKEN_CHECK: insurance.check,
    EITHER: _either,
}


def answer(path: str, body: bytes, wish: Wish, state: State) -> Reply:
    """The reply to a POST of `body` to `path`, one of `PATHS`; its call is not noted yet."""
    call = Call(path, request=kept(body))
    text = PATHS[path](body, wish, state, call)
    data = text.encode("gb18030" if wish.gbkbody else "utf-8")
    call.answer = kept(text.encode("utf-8"))
    if wish.huge:
        data = data.ljust(HUGE_BYTES)
    return Reply(b"" if wish.empty else data, f"application/json; charset={wish.label or 'UTF-8'}", call)


class Platform:
    """The application behind every door: one `state`, the rules that stand in it, and the log of calls. Any thread.

    A state whose disk is full answers 8007 (EC: -1). A call that the log has no room for is answered all the same;
    `lost` counts them.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.lost = 0
        self._draw = Draw()
        self._lock = threading.Lock()

    def words(self, query: str) -> str:
        """What is asked of the next request, as text: the standing rules' draw, then the `sim` of its URL's query."""
        with self._lock:
            drawn = self._draw.wish(self.state.standing())
        asked = parse_qs(query).get("sim", []) if query else []
        return ",".join(filter(None, (drawn, *asked)))

    def turn_away(self, path: str, words: str) -> None:
        """A request that the connection's fate keeps from being read: it is in the log, and nothing else of it."""
        self._note(Call(path, wish=words, at=self.state.now()))

    def receive(self, path: str, body: bytes, words: str, wish: Wish) -> Reply:
        """The reply to a POST of `body` to `path`, one of `PATHS`; the call is in the log when this returns."""
        began, at = time.perf_counter(), self.state.now()
        reply = answer(path, body, wish, self.state)
        call = reply.call
        call.wish, call.at = words, at
        call.ms = round((time.perf_counter() - began) * 1000 + wish.delay, 2)
        self._note(call)
        return reply

    def _note(self, call: Call) -> None:
        try:
            self.state.note(call)
        except OSError:
            self.lost += 1
