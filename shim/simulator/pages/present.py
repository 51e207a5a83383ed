"""Values as people read them: dates, titles of codes, redacted numbers, JSON in lines, QR codes. Pure.

Templates use this module as `show`. Used by this package only.
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
from shim.simulator.store.authorisations import Authorisation
from shim.simulator.store.holders import Holder
from shim.spec import DICTIONARIES, EC_CODES, VC_CODES, find_method

# The lowest version of a QR code, with 33 modules: where a phone shows it from edge to edge with its quiet zone, the
# modules then take four fifths of the width. A lower version is mostly quiet zone.
_QR_VERSION = 4
# Characters of one text that a page shows.
_SHOWN = 20_000
_SUCCESS = ("0000", "0")

# Fields of the envelopes that sign or encrypt the others -> Chinese title.
_SECURITY_FIELDS = {
    "sign": "签名",
    "sign_type": "签名算法",
    "enc_type": "加密算法",
    "signType": "签名算法",
    "signData": "签名",
    "encType": "加密算法",
    "encData": "密文",
}
# The other fields of the envelopes -> Chinese title.
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
class JsonLine:
    """A line of JSON. `note` is the Chinese title of its field; `security` marks fields that sign or encrypt others."""

    text: str
    note: str = ""
    security: bool = False


def redacted(number: str) -> str:
    """Return a number as an app shows it: its first three and last four characters, with dots in between."""
    return f"{number[:3]}{'•' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "•" * len(number)


def id_type(holder: Holder) -> str:
    """Return the title of the holder's identity document (VC appendix 2.2)."""
    return _title("id_types", holder.id_type)


def card_type(code: str) -> str:
    """Return the title of a card type (VC appendix 2.7)."""
    return _title("card_types", code)


def sex(holder: Holder) -> str:
    """Return the title of the holder's sex (VC appendix 2.4)."""
    return _title("sexes", holder.user_sex) if holder.user_sex else "—"


def date(digits: str) -> str:
    """Return YYYYMMDD with dashes, anything else unchanged."""
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if re.fullmatch("[0-9]{8}", digits) else digits or "—"


def status(authorisation: Authorisation) -> str:
    """Return the title of an authorisation's status (VC 4.7.2)."""
    return _title("auth_statuses", authorisation.status)


def name(authorisation: Authorisation) -> str:
    """Return the last part of the authurl."""
    return authorisation.url.rpartition("/")[2]


def whole(seconds: float) -> int:
    """Return what a countdown shows: whole seconds, rounded up, so that 0 means expired."""
    return max(math.ceil(seconds), 0)


def moment(at: float) -> str:
    """Return the local time of day with milliseconds."""
    milliseconds = int(at * 1000)
    return f"{time.strftime('%H:%M:%S', time.localtime(milliseconds // 1000))}.{milliseconds % 1000:03d}"


def day(at: float) -> str:
    """Return the local date."""
    return time.strftime("%Y-%m-%d", time.localtime(at))


def method(call: Call) -> str:
    """Return the title of a call's method, "" if the specifications do not have it."""
    return method_title(call.method)


def method_title(name: str) -> str:
    """Return the title of a method, "" if the specifications do not have it."""
    row = find_method(name)
    return row.title if row else ""


def meaning(code: str) -> str:
    """Return what a code of VC appendix 1 or EC C.4 means; no code is in both tables."""
    row = VC_CODES.get(code) or EC_CODES.get(code)
    return row.meaning if row else ""


def remedy(code: str) -> str:
    """Return what to do about a code, "" for success."""
    row = VC_CODES.get(code) or EC_CODES.get(code)
    return row.remedy if row and code not in _SUCCESS else ""


def verdict(call: Call) -> str:
    """Return the CSS class of a result: ``good``, ``bad``, or ``none`` if no platform answered."""
    if not call.code:
        return "none"
    return "good" if call.code in _SUCCESS else "bad"


def titles(call: Call) -> dict[str, str]:
    """Return the Chinese titles of the fields of a call's method and of the envelope, by field name."""
    row = find_method(call.method)
    fields = (*row.request, *row.response) if row else ()
    return {**_ENVELOPE, **{field.name: field.title for field in fields}}


def json_lines(text: str, field_titles: Mapping[str, str]) -> list[JsonLine]:
    """Return JSON text indented, and any other text as it is, in lines. Very long text is cut."""
    try:
        indented = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        indented = text
    notice = [JsonLine(f"…… 共 {len(indented)} 字，仅显示前 {_SHOWN} 字")] if len(indented) > _SHOWN else []
    return [_json_line(line, field_titles) for line in indented[:_SHOWN].split("\n")] + notice


def difference(one: str, other: str) -> tuple[str, str, str]:
    """Return `one` in three parts: what both texts begin with, what is different, what both end with."""
    most = min(len(one), len(other))
    first = next((at for at in range(most) if one[at] != other[at]), most)
    last = next((at for at in range(most - first) if one[-1 - at] != other[-1 - at]), most - first)
    return one[:first], one[first : len(one) - last], one[len(one) - last :]


def _json_line(text: str, field_titles: Mapping[str, str]) -> JsonLine:
    match = re.match(r' *"([^"\\]{1,40})": ', text)
    field = match[1] if match else ""
    return JsonLine(text, _SECURITY_FIELDS.get(field) or field_titles.get(field, ""), field in _SECURITY_FIELDS)


def _title(dictionary: str, code: str) -> str:
    entry = DICTIONARIES[dictionary].find(code)
    return entry.name if entry else code


@lru_cache(256)
def qr(text: str) -> str:
    """Return a QR code as inline SVG without a size: error correction M or better, quiet zone of four modules."""
    code = segno.make(text, error="m", micro=False)
    if int(code.version) < _QR_VERSION:
        code = segno.make(text, error="m", version=_QR_VERSION)
    return code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
