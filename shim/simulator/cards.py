"""The eight methods of VC chapter 4: business fields in, business fields out. Envelope and sign are gateway's.

`METHOD_HANDLERS` is the table. Which fields are required and which are answered is read from shim.spec. Refusals carry
the codes of VC appendix 1. Used by gateway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from shim.simulator.directives import Directives
from shim.simulator.field_faults import describe_faults, shown_word
from shim.simulator.health_codes import dynamic_code, parse_health_code, static_code
from shim.simulator.messages import Refusal
from shim.simulator.persons import NOTABLE
from shim.simulator.state import SimulatorState
from shim.simulator.store.authorisations import SUCC
from shim.simulator.store.holders import Card, Holder
from shim.spec import Field, find_method

_ABSENT = Holder("", "", "")


@dataclass(frozen=True, slots=True)
class _Layout:
    """A method's fields from the specification, prepared for lookups."""

    aliases: dict[str, tuple[str, ...]]
    request: tuple[Field, ...]
    answered: tuple[tuple[str, bool], ...]  # name, and whether it is answered even if empty


@cache
def _layout(name: str) -> _Layout:
    method = find_method(name)
    assert method is not None
    return _Layout(
        aliases={field.name: field.aliases for field in method.request if field.aliases},
        request=method.request,
        answered=tuple((field.name, field.required) for field in method.response),
    )


@dataclass(frozen=True, slots=True)
class MethodRequest:
    """One call of a method by an account: the decrypted `content` and the directives that apply."""

    app_id: str
    layout: _Layout
    content: dict[str, Any]
    state: SimulatorState
    directives: Directives

    def spelling(self, name: str) -> str:
        """Return how the request spells a field: `name`, unless only an alias of it is there."""
        if name in self.content or name not in self.layout.aliases:
            return name
        return next((alias for alias in self.layout.aliases[name] if alias in self.content), name)

    def text(self, name: str) -> str:
        """Return a field as text, "" if it is missing or null.

        Raises:
            Refusal: 9001: the value is an array, an object or a boolean.
        """
        value = self.content.get(self.spelling(name))
        if isinstance(value, (dict, list, bool)):
            raise Refusal("9001", f"请求参数有误：{name} 应为文本")
        return "" if value is None else str(value)

    def open_card_id(self) -> str:
        """Return the ehealth_card_id of the request.

        Raises:
            Refusal: 3001: there is no holder of that ID, or the holder is closed.
        """
        holder = self.state.holders.by_id(self.text("ehealth_card_id"))
        if holder is None or holder.closed:
            raise Refusal("3001")
        return holder.code_id


def perform_method(
    app_id: str, name: str, content: dict[str, Any], state: SimulatorState, directives: Directives
) -> dict[str, Any]:
    """Carry out a method.

    Args:
        app_id: The account that calls.
        name: A key of `METHOD_HANDLERS`.
        content: The decrypted biz_content.

    Returns:
        The biz_content of the answer, with its fields spelled as in the request.

    Raises:
        Refusal: The request is refused. Nothing was changed, and its serial number may be used again.
    """
    handler, serial_field = METHOD_HANDLERS[name]
    request = MethodRequest(app_id, _layout(name), content, state, directives)
    faults = "" if directives.lax else describe_faults(request.layout.request, content)
    if faults:
        raise Refusal("9001", f"请求参数有误：{faults}")
    serial = request.text(serial_field) if serial_field else ""
    with state.transaction():
        if serial and not state.serial_numbers.claim(app_id, name, serial) and not directives.again:
            raise Refusal("3002")
        facts = handler(request)
    # Optional fields are left out when empty. Fields of insurance codes (VC 4.2.2) are never among the facts.
    return {
        request.spelling(name): facts[name]
        for name, even_empty in request.layout.answered
        if name in facts and (even_empty or facts[name])
    }


# ---- the methods ---------------------------------------------------------------------------------------------------


