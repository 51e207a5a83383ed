"""Calls of the log as other programs take them: a HAR file, a command line of curl. Pure.

The log keeps no headers: those that clients of these platforms send stand for them. Used by the API and the console.
"""

from __future__ import annotations

from collections.abc import Iterable

from shim.curl import curl_command
from shim.har import HarEntry
from shim.simulator.directives import Directives
from shim.simulator.messages import Call

_HEADERS = (("Content-Type", "application/json; charset=UTF-8"),)


def har_entries(calls: Iterable[Call], base_url: str) -> list[HarEntry]:
    """The calls as exchanges, oldest first."""
    return [
        HarEntry(
            base_url + call.path,
            call.at,
            call.ms,
            call.request,
            call.answer,
            answer_status(call),
            _HEADERS,
            _HEADERS,
            " ".join(filter(None, (str(call.number), call.method, call.code, call.directives))),
        )
        for call in calls
    ]


def answer_status(call: Call) -> int:
    """The HTTP status that the client got; 0 where it got no whole answer."""
    try:
        directives = Directives.parse(call.directives)
    except ValueError:
        return 0
    lost = directives.never or directives.reset or directives.drop or directives.half
    if lost or directives.early or directives.down:
        return 0
    return directives.http or directives.status or 200


def curl_of(call: Call, base_url: str, shell: str) -> str:
    """The command line that sends the request again, for one of `SHELLS`."""
    return curl_command(base_url + call.path, _HEADERS, call.request.encode("utf-8"), shell)
