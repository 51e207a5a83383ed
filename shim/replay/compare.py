"""What is different between the vendor's DLL and ours in one captured call, field by field, each with its sentence.

`Comparer` replays and compares. What it returns is free of values: names, kinds and lengths (`differences`). A call
that proves nothing is counted apart with the reason, never as one that agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, unique
from typing import Any

from shim import codec, log
from shim.capture.record import CapturedCall
from shim.configuration import Configuration
from shim.dialects.dialect import Dialect
from shim.dialects.envelope import content_name
from shim.errors import ShimError, mask_told, shown_name
from shim.host_bytes import Answer
from shim.replay.differences import Difference, DifferenceKind, NotComparable, kind_of
from shim.replay.pipeline import Pipeline, Posted, Replayed, can_replay
from shim.replay.vendor import VendorCall, is_vc, method_name, opened_request, read_body, read_object
from shim.settings.wire import WireSettings
from shim.spec import SEEN_CODES

IGNORED_HEADERS = frozenset(
    {
        "host", "connection", "proxy-connection", "keep-alive", "user-agent", "content-length", "transfer-encoding",
        "te", "trailer", "expect", "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control",
        "pragma", "upgrade",
    }
)  # fmt: skip
"""Headers by which clients differ and platforms do not: how a body is framed, kept connections, what may come back."""

_HUNG_SECONDS = 15.0
_MOST_DIFFERENCES = 40  # of one call
_CONTENT = "biz_content"


@unique
class ComparisonVerdict(Enum):
    """How a call came out."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One call, compared. Free of values.

    Attributes:
        call_id, function, began: as in the captured call.
        method: the method or transType, as it may be shown.
        code: what the vendor's DLL returned, as it may be shown; "crash" for none.
        succeeded: whether the vendor's DLL succeeded.
        reason: why the call cannot be compared.
        differences: what is different; also of a call that cannot be compared to its end, where it is the reason for
            the verdict DIFFERS.
        repeated: how many times more the vendor's DLL sent the same request.
        beside: requests to other addresses.
    """

    call_id: str
    function: str
    began: float
    method: str
    code: str
    succeeded: bool
    verdict: ComparisonVerdict
    reason: NotComparable | None = None
    differences: tuple[Difference, ...] = ()
    repeated: int = 0
    beside: int = 0


class Comparer:
    """Replays and compares calls with the settings in force. One thread at a time."""

    def __init__(self, settings: Configuration) -> None:
        self._pipeline = Pipeline(settings)
        self._wire = settings.wire

    def compare(self, call: CapturedCall) -> Comparison:
        """Compare a call. Never raises for what a call holds: a fault of ours is a difference."""
        try:
            return self._compared(call)
        except Exception as error:
            place = "，".join(log.trace(error.__traceback__)[-2:])
            fault = Difference(DifferenceKind.FAULT, {"line": f"{type(error).__name__} {place}"})
            return _comparison(call, None, ComparisonVerdict.DIFFERS, differences=(fault,))

    def _compared(self, call: CapturedCall) -> Comparison:
        if not can_replay(call):
            return _comparison(call, None, ComparisonVerdict.NOT_COMPARABLE, NotComparable.DEVICE)
        if call.habits.crashed:
            return _comparison(call, None, ComparisonVerdict.NOT_COMPARABLE, NotComparable.CRASHED)
        if not call.recorded:
            return _comparison(call, None, ComparisonVerdict.NOT_COMPARABLE, NotComparable.NOT_RECORDED)
        replayed = self._pipeline.replay(call)
        vendor = replayed.vendor
        if vendor.exchange is None:
            return _comparison(call, vendor, ComparisonVerdict.NOT_COMPARABLE, _without_traffic(replayed))
        differences = list(_request(replayed, self._pipeline.usable_dialect, self._wire))
        reason = None
        if not replayed.posted and replayed.unscanned and not differences:
            reason = NotComparable.CODE_UNKNOWN
        elif not replayed.posted:
            differences.insert(0, Difference(DifferenceKind.NOT_POSTED, {"line": replayed.line}))
        elif replayed.unrecorded:
            reason = NotComparable.ELSEWHERE
        else:
            reason = _no_outcome(replayed)
        if reason is None and replayed.posted:
            differences += _outcome(replayed)
        if differences:
            return _comparison(call, vendor, ComparisonVerdict.DIFFERS, None, tuple(differences[:_MOST_DIFFERENCES]))
        return _comparison(
            call, vendor, ComparisonVerdict.AGREES if reason is None else ComparisonVerdict.NOT_COMPARABLE, reason
        )


def vendor_succeeded(call: CapturedCall) -> bool:
    """Whether the vendor's DLL returned what hosts take for success: zeros, whatever their number."""
    if call.habits.crashed:
        return False
    code = call.code.strip() if call.code is not None else str(call.number).encode()
    return bool(code) and set(code) == {ord("0")}


