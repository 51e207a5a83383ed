"""What the two platforms answer: a request's bytes in, an answer's bytes out. No socket, no clock but the caller's.

Every check of the gateway has its code of VC appendix 1, in the order a platform makes them: who, what, sealed how,
then the content. The sealing is written out here once more on purpose (see the package docstring); only the primitives
of shim.crypto are shared. What can be provoked and how stands in `Wish`. L3.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from Crypto.Cipher import AES
from Crypto.Util.Padding import pad, unpad

from shim.simulator.persons import ACCOUNTS, BY_CODE_ID, BY_EC_CODE, TERMINALS, Person
from shim.spec import EC_CODES, METHODS, VC_CODES

GATEWAY = "/ehcService/gateway.do"
QR_QUERY = "/localcfc/api/hsecfc/localQrCodeQuery"
_IV = b"0102030405060708"
_VERSION = "X.M.0.1"


@dataclass(frozen=True, slots=True)
class Wish:
    """What one request asks of the simulator through the query of its URL: ``?sim=delay:500,size:1200``.

    delay: milliseconds before the answer. drop: 1 closes the connection without an answer. http: that status with an
    HTML page. empty: 1 answers nothing. refuse: that code. words: a refusal's text of that many bytes of GB18030.
    size: an opened biz_content (EC: data) of exactly that many bytes. spoil: 1 changes one character of the answer's
    sign.
    """

    delay: int = 0
    drop: int = 0
    http: int = 0
    empty: int = 0
    refuse: str = ""
    words: int = -1
    size: int = -1
    spoil: int = 0

    @classmethod
    def parse(cls, text: str) -> Wish:
        """The wish in a ``sim`` parameter; ValueError for a word that is not known."""
        wish = cls()
        for part in filter(None, text.split(",")):
            name, _, value = part.partition(":")
            if name not in cls.__dataclass_fields__:
                raise ValueError(f"unknown wish: {name}")
            given: dict[str, Any] = {name: value if name == "refuse" else int(value)}
            wish = replace(wish, **given)
        return wish


@dataclass(slots=True)
class Call:
    """What one request was: for the log of calls. `opened` is the deciphered content; fictitious, so shown whole."""

    path: str
    method: str = ""
    code: str = ""
    request: str = ""
    opened: str = ""
    answer: str = ""


class Refusal(Exception):
    """The platform says no, with a code of its table."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def answer(path: str, body: bytes, wish: Wish) -> tuple[bytes, Call]:
    """The answer to a POST of `body` to `path` (one of the two above), and the note of it."""
    call = Call(path, request=body.decode("utf-8", "replace"))
    data = (_gateway if path == GATEWAY else _qr_query)(body, wish, call)
    call.answer = data.decode("utf-8", "replace")
    return data, call


# ---- 多码融合 gateway ---------------------------------------------------------------------------------------------


def _gateway(body: bytes, wish: Wish, call: Call) -> bytes:
    request: dict[str, Any] = {}
    secret = ""
    try:
        request = _object(body)
        call.method = str(request.get("method", ""))
        secret = _who_and_what(request)
        plain = _opened(request, secret)
        call.opened = plain
        if wish.refuse or wish.words >= 0:
            raise Refusal(wish.refuse or "9998", filler(wish.words) if wish.words >= 0 else "")
        content = _sized(wish.size) if wish.size >= 0 else _dump(_verify(json.loads(plain)))
    except Refusal as refusal:
        call.code = refusal.code
        known = VC_CODES.get(refusal.code)
        words = refusal.words or (known.meaning if known and wish.words != 0 else "")
        return _dump({"ret_code": refusal.code, "ret_msg": words}).encode()
    call.code = "0000"
    return _sealed_answer(request, secret, content, wish)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError:
        raise Refusal("9008", "not UTF-8 JSON") from None
    if not isinstance(value, dict):
        raise Refusal("9008", "not a JSON object")
    return value


def _who_and_what(request: dict[str, Any]) -> str:
    """The account's secret, when all common fields of VC 4.1.1 are as they must be."""
    if "key" in request:
        raise Refusal("9001", "应用密钥不得上送")
    if not request.get("app_id"):
        raise Refusal("1001")
    if request["app_id"] not in ACCOUNTS:
        raise Refusal("1008")
    if not request.get("term_id"):
        raise Refusal("1002")
    if request["term_id"] not in TERMINALS:
        raise Refusal("1009")
    if request.get("version") != _VERSION:
        raise Refusal("1003")
    if not request.get("method"):
        raise Refusal("1004")
    if request["method"] not in METHODS:
        raise Refusal("1005")
    if request.get("enc_type", "") not in ("", "Plain", "AES"):
        raise Refusal("1006")
    if request.get("sign_type", "") not in ("", "MD5", "SM3"):
        raise Refusal("1007")
    return ACCOUNTS[request["app_id"]]


def _opened(request: dict[str, Any], secret: str) -> str:
    content = request.get("biz_content")
    if not isinstance(content, str):
        raise Refusal("9008", "biz_content 应为字符串")
    if request.get("enc_type") == "AES":
        try:
            content = _unseal(content, secret)
        except ValueError:
            raise Refusal("9007") from None
    if request.get("sign") != _sign({**request, "biz_content": content}, secret):
        raise Refusal("9003")
    return content


