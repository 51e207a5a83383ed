"""The made-up vendors that learn is tried on: one of each kind that is known of this message family, and some outside.

Each is a function from the request to the bytes of its body, with the tools of tests/support/captured.py only.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from tests.support.captured import (
    APP_ID,
    Request,
    Vendor,
    aes,
    b64,
    by_name,
    compact,
    des,
    digest,
    hmac_of,
    local_time,
    lower,
    pairs,
    sm4_encrypt,
    triple_des,
    upper,
    zero_padded,
)

IV = b"0102030405060708"
DES_IV = bytes(range(1, 9))


# ---- the family's default --------------------------------------------------------------------------------------------


def _ehcservice(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, by_name(fields)) + "key=" + request.key
    sign_type = str(fields["sign_type"]) or "MD5"
    sign = upper(digest({"MD5": "md5", "SM3": "sm3"}[sign_type], base))
    return compact({**fields, "biz_content": vendor.sealed(request), "sign": sign}).encode()


_EHC_SEAL = {
    "AES": lambda text, key, app: upper(aes(zero_padded(key, 16), text.encode(), IV)),
    "DES": lambda text, key, app: b64(des(zero_padded(key, 8), text.encode(), DES_IV)),
    "SM4": lambda text, key, app: upper(sm4_encrypt(zero_padded(key, 16), text.encode())),
    "PLAIN": None,
    "": None,
}
EHCSERVICE = Vendor(_ehcservice, _EHC_SEAL, enc_types=("AES", "DES", "SM4", "PLAIN"), sign_types=("MD5", "SM3", ""))


# ---- Sichuan: fixed order, digest and digest_type --------------------------------------------------------------------

_SICHUAN_ORDER = ("app_id", "biz_content", "digest_type", "enc_type", "method", "term_id", "timestamp", "version")


def _sichuan(vendor: Vendor, request: Request) -> bytes:
    fields = {("digest_type" if name == "sign_type" else name): value for name, value in request.fields.items()}
    base = pairs(fields, _SICHUAN_ORDER, empty=True) + "&app_secret=" + request.key
    sign = lower(digest("sm3", base))
    return compact({**fields, "biz_content": vendor.sealed(request), "digest": sign}).encode()


SICHUAN = Vendor(
    _sichuan,
    {"SM4": lambda text, key, app: upper(sm4_encrypt(zero_padded(key, 16), text.encode()))},
    enc_types=("SM4",),
    sign_types=("SM3",),
    success="10",
)


# ---- X.M.0.1 with the ciphertext signed ------------------------------------------------------------------------------


def _xm01(vendor: Vendor, request: Request) -> bytes:
    fields = {**request.fields, "biz_content": vendor.sealed(request)}
    base = pairs(fields, by_name(fields)) + request.key
    return compact({**fields, "sign": lower(digest("sm3", base))}).encode()


XM01 = Vendor(
    _xm01,
    {"SM4": lambda text, key, app: lower(sm4_encrypt(bytes.fromhex(key), text.encode()))},
    enc_types=("SM4",),
    sign_types=("SM3",),
    key="00112233445566778899AABBCCDDEEFF",
)


def _xm01_aes(vendor: Vendor, request: Request) -> bytes:
    fields = {**request.fields, "biz_content": vendor.sealed(request)}
    base = pairs(fields, by_name(fields)) + request.key
    return compact({**fields, "sign": lower(digest("sha256", base))}).encode()


XM01_AES256 = Vendor(
    _xm01_aes,
    {"AES": lambda text, key, app: b64(aes(key.encode(), text.encode()))},
    sign_types=("SHA256",),
)


# ---- Mianyang: the fields inside, another AES key --------------------------------------------------------------------

AES_KEY = "AESKEY0000000001"


def _mianyang(vendor: Vendor, request: Request) -> bytes:
    inner = json.loads(str(request.fields["biz_content"]))
    base = pairs(inner, sorted(inner)) + "&key=" + request.key
    fields = {("digest_type" if name == "sign_type" else name): value for name, value in request.fields.items()}
    return compact({**fields, "biz_content": vendor.sealed(request), "digest": upper(digest("md5", base))}).encode()


MIANYANG = Vendor(
    _mianyang,
    {"AES": lambda text, key, app: upper(aes(AES_KEY.encode(), text.encode()))},
    success="200",
)


# ---- sister products: keys derived from app_id -----------------------------------------------------------------------


def _sister(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, by_name(fields)) + "&key=" + request.key
    return compact({**fields, "biz_content": vendor.sealed(request), "sign": upper(digest("md5", base))}).encode()


def _sister_aes(text: str, key: str, app: str) -> str:
    password = upper(aes(zero_padded(app, 16), key.encode(), IV))
    return upper(aes(password.encode()[:16], text.encode(), IV))


def _sister_sm4(text: str, key: str, app: str) -> str:
    password = upper(sm4_encrypt(zero_padded(app, 16), key.encode(), IV))
    return upper(sm4_encrypt(password.encode()[:16], text.encode(), IV))


SISTER = Vendor(
    _sister,
    {"AES": _sister_aes, "SM4": _sister_sm4},
    seal_answer={
        "AES": _sister_aes,
        "SM4": lambda text, key, app: upper(sm4_encrypt(key.encode().hex().upper().encode()[:16], text.encode(), IV)),
    },
    enc_types=("AES", "SM4"),
)


# ---- GBK throughout --------------------------------------------------------------------------------------------------


def _gbk(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, by_name(fields)) + "&key=" + request.key
    sign = upper(digest("md5", base, "gb18030"))
    text = json.dumps(
        {**fields, "biz_content": vendor.sealed(request), "sign": sign}, ensure_ascii=False, separators=(", ", ": ")
    )
    return text.encode("gb18030")


GBK = Vendor(
    _gbk,
    {
        "SM4": lambda text, key, app: b64(sm4_encrypt(zero_padded(key, 16), text.encode("gb18030"))),
        "PLAIN": None,
    },
    enc_types=("SM4", "PLAIN"),
)


# ---- a fixed order of a few fields, HMAC, sorted body ----------------------------------------------------------------


def _fixed(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, ("timestamp", "method", "app_id", "biz_content"), empty=True) + "&secret=" + request.key
    sealed = {**fields, "biz_content": vendor.sealed(request), "sign": b64(digest("sha256", base))}
    return json.dumps(sealed, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


FIXED = Vendor(
    _fixed,
    {"3DES": lambda text, key, app: b64(triple_des(key.encode()[:24], text.encode(), DES_IV))},
    enc_types=("3DES",),
    key="9f86d081884c7d659a2feaa0c55ad015",
)


def _hmac(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, by_name(fields))
    sealed = {
        **fields,
        "biz_content": json.loads(str(fields["biz_content"])),
        "sign": lower(hmac_of("sha256", request.key, base)),
    }
    return compact(sealed).encode()


HMAC = Vendor(_hmac, {"": None}, enc_types=("",), sign_types=("HMACSHA256",))


# ---- fields that the DLL makes itself --------------------------------------------------------------------------------

MAC = "F8-34-41-BD-E1-88"


def _made(vendor: Vendor, request: Request) -> bytes:
    fields = dict(request.fields)
    fields["timestamp"] = local_time("%Y-%m-%d %H:%M:%S", request.began)
    fields["version"] = "V2.3.1"
    fields["nonce"] = "".join(request.random.choice("0123456789abcdef") for _ in range(32))
    fields["seq"] = f"{request.number + 17:08d}"
    fields["mac"] = MAC
    fields["ip"] = "192.168.1.23"
    fields["request_id"] = str(uuid.UUID(int=request.random.getrandbits(128), version=4))
    del fields["sign_type"]
    base = pairs(fields, by_name(fields)) + "key=" + request.key
    return compact({**fields, "biz_content": vendor.sealed(request), "sign": upper(digest("md5", base))}).encode()


MADE = Vendor(_made, _EHC_SEAL, enc_types=("AES",))


# ---- renamed and dropped fields, escapes, sorted content -------------------------------------------------------------


def _renamed(vendor: Vendor, request: Request) -> bytes:
    fields = {name: value for name, value in request.fields.items() if name != "remark" and value != ""}
    fields["appId"] = fields.pop("app_id")
    content = json.dumps(request.content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    fields["biz_content"] = content
    base = pairs(fields, by_name(fields)) + "&key=" + request.key
    sealed = {**fields, "biz_content": content, "sign": lower(digest("md5", base))}
    return json.dumps(sealed, separators=(",", ":")).encode("ascii")


RENAMED = Vendor(_renamed, {"": None}, enc_types=("",))


# ---- the secret in front, upper case ---------------------------------------------------------------------------------


def _front(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = request.key + pairs(fields, by_name(fields), joiner="") + request.key
    return compact({**fields, "biz_content": vendor.sealed(request), "sign": upper(digest("md5", base))}).encode()


FRONT = Vendor(_front, _EHC_SEAL)


def _host_order(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, [name for name in fields]) + "&key=" + request.key
    return compact({**fields, "biz_content": vendor.sealed(request), "sign": upper(digest("sm3", base))}).encode()


HOST_ORDER = Vendor(
    _host_order,
    {"AES": lambda text, key, app: lower(aes(zero_padded(key, 16), text.encode(), b"AbCdEfGhIjKlMnOp"))},
    sign_types=("SM3",),
)


def _object_in_host_place(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, by_name(fields)) + "&key=" + request.key
    sign = upper(digest("md5", base))
    sealed: dict[str, Any] = {}
    for name in request.host:
        if name == "sign":
            sealed["sign"] = sign
        elif name == "biz_content":
            sealed[name] = request.content
        elif name != "key":
            sealed[name] = fields[name]
    return compact(sealed).replace("/", "\\/").encode()


SLASHES = Vendor(_object_in_host_place, {"": None}, enc_types=("Plain",), pretty=True)


# ---- outside what a dialect can say ----------------------------------------------------------------------------------


def _salted(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    base = pairs(fields, by_name(fields)) + request.key + "a salt that nobody knows"
    return compact({**fields, "biz_content": vendor.sealed(request), "sign": upper(digest("sha512", base))}).encode()


SALTED_SHA512 = Vendor(_salted, _EHC_SEAL)


def _rc4(text: str, key: str, app: str) -> str:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + ord(key[i % len(key)])) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in text.encode():
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return upper(bytes(out))


RC4 = Vendor(_ehcservice, {"AES": _rc4})


def _random_iv(text: str, key: str, app: str) -> str:
    return upper(aes(zero_padded(key, 16), text.encode(), digest("md5", text + key + "iv")))


RANDOM_IV = Vendor(_ehcservice, {"AES": _random_iv})


def _twice(vendor: Vendor, request: Request) -> bytes:
    fields = request.fields
    once = upper(digest("md5", pairs(fields, by_name(fields)) + "key=" + request.key))
    return compact(
        {**fields, "biz_content": vendor.sealed(request), "sign": upper(digest("md5", once + request.key))}
    ).encode()


TWICE = Vendor(_twice, _EHC_SEAL)

INSIDE: Mapping[str, Vendor] = {
    "ehcservice": EHCSERVICE, "sichuan": SICHUAN, "xm01-sm4": XM01, "xm01-aes256": XM01_AES256, "mianyang": MIANYANG,
    "sister": SISTER, "gbk": GBK, "fixed": FIXED, "hmac": HMAC, "made": MADE, "renamed": RENAMED, "front": FRONT,
    "host-order": HOST_ORDER, "slashes": SLASHES,
}  # fmt: skip
OUTSIDE: Mapping[str, Vendor] = {"salted-sha512": SALTED_SHA512, "rc4": RC4, "random-iv": RANDOM_IV, "twice": TWICE}
__all__ = ["APP_ID", "INSIDE", "OUTSIDE"]
