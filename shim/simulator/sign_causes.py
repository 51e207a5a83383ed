"""Why the sign of a request to the gateway is wrong: what was expected, and which mistake makes what was received.

The rule of the platform is known (`sealing`), and so is what clients get wrong about it: each row of `_MISTAKES` is one
such mistake. Those that make the received digest, alone or two or three together, are the cause. Computed when somebody
looks at a call, never while it is answered; decides nothing. Used by the console and by the command line.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote

from shim.crypto import digests
from shim.simulator import sealing
from shim.simulator.messages import Call, Refusal, compact_json, parse_object
from shim.simulator.state import SimulatorState

_DIGESTS = ("MD5", "SM3", "SHA-256", "SHA-1")
_MOST_CHARACTERS = 10_000  # of a request whose mistakes are looked for


@dataclass(frozen=True, slots=True)
class ClientMistake:
    """One mistake in words, Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class SignComparison:
    """What was expected of a sign and what came.

    Attributes:
        fits: they are the same.
        expected_base: the text to be signed, the account's key being written as `shown_key` says.
        received_base: the text that was signed; "" if no mistake explains the sign.
        causes: the mistakes that together make the received sign; none if it fits or cannot be explained.
    """

    fits: bool
    expected_base: str
    expected_sign: str
    received_base: str
    received_sign: str
    causes: tuple[ClientMistake, ...]


@dataclass(frozen=True, slots=True)
class _Scheme:
    """A way of making a sign. The defaults are the platform's."""

    digest: str
    secret: str
    tail: str = "key="
    joiner: str = "&"
    order: str = "ascii"
    charset: str = "utf-8"
    drops_empty: bool = True
    content: str = "plain"
    scope: str = "outer"
    without: str = ""
    added: tuple[tuple[str, str], ...] = ()
    secret_at: str = "end"
    is_hmac: bool = False
    is_base64: bool = False
    value: Callable[[str], str] = str
    case: Callable[[str], str] = str
    parts: str = "pairs"


@dataclass(frozen=True, slots=True)
class _Mistake:
    """A mistake: what it is about (two about the same thing are never together), its words, and its scheme."""

    about: str
    cause: ClientMistake
    make: Callable[[_Scheme], _Scheme]


@dataclass(frozen=True, slots=True)
class _Request:
    fields: Mapping[str, Any]
    plain: str
    sealed: str


def compare_sign(call: Call, state: SimulatorState, shown_key: Callable[[str], str]) -> SignComparison | None:
    """Compare the sign of a call of the gateway with the expected one.

    Args:
        call: as it is in the log.
        state: for the accounts and their keys.
        shown_key: how a key is written in the base strings.

    Returns:
        None if there is nothing to compare: another platform, an unknown account, or biz_content cannot be decrypted.
    """
    try:
        fields = parse_object(call.request.encode("utf-8"))
    except Refusal:
        return None
    account = state.accounts.get(str(fields.get("app_id") or ""))
    content, sign_type = fields.get("biz_content"), str(fields.get("sign_type") or "")
    if account is None or not isinstance(content, str) or sign_type not in sealing.SIGN_DIGESTS:
        return None
    try:
        plain = sealing.decrypt_content(str(fields.get("enc_type") or ""), content, account.secret)
    except (ValueError, KeyError):
        return None
    request = _Request(fields, plain, content)
    scheme = _Scheme(sealing.SIGN_DIGESTS[sign_type], account.secret)
    expected, received = _sign(scheme, request), str(fields.get("sign") or "")
    shown = _base(replace(scheme, secret=shown_key(account.secret)), request)
    if received == expected:
        return SignComparison(True, shown, expected, shown, received, ())
    if not received:
        elsewhere = str(fields.get(_OTHER_FIELD) or "")
        return SignComparison(False, shown, expected, "", elsewhere, (_IN_DIGEST if elsewhere else _NO_SIGN,))
    others = [each.secret for each in state.accounts.all() if each.secret != account.secret]
    found = _explained(scheme, request, received, others)
    if found is None:
        return SignComparison(False, shown, expected, "", received, ())
    scheme, causes = found
    base = _base(replace(scheme, secret=shown_key(scheme.secret) if scheme.secret else ""), request)
    return SignComparison(False, shown, expected, base, received, causes)


# ---- the search ------------------------------------------------------------------------------------------------------


def _explained(
    scheme: _Scheme, request: _Request, received: str, others: Iterable[str]
) -> tuple[_Scheme, tuple[ClientMistake, ...]] | None:
    """The scheme that makes the received sign, and its mistakes: as few as possible."""
    if len(request.plain) + len(request.sealed) > _MOST_CHARACTERS:
        return None
    mistakes = [*_of_keys(others), *_MISTAKES, *_of_fields(request)]
    for several in _together(mistakes):
        tried = scheme
        for mistake in several:
            tried = mistake.make(tried)
        sign = _sign(tried, request)
        if sign == received:
            return tried, tuple(mistake.cause for mistake in several)
        if sign.lower() == received.lower():
            return tried, (*(mistake.cause for mistake in several), _CASE)
    return None


