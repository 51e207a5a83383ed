"""The URL `sim:`: both platforms inside the calling process, without a server and without a socket.

The same application as behind the server, with the same state and fault rules. A directive that concerns the connection
ends in the error that a real connection would have given, as shim.transport.causes words it. For development and
demonstration on a PC without a network. wiring creates it; nothing of it is imported before a host uses ``sim:``.
"""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

from shim import submission
from shim.bilingual import word_list
from shim.deadline import Deadline
from shim.errors import HostError
from shim.http_answer import HttpAnswer
from shim.messages import host
from shim.messages import settings as rows
from shim.settings.pairs import Pairs
from shim.simulator.directives import Directives
from shim.simulator.platforms import EITHER, ERROR_PAGE, PATHS, SimulatedPlatforms
from shim.simulator.state import SimulatorState
from shim.spec import Effect
from shim.transport.base import MAX_ANSWER, at_most_twice
from shim.transport.causes import Peer, no_answer, not_connected, too_long

SCHEME = "sim"
_PEER = Peer(SCHEME, 0)  # as messages name it
# Where authurls lead unless the state has another address: the default address of `vcshim simulator`.
DEFAULT_BASE_URL = "http://127.0.0.1:18080"


class InProcessTransport:
    """A Transport that calls `platforms` directly. Any thread may call."""

    def __init__(self, platforms: SimulatedPlatforms) -> None:
        self._platforms = platforms
        self._down_until = 0.0

    def post(
        self,
        url: str,
        body: bytes,
        content_type: str,
        effect: Effect,
        deadline: Deadline,
        headers: Pairs = (),
    ) -> HttpAnswer:
        """See Transport. ``sim:`` alone selects the platform by the content, a path selects it by name."""
        parts = urlsplit(url.strip())
        path = parts.path or EITHER
        if path not in PATHS:
            known = word_list((f"{SCHEME}:", *(f"{SCHEME}:{path}" for path in PATHS)))
            raise HostError(host.SIMULATOR_ADDRESS, address=f"{SCHEME}:{path[:60]}", known=known)
        try:
            return at_most_twice(lambda: self._post_once(path, parts.query, body, deadline), effect, deadline)
        except OSError as error:  # of the state file: there is no network here
            raise HostError(rows.SIMULATOR_FILE, why=error) from error

    def _post_once(self, path: str, query: str, body: bytes, deadline: Deadline) -> HttpAnswer:
        if time.monotonic() < self._down_until:
            raise not_connected(_PEER)
        words = self._platforms.directives_for(query)
        try:
            directives = Directives.parse(words)
        except ValueError as error:
            raise HostError(host.SIMULATOR_WORD, why=error) from error
        if directives.down:
            self._platforms.record_unread(path, words)
            self._down_until = time.monotonic() + directives.down / 1000
            raise not_connected(_PEER)
        submission.begin()
        if directives.early:
            self._platforms.record_unread(path, words)
            raise no_answer(_PEER, late=False, seconds=0)
        reply = self._platforms.handle(path, body, words, directives)
        seconds = (directives.delay + directives.drip * len(reply.body)) / 1000
        if directives.never or seconds > deadline.remaining:
            began = time.monotonic()
            time.sleep(deadline.remaining)
            raise no_answer(_PEER, late=True, seconds=time.monotonic() - began)
        time.sleep(seconds)
        if directives.reset or directives.drop or directives.half:
            raise no_answer(_PEER, late=False, seconds=0)
        if directives.http:
            return HttpAnswer(ERROR_PAGE, directives.http, "utf-8")
        if len(reply.body) > MAX_ANSWER:
            raise too_long(_PEER)
        return HttpAnswer(reply.body, directives.status or 200, reply.content_type.partition("charset=")[2].lower())


def open_platform(file: Path | None) -> InProcessTransport:
    """Open both platforms for this process.

    Args:
        file: The state file, which may be that of a running `vcshim simulator`: its pages then show these calls, too.
            None for memory that ends with the process.

    Raises:
        HostError: SETTINGS: the file cannot be used.
    """
    try:
        state = SimulatorState(file)
    except (OSError, ValueError) as error:
        raise HostError(rows.SIMULATOR_FILE, why=error) from error
    state.base_url = state.base_url or DEFAULT_BASE_URL
    return InProcessTransport(SimulatedPlatforms(state))
