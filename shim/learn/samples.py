"""Captured calls as samples: what the host passed, what the vendor's DLL sent for it, and what came back. Pure.

A sample is a call that can teach something: its InData is readable and its request was recorded. What cannot is counted
by the reason. Not here: what the samples have in common (all other modules of this package).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any

from shim import codec
from shim.capture.exchange import Exchange, exchanges
from shim.capture.record import CapturedCall
from shim.errors import HostError
from shim.http_answer import HttpAnswer
from shim.spec import Family, find_export

_CHARSET = re.compile(r"charset=\"?([A-Za-z0-9_-]+)", re.IGNORECASE)


@unique
class Unusable(Enum):
    """Why a call teaches nothing of the wire."""

    NOT_RECORDED = "not recorded"
    NO_REQUEST = "no request"
    IN_DATA = "InData"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Sample:
    """One call.

    Attributes:
        number: its place among the captures, from 1.
        charset: of InData, ``gbk`` or ``utf-8``.
        in_text: InData.
        host: InData as JSON.
        exchange: the request and its answer.
        wire_text: the body of the request.
        wire_charset: of the body.
        wire: the body as JSON.
        out: OutData, in `charset`; None where there is none.
        code: what the export returned.
    """

    number: int
    call: CapturedCall
    family: Family
    charset: str
    in_text: str
    host: dict[str, Any]
    exchange: Exchange
    wire_text: str
    wire_charset: str
    wire: dict[str, Any]
    out: str | None
    code: str

    @property
    def key(self) -> str:
        """`key` of InData; "" where it is not a text."""
        key = self.host.get("key")
        return key if isinstance(key, str) else ""

    @property
    def content(self) -> Any:
        """biz_content of InData, parsed where it is JSON text."""
        value = self.host.get("biz_content")
        return parsed(value) if isinstance(value, str) else value

    @property
    def answer(self) -> HttpAnswer:
        """The answer, as the dialects read it."""
        declared = _CHARSET.search(self.exchange.answer_header("content-type") or "")
        return HttpAnswer(
            self.exchange.answer_body,
            self.exchange.status,
            declared[1].lower() if declared else "",
            encoding=self.exchange.answer_encoding,
        )

    def word(self, name: str) -> str:
        """A field of the wire as text; "" for none."""
        return text_of(self.wire.get(name))


@dataclass(slots=True)
class Samples:
    """All samples of some captures.

    Attributes:
        vc, ec: those of the two families.
        unusable: how many calls teach nothing, by reason and family.
        calls: all captured calls, for the habits.
    """

    calls: Sequence[CapturedCall]
    vc: list[Sample] = field(default_factory=list)
    ec: list[Sample] = field(default_factory=list)
    unusable: Counter[tuple[Family, Unusable]] = field(default_factory=Counter)


def read_samples(calls: Sequence[CapturedCall]) -> Samples:
    """The samples of captured calls."""
    samples = Samples(calls)
    charset = common_charset(text for call in calls for text in (*call.texts[1:], call.out) if text)
    for number, call in enumerate(calls, 1):
        export = find_export(call.function)
        if export is None or len(call.texts) < 2 or call.function not in ("VirtualCardTrans", "NationEcTrans"):
            continue
        sample = _sample(number, call, export.family, charset)
        if isinstance(sample, Unusable):
            samples.unusable[export.family, sample] += 1
        else:
            (samples.vc if export.family is Family.VC else samples.ec).append(sample)
    return samples


def common_charset(texts: Iterable[bytes]) -> str:
    """The charset of texts of one host: UTF-8 where no text contradicts it and one resembles it; else GBK."""
    wide = [text for text in texts if not text.isascii()]
    utf_8 = [text for text in wide if _is_utf_8(text)]
    return "utf-8" if wide and len(utf_8) == len(wide) and any(map(codec.resembles_utf_8, wide)) else "gbk"


def parsed(text: str) -> Any:
    """JSON of a text; the text itself where it is none."""
    try:
        return codec.loads(text, "")
    except HostError:
        return text


def text_of(value: Any) -> str:
    """A JSON value as it stands in a base string."""
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else codec.dumps(value)


def decoded(data: bytes) -> tuple[str, str] | None:
    """The text of a body, and its charset: UTF-8 if it can be that, else GBK; None if it is neither."""
    for charset in ("utf-8", "gbk"):
        try:
            return codec.decode(data, charset, "")[0], charset
        except HostError:
            continue
    return None


def _sample(number: int, call: CapturedCall, family: Family, charset: str) -> Sample | Unusable:
    if not call.recorded:
        return Unusable.NOT_RECORDED
    try:
        in_text, charset = codec.decode(call.texts[1] or b"", charset, "InData")
        host = codec.loads_object(in_text, "InData", "")
    except HostError:
        return Unusable.IN_DATA
    exchange = _request_of([each for traffic in call.traffic for each in exchanges(traffic)])
    if exchange is None:
        return Unusable.NO_REQUEST
    body = decoded(exchange.body)
    wire = parsed(body[0]) if body is not None else None
    if body is None or not isinstance(wire, dict):
        return Unusable.BODY
    out = None if call.out is None else call.out.decode(codec.CODECS[charset], "replace")
    code = (call.code or b"").decode("ascii", "replace")
    return Sample(number, call, family, charset, in_text, host, exchange, body[0], body[1], wire, out, code)


def _request_of(all_exchanges: Sequence[Exchange]) -> Exchange | None:
    """The request of the call itself: the last POST that has a body; others are a self-updater's, or a handshake."""
    posts = [each for each in all_exchanges if each.method == "POST" and each.body.strip()]
    whole = [each for each in posts if each.status] or posts
    return whole[-1] if whole else None


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
