"""Checks of the way to each platform: name, connection, TLS, HTTP and clock, a finding each, and the way by a proxy.

The addresses are those of [transport] alternatives, those that the log saw last, and those of the command line. They
are tried side by side, each within the seconds of `probe`. Causes are named as the transport names them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

from shim.commands.catalogue import doctor_causes
from shim.commands.catalogue import doctor_platforms as phrases
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.doctor.probe import SECONDS, Certificate, Probed, probe
from shim.doctor.proxies import proxy_address, system_proxies, without_query
from shim.doctor.seen import addresses_seen
from shim.errors import HostError, ShimError
from shim.messages import network
from shim.settings.transport import address_groups
from shim.transport.address import Address, parse_url
from shim.transport.http1 import Received

NO_ADDRESS = FindingRow("platforms.none", Level.NOTE, phrases.NO_ADDRESS, None, phrases.GIVE_ADDRESS)
BAD_ADDRESS = FindingRow(
    "platforms.bad_address", Level.ERROR, phrases.BAD_ADDRESS, phrases.NOT_REACHED_MEANS, phrases.MEND_ADDRESS
)
FOUND = FindingRow("name.found", Level.OK, phrases.FOUND)
CONNECTED = FindingRow("connection.made", Level.OK, phrases.CONNECTED)
CONNECTED_BY_PROXY = FindingRow("connection.made_by_proxy", Level.OK, phrases.CONNECTED_BY_PROXY)
TLS = FindingRow("tls.good", Level.OK, phrases.TLS)
TLS_ENDS = FindingRow("tls.ends_soon", Level.WARNING, phrases.TLS_ENDS, phrases.TLS_ENDS_MEANS, phrases.TLS_ENDS_REMEDY)
SHOWN = FindingRow("tls.certificate", Level.NOTE, phrases.CERTIFICATE_SHOWN)
ALONE = FindingRow("tls.alone", Level.NOTE, phrases.CERTIFICATE_ALONE, None, phrases.CERTIFICATE_ALONE_REMEDY)
PROXY_NEEDED = FindingRow(
    "proxy.needed", Level.ERROR, phrases.PROXY_NEEDED, phrases.NOT_REACHED_MEANS, phrases.PROXY_NEEDED_REMEDY
)
PROXY_USELESS = FindingRow(
    "proxy.useless", Level.ERROR, phrases.PROXY_USELESS, phrases.NOT_REACHED_MEANS, phrases.PROXY_USELESS_REMEDY
)
BAD_PROXY = FindingRow("proxy.bad", Level.ERROR, phrases.BAD_PROXY, phrases.NOT_REACHED_MEANS, phrases.MEND_PROXY)
BAD_CERTIFICATES = FindingRow(
    "tls.ca_file", Level.ERROR, phrases.BAD_CERTIFICATES, phrases.NOT_REACHED_MEANS, phrases.MEND_CERTIFICATES
)
UNKNOWN = FindingRow(
    "network.unknown", Level.ERROR, phrases.UNKNOWN_CAUSE, phrases.NOT_REACHED_MEANS, phrases.UNKNOWN_REMEDY
)
BY_CAUSE = {
    key: FindingRow(key, Level.ERROR, what, phrases.NOT_REACHED_MEANS, doctor_causes.REMEDIES[key])
    for key, what in doctor_causes.CAUSES.items()
}

ANSWERS = FindingRow("http.answers", Level.OK, phrases.ANSWERS)
NOT_FOUND = FindingRow(
    "http.not_found", Level.NOTE, phrases.NOT_FOUND, phrases.NOT_FOUND_MEANS, phrases.NOT_FOUND_REMEDY
)
FORBIDDEN = FindingRow(
    "http.forbidden", Level.WARNING, phrases.FORBIDDEN, phrases.NOT_REACHED_MEANS, phrases.FORBIDDEN_REMEDY
)
NO_SERVER = FindingRow(
    "http.no_server", Level.ERROR, phrases.NO_SERVER, phrases.NOT_REACHED_MEANS, phrases.NO_SERVER_REMEDY
)
REDIRECTED = FindingRow(
    "http.redirected", Level.WARNING, phrases.REDIRECTED, phrases.REDIRECTED_MEANS, phrases.REDIRECTED_REMEDY
)
INTERMEDIARY = FindingRow(
    "http.intermediary", Level.ERROR, phrases.INTERMEDIARY, phrases.INTERMEDIARY_MEANS, phrases.INTERMEDIARY_REMEDY
)
_BY_STATUS = {
    401: FORBIDDEN, 403: FORBIDDEN, 404: NOT_FOUND, 502: NO_SERVER, 503: NO_SERVER, 504: NO_SERVER,
    **dict.fromkeys((301, 302, 303, 307, 308), REDIRECTED),
}  # fmt: skip
# What a proxy that was not asked for answers with, where it lets nothing through.
_PROXY_STATUSES = frozenset({403, 407, 502, 503, 504, 511})

CLOCK = FindingRow("clock.right", Level.OK, phrases.CLOCK)
CLOCK_AHEAD = FindingRow("clock.ahead", Level.WARNING, phrases.CLOCK_AHEAD, phrases.CLOCK_MEANS, phrases.CLOCK_REMEDY)
CLOCK_BEHIND = FindingRow(
    "clock.behind", Level.WARNING, phrases.CLOCK_BEHIND, phrases.CLOCK_MEANS, phrases.CLOCK_REMEDY
)
_SKEW_SECONDS = 120
_DAYS_BEFORE = 30
_DAY = 86400


def look_at_platforms(place: Place) -> Iterator[CheckFinding]:
    """What stands between this PC and each address of a platform."""
    addresses: list[Address] = []
    for url in known_urls(place):
        try:
            addresses.append(parse_url(url))
        except HostError:
            yield BAD_ADDRESS(url=without_query(url))
    if not addresses:
        yield NO_ADDRESS()
    found: list[list[CheckFinding]] = [[] for _ in addresses]
    threads = [
        threading.Thread(target=lambda address, into: into.extend(_look_at(address, place)), args=each, daemon=True)
        for each in zip(addresses, found, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread, findings in zip(threads, found, strict=True):
        thread.join()
        yield from findings


def known_urls(place: Place) -> list[str]:
    """The addresses to try, each once; those of the simulator in the process (``sim:``) are none."""
    groups = address_groups(place.settings.transport.alternatives)
    urls = [*place.urls, *(url for group in groups for url in group)]
    named = {_authority(url) for url in urls}
    seen = [url for url in addresses_seen(place) if _authority(url) not in named]
    return [url for url in dict.fromkeys((*urls, *seen)) if not url.lower().startswith("sim:")]


def _authority(url: str) -> str:
    """host:port of an address, the port of its scheme included; "" for what is none."""
    try:
        return parse_url(url).peer.authority
    except HostError:
        return ""


def _look_at(address: Address, place: Place) -> Iterator[CheckFinding]:
    transport = place.settings.transport
    proxy = proxy_address(transport.proxy)
    if transport.proxy and proxy is None:
        yield BAD_PROXY()
        return
    probed = probe(address, proxy, transport.ca_file, min(SECONDS, transport.connect_seconds))
    if probed.error is not None and not probed.connected:
        around = _by_another_way(address, proxy, transport.ca_file)
        if around is not None:
            yield around
            return
    yield from address_findings(address, proxy, probed)


def address_findings(address: Address, proxy: Address | None, probed: Probed) -> Iterator[CheckFinding]:
    """The findings of one address."""
    peer = address.peer.authority
    if probed.addresses and proxy is None:
        yield FOUND(host=address.peer.host, addresses=" ".join(probed.addresses))
    if probed.connected and proxy is None:
        yield CONNECTED(peer=peer)
    elif probed.connected and proxy is not None:
        yield CONNECTED_BY_PROXY(peer=peer, proxy=proxy.peer.authority)
    if probed.certificate is not None and probed.connected:
        yield _about_tls(peer, probed.version, probed.certificate)
    if probed.answer is not None:
        yield _about_http(address, probed.answer)
    if probed.skew is not None:
        yield _about_clock(peer, probed.skew)
    if probed.error is not None:
        yield network_finding(probed.error)
        if probed.certificate is not None and not probed.connected:
            is_incomplete = probed.is_alone and probed.error.row is network.CERTIFICATE_NOT_TRUSTED
            yield _about_refused(probed.certificate, is_incomplete)


def network_finding(error: ShimError) -> CheckFinding:
    """The finding for what the transport raised."""
    key = "" if error.row is None else error.row.key
    if key.startswith("network.ca_file"):
        return BAD_CERTIFICATES(reason=error.told)
    return BY_CAUSE[key](**error.facts) if key in BY_CAUSE else UNKNOWN(reason=error.told)


def _by_another_way(address: Address, proxy: Address | None, ca_file: str) -> CheckFinding | None:
    """What the address would be reached by: without the proxy of the settings, or by one of the system."""
    peer = address.peer.authority
    if proxy is not None:
        if _reaches(probe(address, None, ca_file, SECONDS / 2)):
            return PROXY_USELESS(peer=peer, proxy=proxy.peer.authority)
        return None
    for each in system_proxies():
        other = proxy_address(each.address)
        if other is not None and _reaches(probe(address, other, ca_file, SECONDS / 2)):
            return PROXY_NEEDED(peer=peer, proxy=f"http://{other.peer.authority}")
    return None


def _reaches(probed: Probed) -> bool:
    """Whether the platform itself answers. A proxy that was asked answers, too, if it reaches none."""
    answer = probed.answer
    return answer is not None and answer.status not in _PROXY_STATUSES


def _about_tls(peer: str, version: str, certificate: Certificate) -> CheckFinding:
    shown = _shown(certificate)
    days = int((certificate.until - time.time()) // _DAY)
    if days < _DAYS_BEFORE:
        return TLS_ENDS(peer=peer, names=shown["names"], days=days, until=shown["until"])
    return TLS(peer=peer, version=version, names=shown["names"], days=days, until=shown["until"])


def _about_refused(certificate: Certificate, may_be_incomplete: bool) -> CheckFinding:
    """A certificate that was refused. Of one that is not trusted and came alone, those above it may be missing."""
    return (ALONE if may_be_incomplete and not certificate.signs_itself else SHOWN)(**_shown(certificate))


def _shown(certificate: Certificate) -> dict[str, str]:
    since, until = (time.strftime("%Y-%m-%d", time.gmtime(each)) for each in (certificate.since, certificate.until))
    return {"names": " ".join(certificate.names[:4]), "issuer": certificate.issuer, "since": since, "until": until}


def _about_http(address: Address, answer: Received) -> CheckFinding:
    peer, status = address.peer.authority, answer.status
    between = _intermediary(answer)
    if between and status in _PROXY_STATUSES:
        return INTERMEDIARY(peer=peer, status=status, proxy=between)
    path = address.target.partition("?")[0]
    row = _BY_STATUS.get(status, ANSWERS)
    if row is REDIRECTED:
        return row(peer=peer, status=status, target=answer.first("location").partition("?")[0] or "?")
    if row is NOT_FOUND:
        return row(peer=peer, path=path) if path != "/" else ANSWERS(peer=peer, status=status)
    return row(peer=peer, status=status)


def _intermediary(answer: Received) -> str:
    """Who says that it passed the answer on, or made it instead of the platform; "" for nobody."""
    via = answer.first("via").split()
    words: Sequence[str] = (
        via[1] if len(via) > 1 else "",
        *(answer.first(name) for name in ("x-squid-error", "proxy-agent", "x-cache")),
        "HTTP 407" if answer.first("proxy-authenticate") else "",
    )
    return next(filter(None, words), "")[:60]


def _about_clock(peer: str, skew: float) -> CheckFinding:
    if abs(skew) < _SKEW_SECONDS:
        return CLOCK(peer=peer, seconds=round(abs(skew)))
    return (CLOCK_AHEAD if skew > 0 else CLOCK_BEHIND)(peer=peer, minutes=round(abs(skew) / 60))
