"""NationECCode.dll's side of the wire: InData to the JSON that is posted, an answer to OutData (EC B.1). No I/O.

Requests are unsigned UTF-8 JSON. The service calls `parse_ec_request`, `require_ec_data`, `build_ec_body` and
`open_ec_answer` in this order and does everything in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from shim import codec
from shim.dialects.answers import check_characters, check_result, first_text, parse_answer
from shim.dialects.words import strip_words, word_names
from shim.errors import HostError, PlatformError
from shim.host_codes import failure_code
from shim.http_answer import HttpAnswer
from shim.messages import answers, host
from shim.spec import Family, find_method
from shim.spec.nation import ALSO_SCAN, COMMON_IN
from shim.spec.rows import Effect, Method

_SUCCESS_CODES = frozenset({"0", "0000"})
_CODE_NAMES = ("code",)
_MESSAGE_NAMES = ("message", "msg")
_COMMON_WORDS = word_names(COMMON_IN)


@dataclass(frozen=True, slots=True)
class EcRequest:
    """A structurally sound request.

    Args:
        name: the transType.
        method: None for a type that is only passed on.
        envelope: InData.
        data: its inner object, or whatever stands there.
    """

    name: str
    method: Method | None
    envelope: dict[str, Any]
    data: Any

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
    request = EcRequest(name, method, envelope, envelope.get("data"))
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
    """The body of the POST.

    Args:
        code: a scanned code to put into data, None for no code.
        code_field: the field of data for it.
        terminal: the fields of EC 7.2.1.1. A value that the host has filled in stays.
        place: where they go: ``data``, ``extra``, or ``top`` for InData itself. A data or extra that is not an object
            is sent as it came.
    """
    envelope = dict(request.envelope)
    if code is not None:
        data = request.data if isinstance(request.data, dict) else {}
        envelope["data"] = {**data, code_field: code}
    elif "data" in envelope:
        envelope["data"] = request.data
    if terminal:
        envelope = _with_terminal(envelope, terminal, place)
    return codec.dumps(envelope).encode("utf-8", "replace")


def _with_terminal(envelope: dict[str, Any], terminal: Mapping[str, str], place: str) -> dict[str, Any]:
    if place == "top":
        return _filled(envelope, terminal)
    target = envelope.get(place) or {}
    return {**envelope, place: _filled(target, terminal)} if isinstance(target, dict) else envelope


def _filled(fields: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """`fields` with those of `values` that are missing or empty in it."""
    return fields | {name: value for name, value in values.items() if fields.get(name) in (None, "")}


def open_ec_answer(received: HttpAnswer, request: EcRequest) -> str:
    """OutData of an accepted answer.

    Raises:
        PlatformRefusal: the platform's own code and message, if the code does not mean success, whatever the status.
        PlatformError: the answer cannot be read, or its status is not 2xx.
    """
    answer = parse_answer(received)
    if not check_result(received, (answer,), _CODE_NAMES, _MESSAGE_NAMES, _SUCCESS_CODES):
        raise PlatformError(answers.NO_CODE)
    data = answer.get("data")
    shown = {"code": 0, "data": {} if data is None else data, "message": first_text(answer, _MESSAGE_NAMES) or "成功"}
    shown["orgId"] = first_text(answer, ("orgId",)) or request.org_id
    if answer.get("extra") is not None:
        shown["extra"] = answer["extra"]
    text = codec.dumps(shown, sort_keys=True)
    check_characters(text)
    return text


def failure_text(code: str, message: str, org_id: str) -> str:
    """OutData of a failed call: the same JSON as for success, because callers parse it in any case.

    Its code is a number and never 0: that of `failure_code`.
    """
    number = int(failure_code(code, Family.EC))
    return codec.dumps({"code": number, "data": {}, "message": message, "orgId": org_id}, sort_keys=True)