def _verify(content: dict[str, Any]) -> dict[str, Any]:
    """ehc.ehealthcode.verify, VC 4.2."""
    code = str(content.get("ehealth_code") or "")
    person = BY_CODE_ID.get(code.split(":")[0])
    if person is None:
        raise Refusal("2002")
    return _fused_person(person)


def _fused_person(person: Person) -> dict[str, Any]:
    """The response of VC 4.2.2 for a 多码融合码."""
    return {
        "mindex_id": person.code_id[::-1],
        "ehealth_card_id": person.code_id,
        "id_type": "01",
        "id_no": person.id_no,
        "user_name": person.user_name,
        "user_sex": person.user_sex,
        "mobile_phone": person.mobile_phone,
        "birthday": person.birthday,
        "card_type": "01",
        "card_no": f"D{person.number:06d}",
    }


def _sealed_answer(request: dict[str, Any], secret: str, content: str, wish: Wish) -> bytes:
    envelope = {
        "app_id": request["app_id"],
        "enc_type": request.get("enc_type", ""),
        "ret_code": "0000",
        "ret_msg": "操作成功",
        "sign_type": request.get("sign_type", ""),
        "biz_content": content,
    }
    sign = _sign(envelope, secret)
    if wish.spoil:
        sign = ("0" if sign[0] != "0" else "1") + sign[1:]
    envelope["sign"] = sign
    if envelope["enc_type"] == "AES":
        envelope["biz_content"] = _seal(content, secret)
    return _dump(envelope).encode("utf-8")


def _sign(envelope: dict[str, Any], secret: str) -> str:
    names = sorted(name for name, value in envelope.items() if value != "" and value is not None and name != "sign")
    text = "&".join(name + "=" + str(envelope[name]) for name in names) + "key=" + secret
    digest = "sm3" if envelope.get("sign_type") == "SM3" else "md5"
    return hashlib.new(digest, text.encode("utf-8")).hexdigest().upper()


def _key(secret: str) -> bytes:
    return secret.encode("utf-8")[:16].ljust(16, b"\0")


def _seal(plain: str, secret: str) -> str:
    return AES.new(_key(secret), AES.MODE_CBC, _IV).encrypt(pad(plain.encode("utf-8"), 16)).hex().upper()


def _unseal(sealed: str, secret: str) -> str:
    return unpad(AES.new(_key(secret), AES.MODE_CBC, _IV).decrypt(bytes.fromhex(sealed)), 16).decode("utf-8")


# ---- 医保电子凭证 --------------------------------------------------------------------------------------------------


def _qr_query(body: bytes, wish: Wish, call: Call) -> bytes:
    org_id = ""
    try:
        request = _object(body)
        org_id = str(request.get("orgId") or "")
        call.method = str(request.get("transType", ""))
        call.opened = call.request
        content = request.get("data")
        if not isinstance(content, dict):
            raise Refusal("-2")
        if not (org_id or content.get("orgId")):
            raise Refusal("500098")
        if wish.refuse or wish.words >= 0:
            raise Refusal(wish.refuse or "-1", filler(wish.words) if wish.words >= 0 else "")
        person = BY_EC_CODE.get(str(content.get("ecQrCode") or ""))
        if person is None:
            raise Refusal("500049")
        shown: Any = json.loads(_sized(wish.size)) if wish.size >= 0 else _insured_person(person)
    except Refusal as refusal:
        call.code = refusal.code
        known = EC_CODES.get(refusal.code)
        words = refusal.words or (known.meaning if known and wish.words != 0 else "")
        return _dump({"code": int(refusal.code), "message": words, "orgId": org_id, "success": False}).encode()
    call.code = "0"
    return _dump({"code": 0, "data": shown, "message": "成功", "orgId": org_id, "type": "success"}).encode()


def _insured_person(person: Person) -> dict[str, Any]:
    """The response of EC B.4, as it is seen in the field."""
    return {
        "userName": person.user_name,
        "idNo": person.id_no,
        "idType": "01",
        "ecToken": f"350000ec{person.number:030d}",
        "insuOrg": "350200",
        "gender": person.user_sex,
        "birthday": f"{person.birthday[:4]}.{person.birthday[4:6]}.{person.birthday[6:]}",
        "ecQrCode": person.ec_code,
        "email": None,
        "extra": "null",
    }


# ---- texts of a wished size ----------------------------------------------------------------------------------------


def filler(size: int) -> str:
    """Chinese text of exactly `size` bytes of GB18030."""
    return "汉" * (size // 2) + "x" * (size % 2)


def _sized(size: int) -> str:
    """Compact JSON of exactly `size` bytes of GB18030, of Chinese wherever there is room for it."""
    if size < 2:
        return "7" * size or '""'
    if size < 8:
        return '"' + filler(size - 2) + '"'
    return '{"a":"' + filler(size - 8) + '"}'


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
