"""The URL `sim:`: both platforms inside the process that calls, without a server and without a socket.

The same application as behind the server, state and misbehaviour included; what a wish does to a connection becomes the
error that a real one would end in, in the words of shim.transport. For whoever develops or demonstrates on a PC without
any network. L3; wiring plugs it in, and nothing of it is imported before a host says ``sim:``.
"""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

from shim.errors import HostError, Reason
from shim.simulator.platform import EITHER, ERROR_PAGE, PATHS, Platform
from shim.simulator.state import State
from shim.simulator.wishes import Wish
from shim.transport import base as transport

SCHEME = "sim"
# Where the pages of `vcshim simulator` are when nobody says otherwise: authurl leads there.
PAGES = "http://127.0.0.1:18080"


class InProcess:
    """A Transport over `platform`. `total_seconds` bounds a call as it does on the network. Any thread."""

    def __init__(self, platform: Platform, total_seconds: float) -> None:
        self._platform = platform
        self._total_seconds = total_seconds
        self._down_until = 0.0

    def post(self, url: str, body: bytes, content_type: str, *, repeatable: bool) -> bytes:
        """As Transport says. ``sim:`` alone finds the platform by the content; a path may name it."""
        parts = urlsplit(url.strip())
        path = parts.path or EITHER
        if path not in PATHS:
            known = "、".join(f"{SCHEME}:{path}" for path in PATHS)
            raise HostError(Reason.UNSUPPORTED_URL, f"模拟平台没有地址 {SCHEME}:{path[:60]}，可用：{SCHEME}:、{known}")
        try:
            return transport.at_most_twice(lambda: self._once(path, parts.query, body), repeatable)
        except OSError as error:  # nobody but the state's file: there is no network here
            raise HostError(Reason.SETTINGS, f"[simulator] file 无法使用：{error}") from error

    def _once(self, path: str, query: str, body: bytes) -> bytes:
        if time.monotonic() < self._down_until:
            raise transport.not_connected()
        words = self._platform.words(query)
        try:
            wish = Wish.parse(words)
        except ValueError as error:
            raise HostError(Reason.UNSUPPORTED_URL, f"模拟平台不认识 sim 参数：{error}") from error
        if wish.down:
            self._platform.turn_away(path, words)
            self._down_until = time.monotonic() + wish.down / 1000
            raise transport.not_connected()
        if wish.early:
            self._platform.turn_away(path, words)
            raise transport.no_answer(late=False)
        reply = self._platform.receive(path, body, words, wish)
        waits = (wish.delay + wish.drip * len(reply.body)) / 1000
        if wish.never or waits > self._total_seconds:
            time.sleep(self._total_seconds)
            raise transport.no_answer(late=True)
        time.sleep(waits)
        if wish.reset or wish.drop or wish.half:
            raise transport.no_answer(late=False)
        return transport.accepted(wish.http or 200, ERROR_PAGE if wish.http else reply.body)


def open_platform(file: Path | None, total_seconds: float) -> InProcess:
    """The platforms of the state in `file`, None for one in memory that ends with the process.

    A file may be that of a running `vcshim simulator`, whose pages then show these calls too. HostError SETTINGS where
    the file cannot be used.
    """
    try:
        state = State(file)
    except (OSError, ValueError) as error:
        raise HostError(Reason.SETTINGS, f"[simulator] file 无法使用：{error}") from error
    state.base_url = state.base_url or PAGES
    return InProcess(Platform(state), total_seconds)
