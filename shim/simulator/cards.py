"""The eight methods of VC chapter 4, content in and content out. No envelope, no sign: that is the gateway's.

`METHODS` is the table; which fields must be there and which are answered is read from shim.spec. Refusals carry the
codes of VC appendix 1. L3; called by the gateway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from shim.simulator.codes import dynamic_code, read_code, static_code
from shim.simulator.messages import Refusal
from shim.simulator.persons import NOTABLE
from shim.simulator.state import SUCC, Card, Holder, State
from shim.simulator.wishes import Wish
from shim.spec import Field, find_method

# VC 4.2.1 has these for the library, which takes an insurance code to ECUrl itself; the sample of VC 3.2 has none.
_FOR_THE_LIBRARY = frozenset(
    {"ECUrl", "orgId", "businessType", "businessInfo", "officeId", "officeName", "IsMultiCode"}
)
_ABSENT = Holder("", "", "")


@dataclass(frozen=True, slots=True)
class _Shape:
    """A method's row of the specification, laid out for one look a field."""

    aliases: dict[str, tuple[str, ...]]
    required: tuple[Field, ...]
    shown: tuple[tuple[str, bool], ...]  # name, and whether it is shown empty, too


@cache
def _shape(name: str) -> _Shape:
    method = find_method(name)
    assert method is not None
    return _Shape(
        aliases={field.name: field.aliases for field in method.request if field.aliases},
        required=tuple(field for field in method.request if field.required and field.name not in _FOR_THE_LIBRARY),
        shown=tuple((field.name, field.required) for field in method.response),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One call of a method by an account: what came under which names, and what was wished."""

    app_id: str
    shape: _Shape
    content: dict[str, Any]
    state: State
    wish: Wish

    def spelling(self, name: str) -> str:
        """How the request spells the field: the name itself unless an alias came in its place."""
        if name in self.content or name not in self.shape.aliases:
            return name
        return next((one for one in self.shape.aliases[name] if one in self.content), name)

    def text(self, name: str) -> str:
        """The field's value as text, "" where it is missing or null."""
        value = self.content.get(self.spelling(name))
        if isinstance(value, (dict, list, bool)):
            raise Refusal("9001", f"请求参数有误：{name} 应为文本")
        return "" if value is None else str(value)

    def card_id(self) -> str:
        """ehealth_card_id of an open card; Refusal 3001 otherwise."""
        holder = self.state.holder(self.text("ehealth_card_id"))
        if holder is None or holder.closed:
            raise Refusal("3001")
        return holder.code_id


def answer(app_id: str, name: str, content: dict[str, Any], state: State, wish: Wish) -> dict[str, Any]:
    """The opened biz_content of the answer, its fields spelled as in the request. `name` is a key of `METHODS`.

    A refusal undoes everything: the serial number may be used again.
    """
    work, serial = METHODS[name]
    question = Question(app_id, _shape(name), content, state, wish)
    if not wish.lax:
        _required(question)
    number = question.text(serial) if serial else ""
    with state.transaction():
        if number and not state.take_serial(app_id, name, number) and not wish.again:
            raise Refusal("3002")
        facts = work(question)
    # What may be empty is left out when it is; fields of insurance codes are no facts of a 多码融合码.
    return {
        question.spelling(name): facts[name]
        for name, even_empty in question.shape.shown
        if name in facts and (even_empty or facts[name])
    }


def _required(question: Question) -> None:
    for field in question.shape.required:
        if not question.text(field.name).strip():
            raise Refusal("9001", f"请求参数有误：缺少 {field.name}（{field.title}，{field.clause}）")


# ---- the methods ---------------------------------------------------------------------------------------------------


def _query_with_reg(question: Question) -> dict[str, Any]:
    """VC 4.1: who is not known becomes known. A document has one name."""
    seconds = _time_expire(question)
    given = Holder(
        id_type=question.text("id_type"),
        id_no=question.text("id_no"),
        user_name=question.text("user_name"),
        user_sex=question.text("user_sex"),
        mobile_phone=question.text("mobile_phone"),
        birthday=question.text("birthday"),
        telephone=question.text("telephone"),
        address=question.text("address"),
        work_unit=question.text("work_unit"),
        cards=_card_list(question),
    )
    known = question.state.holder_of(given.id_type, given.id_no)
    if known is not None and not known.closed and known.user_name != given.user_name:
        raise Refusal("9001", "请求参数有误：姓名与该证件已注册的姓名不符")
    holder = question.state.register(given)
    facts = _facts(holder)
    if seconds is None:
        facts["ehealth_code"] = static_code(holder.code_id)
    else:
        facts["ehealth_code"] = dynamic_code(holder.code_id, int(question.state.now()) + seconds)
    if question.text("pub_flag") == "Y":
        facts["pub_qrcode"] = f"{question.state.base_url}/follow"
    return facts


def _time_expire(question: Question) -> int | None:
    """Seconds, None for a static code: nothing was said (VC 4.1.1)."""
    text = question.text("time_expire")
    if not text:
        return None
    if not text.strip():
        raise Refusal("2003")
    if not re.fullmatch("[0-9]{1,10}", text) or not int(text):
        raise Refusal("2004")
    return int(text)


def _card_list(question: Question) -> tuple[Card, ...]:
    """card_list as an array, or as the text of one."""
    value = question.content.get("card_list") or []
    try:
        rows = json.loads(value) if isinstance(value, str) else value
        return tuple(Card(str(row["card_type"]), str(row["card_no"])) for row in rows)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refusal("9001", "请求参数有误：card_list 应为 card_type 与 card_no 的数组") from None


def _verify(question: Question) -> dict[str, Any]:
    """VC 4.2 for a 多码融合码. An insurance code is not this platform's: no such ID, so 2002 like any other."""
    try:
        code = read_code(question.text("ehealth_code"))
    except ValueError:
        raise Refusal("2002") from None
    holder = question.state.holder(code.code_id)
    if holder is None:
        raise Refusal("2002")
    if code.expires is not None and code.expires <= question.state.now():
        raise Refusal("2001")
    if holder.closed:
        raise Refusal("3001")
    return _facts(holder)


def _alter_link(question: Question) -> dict[str, Any]:
    """VC 4.3: without an old card the new one is bound beside the others."""
    code_id = question.card_id()
    old_words = question.text("from_card_type"), question.text("from_card_no")
    if any(old_words) and not all(old_words):
        raise Refusal("9001", "请求参数有误：from_card_type 与 from_card_no 应同时填写或同时为空")
    new = Card(question.text("to_card_type"), question.text("to_card_no"))
    return _altered(question, question.state.link(code_id, Card(*old_words) if all(old_words) else None, new))


def _alter_info(question: Question) -> dict[str, Any]:
    """VC 4.4: what is not said stays. The photo is taken and not kept: no answer shows it."""
    changes = {name: question.text(name) for name in ("user_sex", "mobile_phone") if question.text(name)}
    return _altered(question, question.state.alter(question.card_id(), **changes))


def _altered(question: Question, holder: Holder | None) -> dict[str, Any]:
    if holder is None:
        raise Refusal("3001")
    number = question.text("out.Alter_no")
    return {**_facts(holder), "out.Alter_no": number, "alter_no": question.state.new_number()}


def _close(question: Question) -> dict[str, Any]:
    """VC 4.5."""
    holder = question.state.close_card(question.card_id())
    if holder is None:
        raise Refusal("3001")
    return _facts(holder)


def _auth_url(question: Question) -> dict[str, Any]:
    """VC 4.6."""
    state, milliseconds = question.state, question.wish.agree
    agrees_at = state.now() + milliseconds / 1000 if milliseconds >= 0 else None
    made = state.authorise(question.app_id, question.text("out_authorize_no"), agrees_at, NOTABLE[0].code_id)
    return {"ehealth_authurl": made.url}


def _auth_query(question: Question) -> dict[str, Any]:
    """VC 4.7: whoever consented is shown; until then the required fields are empty."""
    found = question.state.authorisation(question.app_id, question.text("out_authorize_no"))
    holder = None if found is None else question.state.holder(found.code_id)
    if found is None or (found.status == SUCC and (holder is None or holder.closed)):
        raise Refusal("3001")
    return {**_facts(holder or _ABSENT), "auth_status": found.status}


def _push(question: Question) -> dict[str, Any]:
    """VC 4.8. The document has no field for a message: that there is somebody to push to is all that is checked."""
    holder = question.state.holder(question.card_id())
    return _facts(holder or _ABSENT)


def _facts(holder: Holder) -> dict[str, Any]:
    """A holder under the names of all response tables."""
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


# Method, what it does, and the field of the caller's serial number that must be unique ("" for a pure query).
METHODS: dict[str, tuple[Callable[[Question], dict[str, Any]], str]] = {
    "ehc.ehealthcard.querywithreg": (_query_with_reg, "out_trade_no"),
    "ehc.ehealthcode.verify": (_verify, "out_verify_no"),
    "ehc.ehealthcard.alterlink": (_alter_link, "out.Alter_no"),
    "ehc.ehealthcard.alterinfo": (_alter_info, "out.Alter_no"),
    "ehc.ehealthcard.close": (_close, "out_close_no"),
    "ehc.ehealthcard.authurl": (_auth_url, "out_authorize_no"),
    "ehc.ehealthcard.auth.query": (_auth_query, ""),
    "ehc.ehealthcard.push": (_push, "out_close_no"),
}