def _query_with_reg(request: MethodRequest) -> dict[str, Any]:
    """VC 4.1: register an unknown person. One document has one name."""
    seconds = _time_expire(request)
    applicant = Holder(
        id_type=request.text("id_type"),
        id_no=request.text("id_no"),
        user_name=request.text("user_name"),
        user_sex=request.text("user_sex"),
        mobile_phone=request.text("mobile_phone"),
        birthday=request.text("birthday"),
        telephone=request.text("telephone"),
        address=request.text("address"),
        work_unit=request.text("work_unit"),
        cards=_card_list(request),
    )
    state = request.state
    known = state.holders.by_document(applicant.id_type, applicant.id_no)
    if known is not None and not known.closed and known.user_name != applicant.user_name:
        raise Refusal("9001", "请求参数有误：姓名与该证件已注册的姓名不符")
    holder = state.holders.register(applicant)
    facts = _facts(holder)
    if seconds is None:
        facts["ehealth_code"] = static_code(holder.code_id)
    else:
        facts["ehealth_code"] = dynamic_code(holder.code_id, int(state.now()) + seconds)
    if request.text("pub_flag") == "Y":
        facts["pub_qrcode"] = f"{state.base_url}/follow"
    return facts


def _time_expire(request: MethodRequest) -> int | None:
    """Return the seconds for which the code shall be valid; None for a static code (VC 4.1.1)."""
    text = request.text("time_expire")
    if not text:
        return None
    if not text.strip():
        raise Refusal("2003", "有效时间为空：time_expire 只有空格")
    if not re.fullmatch("[0-9]{1,10}", text) or not int(text):
        raise Refusal("2004", f"有效时间不合法：time_expire 应为正整数（秒），收到“{shown_word(text)}”")
    return int(text)


def _card_list(request: MethodRequest) -> tuple[Card, ...]:
    """Return card_list, which may be an array or the text of one."""
    value = request.content.get("card_list") or []
    try:
        rows = json.loads(value) if isinstance(value, str) else value
        cards = tuple(Card(str(row["card_type"]), str(row["card_no"])) for row in rows)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refusal("9001", "请求参数有误：card_list 应为 card_type 与 card_no 的数组") from None
    for number, card in enumerate(cards, 1):
        faults = describe_faults(_card_rows(), {"card_type": card.card_type, "card_no": card.card_no})
        if faults and not request.directives.lax:
            raise Refusal("9001", f"请求参数有误（card_list 第 {number} 项）：{faults}")
    return cards


@cache
def _card_rows() -> tuple[Field, ...]:
    """Return the rows of a card that is bound (VC 4.3.1), which card_list has under shorter names."""
    rows = {field.name: field for field in _layout("ehc.ehealthcard.alterlink").request}
    return tuple(replace(rows[f"to_{name}"], name=name) for name in ("card_type", "card_no"))


def _verify(request: MethodRequest) -> dict[str, Any]:
    """VC 4.2 for a 多码融合码. To this platform an insurance code is an unknown ID: 2002, as for any other."""
    try:
        code = parse_health_code(request.text("ehealth_code"))
    except ValueError:
        raise Refusal("2002") from None
    holder = request.state.holders.by_id(code.code_id)
    if holder is None:
        raise Refusal("2002")
    if code.expires is not None and code.expires <= request.state.now():
        raise Refusal("2001")
    if holder.closed:
        raise Refusal("3001")
    return _facts(holder)


def _alter_link(request: MethodRequest) -> dict[str, Any]:
    """VC 4.3: replace a card, or add one if no old card is named."""
    code_id = request.open_card_id()
    old = Card(request.text("from_card_type"), request.text("from_card_no"))
    if bool(old.card_type) != bool(old.card_no):
        raise Refusal("9001", "请求参数有误：from_card_type 与 from_card_no 应同时填写或同时为空")
    new = Card(request.text("to_card_type"), request.text("to_card_no"))
    return _altered(request, request.state.holders.link_card(code_id, old if old.card_no else None, new))