def shown_code(call: CapturedCall) -> str:
    """What the vendor's DLL returned, as a message or a log may show it."""
    if call.habits.crashed:
        return "crash"
    if call.code is None:
        return str(call.number)
    text = call.code.decode("latin-1").strip()
    known = text in SEEN_CODES or set(text) <= {"0"}
    short = len(text) <= 6 and text.lstrip("-").isdigit()
    return text if text and (known or short) else mask_told(text)


def _comparison(
    call: CapturedCall,
    vendor: VendorCall | None,
    verdict: ComparisonVerdict,
    reason: NotComparable | None = None,
    differences: tuple[Difference, ...] = (),
) -> Comparison:
    method = ""
    if can_replay(call):
        in_data = vendor.in_data if vendor is not None else read_object(call.texts[1] if len(call.texts) > 1 else None)
        method = method_name(call, in_data)
    return Comparison(
        call.call_id, call.function, call.began, shown_name(method) if method else "", shown_code(call),
        vendor_succeeded(call), verdict, reason, differences,
        max(vendor.same - 1, 0) if vendor is not None else 0, vendor.beside if vendor is not None else 0,
    )  # fmt: skip


def _without_traffic(replayed: Replayed) -> NotComparable:
    """Why there is no request to the address of the call."""
    vendor = replayed.vendor
    call = vendor.call
    if vendor_succeeded(call):
        return NotComparable.ELSEWHERE if _asks_elsewhere(replayed) else NotComparable.BYPASSED
    has_content = bool(vendor.in_data.get(_CONTENT if is_vc(call) else "data"))
    if vendor.scans and has_content and not vendor.passed_code:
        return NotComparable.SCAN
    return NotComparable.HUNG if call.ended - call.began >= _HUNG_SECONDS else NotComparable.OWN_FAILURE


def _asks_elsewhere(replayed: Replayed) -> bool:
    url = (replayed.vendor.call.texts[0] or b"").decode("latin-1").strip()
    content = replayed.vendor.in_data.get(_CONTENT)
    return any(posted.url != url for posted in replayed.posted) or (
        isinstance(content, dict) and bool(content.get("ECUrl"))
    )


def _no_outcome(replayed: Replayed) -> NotComparable | None:
    """Why only the requests can be compared, not what the two made of the answer."""
    if vendor_succeeded(replayed.vendor.call) or replayed.succeeded or not replayed.ours:
        return None
    return NotComparable.NO_ANSWER if replayed.unanswered else NotComparable.UNREADABLE


# ---- the request -----------------------------------------------------------------------------------------------------


def _request(replayed: Replayed, dialect: Dialect | None, wire: WireSettings) -> Iterator[Difference]:
    vendor, exchange = replayed.vendor, replayed.vendor.exchange
    assert exchange is not None
    if vendor.others:
        yield Difference(DifferenceKind.MORE_REQUESTS, {"count": vendor.others})
    if not replayed.posted:
        if is_vc(vendor.call) and dialect is not None and vendor.content is None and vendor.sent:
            sealed = vendor.sent.get(content_name(dialect))
            yield Difference(DifferenceKind.CONTENT_SEALED, {"vendor": kind_of(sealed), "ours": kind_of(None)})
        return
    posted = replayed.posted[0]
    if exchange.method != "POST":
        yield Difference(DifferenceKind.HTTP_METHOD, {"vendor": shown_name(exchange.method)})
    if exchange.target != posted.target and not replayed.unrecorded:
        facts = {"vendor": kind_of(exchange.target), "ours": kind_of(posted.target)}
        yield Difference(DifferenceKind.TARGET, facts)
    yield from _headers(exchange.headers, posted)
    if exchange.body != posted.body and not replayed.unrecorded:
        yield from _body(vendor, posted, dialect)


def _headers(sent: Sequence[tuple[str, str]], posted: Posted) -> Iterator[Difference]:
    theirs = {name.lower(): (name, value.strip()) for name, value in sent if name.lower() not in IGNORED_HEADERS}
    ours = {name.lower(): (name, value.strip()) for name, value in posted.headers if value}
    for key, (name, value) in theirs.items():
        shown = shown_name(name)
        if key not in ours:
            yield Difference(DifferenceKind.HEADER_MISSING, {"name": shown, "vendor": kind_of(value)})
        elif ours[key][1] != value:
            facts = {"name": shown, "vendor": kind_of(value), "ours": kind_of(ours[key][1])}
            yield Difference(DifferenceKind.HEADER_VALUE, facts)
    for key in ours.keys() - theirs.keys() - IGNORED_HEADERS:
        yield Difference(DifferenceKind.HEADER_EXTRA, {"name": shown_name(ours[key][0])})


