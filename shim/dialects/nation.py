"""NationECCode.dll's side of the wire: InData to the JSON that is posted, an answer to OutData (EC B.1). No I/O.

Requests are unsigned UTF-8 JSON. L2: the service calls `prepare`, `seal` and `open_answer` in this order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from shim import codec
from shim.dialects import answer as answers
from shim.errors import HostError, PlatformError, PlatformRefusal, Reason
from shim.spec import find_method
from shim.spec.nation import ALSO_SCAN
from shim.spec.rows import Method

SUCCESS = "0000"
_SUCCESS_CODES = frozenset({"0", "0000"})
_CODE_NAMES = ("code",)
_MESSAGE_NAMES = ("message", "msg")


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is structurally sound; `data` is the inner object, `method` None for a type that only passes."""

    name: str
    method: Method | None
    envelope: dict[str, Any]
    data: Any

    @property
    def scans(self) -> str | None:
        """The field of data that a scanned code fills; None for a type that needs none."""
        return self.method.scans if self.method is not None else ALSO_SCAN.get(self.name)

    @property
    def fields(self) -> dict[str, Any]:
        """What the method's rows speak of: data, or InData itself where there is none."""
        if isinstance(self.data, dict):
            return self.data
        return {} if "data" in self.envelope else self.envelope

    @property
    def org_id(self) -> str:
        """The orgId that the answer repeats: of the envelope, else of data (hosts fill one, both or none)."""
        inner = self.data.get("orgId") if isinstance(self.data, dict) else None
        return str(self.envelope.get("orgId") or inner or "")


# wire.md: the token check has no transType; its address says what it is, and its fields are InData itself.
_BY_ADDRESS = ("localEcTokenCheck",)


def prepare(in_data: str, url: str) -> Request:
    """InData as a request. HostError where it is no JSON object.

    Only where a scanned code must be put into it is `data` taken apart; else it leaves as it came.
    """
    value = codec.parse(in_data, "InData")
    if not isinstance(value, dict):
        raise HostError(Reason.NOT_JSON, "InData 应为一个 JSON 对象（EC B.1.3）")
    name = str(value.get("transType") or "")
    if not name:
        address = url.partition("?")[0].rstrip("/").rpartition("/")[2]
        name = address if address in _BY_ADDRESS else ""
    method = find_method(name) if name else None
    request = Request(name, method, value, value.get("data"))
    if request.scans is not None and isinstance(request.data, str) and request.data.strip():
        return replace(request, data=codec.parse(request.data, "data"))
    return request


def seal(
    request: Request,
    code: str | None,
    code_field: str,
    terminal: Mapping[str, str] = MappingProxyType({}),
    place: str = "data",
) -> bytes:
    """The body of the POST: InData with the scanned `code` put into data under `code_field`.

    The fields of `terminal` (EC 7.2.1.1) go into `place`: data, extra, or InData itself (top). What the host filled in
    itself stays, and so does a data or extra that is no object.
    """
    envelope = dict(request.envelope)
    if code is not None:
        data = dict(request.data) if isinstance(request.data, dict) else {}
        data[code_field] = code
        envelope["data"] = data
    elif "data" in envelope:
        envelope["data"] = request.data
    if terminal:
        held = envelope if place == "top" else envelope.get(place) or {}
        if isinstance(held, dict):
            more = {name: value for name, value in terminal.items() if held.get(name) in (None, "")}
            if place == "top":
                envelope |= more
            else:
                envelope[place] = {**held, **more}
    return codec.dump(envelope).encode("utf-8", "replace")


def open_answer(body: bytes, request: Request) -> str:
    """OutData of an accepted answer. PlatformRefusal where the platform said no."""
    answer = answers.read(body)
    code = answers.find(answer, _CODE_NAMES)
    message = answers.find(answer, _MESSAGE_NAMES) or ""
    if code is None:
        raise PlatformError(Reason.UNREADABLE_ANSWER, "平台应答中没有返回码 code，请核对请求地址（EC B.2）")
    if code not in _SUCCESS_CODES:
        raise PlatformRefusal(code, message)
    data = answer.get("data")
    shown = {"code": 0, "data": {} if data is None else data, "message": message or "成功"}
    shown["orgId"] = str(answer.get("orgId") or request.org_id)
    if answer.get("extra") is not None:
        shown["extra"] = answer["extra"]
    return codec.dump(shown, sort_keys=True)


def failure_text(code: str, message: str, org_id: str) -> str:
    """OutData of a failed call: the same valid JSON, always, because callers parse it."""
    number: Any = int(code) if re.fullmatch("-?[0-9]{1,18}", code) else code
    return codec.dump({"code": number, "data": {}, "message": message, "orgId": org_id}, sort_keys=True)
