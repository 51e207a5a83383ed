"""The 多码融合 platform's envelope: who asks, what, sealed how; then the method; then the answer, sealed the same way.

Every check has its code of VC appendix 1, in the order a platform makes them. The methods stand in cards, sign and
cipher in sealing. L3; called by platform.
"""

from __future__ import annotations

import json
from typing import Any

from shim.simulator import cards, sealing
from shim.simulator.messages import Call, Refusal, dump, read_object
from shim.simulator.state import State
from shim.simulator.wishes import ANSWER_NAMES, Wish, filler, sized
from shim.spec import VC_CODES

_VERSION = "X.M.0.1"


def answer(body: bytes, wish: Wish, state: State, call: Call) -> str:
    """The answer's JSON text to the request in `body`; `call` is filled in on the way."""
    try:
        request = read_object(body)
        call.method = str(request.get("method", ""))
        secret = _who_and_what(request, state)
        call.opened = _opened(request, secret)
        if wish.refuse or wish.words >= 0:
            raise Refusal(wish.refuse or "9998", filler(wish.words) if wish.words >= 0 else "")
        if wish.size >= 0:
            content = sized(wish.size)
        else:
            asked = read_object(call.opened.encode("utf-8"))
            content = dump(cards.answer(request["app_id"], request["method"], asked, state, wish))
    except Refusal as refusal:
        return _refused(refusal, wish, call)
    except OSError as error:  # the state's file
        return _refused(Refusal("8007", str(error)), wish, call)
    call.code, call.told = wish.success, content
    return _sealed(request, secret, content, wish)


def _who_and_what(request: dict[str, Any], state: State) -> str:
    """The account's secret, when all common fields of VC 4.1.1 are as they must be."""
    if "key" in request:
        raise Refusal("9001", "应用密钥不得上送")
    account = state.account(_needed(request, "app_id", "1001"))
    if account is None:
        raise Refusal("1008")
    terminal = _needed(request, "term_id", "1002")
    version = _needed(request, "version", "1003")
    method = _needed(request, "method", "1004")
    if state.terminal(terminal) is None:
        raise Refusal("1009")
    if version != _VERSION:
        raise Refusal("1003")
    if method not in cards.METHODS:
        raise Refusal("1005")
    if account.methods and method not in account.methods:
        raise Refusal("1010")
    if _word(request, "enc_type") not in sealing.ENC_TYPES:
        raise Refusal("1006")
    if _word(request, "sign_type") not in sealing.DIGESTS:
        raise Refusal("1007")
    return account.secret


def _needed(request: dict[str, Any], name: str, code: str) -> str:
    """The word, which must be there: the refusal with `code` otherwise."""
    word = _word(request, name)
    if not word:
        raise Refusal(code)
    return word


def _word(request: dict[str, Any], name: str) -> str:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal("9001", f"请求参数有误：{name} 应为文本")
    return value or ""


def _opened(request: dict[str, Any], secret: str) -> str:
    """biz_content as plain text, when the sign over it fits."""
    content = request.get("biz_content")
    if not isinstance(content, str):
        raise Refusal("9008", "报文读取错误：biz_content 应为字符串")
    try:
        plain = sealing.unseal(_word(request, "enc_type"), content, secret)
    except ValueError:
        raise Refusal("9007") from None
    if request.get("sign") != sealing.sign({**request, "biz_content": plain}, secret):
        raise Refusal("9003")
    return plain


def _refused(refusal: Refusal, wish: Wish, call: Call) -> str:
    call.code = refusal.code
    known = VC_CODES.get(refusal.code)
    words = refusal.words or (known.meaning if known and wish.words != 0 else "")
    return dump(dict(zip(ANSWER_NAMES[wish.names], (refusal.code, words), strict=True)))


def _sealed(request: dict[str, Any], secret: str, content: str, wish: Wish) -> str:
    """The answer in the request's way of sealing: signed over all its fields, then enciphered."""
    enc_type = _word(request, "enc_type")
    verdict = dict(zip(ANSWER_NAMES[wish.names], (wish.success, "操作成功"), strict=True))
    fields: dict[str, Any] = {
        "app_id": request["app_id"],
        "enc_type": enc_type,
        **({} if wish.under else verdict),
        "sign_type": _word(request, "sign_type"),
        "biz_content": content,
    }
    sign = sealing.sign(fields, secret)
    if wish.spoil:
        sign = ("0" if sign[0] != "0" else "1") + sign[1:]
    if not wish.unsigned:
        fields["sign"] = sign
    fields["biz_content"] = sealing.seal(enc_type, content, secret)
    if wish.objectcontent and enc_type in sealing.OPEN:
        fields["biz_content"] = json.loads(content)
    return dump({**verdict, wish.under: fields} if wish.under else fields)
