"""The 医保电子凭证 platform: ec.query, the token check, and every other transType that hosts send there.

Requests are unsigned JSON (wire.md); refusals carry the codes of EC C.4. What another transType means is nobody's
knowledge here: its answer shows, besides a few likely fields, that the request arrived unchanged. L3; called by
platform.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shim.simulator.messages import Call, Refusal, dump, read_object
from shim.simulator.state import Holder, State
from shim.simulator.wishes import Wish, filler, sized
from shim.spec import EC_CODES, merging

# The types whose data holds a code. No type at all is taken for a query, too.
_QUERIES = ("", "ec.query")
_CODE_QUERIES = ("cn.nhsa.qrcode.get", "iot.gain.ec.qrcode")

# The other types seen (wire.md): some likely fields of their data. Made up: no sample of these is public.
_LIKELY: dict[str, dict[str, Any]] = {
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
# Those whose data is the text of an object.
_AS_TEXT = frozenset({"cn.nhsa.cert.get", "cn.nhsa.settle.notify", "hos.upload.fee"})

# VC 附录2.2 -> EC C.2, the first number where EC has several. The dialects go the other way, where two of VC share a
# number of EC: 户口簿 is in EC's 01 by its name, 台湾居民居住证 in its 17. What EC does not list is 99.
_EC_ID_TYPES = {vc: ec for ec, vc in reversed(merging.ID_TYPES.items())} | {"02": "01", "A2": "17"}
_OTHER_ID_TYPE = "99"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: `name` is its transType, `org_id` that of the envelope."""

    name: str
    org_id: str
    request: dict[str, Any]
    body: bytes
    wish: Wish
    state: State


def query(body: bytes, wish: Wish, state: State, call: Call) -> str:
    """The answer's JSON text to a POST to localQrCodeQuery; `call` is filled in on the way."""
    return _exchange(_transaction, "", body, wish, state, call)


def check(body: bytes, wish: Wish, state: State, call: Call) -> str:
    """The same for localEcTokenCheck: flag 1 where the token holds for that person (EC C.3)."""
    return _exchange(_token_check, "localEcTokenCheck", body, wish, state, call)


# ---- the transactions ----------------------------------------------------------------------------------------------


def _transaction(ask: Ask) -> Any:
    """The data of the answer to any transType."""
    if ask.name in (*_QUERIES, *_CODE_QUERIES):
        return _person_of_code(ask)
    _wished(ask.wish)
    data = {**_LIKELY.get(ask.name, {}), "echo": _echo(ask)}
    return dump(data) if ask.name in _AS_TEXT else data


def _person_of_code(ask: Ask) -> dict[str, Any]:
    content = ask.request.get("data")
    if not isinstance(content, dict):
        raise Refusal("-2")
    if not (ask.org_id or content.get("orgId")):
        raise Refusal("500098")
    _wished(ask.wish)
    code = _text(content, "ecQrCode")
    with ask.state.transaction():
        holder = _insured(code, ask)
        ask.state.issue_ec_token(holder.ec_token, holder.code_id)
    more = {"authNo": f"350000{holder.ec_token[-22:]}"} if ask.name in _CODE_QUERIES else {}
    return {**_facts(holder, code), **more}


def _insured(code: str, ask: Ask) -> Holder:
    """Whose code it is, when it is good; it is used from now on. With the 多码融合码 this one was given up, too."""
    found = ask.state.ec_code(code)
    if found is None:
        raise Refusal("500049")
    if found.expires is not None and found.expires <= ask.state.now():
        raise Refusal("500005")
    if found.used and not ask.wish.again:
        raise Refusal("500049")
    holder = ask.state.holder(found.code_id)
    if holder is None or holder.closed:
        raise Refusal("500001")
    if holder.insurance:
        raise Refusal(holder.insurance)
    ask.state.use_ec_code(code)
    return holder


def _token_check(ask: Ask) -> dict[str, Any]:
    """The four fields stand on top or, as some hosts have it, under data."""
    inner = ask.request.get("data")
    fields = inner if isinstance(inner, dict) and "ecToken" in inner else ask.request
    token = _text(fields, "ecToken")
    if not token:
        raise Refusal("-2")
    _wished(ask.wish)
    holder = ask.state.holder_of_token(token)
    given = _text(fields, "idType"), _text(fields, "idNo"), _text(fields, "userName")
    theirs = holder and (_ec_id_type(holder), holder.id_no, holder.user_name)
    return {"flag": "1" if given == theirs and ask.state.ec_token_holds(token) else "0"}


def _echo(ask: Ask) -> dict[str, Any]:
    """The proof that a request arrived unchanged: its size and SHA-256, and the first names in its data."""
    content = ask.request.get("data")
    return {
        "transType": ask.name,
        "bytes": len(ask.body),
        "sha256": hashlib.sha256(ask.body).hexdigest(),
        "names": list(content)[:20] if isinstance(content, dict) else [],
    }


def _facts(holder: Holder, code: str) -> dict[str, Any]:
    """The response of EC B.4, as it is seen in the field."""
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


def _exchange(work: Callable[[Ask], Any], unnamed: str, body: bytes, wish: Wish, state: State, call: Call) -> str:
    """Read, work, answer. `unnamed` is what the note calls a request without transType."""
    org_id = ""
    try:
        request = _read(body)
        org_id = _text(request, "orgId")
        name = _text(request, "transType")
        call.method = name or unnamed
        call.opened = call.request
        data = _done(work, Ask(name, org_id, request, body, wish, state))
        if wish.size >= 0:
            data = json.loads(sized(wish.size))
        call.told = dump(data)
        answer = {"code": 0, "data": data, "message": "成功", "orgId": org_id, "type": "success"}
    except Refusal as refusal:
        known = EC_CODES.get(refusal.code)
        words = refusal.words or (known.meaning if known and wish.words != 0 else "")
        code: Any = int(refusal.code) if refusal.code.lstrip("-").isdecimal() else refusal.code
        answer = {"code": code, "message": words, "orgId": org_id, "success": False}
    call.code = str(answer["code"])
    if wish.textcode:
        answer["code"] = call.code
    return dump(_national(answer, state) if wish.wrap else answer)


def _done(work: Callable[[Ask], Any], ask: Ask) -> Any:
    try:
        return work(ask)
    except OSError as error:  # the state's file
        raise Refusal("-1", str(error)) from error


def _national(answer: dict[str, Any], state: State) -> dict[str, Any]:
    """The answer in the national envelope (wire.md), nothing of it enciphered or signed."""
    return {
        "appId": "1TESTEC00000000000000000TESTEC00",
        "encType": "plain",
        "encData": "",
        "signType": "plain",
        "signData": "",
        "timestamp": time.strftime("%Y%m%d%H%M%S", time.gmtime(state.now())),
        "success": answer.get("success", True),
        "code": answer["code"],
        "message": answer["message"],
        "data": answer.get("data"),
    }


def _read(body: bytes) -> dict[str, Any]:
    try:
        return read_object(body)
    except Refusal:
        raise Refusal("-2") from None


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value)


def _wished(wish: Wish) -> None:
    if wish.refuse or wish.words >= 0:
        raise Refusal(wish.refuse or "-1", filler(wish.words) if wish.words >= 0 else "")
