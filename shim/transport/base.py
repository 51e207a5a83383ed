"""What a transport promises, and the failures that all transports report in the same words.

Not an implementation: `http` posts over a network, `by_scheme` chooses by the URL, and the simulator has one without
sockets. Imported by the service (the protocol) and by every transport (the rest).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from shim.errors import PlatformError, Reason

MAX_ANSWER = 8 * 1024 * 1024  # bytes


class Transport(Protocol):
    """Sends a request body to a platform and returns the body of its answer. Safe for use by several threads."""

    def post(self, url: str, body: bytes, content_type: str, *, repeatable: bool) -> bytes:
        """POST `body` and wait for the answer.

        Args:
            url: strUrl as the host passed it, unchecked.
            body: sent as it is.
            content_type: the value of the Content-Type header.
            repeatable: the request is a pure query, so it may be sent a second time if no answer came.

        Raises:
            HostError: NO_URL or UNSUPPORTED_URL; nothing was sent.
            PlatformError: CONNECT_FAILED or SEND_FAILED if the platform cannot have received the whole request;
                UNKNOWN_OUTCOME if it may have; READ_FAILED if a repeatable request failed twice;
                UNREADABLE_ANSWER for a status other than 200 and for an answer over `MAX_ANSWER`.
        """


def at_most_twice(once: Callable[[], bytes], repeatable: bool) -> bytes:
    """Return the result of `once`; a repeatable request is retried one time if no answer came."""
    try:
        return once()
    except PlatformError as error:
        if not repeatable or error.reason is not Reason.UNKNOWN_OUTCOME:
            raise
    try:
        return once()
    except PlatformError as error:
        if error.reason is not Reason.UNKNOWN_OUTCOME:
            raise
        raise PlatformError(Reason.READ_FAILED, "两次等待平台应答都失败；这是查询，可以重做") from error


def accepted(status: int, answer: bytes) -> bytes:
    """Return `answer`; PlatformError UNREADABLE_ANSWER if the HTTP status is not 200 or the answer is too long."""
    if len(answer) > MAX_ANSWER:
        limit = f"{MAX_ANSWER // 1024 // 1024} MB"
        raise PlatformError(Reason.UNREADABLE_ANSWER, f"平台应答超过 {limit}，请核对请求地址")
    if status != 200:
        raise PlatformError(
            Reason.UNREADABLE_ANSWER,
            f"平台返回 HTTP 状态 {status}（应为 200），请核对请求地址，并确认交易状态",
        )
    return answer


def no_answer(late: bool) -> PlatformError:
    """The error if the whole request was sent and no answer came: in time (`late`), or before the connection broke."""
    what = "等待平台应答超时" if late else "与平台的连接在等待应答时中断"
    return PlatformError(Reason.UNKNOWN_OUTCOME, f"{what}，请求已发出，结果未知：请先确认交易状态，再决定是否重做")


def not_connected() -> PlatformError:
    """The error if no connection was made, so that nothing was sent."""
    return PlatformError(Reason.CONNECT_FAILED, "无法连接平台，请求未发出，可以重做；请检查网络与请求地址")
