"""Which HTTP requests the server refuses, whatever their path: a foreign Host, a change by another site's page.

A page of any site that somebody on this machine has open can send requests here: by a form, by fetch, or after its own
name was made to resolve to this machine (DNS rebinding). The first two carry headers that a page cannot forge, the last
one has a Host that is not ours. Programs send none of those headers and are accepted. GET changes nothing anywhere,
and no answer has CORS headers, so that another site's page cannot read one. No HTTP library, no page. Used by
http_exchange, and by pages for the one thing that a GET leaves behind in the browser.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERY_ADDRESS = frozenset({"", "0.0.0.0"})
# A name or an IPv4 address, or an IPv6 address in brackets; then a port or none.
_HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::[0-9]{1,5})?", re.IGNORECASE)
# Accepted headers are remembered, at most so many: any port number is accepted.
_REMEMBERED = 64
_SHOWN = 80


class HeaderLists(Protocol):
    """The headers of a request, as Tornado has them."""

    def get_list(self, name: str, /) -> list[str]:
        """Return all values of a header, in their order."""


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """The answer to a request that is not carried out: the HTTP status, and a text that says why."""

    status: int
    text: str


class HttpGuard:
    """Decides for every request whether it is answered. On the event loop only.

    Args:
        listening: The address or name that the server listens on.
        base_url: The address at which phones reach it; its host is accepted, and its pages are our own.
        names: Further names and addresses that are accepted in the Host header.
    """

    def __init__(self, listening: str, base_url: str = "", names: Iterable[str] = ()) -> None:
        phones = urlsplit(base_url)
        self._origins = frozenset({phones.netloc.lower()} - {""})
        own = {listening, phones.hostname or "", socket.gethostname(), socket.gethostname().partition(".")[0], *names}
        self._names = frozenset(_plain_name(name) for name in own if name) | _LOOPBACK
        self._any_own_address = listening in _EVERY_ADDRESS
        self._accepted: set[str] = set()

    def refusal(self, method: str, target: str, headers: HeaderLists) -> RefusedRequest | None:
        """Return why a request is refused, None if it is not.

        Args:
            method: GET, POST, ...
            target: The request target of the start line, usually a path.
            headers: The headers of the request.
        """
        hosts = headers.get_list("Host")
        if len(hosts) != 1:
            said = f"请求有 {len(hosts)} 个 Host 头：{'、'.join(map(_shown, hosts))}" if hosts else "请求没有 Host 头"
            return RefusedRequest(400, f"已拒绝：{said}，未作任何更改。\n")
        for host in hosts if target[:1] in ("/", "*") else (*hosts, _authority(target)):
            if host not in self._accepted and not self._accept(host):
                return RefusedRequest(421, self._foreign_host(host))
        if method in _READING:
            return None
        site = foreign_site(headers, self.own_sites(hosts[0]))
        return RefusedRequest(403, _foreign_page(site)) if site else None

    def own_sites(self, host: str) -> frozenset[str]:
        """Return host and port of the pages that are our own, for a request with that Host header."""
        return self._origins | {host.lower()}

    def _accept(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = _plain_name(match[1] or match[2])
        own = name in self._names or (self._any_own_address and _is_own_address(name))
        if own and len(self._accepted) < _REMEMBERED:
            self._accepted.add(host)
        return own

    def _foreign_host(self, host: str) -> str:
        match = _HOST.fullmatch(host)
        known = "、".join(sorted(self._names))
        option = f"确需用此名称访问的，启动时加 --allow-host {match[1] or match[2]}。" if match else ""
        return (
            f"已拒绝：请求的 Host 头为“{_shown(host)}”，不是模拟平台的地址或名称，未作任何更改。"
            f"可用 {known}{'和本机的各个地址' if self._any_own_address else ''}。{option}\n"
        )


def foreign_site(headers: HeaderLists, own: Collection[str]) -> str:
    """Return what shows that another site's page sent a request; "" if nothing does, as for a program.

    Args:
        headers: The headers of the request.
        own: Host and port of our own pages, in lower case.
    """
    sites = headers.get_list("Sec-Fetch-Site")
    if sites and sites not in (["same-origin"], ["none"]):
        return f"Sec-Fetch-Site: {_shown(', '.join(sites))}"
    for name in ("Origin", "Referer"):
        for value in headers.get_list(name):
            if not _is_page_of(value, own):
                return f"{name}: {_shown(value)}"
    return ""


def _authority(target: str) -> str:
    """Return host and port of a request target that is a whole URL, "" if there is none."""
    with contextlib.suppress(ValueError):
        return urlsplit(target).netloc
    return ""


def _is_page_of(url: str, own: Collection[str]) -> bool:
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.netloc.lower() in own
    return False


def _plain_name(name: str) -> str:
    """Return a name or an address as it is compared."""
    plain = name.strip("[]").rstrip(".").lower()
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(plain))
    return plain


def _is_own_address(name: str) -> bool:
    """Return whether `name` is an IPv4 address of this machine: it reaches those from themselves. Nothing is sent."""
    try:
        if ipaddress.IPv4Address(name).is_loopback:
            return True
        with socket.socket(type=socket.SOCK_DGRAM) as probe:
            probe.connect((name, 9))
            return bool(probe.getsockname()[0] == name)
    except (ValueError, OSError):
        return False


def _foreign_page(site: str) -> str:
    return (
        f"已拒绝：请求来自其他网站的页面（{site}），未作任何更改。请从模拟平台自己的页面操作；"
        "程序调用时不要带 Origin、Referer 和 Sec-Fetch-Site 头。\n"
    )


def _shown(text: str) -> str:
    """Return the text of a header as an answer may show it."""
    plain = "".join(character if character.isprintable() else "?" for character in text)
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}……"
