"""What a transport promises, and what all transports do alike.

Not an implementation: `sockets` posts over a network, `portable` does the same by way of requests, `by_scheme` chooses
by the URL, and the simulator has one without sockets. The sentences of failures are in `causes`. Imported by the
service (the protocol) and by every transport.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from shim.deadline import Deadline
from shim.errors import PlatformError, Reason, ShimError
from shim.http_answer import HttpAnswer
from shim.settings.pairs import Pairs
from shim.spec import Effect

MAX_ANSWER = 8 * 1024 * 1024  # bytes of a body, before and after its content encoding is taken off


class Transport(Protocol):
    """Sends a request body to a platform and returns its answer. Safe for use by several threads."""

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: Pairs = (),
    ) -> HttpAnswer:
        """POST `body` and wait for the answer, whatever its status.

        Calls `submission.begin` directly before the first byte may leave, and not before: if any other exception than
        those below is raised, that decides whether the outcome is known.

        Args:
            url: strUrl as the host passed it, unchecked.
            body: sent as it is.
            content_type: the value of the Content-Type header.
            effect: what sending it does. A query may be sent a second time if no answer came; a change goes over a
                connection of its own.
            deadline: covers every step, the second try included; once it has passed nothing is sent.
            headers: sent besides; one of a name that is sent anyway takes its place. Host, Content-Length and the like
                are not among them.

        Raises:
            HostError: NO_URL or UNSUPPORTED_URL; SETTINGS for an unusable [transport] ca_file. Nothing was sent.
            PlatformError: CONNECT_FAILED or SEND_FAILED if the platform cannot have received the whole request;
                UNKNOWN_OUTCOME if it may have, and no whole answer of at most `MAX_ANSWER` came.
        """


def at_most_twice(once: Callable[[], HttpAnswer], effect: Effect, deadline: Deadline) -> HttpAnswer:
    """Return the result of `once`; a query is sent one more time if no answer came and time is left.

    A second try that sends nothing leaves the outcome of the first one unknown.
    """
    try:
        return once()
    except PlatformError as error:
        if effect is not Effect.QUERY or error.reason is not Reason.UNKNOWN_OUTCOME or deadline.passed:
            raise
        first = error
    try:
        return once()
    except ShimError as error:
        raise error if error.reason is Reason.UNKNOWN_OUTCOME else first from error
