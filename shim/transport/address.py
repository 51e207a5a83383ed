"""strUrl and [transport] proxy as what a connection needs. Pure; used by the transports."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urlsplit

from shim import codec
from shim.errors import HostError
from shim.messages import network
from shim.transport.causes import Peer

_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u0085]")
_LONGEST_KEPT = 500  # characters
# What stays as it is in a target: everything that a URL may hold, so that what is quoted already is not quoted twice.
_SAFE = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes.

    Attributes:
        secure: https.
        peer: the platform.
        url: the whole, without a fragment.
        target: the path and query of the request line.
        authorization: the value of a Basic Authorization header from ``user:password@``; "" for none.
    """

    secure: bool
    peer: Peer
    url: str
    target: str
    authorization: str = ""

    @property
    def host(self) -> str:
        """The value of the Host header: no port where it is the scheme's own."""
        if self.peer.port == _PORTS["https" if self.secure else "http"]:
            return f"[{self.peer.host}]" if ":" in self.peer.host else self.peer.host
        return self.peer.authority

    @property
    def absolute(self) -> str:
        """The target as a proxy wants it for plain http."""
        return f"http://{self.host}{self.target}"


def parse_url(url: str) -> Address:
    """strUrl as an address; blanks and padding around it are taken off, a fragment is left out.

    Raises:
        HostError: NO_URL, or UNSUPPORTED_URL for any other scheme and for what is no address.
    """
    is_plain = "@" not in url and "?" not in url and len(url) <= _LONGEST_KEPT
    return _parse_kept(url) if is_plain else _parse(url)


def _parse(url: str) -> Address:
    url = codec.strip_word(url)
    if not url:
        raise HostError(network.NO_URL)
    if not url.lower().startswith(("http://", "https://")):
        raise HostError(network.URL_SCHEME)
    address = None if _CONTROL.search(url) else _parsed(url)
    if address is None:
        raise HostError(network.URL_FORM)
    return address


# A host has few addresses, and parsing one takes 15 µs. One with a password or a query is not kept: it may be secret.
_parse_kept = lru_cache(8)(_parse)


def parse_proxy(proxy: str) -> Address | None:
    """[transport] proxy as an address; ``host:port`` alone will do, "" is None.

    Raises:
        HostError: SETTINGS: it is none of an HTTP proxy.
    """
    proxy = codec.strip_word(proxy)
    if not proxy:
        return None
    text = proxy if "://" in proxy else f"http://{proxy}"
    address = _parsed(text) if text.lower().startswith("http://") and not _CONTROL.search(text) else None
    if address is None:
        raise HostError(network.PROXY_FORM)
    return replace(address, peer=replace(address.peer, is_proxy=True))


def _parsed(url: str) -> Address | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if not host or re.search(r"[\s%/\\<>\"^`{|}]", host) or len(host) > 253:
        return None
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    scheme = parts.scheme.lower()
    authorization = _basic(parts.username or "", parts.password or "") if "@" in parts.netloc else ""
    whole = f"{scheme}://{parts.netloc}{target}"
    return Address(scheme == "https", Peer(host, port or _PORTS[scheme]), whole, target, authorization)


def _basic(user: str, password: str) -> str:
    from binascii import b2a_base64

    token = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
    return f"Basic {b2a_base64(token, newline=False).decode('ascii')}"
