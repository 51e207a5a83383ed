"""The door to both platforms: a request's bytes in, an answer's bytes out. No socket, no clock but the state's.

What can be provoked and how stands in `Wish`; what has to do with the connection, the server does. L3; the server is
the only caller so far, and whatever answers without one comes here, too.
"""

from __future__ import annotations

from collections.abc import Callable

from shim.simulator import gateway, insurance
from shim.simulator.messages import Call, Reply, kept
from shim.simulator.state import State
from shim.simulator.wishes import HUGE_BYTES, Wish

GATEWAY = "/ehcService/gateway.do"
QR_QUERY = "/localcfc/api/hsecfc/localQrCodeQuery"
TOKEN_CHECK = "/localcfc/api/hsecfc/localEcTokenCheck"

PATHS: dict[str, Callable[[bytes, Wish, State, Call], str]] = {
    GATEWAY: gateway.answer,
    QR_QUERY: insurance.query,
    TOKEN_CHECK: insurance.check,
}


def answer(path: str, body: bytes, wish: Wish, state: State) -> Reply:
    """The reply to a POST of `body` to `path`, one of `PATHS`."""
    call = Call(path, request=kept(body))
    text = PATHS[path](body, wish, state, call)
    data = text.encode("gb18030" if wish.gbkbody else "utf-8")
    call.answer = kept(text.encode("utf-8"))
    if wish.huge:
        data = data.ljust(HUGE_BYTES)
    return Reply(b"" if wish.empty else data, f"application/json; charset={wish.label or 'UTF-8'}", call)