def _body(vendor: VendorCall, posted: Posted, dialect: Dialect | None) -> Iterator[Difference]:
    """Why two bodies are not the same, field by field."""
    exchange = vendor.exchange
    assert exchange is not None
    theirs, ours = dict(vendor.sent), read_body(posted.body)
    if not theirs:
        yield Difference(DifferenceKind.BODY_FORM, {"vendor": kind_of(exchange.body)})
        return
    special = {dialect.sign_name, content_name(dialect)} if dialect is not None and is_vc(vendor.call) else set()
    plain = [{name: value for name, value in each.items() if name not in special} for each in (theirs, ours)]
    found = list(_values(plain[0], plain[1], "", _BODY))
    if special and dialect is not None:
        found += _content(vendor, theirs, ours, dialect)
        found += _sign(theirs, ours, dialect, found)
    if not found:
        found += _order(theirs, ours, "", DifferenceKind.BODY_ORDER)
    if not found:
        facts = {"vendor": kind_of(exchange.body), "ours": kind_of(posted.body)}
        found.append(Difference(DifferenceKind.BODY_SPELLING, facts))
    yield from found


def _content(
    vendor: VendorCall, theirs: Mapping[str, Any], ours: Mapping[str, Any], dialect: Dialect
) -> Iterator[Difference]:
    """What is different inside biz_content, which is opened for it."""
    content = content_name(dialect)
    their_content, our_content = theirs.get(content), ours.get(content)
    if their_content == our_content and type(their_content) is type(our_content):
        return
    kinds = {"vendor": kind_of(their_content), "ours": kind_of(our_content)}
    if (content in theirs) != (content in ours):
        kind = DifferenceKind.BODY_MISSING if content in theirs else DifferenceKind.BODY_EXTRA
        yield Difference(kind, {"name": content, **kinds})
        return
    if vendor.content is None:
        yield Difference(DifferenceKind.CONTENT_SEALED, kinds)
        return
    opened = opened_request(ours, vendor.in_data, vendor.secret, dialect) or {}
    inner = list(_values(dict(vendor.content), opened, f"{content}.", _BODY))
    inner = inner or list(_order(dict(vendor.content), opened, f"{content}.", DifferenceKind.BODY_ORDER))
    if not inner and type(their_content) is not type(our_content):
        inner = [Difference(DifferenceKind.BODY_VALUE, {"name": content, **kinds})]
    if not inner:
        is_sealed = isinstance(their_content, str) and their_content.lstrip()[:1] != "{"
        kind = DifferenceKind.CONTENT_CIPHER if is_sealed else DifferenceKind.BODY_SPELLING
        inner = [Difference(kind, {} if is_sealed else kinds)]
    yield from inner


def _sign(
    theirs: Mapping[str, Any], ours: Mapping[str, Any], dialect: Dialect, found: Sequence[Difference]
) -> Iterator[Difference]:
    """Whether a sign differs by its rule, or only because what it signs differs."""
    name = dialect.sign_name
    if theirs.get(name) == ours.get(name):
        return
    kinds = {"name": shown_name(name), "vendor": kind_of(theirs.get(name)), "ours": kind_of(ours.get(name))}
    if (name in theirs) != (name in ours):
        kind = DifferenceKind.BODY_MISSING if name in theirs else DifferenceKind.BODY_EXTRA
        yield Difference(kind, kinds)
        return
    signed = {each for each in (*theirs, *ours) if each not in dialect.unsigned | {name, "key"}}
    if dialect.sort == "fixed":
        signed &= set(dialect.fields)
    if dialect.scope == "inner":
        signed = {content_name(dialect)}
    kinds_of_values = (*_BODY[:3], DifferenceKind.CONTENT_SEALED, DifferenceKind.BODY_ORDER)
    changed = [_field_of(each) for each in found if each.kind in kinds_of_values]
    inputs = tuple(dict.fromkeys(each for each in changed if each.partition(".")[0] in {shown_name(n) for n in signed}))
    if inputs:
        yield Difference(DifferenceKind.SIGN_FOLLOWS, {"name": shown_name(name), "names": inputs})
    else:
        names = tuple(sorted(map(shown_name, signed)))
        yield Difference(DifferenceKind.SIGN_RULE, {**kinds, "names": names})


