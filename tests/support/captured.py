"""Captured calls of made-up vendors, from a plain description: what learn, replay and export are tried on.

It shares nothing with the product but the row type of a captured call: signs are made with hashlib and hmac, ciphers
with pycryptodome and gmssl, JSON with json. So a mistake of the product cannot cancel out here. All persons, codes and
keys are made up.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from Crypto.Cipher import AES, DES, DES3
from Crypto.Util.Padding import pad
from gmssl import sm4

from shim.capture.record import CapturedCall, Habits, Traffic

APP_ID = "1TESTAPP0000000000000000TESTAPP0"
KEY = "1TESTSEC0000000000000000TESTSEC0"
BEGAN = 1591588800.0
NAMES = ("测试员", "王小明", "欧阳娜娜", "李雷", "张三丰", "赵六", "孙悟空", "Anna Li")
_METHODS = (
    "ehc.ehealthcode.verify",
    "ehc.ehealthcard.querywithreg",
    "ehc.ehealthcard.auth.query",
    "ehc.ehealthcard.close",
)


def local_time(pattern: str, moment: float) -> str:
    """A moment as this workstation writes it."""
    return time.strftime(pattern, time.localtime(moment))


# ---- ciphers and digests, straight from the libraries ----------------------------------------------------------------


def aes(key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    cipher = AES.new(key, AES.MODE_ECB) if iv is None else AES.new(key, AES.MODE_CBC, iv)
    return bytes(cipher.encrypt(pad(data, 16)))


def des(key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    cipher = DES.new(key, DES.MODE_ECB) if iv is None else DES.new(key, DES.MODE_CBC, iv)
    return bytes(cipher.encrypt(pad(data, 8)))


def triple_des(key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    cipher = DES3.new(key, DES3.MODE_ECB) if iv is None else DES3.new(key, DES3.MODE_CBC, iv)
    return bytes(cipher.encrypt(pad(data, 8)))


def sm4_encrypt(key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    cipher = sm4.CryptSM4()
    cipher.set_key(key, sm4.SM4_ENCRYPT)
    return bytes(cipher.crypt_ecb(data) if iv is None else cipher.crypt_cbc(iv, data))


def upper(data: bytes) -> str:
    return data.hex().upper()


def lower(data: bytes) -> str:
    return data.hex()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def digest(name: str, text: str, charset: str = "utf-8") -> bytes:
    return hashlib.new(name, text.encode(charset)).digest()


def hmac_of(name: str, key: str, text: str) -> bytes:
    return hmac.new(key.encode(), text.encode("utf-8"), name).digest()


def zero_padded(text: str, size: int) -> bytes:
    return text.encode()[:size].ljust(size, b"\0")


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else compact(value)


def pairs(fields: Mapping[str, Any], names: Sequence[str], joiner: str = "&", *, empty: bool = False) -> str:
    """`name=value` of the named fields, joined; empty ones only with `empty`."""
    shown = [(name, text_of(fields.get(name))) for name in names]
    return joiner.join(f"{name}={value}" for name, value in shown if value or empty)


def by_name(fields: Mapping[str, Any], *skipped: str) -> list[str]:
    return sorted(name for name in fields if name not in ("sign", "key", *skipped))


# ---- vendors ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """What a vendor's DLL has before it signs.

    Attributes:
        fields: InData without key and sign, with biz_content as plain text; in the host's order.
        host: InData.
        key: of InData.
        began: seconds since 1970.
        number: of the call.
        random: a source of its nonces.
    """

    fields: dict[str, Any]
    host: dict[str, Any]
    content: Any
    key: str
    began: float
    number: int
    random: random.Random


@dataclass(frozen=True)
class Vendor:
    """A made-up DLL and its platform.

    Attributes:
        send: from the request to the body.
        seal: encrypts by the word of enc_type: text, key, app_id to text; None for plain.
        seal_answer: the same for answers.
        enc_types, sign_types: the words that hosts use with it.
        envelope: from biz_content (sealed) and the enc_type to the answer.
        out: from biz_content (a dict) and the answer to OutData.
        success, code_name, message_name, returned: of its answers; what the export returns.
    """

    send: Callable[[Vendor, Request], bytes]
    seal: Mapping[str, Callable[[str, str, str], str] | None]
    seal_answer: Mapping[str, Callable[[str, str, str], str] | None] | None = None
    enc_types: tuple[str, ...] = ("AES",)
    sign_types: tuple[str, ...] = ("MD5",)
    success: str = "0000"
    code_name: str = "ret_code"
    message_name: str = "ret_msg"
    returned: str = "00"
    out: Callable[[dict[str, Any], dict[str, Any]], str] = field(
        default=lambda content, answer: json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    )
    refused_out: Callable[[str, str], str] = field(default=lambda code, message: message)
    answer_fields: Mapping[str, Any] = field(default_factory=dict)
    content_at: str = "top"
    wide_names: bool = True
    empty_fields: bool = True
    pretty: bool = False
    host_charset: str = "gbk"
    key: str = KEY
    habits: Habits = Habits(popped=-1, memory="module")

    def sealed(self, request: Request) -> str:
        """biz_content as this vendor encrypts it."""
        word = str(request.fields.get("enc_type") or "").upper()
        make = self.seal.get(word)
        text = str(request.fields["biz_content"])
        return text if make is None else make(text, request.key, str(request.fields.get("app_id") or ""))


def captures(
    vendor: Vendor,
    count: int,
    *,
    keys: Mapping[int, str] | None = None,
    refused: Mapping[int, tuple[str, str]] | None = None,
    key: str = "",
    changed: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] | None = None,
) -> list[CapturedCall]:
    """Calls of a hospital with this vendor's DLL.

    Args:
        keys: another key of InData, by the number of the call from 0.
        refused: code and message of calls that the platform refuses; every ninth is refused otherwise, too.
        changed: what is made of the InData of single calls.
    """
    source = random.Random(15)
    calls = []
    for number in range(count):
        host = _in_data(vendor, number, source, (keys or {}).get(number, key or vendor.key))
        if changed and number in changed:
            host = changed[number](host)
        calls.append(_call(vendor, number, host, (refused or {}).get(number), source))
    return calls


def _in_data(vendor: Vendor, number: int, source: random.Random, key: str) -> dict[str, Any]:
    method = _METHODS[number % len(_METHODS)]
    name = NAMES[number % len(NAMES)] if vendor.wide_names else f"Patient {number}"
    digits = "".join(source.choice("0123456789") for _ in range(17))
    code = "".join(source.choice("0123456789ABCDEF") for _ in range(64))
    moment = local_time("%Y%m%d%H%M%S", BEGAN + 60 * number)
    content: dict[str, Any]
    if method.endswith("verify"):
        content = {
            "ehealth_code": f"{code}:1:::00000001001",
            "out_verify_no": f"V{number:06d}",
            "out_verify_time": moment,
            "operator_id": f"{source.randrange(1000):04d}",
            "operator_name": name,
            "treatment_code": "010101",
        }
    elif method.endswith("querywithreg"):
        content = {
            "out_trade_no": f"T{number:06d}",
            "user_name": name,
            "id_type": "01",
            "id_no": f"{digits}X",
            "mobile_phone": f"139{digits[:8]}",
            "card_list": [{"card_type": "01", "card_no": digits[:9]}],
            "address": ""
            if vendor.empty_fields and number % 8 == 1
            else "厦门市思明区/1号"
            if vendor.wide_names
            else "1/2",
        }
    else:
        content = {"out_authorize_no": f"A{number:06d}", "remark": name}
    host: dict[str, Any] = {
        "method": method,
        "app_id": APP_ID,
        "key": key,
        "term_id": "35020010001",
        "version": "X.M.0.1",
        "timestamp": moment,
        "sign_type": vendor.sign_types[number % len(vendor.sign_types)],
        "enc_type": vendor.enc_types[number % len(vendor.enc_types)],
        "remark": "" if vendor.empty_fields and number % 5 == 2 else f"window {number % 3}",
        "sign": "",
        "biz_content": content,
    }
    return host


def _call(
    vendor: Vendor, number: int, host: dict[str, Any], refused: tuple[str, str] | None, source: random.Random
) -> CapturedCall:
    began = BEGAN + 60 * number + source.random()
    in_text = json.dumps(host, ensure_ascii=False, indent=2).replace("\n", "\r\n") if vendor.pretty else compact(host)
    fields = {name: value for name, value in host.items() if name not in ("key", "sign")}
    fields["biz_content"] = compact(host["biz_content"])
    request = Request(fields, host, host["biz_content"], host["key"], began, number, random.Random(number))
    body = vendor.send(vendor, request)
    if refused is None and number % 9 == 4:
        refused = ("2001", "二维码不合法") if vendor.wide_names else ("2001", "bad code")
    answer, out, code = _answer(vendor, request, refused)
    call = CapturedCall(
        call_id=f"t-{number}",
        host="his.exe",
        function="VirtualCardTrans",
        texts=(
            b"http://platform.example/ehcService/gateway.do",
            in_text.encode("gb18030" if vendor.host_charset == "gbk" else "utf-8"),
        ),
        mode=0,
        out=out.encode("gb18030" if vendor.host_charset == "gbk" else "utf-8"),
        code=code.encode(),
        number=0,
        began=began,
        ended=began + 0.2,
        traffic=(http("/ehcService/gateway.do", body, answer, began),),
        habits=vendor.habits,
    )
    return replace(call, habits=replace(call.habits, out_touched=len(call.out or b"") + 1))


def _answer(vendor: Vendor, request: Request, refused: tuple[str, str] | None) -> tuple[bytes, str, str]:
    if refused is not None:
        code, message = refused
        answer = {vendor.code_name: code, vendor.message_name: message, **vendor.answer_fields}
        return compact(answer).encode(), vendor.refused_out(code, message), code
    content = {
        "user_name": "测试员" if vendor.wide_names else "Tester",
        "id_no": "110101199003070011",
        "card_no": f"{request.number:08d}",
        "auth_status": "succ",
    }
    word = str(request.fields.get("enc_type") or "").upper()
    make = (vendor.seal if vendor.seal_answer is None else vendor.seal_answer).get(word)
    text = compact(content)
    sealed = text if make is None else make(text, request.key, APP_ID)
    inner = {"biz_content": sealed, "enc_type": request.fields.get("enc_type", "")}
    answer = {vendor.code_name: vendor.success, vendor.message_name: "成功", **vendor.answer_fields}
    answer |= inner if vendor.content_at == "top" else {"data": inner}
    return compact(answer).encode(), vendor.out(content, answer), vendor.returned


def http(
    target: str,
    body: bytes,
    answer: bytes,
    began: float,
    *,
    headers: Mapping[str, str] | None = None,
    origin: str = "http://platform.example:80",
) -> Traffic:
    """One POST with its answer."""
    head = {"Host": "platform.example", "Content-Type": "application/json; charset=UTF-8", **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    sent = f"POST {target} HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body
    received = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
    return Traffic(origin, sent, received + answer, began + 0.01, began + 0.1, began + 0.15)
