"""Which requests are refused before anything is read: by Host, by Origin, by token. No HTTP library.

A page of any site that the user has open can send requests to 127.0.0.1. Its browser adds an Origin that the page
cannot forge; only those of [bridge] origins pass. A site whose name was made to resolve to 127.0.0.1 (DNS rebinding)
has its own name in the Host header. Programs send no Origin, and pages of the permitted sites may run a script that is
not theirs: both need the token.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection

from shim.bridge import refusals
from shim.bridge.refusals import BridgeRefusal
from shim.settings.tools import plain_origin
from shim.simulator.http_guard import HeaderLists

_NAMES = ("127.0.0.1", "localhost")
_SCHEME = "Bearer "
_SHOWN = 80
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}
_NETWORKS = ("Private-Network", "Local-Network")  # Chromium has asked by either name


class BridgeGuard:
    """Decides who may ask.

    Args:
        port: the port of the service.
        origins: the permitted sites.
        token: what every request but a preflight has to carry.
    """

    def __init__(self, port: int, origins: Collection[str], token: str) -> None:
        self._hosts = frozenset(f"{name}:{port}" for name in _NAMES)
        self._origins = frozenset(map(plain_origin, origins))
        self._token = token.encode()

    def check_source(self, headers: HeaderLists) -> str:
        """The origin of a request whose Host and Origin are permitted; "" for a program.

        Raises:
            BridgeRefusal: HOST, ORIGIN, SITE.
        """
        hosts = headers.get_list("Host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            raise BridgeRefusal(refusals.HOST)
        origins = headers.get_list("Origin")
        if not origins:
            if any(site not in ("none",) for site in headers.get_list("Sec-Fetch-Site")):
                raise BridgeRefusal(refusals.SITE)
            return ""
        if len(origins) != 1 or origins[0] not in self._origins:  # browsers write it in one way only
            raise BridgeRefusal(refusals.ORIGIN, origin=shown_header(origins[0]))
        return origins[0]

    def check_token(self, headers: HeaderLists) -> None:
        """BridgeRefusal TOKEN unless the one Authorization header carries the token."""
        given = headers.get_list("Authorization")
        if len(given) != 1 or not given[0].startswith(_SCHEME) or not self.is_token(given[0][len(_SCHEME) :]):
            raise BridgeRefusal(refusals.TOKEN)

    def is_token(self, text: object) -> bool:
        """Whether a text is the token. Takes the same time for any that is not."""
        given = text.encode("utf-8", "replace") if isinstance(text, str) else b""
        return bool(self._token) and hmac.compare_digest(given, self._token)


def sharing_headers(origin: str) -> dict[str, str]:
    """The headers that let a permitted page read an answer."""
    return {"Access-Control-Allow-Origin": origin} if origin else {}


def preflight_headers(headers: HeaderLists) -> dict[str, str]:
    """The answer to a preflight of a permitted page, the question about the private network included."""
    asked = [name for name in _NETWORKS if headers.get_list(f"Access-Control-Request-{name}") == ["true"]]
    return PREFLIGHT | {f"Access-Control-Allow-{name}": "true" for name in asked}


def shown_header(text: str) -> str:
    """A header as an answer or the log may show it."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text[:_SHOWN])
