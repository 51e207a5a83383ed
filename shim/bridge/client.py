"""Asks the service of this session from the command line: whether it is there, and to stop. Standard library only."""

from __future__ import annotations

import http.client
import json
from contextlib import closing

from shim.bridge.instance import BridgeNote

_ADDRESS = "127.0.0.1"
_SECONDS = 5.0


def is_serving(note: BridgeNote) -> bool:
    """Whether the service of a note answers."""
    return _ask(note, "GET", "/v1/status", "") == 200


def stop(note: BridgeNote, token: str) -> bool:
    """Have the service of a note stop; whether it has agreed."""
    return _ask(note, "POST", "/v1/stop", token) == 200


def _ask(note: BridgeNote, method: str, path: str, token: str) -> int:
    """The HTTP status; 0 if there is no answer."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    try:
        with closing(http.client.HTTPConnection(_ADDRESS, note.port, timeout=_SECONDS)) as connection:
            connection.request(method, path, json.dumps({}) if method == "POST" else None, headers)
            return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
