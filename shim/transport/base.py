"""What a transport promises, and the failures that all transports report in the same words.

Not an implementation: `http` posts over a network, `by_scheme` chooses by the URL, and the simulator has one without
sockets. Imported by the service (the protocol) and by every transport (the rest).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from shim.deadline import Deadline
from shim.errors import PlatformError, Reason
from shim.http_answer import HttpAnswer
from shim.spec import Effect

MAX_ANSWER = 8 * 1024 * 1024  # bytes


class Transport(Protocol):
    """Sends a request body to a platform and returns its answer. Safe for use by several threads."""

    def post(self, url: str, body: bytes, content_type: str, effect: Effect, deadline: Deadline) -> HttpAnswer:
        """POST `body` and wait for the answer, whatever its status.

        Args:
            url: strUrl as the host passed it, unchecked.
            body: sent as it is.
            content_type: the value of the Content-Type header.
            effect: what sending it does: a query may be sent a second time if no answer came.
            deadline: covers every step, the second try included; once it has passed nothing is sent.

        Raises:
            HostError: NO_URL or UNSUPPORTED_URL; nothing was sent.
            PlatformError: CONNECT_FAILED or SEND_FAILED if the platform cannot have received the whole request;
                UNKNOWN_OUTCOME if it may have, and no whole answer of at most `MAX_ANSWER` came.
        """


def at_most_twice(once: Callable[[], HttpAnswer], effect: Effect, deadline: Deadline) -> HttpAnswer:
    """Return the result of `once`; a query is sent one more time if no answer came and time is left."""
    try:
        return once()
    except PlatformError as error:
        if effect is not Effect.QUERY or error.reason is not Reason.UNKNOWN_OUTCOME or deadline.passed:
            raise
    return once()


def too_long() -> PlatformError:
    """The error for an answer over `MAX_ANSWER`."""
    limit = f"{MAX_ANSWER // 1024 // 1024} MB"
    return PlatformError(
        Reason.UNKNOWN_OUTCOME, f"平台应答超过 {limit}，无法读取，结果未知：请核对请求地址，并确认交易状态"
    )


def no_answer(late: bool) -> PlatformError:
    """The error if the whole request was sent and no answer came: in time (`late`), or before the connection broke."""
    what = "等待平台应答超时" if late else "与平台的连接在等待应答时中断"
    return PlatformError(Reason.UNKNOWN_OUTCOME, f"{what}，请求已发出，结果未知：请先确认交易状态，再决定是否重做")


def not_connected() -> PlatformError:
    """The error if no connection was made, so that nothing was sent."""
    return PlatformError(Reason.CONNECT_FAILED, "无法连接平台，请求未发出，可以重做；请检查网络与请求地址")
