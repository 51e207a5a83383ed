"""NationECCode.dll's side of the wire: InData to the JSON that is posted, an answer to OutData (EC B.1). No I/O.

Requests are unsigned UTF-8 JSON. The service calls `parse_ec_request`, `require_ec_data`, `build_ec_body` and
`open_ec_answer` in this order and does everything in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from shim import codec
from shim.dialects.additions import additions, split_path
from shim.dialects.answers import answer_text, check_result, first_text, parse_answer
from shim.dialects.body import BodyStyle, enclosed, written_body
from shim.dialects.columns import FAILURE, HEADERS, MADE, NONE, OUT_MADE, RENAMED, ValueForm, one_of
from shim.dialects.json_styles import ESCAPES, LAYOUTS, JsonText
from shim.dialects.made import LiveMaker, Maker
from shim.dialects.outdata import OutSources, OutStyle, out_data
from shim.dialects.sent_headers import sent_headers
from shim.dialects.verbatim import put, raw_value, unquoted
from shim.dialects.words import strip_words, word_names
from shim.errors import HostError, PlatformError, mask_told
from shim.host_codes import failure_code
from shim.http_answer import HttpAnswer
from shim.messages import answers, host, settings
from shim.settings.pairs import Pairs
from shim.settings.wire import WireSettings
from shim.spec import Family, find_method
from shim.spec.nation import ALSO_SCAN, COMMON_IN
from shim.spec.rows import Effect, Method

_OBJECTS = ("data", "extra")
_COMMON_WORDS = word_names(COMMON_IN)


@dataclass(frozen=True, slots=True)
class EcWire:
    """What distinguishes one insurance platform, or one vendor's NationECCode.dll, from another: [wire] ec_…

    Attributes:
        code_field, code_place: where a scanned code goes: a field of ``data``, ``extra``, or of InData (``top``).
        code_names, message_names, success: as the columns of `Dialect`.
        body_text, body_order, body_fields: as content_text, body_order, body_fields there, for the whole body;
            ``sorted-all`` sorts the objects inside, too.
        data_form: ``data`` of a request as it comes, always an object, or always JSON text.
        out_form: ``mapped`` for the fields of EC B.1.3, ``answer`` for the platform's answer.
        out_failure: the same for a refusal; or its ``message``, ``code-message`` with a colon between them, or
            ``json`` of code and message.
        returned_success, returned_failure: what the export returns.
    """

    code_field: str = "ecQrCode"
    code_place: str = "data"
    code_names: tuple[str, ...] = ("code",)
    message_names: tuple[str, ...] = ("message", "msg")
    success: frozenset[str] = frozenset({"0", "0000"})
    body_text: str = "compact"
    body_order: str = "kept"
    body_fields: tuple[str, ...] = ()
    data_form: str = "as-is"
    body: BodyStyle = field(default_factory=BodyStyle)
    added: Pairs = ()
    filled: Pairs = ()
    put_place: str = "end"
    dropped: frozenset[str] = frozenset()
    renamed: Pairs = ()
    headers: Pairs = ()
    out_form: str = "mapped"
    out: OutStyle = field(default_factory=OutStyle)
    out_failure: str = "mapped"
    returned_success: str = "0000"
    returned_failure: str = "platform"


DEFAULT_EC_WIRE = EcWire()


def ec_wire(wire: WireSettings) -> EcWire:
    """What the keys ec_… of [wire] say. HostError SETTINGS for one that cannot be used."""

    def read(key: str, form: ValueForm, empty: str = NONE) -> Any:
        text = getattr(wire, f"ec_{key}") or empty
        try:
            return form.read(text)
        except ValueError as error:
            shown = mask_told(text) if key == "headers" else text[:60]  # one may be a password
            raise HostError(settings.EC_VALUE, key=f"ec_{key}", value=shown, allowed=form.advice) from error

    layout, escape = one_of(*LAYOUTS), one_of(*ESCAPES)
    return EcWire(
        code_field=wire.ec_code_field,
        code_place=wire.ec_code_place,
        code_names=wire.ec_code_names or DEFAULT_EC_WIRE.code_names,
        message_names=wire.ec_message_names or DEFAULT_EC_WIRE.message_names,
        success=frozenset(wire.ec_success) or DEFAULT_EC_WIRE.success,
        body_text=wire.ec_body_text,
        body_order=wire.ec_body_order,
        body_fields=wire.ec_body_fields,
        data_form=wire.ec_data_form,
        body=BodyStyle(
            charset=wire.ec_body_charset,
            spaces=read("body_spaces", layout),
            escape=read("body_escape", escape),
            empty=wire.ec_body_empty,
            values=wire.ec_body_values,
            mark=wire.ec_body_mark,
            end=wire.ec_body_end,
        ),
        added=read("added", MADE),
        filled=read("filled", MADE),
        put_place=wire.ec_put_place,
        dropped=frozenset(wire.ec_dropped),
        renamed=read("renamed", RENAMED),
        headers=read("headers", HEADERS),
        out_form=wire.ec_out_form,
        out=OutStyle(
            order=wire.ec_out_order,
            fields=wire.ec_out_fields,
            text=wire.ec_out_text,
            spaces=read("out_spaces", layout),
            escape=read("out_escape", escape),
            end=wire.ec_out_end,
            dropped=frozenset(wire.ec_out_dropped),
            renamed=read("out_renamed", RENAMED),
            added=read("out_added", OUT_MADE),
            data_form=wire.ec_out_data_form,
        ),
        out_failure=wire.ec_out_failure,
        returned_success=wire.ec_returned_success,
        returned_failure=read("returned_failure", FAILURE, "platform"),
    )


@dataclass(frozen=True, slots=True)
class EcRequest:
    """A structurally sound request.

    Args:
        name: the transType.
        method: None for a type that is only passed on.
        envelope: InData.
        data: its inner object, or whatever stands there.
        text: InData as it came.
    """

    name: str
    method: Method | None
    envelope: dict[str, Any]
    data: Any
    text: str = ""

    @property
    def scans(self) -> str | None:
        """The field of data for a scanned code; None for a type that needs none."""
        return self.method.scans if self.method is not None else ALSO_SCAN.get(self.name)

    @property
    def effect(self) -> Effect:
        """What sending the request does. A type without a row changes something, unless it scans."""
        if self.method is not None:
            return self.method.effect
        return Effect.CHANGE if self.scans is None else Effect.IDENTIFY

    @property
    def fields(self) -> dict[str, Any]:
        """The fields that the method's rows describe: data, or InData itself if it has no data."""
        if isinstance(self.data, dict):
            return self.data
        return {} if "data" in self.envelope else self.envelope

    @property
    def org_id(self) -> str:
        """The orgId that the answer repeats: of the envelope, else of data (hosts fill one, both or none)."""
        inner = self.data.get("orgId") if isinstance(self.data, dict) else None
        return str(self.envelope.get("orgId") or inner or "")