def _together(mistakes: list[_Mistake]) -> Iterator[tuple[_Mistake, ...]]:
    """No mistake (only the case of the hex digits), one, two, and three of those that dialects differ in."""
    yield ()
    for count, rows in ((1, mistakes), (2, mistakes), (3, [each for each in mistakes if each.about in _OF_DIALECTS])):
        for several in itertools.combinations(rows, count):
            if len({each.about for each in several}) == count:
                yield several


_OF_DIALECTS = frozenset({"tail", "joiner", "order", "empty", "content", "scope", "digest", "charset", "encoding"})


def _sign(scheme: _Scheme, request: _Request) -> str:
    try:
        data = _base(scheme, request).encode(scheme.charset, "replace")
    except (ValueError, AttributeError):  # biz_content is no object, and the mistake needs one
        return ""
    if scheme.is_hmac:
        raw = digests.hmac_digest(scheme.digest, scheme.secret.encode("utf-8"), data)
    else:
        raw = digests.digest(scheme.digest, data)
    return base64.b64encode(raw).decode("ascii") if scheme.is_base64 else raw.hex().upper()


def _base(scheme: _Scheme, request: _Request) -> str:
    """The text that is signed."""
    fields = {**request.fields, "biz_content": _content(scheme.content, request)}
    if scheme.content == "none":
        del fields["biz_content"]
    if scheme.scope in ("inner", "merged"):
        inner = json.loads(request.plain)
        outer = {name: value for name, value in fields.items() if name != "biz_content"}
        fields = dict(inner) if scheme.scope == "inner" else {**outer, **inner}
    fields = {**fields, **dict(scheme.added)}
    names = _ORDERS[scheme.order](name for name in fields if name not in ("sign", scheme.without))
    if ("sign", "") in scheme.added:
        names = _ORDERS[scheme.order]([*names, "sign"])
        fields["sign"] = ""
    parts = []
    for name in names:
        value = fields[name]
        text = "" if value is None else value if isinstance(value, str) else compact_json(value)
        if text or not scheme.drops_empty or (name, text) in scheme.added:
            text = scheme.value(text)
            parts.append(text if scheme.parts == "values" else f"{name}={text}")
    joined = scheme.joiner.join(parts)
    secret = "" if scheme.is_hmac else scheme.secret
    if scheme.secret_at == "start":
        return scheme.case(f"{secret}{joined}")
    if scheme.secret_at == "both":
        return scheme.case(f"{secret}{joined}{secret}")
    return scheme.case(f"{joined}{'' if scheme.is_hmac else scheme.tail}{secret}")


def _content(form: str, request: _Request) -> str:
    if form == "sealed":
        return request.sealed
    if form in ("plain", "none"):
        return request.plain
    value = json.loads(request.plain)
    if form == "sorted":
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    if form == "escaped":
        return json.dumps(value, separators=(",", ":"))
    return json.dumps(value, ensure_ascii=False)  # spaced


_ORDERS: Mapping[str, Callable[[Iterable[str]], list[str]]] = {
    "ascii": sorted,
    "ignore-case": lambda names: sorted(names, key=str.lower),
    "descending": lambda names: sorted(names, reverse=True),
    "sent": list,
}

# ---- the mistakes ----------------------------------------------------------------------------------------------------

_NO_SIGN = ClientMistake("请求中没有 sign，或为空", "the request has no sign, or an empty one")
_OTHER_FIELD = "digest"  # as other platforms of the family call it
_IN_DIGEST = ClientMistake(
    "签名应放在 sign 字段，收到的在 digest 字段", "the sign belongs into the field `sign`, and came in `digest`"
)
_CASE = ClientMistake(
    "签名的十六进制字母应为大写，收到的是小写", "the sign must be in upper-case hex, not in lower case"
)


def _row(about: str, zh: str, en: str, **changes: Any) -> _Mistake:
    return _Mistake(about, ClientMistake(zh, en), lambda scheme: replace(scheme, **changes))


def _tail(tail: str) -> _Mistake:
    zh = f"应用密钥之前应为 key=，收到的是 {tail}" if tail else "应用密钥之前缺少 key="
    en = f"what stands before the key must be key=, not {tail}" if tail else "key= is missing before the key"
    return _row("tail", zh, en, tail=tail)


def _algorithm(name: str) -> _Mistake:
    zh = f"算法应与 sign_type 一致，收到的是 {name} 算出的"
    return _row("digest", zh, f"the digest must be that of sign_type, and {name} was used", digest=name)


