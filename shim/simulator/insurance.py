"""The 医保电子凭证 platform: ec.query, the token check, and every other transType that hospital programs send there.

Requests are unsigned JSON, as the platform's two addresses are seen to receive them; refusals carry the codes of
EC C.4. Nothing is published about the other transTypes: their answer has a few plausible fields, and an echo that shows
that the request arrived unchanged. Used by platforms.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shim import wall_clock
from shim.errors import shown_name
from shim.simulator.directives import Directives, filler_json, filler_text
from shim.simulator.field_faults import describe_faults
from shim.simulator.messages import Call, Refusal, compact_json, parse_object
from shim.simulator.state import SimulatorState
from shim.simulator.store.holders import Holder
from shim.spec import EC_CODES, METHODS, Field, merging
from shim.spec.nation import COMMON_IN

# The types whose data holds a code.
_QUERY = "ec.query"
_CODE_QUERIES = ("cn.nhsa.qrcode.get", "iot.gain.ec.qrcode")

# The other types that hospital programs are seen to send, with plausible fields for their answers. No sample of these
# answers is public: names and values are made up.
_PLAUSIBLE: dict[str, dict[str, Any]] = {
    "cn.nhsa.ec.auth": {"authNo": "3500000000000000000000000001", "authStatus": "1"},
    "cn.nhsa.auth.check": {"flag": "1"},
    "cn.nhsa.cert.get": {"certNo": "990000199001010000", "certType": "01"},
    "cn.nhsa.settle.notify": {"status": "1"},
    "iot.medical.settle.notify": {"status": "1"},
    "hos.query.insu": {"insuOrg": "350200", "balance": "1234.50"},
    "hos.upload.fee": {"payOrdId": "ORD3500000000000000000000001", "ordStas": "0"},
    "hos.revoke.order": {"ordStas": "9"},
    "hos.refund.setl": {"refStas": "SUCC", "refAmt": 12.5},
}
# Of these, data is the text of a JSON object.
_DATA_AS_TEXT = frozenset({"cn.nhsa.cert.get", "cn.nhsa.settle.notify", "hos.upload.fee"})

# VC appendix 2.2 -> EC C.2; where EC has several numbers, the first one. The dialects map the other way, where two
# types of VC share a number of EC: 户口簿 belongs to 01 of EC by its name, 台湾居民居住证 to 17. What EC does not list
# is 99.
_EC_ID_TYPES = {vc: ec for ec, vc in reversed(merging.ID_TYPES.items())} | {"02": "01", "A2": "17"}
_OTHER_ID_TYPE = "99"

_ORG_ID, _TRANS_TYPE, _DATA, _ = COMMON_IN


@dataclass(frozen=True, slots=True)
class InsuranceRequest:
    """One parsed request. `name` is its transType, `org_id` the orgId of its envelope, `body` its bytes."""

    name: str
    org_id: str
    fields: dict[str, Any]
    body: bytes
    directives: Directives
    state: SimulatorState


def answer_query(body: bytes, directives: Directives, state: SimulatorState, call: Call) -> str:
    """Return the JSON text of the answer to a POST to localQrCodeQuery, and fill `call` in."""
    return _answer(_transaction, "", body, directives, state, call)


def answer_token_check(body: bytes, directives: Directives, state: SimulatorState, call: Call) -> str:
    """The same for localEcTokenCheck: flag 1 if the token is valid and belongs to that person (EC C.3)."""
    return _answer(_token_check, "localEcTokenCheck", body, directives, state, call)


# ---- the transactions ----------------------------------------------------------------------------------------------


def _transaction(request: InsuranceRequest) -> Any:
    """Return the data of the answer to any transType."""
    if not request.directives.lax:
        _check((_TRANS_TYPE,), request.fields)
        if len(request.body) > (_DATA.length or 0):
            _check_size(request.fields.get("data"))
    if request.name in ("", _QUERY, *_CODE_QUERIES):
        return _person_of_code(request)
    _refuse_on_demand(request.directives)
    data = {**_PLAUSIBLE.get(request.name, {}), "echo": _echo(request)}
    return compact_json(data) if request.name in _DATA_AS_TEXT else data


def _person_of_code(request: InsuranceRequest) -> dict[str, Any]:
    content = request.fields.get("data")
    if content is None:
        raise Refusal("-2", f"请求参数异常：缺少必填字段 data（{_DATA.title}，{_DATA.clause}）")
    if not isinstance(content, dict):
        raise Refusal("-2", f"请求参数异常：data（{_DATA.title}，{_DATA.clause}）应为 JSON 对象")
    _check_org_id(request, content)
    _refuse_on_demand(request.directives)
    if request.name == _QUERY and not request.directives.lax:
        _check(METHODS[_QUERY].request, content)
    code = _text(content, "ecQrCode")
    with request.state.transaction():
        holder = _use_code(code, request)
        request.state.insurance_tokens.issue(holder.ec_token, holder.code_id)
    more = {"authNo": f"350000{holder.ec_token[-22:]}"} if request.name in _CODE_QUERIES else {}
    return {**_facts(holder, code), **more}


def _check_org_id(request: InsuranceRequest, content: dict[str, Any]) -> None:
    """orgId is required twice for a query, by EC B.1 and by EC B.3; only one of them will do for the other types."""
    present = [bool(text.strip()) for text in (request.org_id, _text(content, "orgId"))]
    if not any(present) or (request.name == _QUERY and not request.directives.lax and not all(present)):
        where = "data 中没有 orgId（EC B.3）" if present[0] else "没有 orgId（EC B.1）"
        raise Refusal("500098", f"缺少 orgId 入参：{where}")
    if not request.directives.lax:
        _check((_ORG_ID,), request.fields)


def _check(rows: tuple[Field, ...], fields: dict[str, Any]) -> None:
    """Refuse fields that are not as the tables have them. orgId has a code of its own and is never missing here."""
    faults = describe_faults(rows, fields)
    if faults:
        raise Refusal("-2", f"请求参数异常：{faults}")


def _check_size(data: Any) -> None:
    size = len(data if isinstance(data, str) else compact_json(data))
    if size > (_DATA.length or size):
        raise Refusal(
            "-2", f"请求参数异常：data（{_DATA.title}，{_DATA.clause}）最多 {_DATA.length} 字，实为 {size} 字"
        )


def _use_code(code: str, request: InsuranceRequest) -> Holder:
    """Return the holder of a valid code and mark the code as used. A closed 多码融合码 ends the insurance code, too."""
    state = request.state
    known = state.insurance_codes.find(code)
    if known is None:
        raise Refusal("500049")
    if known.expires is not None and known.expires <= state.now():
        raise Refusal("500005")
    if known.used and not request.directives.again:
        raise Refusal("500049")
    holder = state.holders.by_id(known.code_id)
    if holder is None or holder.closed:
        raise Refusal("500001")
    if holder.insurance:
        raise Refusal(holder.insurance)
    state.insurance_codes.use(code)
    return holder


def _token_check(request: InsuranceRequest) -> dict[str, Any]:
    """The four fields are at the top of the request or, from some hospital programs, under data."""
    inner = request.fields.get("data")
    fields = inner if isinstance(inner, dict) and "ecToken" in inner else request.fields
    token = _text(fields, "ecToken")
    if not token:
        raise Refusal("-2", "请求参数异常：缺少 ecToken（令牌）")
    _refuse_on_demand(request.directives)
    if not request.directives.lax:
        _check(METHODS["localEcTokenCheck"].request, fields)
    state = request.state
    holder = state.holders.by_id(state.insurance_tokens.holder_id(token) or "")
    claimed = _text(fields, "idType"), _text(fields, "idNo"), _text(fields, "userName")
    actual = holder and (_ec_id_type(holder), holder.id_no, holder.user_name)
    return {"flag": "1" if claimed == actual and state.insurance_tokens.is_valid(token) else "0"}


def _echo(request: InsuranceRequest) -> dict[str, Any]:
    """Return evidence that a request arrived unchanged: its size and SHA-256, and the first names in its data."""
    content = request.fields.get("data")
    return {
        "transType": request.name,
        "bytes": len(request.body),
        "sha256": hashlib.sha256(request.body).hexdigest(),
        "names": list(content)[:20] if isinstance(content, dict) else [],
    }


def _facts(holder: Holder, code: str) -> dict[str, Any]:
    """Return the response of EC B.4, in the form that real platforms send."""
    return {
        "userName": holder.user_name,
        "idNo": holder.id_no,
        "idType": _ec_id_type(holder),
        "ecToken": holder.ec_token,
        "insuOrg": "350200",
        "gender": holder.user_sex,
        "birthday": re.sub(r"^(\d{4})-?(\d\d)-?(\d\d)$", r"\1.\2.\3", holder.birthday),
        "ecQrCode": code,
        "email": None,
        "extra": "null",
    }


def _ec_id_type(holder: Holder) -> str:
    return _EC_ID_TYPES.get(holder.id_type, _OTHER_ID_TYPE)


# ---- the envelope --------------------------------------------------------------------------------------------------


def _answer(
    perform: Callable[[InsuranceRequest], Any],
    default_method: str,
    body: bytes,
    directives: Directives,
    state: SimulatorState,
    call: Call,
) -> str:
    """Parse, perform, answer. The log of calls shows a request without transType as `default_method`."""
    org_id = ""
    try:
        fields = _parse(body)
        _refuse_other_platform(fields)
        org_id = _text(fields, "orgId")
        name = _text(fields, "transType")
        call.method = name or default_method
        call.request_content = call.request
        data = _performed(perform, InsuranceRequest(name, org_id, fields, body, directives, state))
        if directives.size >= 0:
            data = json.loads(filler_json(directives.size))
        call.answer_content = compact_json(data)
        answer: dict[str, Any] = {"code": 0, "data": data, "message": "成功", "orgId": org_id, "type": "success"}
    except Refusal as refusal:
        answer = _refused(refusal, org_id, directives)
    call.code = str(answer["code"])
    if directives.textcode:
        answer["code"] = call.code
    return compact_json(_national(answer, state) if directives.wrap else answer)


def _performed(perform: Callable[[InsuranceRequest], Any], request: InsuranceRequest) -> Any:
    try:
        return perform(request)
    except OSError as error:  # of the state file
        raise Refusal("-1", str(error)) from error


def _refused(refusal: Refusal, org_id: str, directives: Directives) -> dict[str, Any]:
    row = EC_CODES.get(refusal.code)
    message = refusal.message or (row.meaning if row and directives.words != 0 else "")
    code = int(refusal.code) if refusal.code.lstrip("-").isdecimal() else refusal.code
    return {"code": code, "message": message, "orgId": org_id, "success": False}


def _national(answer: dict[str, Any], state: SimulatorState) -> dict[str, Any]:
    """Return the answer in the envelope of the national platform, neither encrypted nor signed."""
    return {
        "appId": "1TESTEC00000000000000000TESTEC00",
        "encType": "plain",
        "encData": "",
        "signType": "plain",
        "signData": "",
        "timestamp": wall_clock.utc(state.now()).digits,
        "success": answer.get("success", True),
        "code": answer["code"],
        "message": answer["message"],
        "data": answer.get("data"),
    }


def _parse(body: bytes) -> dict[str, Any]:
    try:
        return parse_object(body)
    except Refusal as refusal:
        raise Refusal("-2", f"请求参数异常：{refusal.message.partition('：')[2]}") from None


def _refuse_other_platform(fields: dict[str, Any]) -> None:
    """Refuse a request of the 多码融合 platform."""
    if "biz_content" in fields or ("method" in fields and not fields.keys() & {"transType", "ecToken"}):
        name = f"method = {shown_name(_text(fields, 'method'))}" if "method" in fields else "biz_content"
        raise Refusal("-2", f"请求参数异常：这是多码融合平台的请求（有 {name}），请把地址改为多码融合平台的地址")


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value)


def _refuse_on_demand(directives: Directives) -> None:
    """Obey `refuse` and `words`."""
    if directives.refuse or directives.words >= 0:
        raise Refusal(directives.refuse or "-1", filler_text(directives.words) if directives.words >= 0 else "")
