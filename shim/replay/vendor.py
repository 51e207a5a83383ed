"""What the vendor's DLL did in a captured call: the request that counts, its fields, the code that it scanned. Pure.

Not here: what ours does (`pipeline`), and what is different (`compare`). What is returned may be a patient's or a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from shim import codec
from shim.capture.exchange import Exchange, exchanges
from shim.capture.record import CapturedCall
from shim.crypto import block_ciphers, byte_text
from shim.dialects import scanned
from shim.dialects.dialect import Dialect
from shim.dialects.envelope import content_name, open_content
from shim.errors import ShimError
from shim.spec import EXPORT_BY_NAME, Family, Method, find_method
from shim.spec.nation import ALSO_SCAN
from shim.transport.address import parse_url

_CONTENT = "biz_content"
_CODE_NAMES = ("qrcode", "ehealth_code", "ehealthcode", "code_data")
NO_METHOD = ""
_FORM = re.compile(rb"[A-Za-z_][A-Za-z0-9_.-]*=")


def exchange_sort_key(each: Exchange) -> tuple[bool, bool]:
    """Prefers a request that was answered whole to one that was not."""
    return each.status != 0, each.answer_whole


@dataclass(frozen=True, slots=True)
class VendorCall:
    """A captured call, read.

    Attributes:
        exchange: the request that carries the business, with its answer; None where the vendor's DLL sent none.
        same: how many times the vendor's DLL sent a request with these very bytes in its body.
        others: requests to the same address with another body: something that ours never sends.
        beside: requests to other addresses, such as those of a self-updater.
        in_data: InData as an object; empty if it is none.
        sent: the JSON of the posted body; empty if it is none.
        content: the opened biz_content of the posted body; None where it cannot be opened.
        code: the code that the vendor's DLL scanned, or "" where none is to be found.
        iv: the initial vector that it sent before its ciphertext, in lower-case hexadecimal; "" for none.
    """

    call: CapturedCall
    exchange: Exchange | None
    same: int = 0
    others: int = 0
    beside: int = 0
    in_data: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)
    content: Mapping[str, Any] | None = None
    code: str = ""
    iv: str = ""

    @property
    def secret(self) -> str:
        """`key` of InData."""
        key = self.in_data.get("key")
        return key if isinstance(key, str) else ""

    @property
    def method_name(self) -> str:
        """The method or transType of InData, as it stands there; "" for none."""
        return method_name(self.call, self.in_data)

    @property
    def scans(self) -> str | None:
        """The field for a scanned code, of a method that wakes the scanner."""
        method = known_method(self.method_name)
        return method.scans if method is not None else ALSO_SCAN.get(self.method_name)

    @property
    def passed_code(self) -> str:
        """The code that the host passed in InData; "" for none."""
        inner = self.in_data.get(_CONTENT if is_vc(self.call) else "data")
        inner = inner_object(inner)
        name = self.scans
        value = inner.get(name) if name else None
        if name and value is None and not is_vc(self.call) and "data" not in self.in_data:
            value = self.in_data.get(name)
        return scanned.tidy(str(value or ""))


def read_vendor_call(call: CapturedCall, dialect: Dialect | None) -> VendorCall:
    """Read a captured call of VirtualCardTrans or NationEcTrans.

    Args:
        dialect: opens biz_content; None where the settings name none that can be used.
    """
    every = [each for traffic in call.traffic for each in exchanges(traffic)]
    exchange, same, others, beside = _counted(call, every)
    in_data = read_object(call.texts[1] if len(call.texts) > 1 else None)
    sent = read_body(exchange.body if exchange is not None else b"")
    partial = VendorCall(call, exchange, same, others, beside, in_data, sent)
    content = _content(partial, dialect)
    return replace(partial, content=content, code=_scanned_code(partial, content or {}), iv=_sent_iv(partial, dialect))


def is_vc(call: CapturedCall) -> bool:
    """Whether the call is one of VirtualCardChk.dll."""
    return EXPORT_BY_NAME[call.function].family is Family.VC


def target_of(url: bytes | None) -> str:
    """The path and query that a request for strUrl asks for; "" for what is no address."""
    try:
        return parse_url((url or b"").decode("latin-1")).target
    except ShimError:
        return ""


def read_object(data: bytes | None) -> dict[str, Any]:
    """A JSON object in UTF-8 or GBK; empty for anything else."""
    for charset in ("utf-8", "gbk"):
        try:
            text, _ = codec.decode(data or b"", charset, "")
            value = codec.loads(text, "")
        except ShimError:
            continue
        return value if isinstance(value, dict) else {}
    return {}


def read_body(data: bytes) -> dict[str, Any]:
    """The fields of a posted body: a JSON object, or a form; empty for anything else."""
    fields = read_object(data)
    if fields or not _FORM.match(data):
        return fields
    for charset in ("utf-8", "gb18030"):
        try:
            return dict(parse_qsl(data.decode("ascii"), keep_blank_values=True, encoding=charset, errors="strict"))
        except (UnicodeDecodeError, ValueError):
            continue
    return {}


def inner_object(value: Any) -> Mapping[str, Any]:
    """An object, whether it stands as one or as its JSON text; empty for anything else."""
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            value = codec.loads(value, "")
        except ShimError:
            return {}
    return value if isinstance(value, dict) else {}


def method_name(call: CapturedCall, in_data: Mapping[str, Any]) -> str:
    """The method of a call; that of the token check is the end of its address (docs/dialects.md)."""
    name = str(in_data.get("method" if is_vc(call) else "transType") or "")
    if not name and not is_vc(call):
        address = (call.texts[0] or b"").decode("latin-1") if call.texts else ""
        last = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        name = last if find_method(last) else NO_METHOD
    return name


def known_method(name: str) -> Method | None:
    """The row of a method, None for one that the specifications do not have."""
    return find_method(name) if name else None


def _counted(call: CapturedCall, every: list[Exchange]) -> tuple[Exchange | None, int, int, int]:
    """The request that counts; how many have its body, how many another one, how many go elsewhere.

    Several requests to the address of the call: the last one with an answer is what the vendor's DLL went by.
    """
    target = target_of(call.texts[0] if call.texts else None)
    candidates = [each for each in every if each.target == target and each.method != "GET"]
    candidates = candidates or [each for each in every if each.method == "POST"]
    candidates = candidates or [each for each in every if each.target == target]
    if not candidates:
        return None, 0, 0, len(every)
    best = max(map(exchange_sort_key, candidates))
    chosen = [each for each in candidates if exchange_sort_key(each) == best][-1]
    same = sum(each.body == chosen.body for each in candidates)
    return chosen, same, len(candidates) - same, len(every) - len(candidates)


def _content(call: VendorCall, dialect: Dialect | None) -> Mapping[str, Any] | None:
    """The opened biz_content that the vendor's DLL sent."""
    if not is_vc(call.call) or dialect is None:
        return None
    return opened_request(call.sent, call.in_data, call.secret, dialect)