# The token check has no transType: its address says what it is, and its fields are InData itself (docs/dialects.md,
# Evidence).
_BY_ADDRESS = ("localEcTokenCheck",)


def parse_ec_request(in_data: str, url: str) -> EcRequest:
    """InData as a request, its one-word fields stripped. HostError NOT_JSON if it is not a JSON object.

    A `data` that is JSON text is parsed only if a scanned code must be put into it; else it is sent as it came.
    """
    envelope = strip_words(codec.loads_object(in_data, "InData", "EC B.1.3"), _COMMON_WORDS)
    name = str(envelope.get("transType") or "")
    if not name:
        address = url.partition("?")[0].rstrip("/").rpartition("/")[2]
        name = address if address in _BY_ADDRESS else ""
    method = find_method(name) if name else None
    request = EcRequest(name, method, envelope, envelope.get("data"), in_data)
    if request.scans is not None and isinstance(request.data, str) and codec.strip_word(request.data):
        request = replace(request, data=codec.loads(request.data, "data"))
    if isinstance(request.data, dict):
        return replace(request, data=strip_words(request.data, _words(request)))
    return request if "data" in envelope else replace(request, envelope=strip_words(envelope, _words(request)))


def require_ec_data(request: EcRequest) -> None:
    """HostError if a scanned code belongs into data and there is no such object: INVALID_FIELD or NOT_JSON.

    Without this, the scanner would be blamed for it. The code alone may be missing: it is scanned then.
    """
    data = request.data
    flat = "data" not in request.envelope and request.scans in request.envelope
    if request.scans is None or isinstance(data, dict) or flat:
        return
    if data is None or (isinstance(data, str) and not codec.strip_word(data)):
        raise HostError(host.NO_DATA)
    raise HostError(host.NOT_OBJECT, field="data", clause="EC B.1")


