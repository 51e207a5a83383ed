"""Check of [telemetry]: whether the collector and the syslog server, where they are set, can be reached from this PC.

The steps are those of `probe`. The collector gets one GET; a syslog server is only connected to, and one by UDP only
looked up: a message there would be a line of its log.
"""

from __future__ import annotations

from collections.abc import Iterator

from shim.commands.catalogue import doctor_telemetry as phrases
from shim.commands.language import CommandLanguage, Phrase
from shim.deadline import Deadline
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.doctor.platforms import network_finding
from shim.doctor.probe import probe
from shim.errors import HostError, ShimError
from shim.telemetry.syslog import server_address
from shim.transport.address import parse_url
from shim.transport.resolver import Resolver

COLLECTOR = FindingRow("telemetry.collector", Level.OK, phrases.COLLECTOR)
SYSLOG = FindingRow("telemetry.syslog", Level.OK, phrases.SYSLOG)
DATAGRAMS = FindingRow("telemetry.datagrams", Level.NOTE, phrases.DATAGRAMS)
NO_COLLECTOR = FindingRow(
    "telemetry.no_collector", Level.WARNING, phrases.NO_COLLECTOR, phrases.MEANS, phrases.COLLECTOR_REMEDY
)
NO_SYSLOG = FindingRow("telemetry.no_syslog", Level.WARNING, phrases.NO_SYSLOG, phrases.MEANS, phrases.SYSLOG_REMEDY)
_SECONDS = 5.0
# In a cause; and braces, because a phrase is formatted once more.
_WORDS = (("平台的", ""), ("平台 ", ""), ("[transport]", "[telemetry]"), ("{", "{{"), ("}", "}}"))
_NOT_READY = frozenset({502, 503, 504})


def look_at_telemetry(place: Place) -> Iterator[CheckFinding]:
    """The collector, and the syslog server; nothing where neither is set."""
    settings = place.settings.telemetry
    if settings.endpoint:
        yield _collector(settings.endpoint, settings.ca_file)
    if settings.syslog:
        yield _syslog(settings.syslog, settings.ca_file)


def _collector(url: str, ca_file: str) -> CheckFinding:
    try:
        address = parse_url(url)
    except HostError:
        return NO_COLLECTOR(reason=phrases.NO_ADDRESS)
    probed = probe(address, None, ca_file, _SECONDS)
    if probed.error is not None:
        return NO_COLLECTOR(reason=_reason(probed.error))
    assert probed.answer is not None
    facts = {"peer": address.peer.authority, "status": probed.answer.status}
    if probed.answer.status in _NOT_READY:
        return NO_COLLECTOR(reason=Phrase(*(text.format(**facts) for text in phrases.NOT_READY)))
    return COLLECTOR(**facts)


def _syslog(url: str, ca_file: str) -> CheckFinding:
    try:
        scheme, address = server_address(url)
    except ValueError:
        return NO_SYSLOG(reason=phrases.NO_ADDRESS)
    try:
        if scheme == "udp":
            Resolver().look_up(address.peer, Deadline(_SECONDS))
            return DATAGRAMS(peer=address.peer.authority)
    except ShimError as error:
        return NO_SYSLOG(reason=_reason(error))
    probed = probe(address, None, ca_file, _SECONDS, asks=False)
    return SYSLOG(peer=address.peer.authority) if probed.error is None else NO_SYSLOG(reason=_reason(probed.error))


def _reason(error: ShimError) -> Phrase:
    """The cause as the transport names it, which speaks of platforms and of [transport]."""
    found = network_finding(error)
    texts = [found.text(found.row.what, each) for each in (CommandLanguage.CHINESE, CommandLanguage.ENGLISH)]
    for word, ours in _WORDS:
        texts = [text.replace(word, ours) for text in texts]
    return Phrase(*texts)
