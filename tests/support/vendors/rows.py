"""What each made-up vendor does on the wire, said independently of its row in tests/native/vendors/rows.

By it the platform checks every request and answers. Not read by the product and no row of shim/dialects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

_IV = b"0102030405060708"
_DES_IV = bytes(range(1, 9))


@dataclass(frozen=True)
class CipherRow:
    """A cipher: its name, `ecb` or `cbc`, bytes of the key, the IV, how its bytes are written, how the key is made."""

    name: Literal["aes", "des", "sm4", "rc4"]
    mode: Literal["ecb", "cbc"] = "ecb"
    key_bytes: int = 16
    iv: bytes = b""
    encoding: Literal["upper", "lower", "base64"] = "upper"
    key: Literal["direct", "unhex", "derived", "hex-upper", "own"] = "direct"


_AES = CipherRow("aes", "cbc", 16, _IV)
_DES = CipherRow("des", "cbc", 8, _DES_IV, "base64")
_SM4 = CipherRow("sm4")
_SM4_CBC = CipherRow("sm4", "cbc", 16, _IV)


@dataclass(frozen=True, kw_only=True)
class VendorRow:
    """One vendor and its platform.

    Attributes:
        dll: whose exports it has.
        digests: words of sign_type, the empty one included, to names of hashlib; ``hmac-`` before it for an HMAC.
        tail: what stands before the secret; None: no secret in the text.
        salt: what stands behind the secret.
        fixed: the signed fields, if their order is fixed.
        ciphers: words of enc_type to ciphers.
        codes: names of code and message in answers, and the code of success.
        encrypted, signed: the words that hosts of this vendor use.
        charset: of the bodies.
        renamed: names of the vendor to names of the host.
        code_at, terminal_at: EC: where the scanned code and the terminal's fields stand, with their names.
        hangs_on, dies_on: the number of the call, from 1, in which it hangs for 20 s, or raises under Windows.
        updater, asks_later: what it asks for beside its calls, and whether from a thread of its own.
        inside: whether learn can find it.
        host_charset: of InData and OutData.
    """

    name: str
    dll: Literal["VC", "EC"] = "VC"
    sign: str = "sign"
    sign_type: str = "sign_type"
    digests: Mapping[str, str] = field(default_factory=lambda: {"": "md5", "MD5": "md5", "SM3": "sm3"})
    joiner: str = "&"
    tail: str | None = "key="
    salt: str = ""
    sign_encoding: Literal["upper", "lower", "base64"] = "upper"
    inner: bool = False
    sealed: bool = False
    ignore_case: bool = False
    keep_empty: bool = False
    fixed: tuple[str, ...] = ()
    sign_charset: str = "utf-8"
    ciphers: Mapping[str, CipherRow] = field(default_factory=lambda: {"AES": _AES})
    codes: tuple[str, str, str] = ("ret_code", "ret_msg", "0000")
    encrypted: tuple[str, ...] = ("AES", "Plain")
    signed: tuple[str, ...] = ("MD5",)
    charset: str = "utf-8"
    answer_at_data: bool = False
    secret_hex: bool = False
    drops: tuple[str, ...] = ()
    code_at: tuple[str, str] = ("data", "ecQrCode")
    terminal_at: tuple[str, tuple[str, ...]] = ("extra", ())
    inside: bool = True
    host_charset: str = "gb18030"
    refuses_loopback: bool = False
    hangs_on: int = 0
    dies_on: int = 0
    updater: str = ""
    asks_later: bool = False
    ini: str = ""
    exports: tuple[str, ...] = ("VirtualCardTrans", "Set_QRflow_Mode", "EhealthID_Print", "SetEcQrcode")


_DERIVED = "derived"
_SHA256 = {"": "sha256", "SHA256": "sha256", "SM3": "sm3"}

ROWS: tuple[VendorRow, ...] = (
    VendorRow(
        name="xiamen", ciphers={"AES": _AES, "DES": _DES, "SM4": _SM4}, encrypted=("AES", "DES", "SM4", "Plain"),
        signed=("MD5", "SM3", ""),
    ),
    VendorRow(
        name="amp", tail="&key=", codes=("code", "message", "0"), encrypted=("AES", "DES", "SM4"),
        ciphers={
            "AES": CipherRow("aes", "cbc", 16, _IV, "upper", "derived"),
            "DES": CipherRow("des", "cbc", 8, _DES_IV, "base64", "derived"),
            "SM4": CipherRow("sm4", "cbc", 16, _IV, "upper", "derived"),
        },
    ),
    VendorRow(
        name="gbk", sign_charset="gb18030", charset="gb18030", codes=("resp_code", "resp_msg", "00"),
        ciphers={"AES": _AES, "DES": _DES}, encrypted=("DES", "AES", "Plain"),
    ),
    VendorRow(
        name="sichuan", sign="digest", sign_type="digest_type", digests={"": "sm3", "SM3": "sm3"}, signed=("SM3",),
        tail="&app_secret=", sign_encoding="lower", keep_empty=True, ciphers={"SM4": _SM4}, encrypted=("SM4", "Plain"),
        fixed=("app_id", "biz_content", "digest_type", "enc_type", "method", "term_id", "timestamp", "version"),
        codes=("code", "msg", "10"),
    ),
    VendorRow(
        name="sealed", digests={"": "sm3", "SM3": "sm3", "SHA256": "sha256"}, signed=("SM3", "SHA256"), tail="",
        sign_encoding="lower", sealed=True, encrypted=("SM4",), secret_hex=True,
        ciphers={"SM4": CipherRow("sm4", "ecb", 16, b"", "lower", "unhex")},
    ),
    VendorRow(
        name="aes256", digests=_SHA256, signed=("SHA256",), tail="", sign_encoding="lower", sealed=True,
        ciphers={"AES": CipherRow("aes", "ecb", 32, b"", "base64")}, encrypted=("AES",),
        codes=("code", "message", "200"),
    ),
    VendorRow(
        name="mianyang", sign="digest", sign_type="digest_type", digests={"": "md5", "MD5": "md5"}, inner=True,
        tail="&key=", ciphers={"AES": CipherRow("aes")}, encrypted=("AES",), codes=("code", "msg", "200"),
        answer_at_data=True,
    ),
    VendorRow(
        name="joinless", joiner="", tail="&sign_key=", ignore_case=True, ciphers={"SM4": _SM4_CBC},
        encrypted=("SM4", "Plain"), signed=("MD5", "SM3"),
    ),
    VendorRow(
        name="stamps", digests={"": "sha256", "SHA256": "sha256", "MD5": "md5"}, signed=("SHA256",), tail="&key=",
        ciphers={"AES": CipherRow("aes", "cbc", 16, _IV, "base64")}, encrypted=("AES",),
        updater="/update/version.txt?client=5", ini="update.ini",
    ),
    VendorRow(
        name="renaming", digests={"": "md5"}, tail="&key=", sign_encoding="lower",
        ciphers={"AES": CipherRow("aes", "cbc", 16, _IV, "lower")}, encrypted=("AES",), drops=("sign_type",),
        updater="/update/latest", asks_later=True, ini="VirtualCard.ini",
    ),
    VendorRow(
        name="faulty", dies_on=3, digests={"": "sm3", "SM3": "sm3", "MD5": "md5"}, signed=("SM3",),
        ciphers={"SM4": _SM4}, encrypted=("SM4",), codes=("respCode", "respMsg", "0000"),
    ),
    VendorRow(
        name="raising", dies_on=3, digests={"": "hmac-sha256", "HMAC-SHA256": "hmac-sha256"}, signed=("HMAC-SHA256",),
        tail="&key=",
        codes=("return_code", "return_msg", "0000"), encrypted=("AES",),
    ),
    VendorRow(
        name="handler", tail="&key=", encrypted=("SM4",),
        ciphers={"SM4": CipherRow("sm4", "cbc", 16, _IV, "upper", "hex-upper")},
    ),
    VendorRow(name="hanging", hangs_on=2, tail="&sign_key=", encrypted=("AES",)),
    VendorRow(
        name="shy", digests={"": "sm3", "SM3": "sm3"}, signed=("SM3",), tail="&key=", encrypted=("AES",),
        host_charset="utf-8", refuses_loopback=True, exports=("VirtualCardTrans",),
    ),
    VendorRow(name="salted", salt="@vc#2019", encrypted=("AES",), inside=False),
    VendorRow(name="rc4", ciphers={"AES": CipherRow("rc4", key="own")}, encrypted=("AES",), inside=False),
    VendorRow(name="ec_data", dll="EC", codes=("code", "message", "0"), terminal_at=("extra", ("mac", "ip"))),
    VendorRow(
        name="ec_top", dll="EC", codes=("code", "message", "0000"), code_at=("top", "qrCode"),
        terminal_at=("top", ("macAddr", "localIp", "sendTime")),
    ),
    VendorRow(
        name="ec_extra", dll="EC", codes=("code", "message", "0"), code_at=("extra", "authCode"),
        terminal_at=("data", ("mac",)), charset="gb18030",
    ),
)  # fmt: skip

BY_NAME: Mapping[str, VendorRow] = {row.name: row for row in ROWS}