def _words(request: EcRequest) -> frozenset[str]:
    """The one-word fields of data."""
    names = word_names(request.method.request) if request.method is not None else frozenset()
    return names if request.scans is None else names | {request.scans}


def build_ec_body(
    request: EcRequest,
    code: str | None,
    code_field: str,
    terminal: Mapping[str, str] = MappingProxyType({}),
    place: str = "data",
) -> bytes:
    """The body of the POST, as `sealed_ec_request` makes it, with the code in this field of data."""
    return sealed_ec_request(request, code, EcWire(code_field=code_field), terminal, place).body


@dataclass(frozen=True, slots=True)
class EcSealed:
    """A request as it is sent: its body, and the HTTP headers that the site adds."""

    body: bytes
    headers: Pairs


def sealed_ec_request(
    request: EcRequest,
    code: str | None,
    wire: EcWire = DEFAULT_EC_WIRE,
    terminal: Mapping[str, str] = MappingProxyType({}),
    place: str = "data",
    maker: Maker | None = None,
) -> EcSealed:
    """The request to send.

    Args:
        code: a scanned code to put into it, None for no code.
        terminal: the fields of EC 7.2.1.1. A value that the host has filled in stays.
        place: where they go: ``data``, ``extra``, or ``top`` for InData itself. A data or extra that is not an object
            is sent as it came.
        maker: makes what the DLL fills in itself; None makes values of the clock and at random, without addresses.
    """
    puts = [] if code is None else [(_code_path(wire), code)]
    came = request.envelope if "data" not in request.envelope else {**request.envelope, "data": request.data}
    if terminal:
        target = came if place == "top" else came.get(place) or {}
        if isinstance(target, dict):
            wanted = [name for name in terminal if target.get(name) in (None, "")]
            puts += [((name,) if place == "top" else (place, name), terminal[name]) for name in wanted]
    made = additions(wire.added, wire.filled, _with_all(came, puts), maker or LiveMaker())
    puts += [(split_path(name, _OBJECTS), value) for name, value in made]
    if wire.put_place == "code-last" and code is not None:
        puts = [*puts[1:], puts[0]]
    if wire.put_place == "start":
        puts.reverse()  # so that the first one comes first
    fields = _with_all(came, puts, wire.put_place)
    if wire.dropped or wire.renamed:
        names = dict(wire.renamed)
        fields = {names.get(name, name): value for name, value in fields.items() if name not in wire.dropped}
    elif wire.body_text == "verbatim" and wire.body_order == "kept" and wire.data_form == "as-is":
        body = _verbatim(request, came, puts, wire)
        if body is not None:
            return EcSealed(body, sent_headers(wire.headers, fields))
    fields = _filled(wire.body.empty, fields)
    if wire.body_order in ("sorted", "sorted-all"):
        fields = _sorted(fields, deep=wire.body_order == "sorted-all")
    elif wire.body_order == "fixed":
        fields = {name: fields[name] for name in wire.body_fields if name in fields} | fields
    if "data" in fields:
        fields["data"] = _formed(fields["data"], wire.data_form)
    return EcSealed(written_body(wire.body, fields), sent_headers(wire.headers, fields))