def _alter_info(request: MethodRequest) -> dict[str, Any]:
    """VC 4.4: fields that are not sent stay. The photo is accepted and dropped: no answer has one."""
    changes = {name: request.text(name) for name in ("user_sex", "mobile_phone") if request.text(name)}
    return _altered(request, request.state.holders.update(request.open_card_id(), **changes))


def _altered(request: MethodRequest, holder: Holder | None) -> dict[str, Any]:
    if holder is None:
        raise Refusal("3001")
    number = request.text("out.Alter_no")
    return {**_facts(holder), "out.Alter_no": number, "alter_no": request.state.serial_numbers.assign()}


def _close(request: MethodRequest) -> dict[str, Any]:
    """VC 4.5."""
    holder = request.state.holders.close(request.open_card_id())
    if holder is None:
        raise Refusal("3001")
    return _facts(holder)


def _auth_url(request: MethodRequest) -> dict[str, Any]:
    """VC 4.6."""
    state, milliseconds = request.state, request.directives.agree
    agrees_at = state.now() + milliseconds / 1000 if milliseconds >= 0 else None
    number = request.text("out_authorize_no")
    authorisation = state.authorisations.create(request.app_id, number, agrees_at, NOTABLE[0].code_id)
    return {"ehealth_authurl": authorisation.url}


def _auth_query(request: MethodRequest) -> dict[str, Any]:
    """VC 4.7: the person who consented; before that the required fields are empty."""
    state = request.state
    authorisation = state.authorisations.by_number(request.app_id, request.text("out_authorize_no"))
    holder = None if authorisation is None else state.holders.by_id(authorisation.code_id)
    if authorisation is None or (authorisation.status == SUCC and (holder is None or holder.closed)):
        raise Refusal("3001")
    return {**_facts(holder or _ABSENT), "auth_status": authorisation.status}


def _push(request: MethodRequest) -> dict[str, Any]:
    """VC 4.8. The specification has no field for a message; only the recipient is checked."""
    holder = request.state.holders.by_id(request.open_card_id())
    return _facts(holder or _ABSENT)


def _facts(holder: Holder) -> dict[str, Any]:
    """Return a holder under the field names of all response tables."""
    cards = [{"card_type": card.card_type, "card_no": card.card_no} for card in holder.cards]
    return {
        "mindex_id": holder.mindex_id,
        "ehealth_card_id": holder.code_id,
        "xman_id": holder.xman_id,
        "smk_id": holder.smk_id,
        "id_type": holder.id_type,
        "id_no": holder.id_no,
        "user_name": holder.user_name,
        "user_sex": holder.user_sex,
        "mobile_phone": holder.mobile_phone,
        "birthday": holder.birthday,
        "telephone": holder.telephone,
        "address": holder.address,
        "work_unit": holder.work_unit,
        "card_type": cards[0]["card_type"] if cards else "",
        "card_no": cards[0]["card_no"] if cards else "",
        "card_list": cards,
    }


# Method -> handler, and the field of the caller's serial number, which must be unique; "" for a query.
METHOD_HANDLERS: dict[str, tuple[Callable[[MethodRequest], dict[str, Any]], str]] = {
    "ehc.ehealthcard.querywithreg": (_query_with_reg, "out_trade_no"),
    "ehc.ehealthcode.verify": (_verify, "out_verify_no"),
    "ehc.ehealthcard.alterlink": (_alter_link, "out.Alter_no"),
    "ehc.ehealthcard.alterinfo": (_alter_info, "out.Alter_no"),
    "ehc.ehealthcard.close": (_close, "out_close_no"),
    "ehc.ehealthcard.authurl": (_auth_url, "out_authorize_no"),
    "ehc.ehealthcard.auth.query": (_auth_query, ""),
    "ehc.ehealthcard.push": (_push, "out_close_no"),
}
