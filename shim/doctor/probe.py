"""One address of a platform, step by step: its name, a connection, TLS and the certificate, one GET. No judgement.

The steps are the transport's own (connection.py and sockets.py in shim/transport), so that what is found is what a call
meets. A GET asks for nothing to be done; nothing is signed, and nothing of a patient is sent. What it means is in
`platforms`.
"""

from __future__ import annotations

import re
import ssl
import time
from calendar import timegm
from dataclasses import dataclass, field
from typing import Any

from shim.deadline import Deadline
from shim.errors import PlatformError, ShimError
from shim.transport.address import Address
from shim.transport.causes import Peer
from shim.transport.connection import USER_AGENT, Connection, Connector, open_socket, proxy_headers
from shim.transport.http1 import Received, request_head
from shim.transport.resolver import Resolver
from shim.transport.sockets import ask_over

SECONDS = 10.0
"""The longest time for an address, by one way."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"[A-Za-z]+, (\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d):(\d\d):(\d\d) GMT")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server's certificate says of itself. Times are seconds since 1970."""

    names: tuple[str, ...]
    issuer: str
    since: float
    until: float
    signs_itself: bool = False


@dataclass(slots=True)
class Probed:
    """What was found of one address, as far as it went.

    Attributes:
        addresses: what the name was looked up to; empty for an address that is a number.
        connected: whether a connection was made, TLS included.
        version: of TLS, as OpenSSL calls it; "" without TLS.
        certificate: the one shown, accepted or not.
        is_alone: of one that was refused, whether no other was shown with it.
        answer: that to the GET.
        skew: by how many seconds this PC's clock is ahead of the server's; None if the server does not say.
        error: what ended it; None if nothing did.
    """

    addresses: tuple[str, ...] = ()
    connected: bool = False
    version: str = ""
    certificate: Certificate | None = None
    is_alone: bool = False
    answer: Received | None = None
    skew: float | None = None
    error: ShimError | None = field(default=None)


def probe(
    address: Address, proxy: Address | None, ca_file: str, seconds: float = SECONDS, *, asks: bool = True
) -> Probed:
    """Try an address; never raises a ShimError.

    Args:
        asks: with the GET; otherwise no further than the connection, for a server that is none of HTTP.
    """
    deadline, probed = Deadline(seconds), Probed()
    try:
        _try(address, proxy, ca_file, deadline, probed, asks=asks)
    except ShimError as error:
        probed.error = error
        if error.row is not None and error.row.key.startswith("network.certificate_") and proxy is None:
            chain = _shown_chain(address.peer, Deadline(seconds / 2))
            probed.certificate, probed.is_alone = (chain[0] if chain else None), len(chain) == 1
    return probed


def _try(
    address: Address, proxy: Address | None, ca_file: str, deadline: Deadline, probed: Probed, *, asks: bool
) -> None:
    peer = address.peer if proxy is None else proxy.peer
    addresses = {str(where[0]) for _, where in Resolver().look_up(peer, deadline)}
    probed.addresses = tuple(sorted(addresses - {peer.host}))
    connection = Connector(proxy, ca_file).connect(address, deadline)
    try:
        probed.connected = True
        if connection.tls is not None:
            probed.version = connection.tls.version() or ""
            probed.certificate = _certificate(connection.tls.getpeercert() or {})
        if asks:
            began = time.time()
            probed.answer = _get(connection, address, proxy, deadline)
            probed.skew = _skew(probed.answer, (began + time.time()) / 2)
    finally:
        connection.close()


def _get(connection: Connection, address: Address, proxy: Address | None, deadline: Deadline) -> Received:
    forwarded = proxy if not address.secure else None
    headers = [("Host", address.host), ("User-Agent", USER_AGENT), ("Accept", "*/*"), ("Connection", "close")]
    headers += proxy_headers(forwarded) if forwarded is not None else []
    request = request_head("GET", address.target if forwarded is None else address.absolute, headers)
    return ask_over(connection, address, request, deadline)


def http_time(text: str) -> float | None:
    """A Date of HTTP (RFC 9110, 5.6.7, IMF-fixdate) as seconds since 1970; None for anything else."""
    match = _DATE.fullmatch(text.strip())
    if match is None or match[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second = match.groups()
    return float(timegm((int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))))


def _skew(answer: Received, now: float) -> float | None:
    """An answer out of a cache says when it was made, and not what time it is."""
    date = None if answer.first("age") else http_time(answer.first("date"))
    return None if date is None else now - date


def _certificate(fields: Any) -> Certificate | None:
    """What ssl says of a certificate."""
    if not fields:
        return None
    subject, issuer = (
        {name: value for group in fields.get(key, ()) for name, value in group} for key in ("subject", "issuer")
    )
    names = tuple(value for kind, value in fields.get("subjectAltName", ()) if kind in ("DNS", "IP Address"))
    return Certificate(
        names or tuple(filter(None, [subject.get("commonName", "")])),
        issuer.get("commonName") or issuer.get("organizationName") or "?",
        ssl.cert_time_to_seconds(fields["notBefore"]),
        ssl.cert_time_to_seconds(fields["notAfter"]),
        bool(subject) and subject == issuer,
    )


def _shown_chain(peer: Peer, deadline: Deadline) -> tuple[Certificate, ...]:
    """The certificates of a server that were refused, its own first; none if they cannot be had.

    NB: getpeercert() tells of trusted ones only. CPython 3.10 to 3.13 have the others in what is below an SSLSocket.
    """
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    try:
        with _secured(blind, peer, deadline) as shown:
            chain = shown._sslobj.get_unverified_chain()  # type: ignore[attr-defined]
            return tuple(filter(None, (_certificate(each.get_info()) for each in chain)))
    except (OSError, ValueError, AttributeError, PlatformError):
        return ()


def _secured(context: ssl.SSLContext, peer: Peer, deadline: Deadline) -> ssl.SSLSocket:
    sock, _ = open_socket(Resolver(), peer, deadline)
    sock.settimeout(max(deadline.remaining, 0.001))
    try:
        return context.wrap_socket(sock, server_hostname=peer.host)
    except BaseException:
        sock.close()
        raise