_MISTAKES: tuple[_Mistake, ...] = (
    *map(_tail, ("&key=", "", "&app_secret=", "&sign_key=", "app_secret=", "&secret=", "&appkey=", "&")),
    *map(_algorithm, _DIGESTS),
    _row("charset", "签名文字应按 UTF-8 计算，收到的是按 GBK", "the text must be signed as UTF-8, not as GBK",
         charset="gb18030"),
    _row("order", "字段应按名称的 ASCII 次序，收到的是按报文中的次序",
         "fields must be in the order of ASCII, not as they stand in the request", order="sent"),
    _row("order", "字段应按名称的 ASCII 次序，收到的没有分大小写",
         "fields must be in the order of ASCII, not without regard to case", order="ignore-case"),
    _row("order", "字段应按名称的 ASCII 次序，收到的是倒序", "fields must be in the order of ASCII, not backwards",
         order="descending"),
    _row("empty", "空字段不参加签名，收到的包含空字段", "empty fields are not signed, and they were",
         drops_empty=False),
    _row("content", "应对 biz_content 的明文签名，收到的是对密文", "biz_content is signed as plain text, not encrypted",
         content="sealed"),
    _row("content", "biz_content 应参加签名，收到的没有包含", "biz_content must be signed, and was left out",
         content="none"),
    _row("content", "签名的 biz_content 与发送的文字不同：字段次序被排序",
         "the biz_content that was signed is not the text that was sent: its fields were sorted", content="sorted"),
    _row("content", "签名的 biz_content 与发送的文字不同：冒号、逗号后多了空格",
         "the biz_content that was signed is not the text that was sent: it had blanks behind its marks",
         content="spaced"),
    _row("content", "签名的 biz_content 与发送的文字不同：汉字写作了 \\u 转义",
         "the biz_content that was signed is not the text that was sent: it had \\u escapes", content="escaped"),
    _row("scope", "应对外层字段签名，收到的是对 biz_content 内的字段",
         "the outer fields are signed, not those inside biz_content", scope="inner"),
    _row("scope", "biz_content 应作为一个字段签名，收到的是把其中的字段与外层并列",
         "biz_content is signed as one field, not its fields beside the outer ones", scope="merged"),
    _row("joiner", "字段之间应有 &，收到的没有", "fields are joined by &, which is missing", joiner=""),
    _row("parts", "字段应写作 名称=值，收到的只有值", "fields are written name=value, and only values were",
         parts="values"),
    _row("secret_at", "应用密钥应在末尾，收到的在开头", "the key stands at the end, not at the start",
         secret_at="start"),
    _row("secret_at", "应用密钥应只在末尾，收到的两端都有", "the key stands at the end only, not at both ends",
         secret_at="both"),
    _row("hmac", "签名是摘要，收到的是 HMAC", "the sign is a digest, not an HMAC", is_hmac=True),
    _row("encoding", "签名应写作十六进制，收到的是 base64", "the sign is written in hex, not in base64",
         is_base64=True),
    _row("value", "字段值应为原文，收到的是 URL 编码", "values are signed as they are, not percent-encoded",
         value=lambda text: quote(text, safe="")),
    _row("base case", "签名文字应为原样，收到的全部转成了大写", "the text is signed as it is, not in upper case",
         case=str.upper),
    _row("base case", "签名文字应为原样，收到的全部转成了小写", "the text is signed as it is, not in lower case",
         case=str.lower),
    _row("added", "sign 不参加签名，收到的包含 sign=", "sign itself is not signed, and `sign=` was",
         added=(("sign", ""),)),
)  # fmt: skip


def _of_keys(others: Iterable[str]) -> Iterator[_Mistake]:
    """Mistakes about the key: that of another account, blanks, case, none."""
    for other in others:
        yield _row("key", "应用密钥是另一个应用的", "the key is that of another account", secret=other)
    changes: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("应用密钥末尾多了空格", "there is a blank behind the key", lambda key: f"{key} "),
        ("应用密钥末尾多了换行", "there is a line end behind the key", lambda key: f"{key}\n"),
        ("应用密钥末尾多了回车换行", "there is a line end (CR LF) behind the key", lambda key: f"{key}\r\n"),
        ("应用密钥被转成了小写", "the key was turned into lower case", str.lower),
        ("应用密钥被转成了大写", "the key was turned into upper case", str.upper),
        ("应用密钥只有前 16 个字符", "only the first 16 characters of the key were used", lambda key: key[:16]),
        ("签名时没有应用密钥", "the key was left out", lambda key: ""),
    )
    for zh, en, change in changes:
        yield _Mistake("key", ClientMistake(zh, en), partial(_with_changed_key, change))


def _with_changed_key(change: Callable[[str], str], scheme: _Scheme) -> _Scheme:
    return replace(scheme, secret=change(scheme.secret))


def _of_fields(request: _Request) -> Iterator[_Mistake]:
    """A field that is sent and was not signed."""
    for name, value in request.fields.items():
        if name not in ("sign", "biz_content") and value not in (None, ""):
            zh = f"{name} 应参加签名，收到的没有包含"
            yield _row("without", zh, f"{name} must be signed, and was left out", without=name)
