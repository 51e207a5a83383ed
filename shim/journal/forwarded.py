"""Tells the journal of calls that the vendor's DLL answers: what was asked, whether it went out, what became of it.

What is known of such a call is what the host passed, what the recorder saw and what the export returned. Used by the
forwarding of calls (shim/capture) through wiring; writes nothing itself.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from contextlib import suppress

from shim import codec
from shim.capture.record import CapturedCall
from shim.dialects import nation
from shim.errors import HostError, Reason
from shim.journal.call_journal import Journal, JournalCall, JournalTicket
from shim.journal.calls import CallOutcome
from shim.spec import EXPORT_BY_NAME, Effect, Family, Method, Shape, find_method

_MOST_READ = 256 * 1024
"""Bytes of InData that are read for its method: on the host's own thread. A change of a longer one has no name."""

# A request with a body: a vendor's updater asks for its files by GET.
_REQUEST = re.compile(rb"(?m)^(?:POST|PUT) [^\r\n]+ HTTP/1\.")


class ForwardedCalls:
    """The forwarded calls of this process. Any thread; never raises.

    Args:
        journal: where to.
        charset: that of [abi].
    """

    def __init__(self, journal: Journal, charset: str = "gbk") -> None:
        self._journal = journal
        self._charset = charset

    def began(self, function: str, texts: Sequence[bytes | None]) -> JournalTicket | None:
        """A call is about to be handed over; the ticket is for its end. Only a change gets its row here.

        Args:
            texts: as in CapturedCall.
        """
        self._journal.prepare()
        method, serial = asked(function, texts, self._charset)
        if call_effect(function, method) is not Effect.CHANGE:
            return None
        return self._journal.began(JournalCall(function, method, serial, time.time(), sent=True))

    def ended(self, call: CapturedCall, ticket: JournalTicket | None = None) -> None:
        """A call has ended. Where its traffic is not known, its code decides alone."""
        if ticket is None:
            method, serial = asked(call.function, call.texts, self._charset)
        else:
            method, serial = ticket.call.method, ticket.call.serial
        requests = [each for each in call.traffic if _REQUEST.search(each.sent)]
        code = None if call.code is None else call.code.decode("ascii", "replace")
        if EXPORT_BY_NAME[call.function].shape is not Shape.TRANS:
            code = str(call.number)
        self.forwarded(
            call.function,
            method,
            serial,
            bool(requests) or not call.recorded,
            None if call.habits.crashed else code,
            (call.ended - call.began) * 1000,
            answered=not call.recorded or any(each.received for each in requests),
            ticket=ticket,
        )

    def forwarded(
        self,
        function: str,
        method: str,
        serial: str,
        sent: bool,
        code: str | None,
        milliseconds: float,
        *,
        answered: bool = True,
        ticket: JournalTicket | None = None,
    ) -> None:
        """A forwarded call has ended.

        Args:
            method: "" for an export that has none.
            sent: whether anything of the call went to the platform; True where that is not known.
            code: what the export returned, a number as digits; None after a crash.
            answered: whether the platform's answer came, as far as is known.
            ticket: of `began`.
        """
        outcome = forwarded_outcome(function, method, sent, code, answered)
        call = JournalCall(
            function,
            method,
            serial,
            time.time() - milliseconds / 1000,
            sent,
            outcome,
            code or "",
            round(milliseconds, 1),
        )
        self._journal.ended(call, ticket)


def asked(function: str, texts: Sequence[bytes | None], charset: str) -> tuple[str, str]:
    """The method and the serial number of a call by its InData; "" for what cannot be read. Never raises."""
    export = EXPORT_BY_NAME[function]
    data = texts[1] if export.shape is Shape.TRANS and len(texts) > 1 else None
    if data is None or len(data) > _MOST_READ:
        return "", ""
    try:
        text, _ = codec.decode(data, charset, "InData")
        if export.family is Family.EC:
            url = texts[0] or b""
            return nation.parse_ec_request(text, url.decode("ascii", "replace")).name, ""
        in_data = codec.loads_object(text, "InData", export.clause)
        name = codec.strip_word(str(in_data.get("method") or ""))
        method = find_method(name)
        return (name, "") if method is None else (method.name, _serial(method, in_data.get("biz_content")))
    except Exception:  # a refusal of the reader, or whatever else: nothing of a journal may be in a call's way
        return "", ""


def _serial(method: Method, content: object) -> str:
    if isinstance(content, str):
        with suppress(HostError):
            content = codec.loads(content, "biz_content")
    if not isinstance(content, dict):
        return ""
    names = [name for field in method.request if field.name == method.serial for name in (field.name, *field.aliases)]
    return next((str(content[name]) for name in names if content.get(name)), "")


def forwarded_outcome(function: str, method: str, sent: bool, code: str | None, answered: bool) -> CallOutcome:
    """What became of a call that the vendor's DLL answered.

    Every success word is a zero, however many digits it has. A failure after something was sent and not answered is
    unknown, whatever its code: vendors have several for it.
    """
    if code and set(code.strip()) == {"0"}:
        return CallOutcome.SUCCESS
    export = EXPORT_BY_NAME[function]
    if export.shape is not Shape.TRANS:
        return CallOutcome.PERHAPS if code is None else CallOutcome.NOT_DONE
    if not sent:
        return CallOutcome.NOT_DONE
    unknown = Reason.UNKNOWN_OUTCOME.vc_code if export.family is Family.VC else Reason.UNKNOWN_OUTCOME.ec_code
    if answered and code is not None and code != unknown:
        return CallOutcome.REFUSED
    return CallOutcome.UNKNOWN if call_effect(function, method) is Effect.CHANGE else CallOutcome.NO_RESULT


def call_effect(function: str, method: str) -> Effect:
    """What a call does to the platform, by its method's row: a change until it is known. QUERY of a device's export."""
    if EXPORT_BY_NAME[function].shape is not Shape.TRANS:
        return Effect.QUERY
    row = find_method(method)
    return Effect.CHANGE if row is None else row.effect
