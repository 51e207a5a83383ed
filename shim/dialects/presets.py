"""The dialects that ship: a row for every combination that is known of this message family.

Neither specification says how `sign` and the encrypted biz_content are computed; a row says it for one platform, and
`envelope`, which reads rows, knows no platform. `origin` states the evidence: [E] seen, [I] inferred, and a guess is
called one; docs/dialects.md, Evidence, explains Y1 and the like. A new platform is a row at the end of `ROWS` and a
vector in tests/vectors/dialects.json. Imported by `table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from shim.dialects.ciphers import DEFAULT_IVS, Cipher
from shim.dialects.dialect import Dialect


def _words(**rows: str) -> Mapping[str, str]:
    """Words of sign_type to signers. `empty` is for a request without sign_type."""
    return MappingProxyType({"" if word == "empty" else word: meaning for word, meaning in rows.items()})


def _ciphers(**rows: Cipher) -> Mapping[str, Cipher | None]:
    """Words of enc_type to ciphers. Every dialect has plain text, with and without its word."""
    return MappingProxyType({"": None, "PLAIN": None, **rows})


_AES = Cipher("AES", "CBC", 16, DEFAULT_IVS[16], "upper-hex")
_DES = Cipher("DES", "CBC", 8, DEFAULT_IVS[8], "base64")
_SM4 = Cipher("SM4", "ECB", 16, "", "upper-hex")
_SM4_CBC = Cipher("SM4", "CBC", 16, DEFAULT_IVS[16], "upper-hex")

EHCSERVICE = Dialect(
    name="ehcservice",
    title="ehcService/gateway.do，X.M.0.1（厦门、泉州）：默认",
    origin="[E] base string, MD5, SM3, AES, DES (Y1, Y3, G1, G4). [I] SM4 (Y8). Guess: names of code and message",
    sign_name="sign",
    sign_type_name="sign_type",
    scope="outer",
    sign_over="plain",
    unsigned=frozenset(),
    sort="ascii",
    fields=(),
    empty="drop",
    joiner="&",
    tail="key=",
    charset="utf-8",
    signers=_words(empty="MD5", MD5="MD5", SM3="SM3"),
    sign_encoding="upper-hex",
    ciphers=_ciphers(AES=_AES, DES=_DES, SM4=_SM4),
    content_form="string",
    content_order="kept",
    answer_at="top",
    code_names=("ret_code", "code", "return_code", "resp_code", "respCode"),
    message_names=("ret_msg", "message", "msg", "return_msg", "resp_msg", "respMsg"),
    success=frozenset({"0000", "00", "0", "200", "10"}),
)

_SISTER = replace(
    EHCSERVICE,
    name="sister",
    title="同一厂商的姊妹产品：密钥由 app_id 派生",
    origin="[E] tail, AES (Y2), DES (Y4), SM4 of requests (Y6) and of answers (Y7). Guess: the case of Y7's hex key; "
    "answers in AES and DES with the request's key; everything else as in ehcservice",
    tail="&key=",
    ciphers=_ciphers(
        AES=replace(_AES, key_rule="derived"),
        DES=replace(_DES, key_rule="derived"),
        SM4=replace(_SM4_CBC, key_rule="derived"),
    ),
    answer_ciphers=_ciphers(
        AES=replace(_AES, key_rule="derived"),
        DES=replace(_DES, key_rule="derived"),
        SM4=replace(_SM4_CBC, key_rule="hex-upper"),
    ),
)

_SISTER_GBK = replace(
    _SISTER,
    name="sister-gbk",
    title="同一厂商的姊妹产品：SM4/ECB，正文 GBK",
    origin="[E] SM4/ECB with a derived key over GBK text, base64 (Y5). Guess: the digest is over GBK, too; SM4 only",
    charset="gbk",
    ciphers=_ciphers(SM4=Cipher("SM4", "ECB", 16, "", "base64", "derived", "gbk")),
    answer_ciphers=None,
)

_SICHUAN = replace(
    EHCSERVICE,
    name="sichuan-v1.1",
    title="四川、成都 /erhc/ehealthcard/business.do，V1.1",
    origin="[E] fixed field order, &app_secret=, SM3 in `digest`, SM4-ECB after signing, code 10 = success (N1). "
    "Guess: lower case of the digest, SM3 where digest_type is empty, missing fields kept as empty ones, SM4 key and "
    "encoding as in ehcservice",
    sign_name="digest",
    sign_type_name="digest_type",
    sort="fixed",
    fields=("app_id", "biz_content", "digest_type", "enc_type", "method", "term_id", "timestamp", "version"),
    empty="keep",
    tail="&app_secret=",
    signers=_words(empty="SM3", SM3="SM3"),
    sign_encoding="lower-hex",
    ciphers=_ciphers(SM4=_SM4),
    success=frozenset({"10"}),
)

_XM_SM4 = replace(
    EHCSERVICE,
    name="xm01-sm4",
    title="X.M.0.1，码形如 85:HEX64:1：SM3 + SM4",
    origin="[E] the ciphertext is signed, bare secret, SM3 in lower hex, SM4-ECB with an un-hexed key, lower hex. "
    "Guess: SHA-256 under that word, SM3 where sign_type is empty",
    sign_over="sealed",
    tail="",
    signers=MappingProxyType({"": "SM3", "SM3": "SM3", "SHA256": "SHA-256", "SHA-256": "SHA-256"}),
    sign_encoding="lower-hex",
    ciphers=_ciphers(SM4=Cipher("SM4", "ECB", 16, "", "lower-hex", "unhex")),
)

_XM_AES256 = replace(
    _XM_SM4,
    name="xm01-aes256",
    title="X.M.0.1，码形如 85:HEX64:1：SHA-256 + AES-256",
    origin="[E] the ciphertext is signed, bare secret, SHA-256 in lower hex, AES-256-ECB with a key of 32 ASCII bytes, "
    "base64. Guess: SM3 under that word, SHA-256 where sign_type is empty",
    signers=MappingProxyType({"": "SHA-256", "SM3": "SM3", "SHA256": "SHA-256", "SHA-256": "SHA-256"}),
    ciphers=_ciphers(AES=Cipher("AES", "ECB", 32, "", "base64")),
)

_MIANYANG = replace(
    EHCSERVICE,
    name="mianyang",
    title="绵阳：只签 biz_content 内的字段",
    origin="[E] fields inside biz_content, &key=, MD5 in `digest`, AES-ECB in upper hex with another AES key "
    "(cipher_secret; without it, the key of InData), success 200. Guess: AES-128, upper hex digest, plain signed",
    sign_name="digest",
    sign_type_name="digest_type",
    scope="inner",
    tail="&key=",
    signers=_words(empty="MD5", MD5="MD5"),
    ciphers=_ciphers(AES=Cipher("AES", "ECB", 16, "", "upper-hex")),
    success=frozenset({"200"}),
)

ROWS: tuple[Dialect, ...] = (
    EHCSERVICE,
    replace(
        EHCSERVICE,
        name="ehcservice-sm4cbc",
        title="同 ehcservice，SM4 用 CBC",
        origin="[I] the next candidate for SM4: CBC with the IV of AES",
        ciphers=_ciphers(AES=_AES, DES=_DES, SM4=_SM4_CBC),
    ),
    replace(
        EHCSERVICE,
        name="ehcservice-amp",
        title="同 ehcservice，密钥前有 &",
        origin="[E] tail &key= in the family (G2); that a gateway combines it with the rest is a guess",
        tail="&key=",
    ),
    replace(
        EHCSERVICE,
        name="ehcservice-gbk",
        title="同 ehcservice，摘要按 GBK 计算",
        origin="[E] a hand test hashed GBK (G3); enciphering UTF-8 beside it is a guess",
        charset="gbk",
    ),
    replace(
        EHCSERVICE,
        name="ehcservice-sealed",
        title="同 ehcservice，对密文签名",
        origin="[E] signing over the ciphertext in the family (G5); the combination is a guess",
        sign_over="sealed",
    ),
    replace(
        EHCSERVICE,
        name="ehcservice-bare",
        title="同 ehcservice，密钥直接接在后面",
        origin="[E] bare secret in the family (G6); the combination is a guess",
        tail="",
    ),
    _SISTER,
    _SISTER_GBK,
    _SICHUAN,
    _XM_SM4,
    _XM_AES256,
    _MIANYANG,
)