def _field_of(difference: Difference) -> str:
    return str(difference.facts.get("name") or _CONTENT)


# ---- the outcome -----------------------------------------------------------------------------------------------------


def _outcome(replayed: Replayed) -> Iterator[Difference]:
    call, answer = replayed.vendor.call, replayed.answer
    theirs = vendor_succeeded(call)
    if theirs != replayed.succeeded:
        if theirs:
            yield Difference(DifferenceKind.OURS_FAILED, {"line": replayed.line})
        else:
            yield Difference(DifferenceKind.VENDOR_FAILED, {"vendor": shown_code(call)})
        return
    if call.code is not None and call.code != answer.code:
        facts = {"vendor": shown_code(call), "ours": _shown_bytes(answer.code)}
        yield Difference(DifferenceKind.CODE, facts)
    if call.out is not None and call.out != answer.out:
        yield from _out(call.out, answer)


def _out(theirs: bytes, answer: Answer) -> Iterator[Difference]:
    """Why OutData is not the same, by JSON path, or as text where it is no JSON."""
    kinds = {"vendor": kind_of(theirs), "ours": kind_of(answer.out)}
    values = [_json(each) for each in (theirs, answer.out)]
    if not all(isinstance(value, (dict, list)) for value in values):
        is_text = not any(isinstance(value, (dict, list)) for value in values)
        yield Difference(DifferenceKind.OUT_TEXT if is_text else DifferenceKind.OUT_FORM, kinds)
        return
    found = list(_values(values[0], values[1], "", _OUT))
    found = found or list(_order(values[0], values[1], "", DifferenceKind.OUT_ORDER))
    yield from found or [Difference(DifferenceKind.OUT_SPELLING, kinds)]


def _json(data: bytes) -> Any:
    for charset in ("utf-8", "gbk"):
        try:
            return codec.loads(codec.decode(data, charset, "")[0], "")
        except ShimError:
            continue
    return None


def _shown_bytes(code: bytes) -> str:
    text = code.decode("latin-1")
    return text if len(text) <= 6 and text.lstrip("-").isdigit() else mask_told(text)


# ---- JSON ------------------------------------------------------------------------------------------------------------

_Kinds = tuple[DifferenceKind, DifferenceKind, DifferenceKind]
_BODY: _Kinds = (DifferenceKind.BODY_MISSING, DifferenceKind.BODY_EXTRA, DifferenceKind.BODY_VALUE)
_OUT: _Kinds = (DifferenceKind.OUT_MISSING, DifferenceKind.OUT_EXTRA, DifferenceKind.OUT_VALUE)


def _values(theirs: Any, ours: Any, path: str, kinds: _Kinds) -> Iterator[Difference]:
    """The paths at which two JSON values differ. The order of fields is not looked at."""
    missing, extra, changed = kinds
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name in dict.fromkeys((*theirs, *ours)):
            below = f"{path}{shown_name(name)}"
            if name not in ours:
                yield Difference(missing, {"name": below, "vendor": kind_of(theirs[name])})
            elif name not in theirs:
                yield Difference(extra, {"name": below, "ours": kind_of(ours[name])})
            else:
                is_object = isinstance(theirs[name], dict) and isinstance(ours[name], dict)
                yield from _values(theirs[name], ours[name], f"{below}." if is_object else below, kinds)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for index, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            is_object = isinstance(one, dict) and isinstance(other, dict)
            below = f"{path.rstrip('.')}[{index}]"
            yield from _values(one, other, f"{below}." if is_object else below, kinds)
    elif type(theirs) is not type(ours) or theirs != ours:
        name = path.rstrip(".") or "$"
        yield Difference(changed, {"name": name, "vendor": kind_of(theirs), "ours": kind_of(ours)})


def _order(theirs: Any, ours: Any, path: str, kind: DifferenceKind) -> Iterator[Difference]:
    """The first field, at every level, from which on the order differs; the values are the same."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for name, other in zip(theirs, ours, strict=False):
            if name != other:
                yield Difference(kind, {"name": f"{path}{shown_name(name)}"})
                break
        for name in theirs.keys() & ours.keys():
            yield from _order(theirs[name], ours[name], f"{path}{shown_name(name)}.", kind)
    elif isinstance(theirs, list) and isinstance(ours, list):
        for index, (one, other) in enumerate(zip(theirs, ours, strict=False)):
            yield from _order(one, other, f"{path.rstrip('.')}[{index}].", kind)