def _filled(rule: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without those that are empty or null, where they are not sent: at the top, in data and in extra."""
    if rule == "keep":
        return fields
    left = {}
    for name, value in fields.items():
        if isinstance(value, dict) and name in _OBJECTS:
            value = {each: inner for each, inner in value.items() if inner is not None and inner != ""}
        if value is not None and value != "":
            left[name] = value
    return left


def _sorted(value: Any, *, deep: bool) -> Any:
    if isinstance(value, list):
        return [_sorted(each, deep=True) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _sorted(each, deep=True) if deep else each for name, each in sorted(value.items())}


def _formed(data: Any, form: str) -> Any:
    """`data` as an object or as JSON text; what is no JSON stays."""
    if form == "text" and isinstance(data, (dict, list)):
        return codec.dumps(data)
    if form == "object" and isinstance(data, str):
        try:
            return codec.loads(data, "data")
        except HostError:
            return data
    return data


def _code_path(wire: EcWire) -> tuple[str, ...]:
    return (wire.code_field,) if wire.code_place == "top" else (wire.code_place, wire.code_field)


def _with_all(fields: Mapping[str, Any], puts: list[tuple[tuple[str, ...], str]], place: str = "end") -> dict[str, Any]:
    """`fields` with values at their paths."""
    for path, value in puts:
        fields = _with(fields, path, value, place)
    return dict(fields)


def _with(fields: Mapping[str, Any], path: tuple[str, ...], value: Any, place: str) -> dict[str, Any]:
    """`fields` with a value at a path; an object that is not there is made."""
    if len(path) > 1:
        inner = fields.get(path[0])
        value = _with(inner if isinstance(inner, dict) else {}, path[1:], value, place)
    if place == "start" and path[0] not in fields:
        return {path[0]: value, **fields}
    return {**fields, path[0]: value}


def _verbatim(
    request: EcRequest, came: Mapping[str, Any], puts: list[tuple[tuple[str, ...], str]], wire: EcWire
) -> bytes | None:
    """InData letter for letter, with nothing but `puts` in it; None where its text cannot be had so."""
    text = unquoted(request.text)
    passed = request.fields.get(request.scans) if request.scans else None
    try:
        if passed is not None and request.scans:  # a code that the host has scanned may have been tidied
            path: tuple[str, ...] = ("data", request.scans) if "data" in came else (request.scans,)
            own = raw_value(text, *path)
            if own is not None and not _reads_as(own, passed):
                text = put(text, path, codec.dumps(passed))
        for path, value in puts:
            text = put(text, path, codec.dumps(value), first=wire.put_place == "start")
    except ValueError:  # what it was read from is odd: it is written anew
        return None
    return enclosed(wire.body, text)


def _reads_as(text: str, value: Any) -> bool:
    try:
        own = codec.loads(text, "data")
    except HostError:
        return False
    return bool(own == value) or (isinstance(own, str) and codec.strip_word(own) == value)


def open_ec_answer(received: HttpAnswer, request: EcRequest, wire: EcWire = DEFAULT_EC_WIRE) -> str:
    """OutData of an accepted answer.

    Raises:
        PlatformRefusal: the platform's own code and message, if the code does not mean success, whatever the status;
            with the answer's text.
        PlatformError: the answer cannot be read, or its status is not 2xx.
    """
    answer = parse_answer(received)
    if not check_result(received, (answer,), wire.code_names, wire.message_names, wire.success):
        raise PlatformError(answers.NO_CODE)
    sources = OutSources((answer,), request.envelope)
    if wire.out_form == "answer":
        return out_data(wire.out, answer, answer_text(received), sources)
    data = answer.get("data")
    if data is not None and wire.out.text == "verbatim":
        own = raw_value(unquoted(answer_text(received)), "data")
        data = data if own is None else JsonText(own)
    if wire.out.data_form == "object" and isinstance(data, str) and not isinstance(data, JsonText):
        data = _formed(data, "object")
    message = first_text(answer, wire.message_names) or "成功"
    shown = {"code": 0, "data": {} if data is None else data, "message": message}
    shown["orgId"] = first_text(answer, ("orgId",)) or request.org_id
    if answer.get("extra") is not None:
        shown["extra"] = answer["extra"]
    return out_data(wire.out, shown, None, sources)


def failure_text(code: str, message: str, org_id: str, wire: EcWire = DEFAULT_EC_WIRE) -> str:
    """OutData of a failed call: the same JSON as for success, because callers parse it in any case.

    Its code is a number and never 0: that of `failure_code`. `out_failure` may say that it is shorter.
    """
    number = int(failure_code(code, Family.EC))
    if wire.out_failure == "message":
        return message
    if wire.out_failure == "code-message":
        return f"{number}:{message}"
    fields = {"code": number, "data": {}, "message": message, "orgId": org_id}
    if wire.out_failure == "json":
        fields = {"code": number, "message": message}
    style = OutStyle(wire.out.order, wire.out.fields, "compact", wire.out.spaces, wire.out.escape, wire.out.end)
    return out_data(style, fields, None, OutSources((), {}))
