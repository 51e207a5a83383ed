"""The envelope of the 多码融合 platform: checks and decrypts a request, calls the method, seals the answer.

Every check has its code of VC appendix 1, in the order in which a platform makes them. The methods are in cards, sign
and cipher in sealing. Used by platforms.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Iterable
from typing import Any

from shim.errors import shown_name
from shim.simulator import sealing
from shim.simulator.cards import METHOD_HANDLERS, perform_method
from shim.simulator.directives import RESULT_FIELDS, Directives, filler_json, filler_text
from shim.simulator.field_faults import shown_word, time_fault
from shim.simulator.messages import Call, Refusal, compact_json, parse_object
from shim.simulator.state import SimulatorState
from shim.spec import VC_CODES
from shim.spec.virtualcard import COMMON

_VERSION = "X.M.0.1"
_TIMESTAMP = next(row for row in COMMON if row.name == "timestamp")
# A refusal names so many of the methods, accounts or terminals that are known.
_NAMED_AT_MOST = 8


def answer_gateway(body: bytes, directives: Directives, state: SimulatorState, call: Call) -> str:
    """Return the JSON text of the answer to a POST to gateway.do, and fill `call` in."""
    try:
        request = parse_object(body)
        call.method = str(request.get("method", ""))
        secret = _check_envelope(request, state)
        _open_content(request, secret, call)
        fault = "" if directives.lax else time_fault(_TIMESTAMP, _text(request, "timestamp"))
        if fault:
            raise Refusal("9001", f"请求参数有误：{fault}")
        if directives.refuse or directives.words >= 0:
            message = filler_text(directives.words) if directives.words >= 0 else ""
            raise Refusal(directives.refuse or "9998", message)
        if directives.size >= 0:
            content = filler_json(directives.size)
        else:
            fields = parse_object(call.request_content.encode("utf-8"))
            content = compact_json(perform_method(request["app_id"], request["method"], fields, state, directives))
    except Refusal as refusal:
        return _refused(refusal, directives, call)
    except OSError as error:  # of the state file
        return _refused(Refusal("8007", str(error)), directives, call)
    call.code, call.answer_content = directives.success, content
    return _sealed(request, secret, content, directives)


def _check_envelope(request: dict[str, Any], state: SimulatorState) -> str:
    """Check the common fields of VC 4.1.1 and return the account's secret."""
    if not request.keys() & {"method", "biz_content"} and request.keys() & {"transType", "ecToken"}:
        kind = f"transType = {shown_name(_text(request, 'transType'))}" if "transType" in request else "ecToken"
        raise Refusal("9005", f"请求系统不支持：这是医保平台的请求（有 {kind}），请把地址改为医保平台的地址")
    if "key" in request:
        raise Refusal("9001", "请求参数有误：应用密钥 key 不得上送")
    app_id = _required_text(request, "app_id", "1001")
    account = state.accounts.get(app_id)
    if account is None:
        known = [account.app_id for account in state.accounts.all()]
        raise Refusal("1008", f"应用不存在：app_id = {shown_word(app_id)}，{_choices(app_id, known)}")
    terminal = _required_text(request, "term_id", "1002")
    version = _required_text(request, "version", "1003")
    method = _required_text(request, "method", "1004")
    if state.terminals.get(terminal) is None:
        known = [terminal.term_id for terminal in state.terminals.all()]
        raise Refusal("1009", f"终端不存在：term_id = {shown_word(terminal)}，{_choices(terminal, known)}")
    if version != _VERSION:
        raise Refusal("1003", f"不支持交易版本号：version = {shown_word(version)}，应为 {_VERSION}")
    if method not in METHOD_HANDLERS:
        raise Refusal("1005", f"接口名称不合法：method = {shown_name(method)}，{_choices(method, METHOD_HANDLERS)}")
    if account.methods and method not in account.methods:
        allowed = "、".join(sorted(account.methods))
        raise Refusal("1010", f"应用无该接口权限：app_id = {shown_word(app_id)} 不能调用 {method}，只能调用 {allowed}")
    for name, code, title, words in _SEALINGS:
        word = _text(request, name)
        if word not in words:
            choices = _choices(word, filter(None, words))
            raise Refusal(code, f"{title}：{name} = {shown_name(word)}，{choices}，区分大小写")
    return account.secret


_SEALINGS: tuple[tuple[str, str, str, Collection[str]], ...] = (
    ("enc_type", "1006", "未知加密类型", sealing.ENC_TYPES),
    ("sign_type", "1007", "未知签名类型", tuple(sealing.SIGN_DIGESTS)),
)


def _choices(word: str, known: Iterable[str]) -> str:
    """Return what is known instead of a word: the one that was probably meant first."""
    names = list(known)
    folded = {name.casefold(): name for name in reversed(names)}
    meant = [folded[near] for near in difflib.get_close_matches(word[:64].casefold(), folded, 1, 0.8)]
    guess = f"是否应为 {meant[0]}？" if meant else ""
    more = f" 等 {len(names)} 个" if len(names) > _NAMED_AT_MOST else ""
    return f"{guess}可用 {'、'.join([*meant, *(name for name in names if name not in meant)][:_NAMED_AT_MOST])}{more}"


def _required_text(request: dict[str, Any], name: str, code: str) -> str:
    """Return a field as text; Refusal `code` if it is missing or empty."""
    text = _text(request, name)
    if not text:
        raise Refusal(code, f"{VC_CODES[code].meaning}：缺少必填字段 {name}（VC 4.1.1）")
    return text


def _text(request: dict[str, Any], name: str) -> str:
    value = request.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal("9001", f"请求参数有误：{name} 应为文本")
    return value or ""


def _open_content(request: dict[str, Any], secret: str, call: Call) -> None:
    """Put biz_content as plain text into `call`, and check the sign over it."""
    content = request.get("biz_content")
    if not isinstance(content, str):
        raise Refusal("9008", "报文读取错误：biz_content 应为字符串")
    try:
        plain = sealing.decrypt_content(_text(request, "enc_type"), content, secret)
    except ValueError:
        raise Refusal("9007") from None
    call.request_content = plain
    if request.get("sign") != sealing.signature_of({**request, "biz_content": plain}, secret):
        raise Refusal("9003")


def _refused(refusal: Refusal, directives: Directives, call: Call) -> str:
    call.code = refusal.code
    row = VC_CODES.get(refusal.code)
    message = refusal.message or (row.meaning if row and directives.words != 0 else "")
    return compact_json(dict(zip(RESULT_FIELDS[directives.names], (refusal.code, message), strict=True)))


def _sealed(request: dict[str, Any], secret: str, content: str, directives: Directives) -> str:
    """Return the answer in the envelope: signed over all its fields, then encrypted as the request was."""
    enc_type = _text(request, "enc_type")
    result = dict(zip(RESULT_FIELDS[directives.names], (directives.success, "操作成功"), strict=True))
    fields: dict[str, Any] = {
        "app_id": request["app_id"],
        "enc_type": enc_type,
        **({} if directives.under else result),
        "sign_type": _text(request, "sign_type"),
        "biz_content": content,
    }
    sign = sealing.signature_of(fields, secret)
    if directives.spoil:
        sign = ("0" if sign[0] != "0" else "1") + sign[1:]
    if not directives.unsigned:
        fields["sign"] = sign
    fields["biz_content"] = sealing.encrypt_content(enc_type, content, secret)
    if directives.objectcontent and enc_type in sealing.PLAIN_TYPES:
        fields["biz_content"] = json.loads(content)
    return compact_json({**result, directives.under: fields} if directives.under else fields)