def opened_request(
    sent: Mapping[str, Any], in_data: Mapping[str, Any], secret: str, dialect: Dialect
) -> dict[str, Any] | None:
    """The biz_content of a posted body, opened; None where it cannot be opened or is no object.

    The words are those of InData: a body may lack them, or have them under other names.
    """
    enc_type = codec.strip_word(str(in_data.get("enc_type") or sent.get("enc_type") or ""))
    app_id = str(in_data.get("app_id") or sent.get("app_id") or "")
    try:
        plain = open_content(dialect, sent, enc_type, secret, app_id=app_id, direction="request")
        value = codec.loads(plain, _CONTENT) if plain.strip() else {}
    except (ShimError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _sent_iv(call: VendorCall, dialect: Dialect | None) -> str:
    """The initial vector that stands before the ciphertext, where the dialect has one of each text."""
    content = call.sent.get(content_name(dialect)) if dialect is not None else None
    if dialect is None or not isinstance(content, str):
        return ""
    cipher = dialect.ciphers.get(codec.strip_word(str(call.in_data.get("enc_type") or "")).upper())
    if cipher is None or not cipher.sends_iv:
        return ""
    try:
        return byte_text.from_text(content, cipher.encoding)[: block_ciphers.BLOCK_BYTES[cipher.algorithm]].hex()
    except ValueError:
        return ""


def _scanned_code(call: VendorCall, content: Mapping[str, Any]) -> str:
    """The code that the vendor's DLL put into its request, or that came back with the answer.

    In the request first, whatever its name there, since platforms give back codes of their own: under the name that the
    specification has for it, then under any that speaks of a code, then anything of the form of a code that InData does
    not have.
    """
    if call.passed_code or call.scans is None:
        return call.passed_code
    exchange = call.exchange
    answer = read_object(exchange.answer_body if exchange is not None else None)
    groups: tuple[tuple[Any, ...], ...] = ((content, call.sent), (answer, read_object(call.call.out)))
    known = {value for _, value in named_values(call.in_data)}
    rules = (
        lambda name, value: name == call.scans,
        lambda name, value: any(word in name.lower() for word in _CODE_NAMES),
        lambda name, value: scanned.is_usual(value) and scanned.kind(value) is not scanned.Kind.UNKNOWN,
    )
    for places in groups:
        for rule in rules:
            for name, value in (pair for place in places for pair in named_values(place)):
                tidy = scanned.tidy(value)
                if tidy and value not in known and rule(name, tidy):
                    return tidy
    return ""


def named_values(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a JSON value with the name that it stands under; texts that are JSON objects are opened."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from named_values(item, str(key))
    elif isinstance(value, list):
        for item in value:
            yield from named_values(item, name)
    elif isinstance(value, str):
        inner = inner_object(value)
        if inner:
            yield from named_values(dict(inner), name)
        else:
            yield name, value
