"""Check of app_id, key and dialect: one query that changes nothing, signed as the DLL would sign it.

The query is VC 4.7, the specification's only one, about a consent that nobody asked for. Where the platform refuses the
sign, the same is asked in the other dialects: one that it accepts names the fault, and none means the key. Only where
an account is given; its key is in no finding, and the address is the first of the command line.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from shim import codec
from shim.bilingual import Bilingual
from shim.commands.catalogue import doctor_platforms as phrases
from shim.deadline import Deadline
from shim.dialects import virtualcard
from shim.dialects.dialect import Dialect
from shim.dialects.made import LiveMaker
from shim.dialects.table import DIALECTS, site_dialect
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place, SigningAccount
from shim.errors import HostError, PlatformRefusal, ShimError
from shim.spec import VC_CODES, Effect
from shim.terminal import adapters, select_identity
from shim.transport.address import parse_url
from shim.transport.sockets import SocketTransport
from shim.wiring import pick_dialect

NO_ACCOUNT = FindingRow("sign.no_account", Level.NOTE, phrases.NO_ACCOUNT, None, phrases.GIVE_ACCOUNT)
ACCEPTED = FindingRow("sign.accepted", Level.OK, phrases.SIGN_ACCEPTED)
ANSWER_WRONG = FindingRow(
    "sign.answer_wrong", Level.WARNING, phrases.ANSWER_SIGN_WRONG, None, phrases.ANSWER_SIGN_REMEDY
)
WRONG_DIALECT = FindingRow(
    "sign.wrong_dialect", Level.ERROR, phrases.WRONG_DIALECT, phrases.SIGN_MEANS, phrases.WRONG_DIALECT_REMEDY
)
WRONG_KEY = FindingRow("sign.wrong_key", Level.ERROR, phrases.WRONG_KEY, phrases.SIGN_MEANS, phrases.WRONG_KEY_REMEDY)
REFUSED = FindingRow("sign.refused", Level.ERROR, phrases.REFUSED, phrases.SIGN_MEANS, phrases.REFUSED_REMEDY)
NOT_TRIED = FindingRow("sign.not_tried", Level.WARNING, phrases.NOT_TRIED, None, phrases.NOT_TRIED_REMEDY)

# Codes of VC appendix 1: of a sign or cipher that does not fit, and of an account that may not call.
_NOT_SIGNED = frozenset({"9002", "9003", "9007", "8008", "2005"})
_NOT_ALLOWED = frozenset({"1001", "1002", "1003", "1005", "1006", "1007", "1008", "1009", "1010"})
# In English, for the meaning and the remedy of the code, which the tables have in Chinese.
_SEE = "see vcshim spec {code}"
_ACCOUNT = "check app_id, term_id and version, and ask the platform whether they may call this method"
_METHOD = "ehc.ehealthcard.auth.query"
_NOBODY = "VCSHIMDOCTOR0"
_SECONDS = 10.0
_SECONDS_FOR_ALL = 40.0


@dataclass(frozen=True)
class _Reply:
    """What the platform said: its code, and whether the sign of its answer is right."""

    code: str
    sign_valid: bool = True


def look_at_signing(place: Place) -> Iterator[CheckFinding]:
    """Whether the platform accepts what this account and this dialect sign."""
    if place.account is None or not place.urls:
        yield NO_ACCOUNT()
        return
    try:
        url, peer = place.urls[0], parse_url(place.urls[0]).peer.authority
        yield _judged(_Query(place, url), peer)
    except ShimError as error:
        yield NOT_TRIED(reason=Bilingual(error.line(""), error.told.english))


class _Query:
    """The query, by any dialect."""

    def __init__(self, place: Place, url: str) -> None:
        assert place.account is not None
        transport = place.settings.transport
        self.chosen = pick_dialect(place.settings)
        self._place, self._url, self._account = place, url, place.account
        self._http = SocketTransport(transport.connect_seconds, transport.proxy, transport.ca_file)

    def others(self) -> Iterator[Dialect]:
        """Every other dialect that there is."""
        for name, lines in self._place.settings.dialects.items():
            try:
                row = site_dialect(name, lines)
            except HostError:
                continue
            if row.name != self.chosen.name:
                yield row
        yield from (row for row in DIALECTS.values() if row.name != self.chosen.name)

    def ask(self, dialect: Dialect) -> _Reply:
        """The platform's reply. ShimError where it did not reply, or cannot be understood."""
        request = virtualcard.parse_vc_request(_in_data(self._account), dialect)
        sealed = virtualcard.sealed_vc_request(request, dialect, LiveMaker(_identity))
        kind = self._place.settings.wire.content_type
        answer = self._http.post(self._url, sealed.body, kind, Effect.QUERY, Deadline(_SECONDS), sealed.headers)
        try:
            return _Reply("0000", virtualcard.open_vc_answer(answer, request, dialect).sign_valid)
        except PlatformRefusal as refusal:
            return _Reply(refusal.code)


def _judged(query: _Query, peer: str) -> CheckFinding:
    first = query.ask(query.chosen)
    if first.code in _NOT_ALLOWED:
        row = VC_CODES[first.code]
        reason = Bilingual(row.meaning, _SEE.format(code=first.code))
        return REFUSED(peer=peer, code=first.code, reason=reason, text=Bilingual(row.remedy.rstrip("。"), _ACCOUNT))
    if first.code not in _NOT_SIGNED:
        row_of_sign = ACCEPTED if first.sign_valid else ANSWER_WRONG
        facts = {"peer": peer, "dialect": query.chosen.name}
        return row_of_sign(**facts, code=first.code) if first.sign_valid else row_of_sign(**facts)
    tried, deadline = 1, Deadline(_SECONDS_FOR_ALL)
    for dialect in query.others():
        if deadline.passed:
            break
        try:
            reply = query.ask(dialect)
        except ShimError:  # it has no such cipher, or its answer cannot be read
            continue
        tried += 1
        if reply.code not in _NOT_SIGNED | _NOT_ALLOWED and reply.sign_valid:
            return WRONG_DIALECT(peer=peer, dialect=query.chosen.name, right=dialect.name)
    return WRONG_KEY(peer=peer, count=tried, code=first.code)


def _in_data(account: SigningAccount) -> str:
    """InData of the query, with the common fields that the account has."""
    own = {"version": "X.M.0.1", **account.fields, "timestamp": time.strftime("%Y%m%d%H%M%S")}
    return codec.dumps({**own, "method": _METHOD, "key": account.key, "biz_content": {"out_authorize_no": _NOBODY}})


def _identity() -> tuple[str, str]:
    """MAC and IPv4 of this PC's first interface."""
    identity = select_identity(adapters(), "")
    return identity.mac, identity.ip
