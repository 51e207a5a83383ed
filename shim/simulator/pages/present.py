"""Values as people read them: dates, titles of codes, masked numbers, JSON in lines, QR codes. Pure; no page, no state.

Templates know it as `show`. L3; only for this package.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import segno

from shim.simulator.messages import Call
from shim.simulator.state import Authorisation, Holder
from shim.spec import DICTIONARIES, EC_CODES, VC_CODES, find_method

# How wide a QR code may be on the smallest phone, in CSS pixels; every module gets the same whole number of them.
_QR_PIXELS = 272
# Characters of one text that a page shows.
_SHOWN = 20_000
_DONE = ("0000", "0")

# Fields of the envelopes that seal the others.
_SEALS = {
    "sign": "签名",
    "sign_type": "签名算法",
    "enc_type": "加密算法",
    "signType": "签名算法",
    "signData": "签名",
    "encType": "加密算法",
    "encData": "密文",
}
# What stands around the fields of the methods.
_ENVELOPE = {
    "app_id": "应用编号",
    "term_id": "终端编号",
    "version": "版本号",
    "method": "接口名称",
    "timestamp": "时间戳",
    "biz_content": "业务内容",
    "ret_code": "返回码",
    "ret_msg": "返回信息",
    "code": "返回码",
    "message": "返回信息",
    "orgId": "机构编码",
    "transType": "交易类型",
    "data": "业务内容",
    "ecQrCode": "医保电子凭证二维码",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of JSON: `note` says in Chinese what its field is, `seal` that the field seals others."""

    text: str
    note: str = ""
    seal: bool = False


def masked(number: str) -> str:
    """A number as an app shows it: three characters, the last four, dots between."""
    return f"{number[:3]}{'•' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "•" * len(number)


def id_type(holder: Holder) -> str:
    """The title of the holder's identity paper (VC appendix 2.2)."""
    return _title("id_types", holder.id_type)


def card_type(code: str) -> str:
    """The title of a card's type (VC appendix 2.7)."""
    return _title("card_types", code)


def sex(holder: Holder) -> str:
    """The title of the holder's sex (VC appendix 2.4)."""
    return _title("sexes", holder.user_sex) if holder.user_sex else "—"


def date(digits: str) -> str:
    """YYYYMMDD with dashes; anything else as it is."""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if re.fullmatch("[0-9]{8}", digits) else digits or "—"


def status(authorisation: Authorisation) -> str:
    """The title of an authorisation's state (VC 4.7.2)."""
    return _title("auth_statuses", authorisation.status)


def name(authorisation: Authorisation) -> str:
    """The last part of an authurl."""
    return authorisation.url.rpartition("/")[2]


def whole(seconds: float) -> int:
    """What a countdown shows: whole seconds, 0 only when they have run out."""
    return max(math.ceil(seconds), 0)


def moment(at: float) -> str:
    """The time of day with milliseconds, where the server is."""
    whole = int(at * 1000)
    return f"{time.strftime('%H:%M:%S', time.localtime(whole // 1000))}.{whole % 1000:03d}"


def day(at: float) -> str:
    """The date, where the server is."""
    return time.strftime("%Y-%m-%d", time.localtime(at))


def method(call: Call) -> str:
    """The title of a call's method, "" where no document has one."""
    found = find_method(call.method)
    return found.title if found else ""


def meaning(code: str) -> str:
    """What a code of either table means; no code is in both."""
    found = VC_CODES.get(code) or EC_CODES.get(code)
    return found.meaning if found else ""


def remedy(code: str) -> str:
    """What to do about a code."""
    found = VC_CODES.get(code) or EC_CODES.get(code)
    return found.remedy if found and code not in _DONE else ""


def verdict(call: Call) -> str:
    """``good``, ``bad``, or ``none`` where no platform said anything."""
    if not call.code:
        return "none"
    return "good" if call.code in _DONE else "bad"


def titles(call: Call) -> dict[str, str]:
    """Field names of a call's method, and of the envelope around them, to their Chinese titles."""
    found = find_method(call.method)
    fields = (*found.request, *found.response) if found else ()
    return {**_ENVELOPE, **{field.name: field.title for field in fields}}


def lines(text: str, names: Mapping[str, str]) -> list[Line]:
    """JSON text spread over lines, anything else as it stands; what is very long is cut."""
    try:
        spread = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        spread = text
    cut = [Line(f"…… 共 {len(spread)} 字，仅显示前 {_SHOWN} 字")] if len(spread) > _SHOWN else []
    return [_line(one, names) for one in spread[:_SHOWN].split("\n")] + cut


def _line(text: str, names: Mapping[str, str]) -> Line:
    found = re.match(r' *"([^"\\]{1,40})": ', text)
    field = found[1] if found else ""
    return Line(text, _SEALS.get(field) or names.get(field, ""), field in _SEALS)


def _title(dictionary: str, code: str) -> str:
    entry = DICTIONARIES[dictionary].find(code)
    return entry.name if entry else code


@lru_cache(256)
def qr(text: str) -> str:
    """A QR code as inline SVG, four modules of white around it, level M at least."""
    code = segno.make(text, error="m", micro=False)
    modules = code.symbol_size(border=4)[0]
    side = max(_QR_PIXELS // modules, 2) * modules
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return drawn.replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
