"""The row type of the dialect table. Each column is declared here and nowhere else, in the order of a site's section.

A field gives its meaning (in English, for the documentation), its help (in Chinese, for the settings template) and what
may stand there; `columns` has the functions. A new column is a field with a default here and its use in `envelope`: the
template, the errors, the documentation and a site's own rows follow. The rows are in `presets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shim import crypto
from shim.codec import CODECS
from shim.dialects.ciphers import Cipher, NotAllowed
from shim.dialects.columns import (
    Column,
    ValueForm,
    any_text,
    cell,
    cipher_cells,
    columns_of,
    field_name,
    name_list,
    name_set,
    one_of,
    signer_cells,
)
from shim.dialects.signers import SIGNERS

SM2_USER_ID = "1234567812345678"  # the default of the standards


def _read_private_key(value: str) -> str:
    if value and not crypto.sm2_private_fits(value):
        raise ValueError
    return value


def _read_public_key(value: str) -> str:
    if value and crypto.sm2_point(value) is None:
        raise NotAllowed("128 个十六进制字符，或 04 加 128 个，且为曲线上的点")
    return value


_PRIVATE_KEY = ValueForm(_read_private_key, str, "64 个十六进制字符", "64 hex digits; never logged")
_PUBLIC_KEY = ValueForm(
    _read_public_key, str, "128 个十六进制字符，或 04 加 128 个", "128 hex digits, with or without 04 before them"
)
_USER_ID = ValueForm(
    lambda value: "" if value.lower() == "secret" else value or SM2_USER_ID,
    lambda value: value or "secret",
    f"任意文字，默认 {SM2_USER_ID}；secret 表示用入参 key",
    "any text; secret (`key` of InData)",
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Dialect:
    """One way of signing and encrypting: all that distinguishes one platform from another.

    `name` is that of [wire] dialect. `origin` is the evidence: [E] seen, [I] inferred; a guess is called one.
    """

    name: str
    origin: str

    title: str = cell("the name for people", "给人看的名称", any_text())

    # What is signed. Hosts say sign and sign_type; the dialect renames the two fields.
    sign_name: str = cell(
        "the field that holds the sign",
        "放签名的字段名",
        field_name("字段名，例如 sign 或 digest", "a field name, such as sign or digest"),
    )
    sign_type_name: str = cell(
        "the field that says how the sign was made",
        "放签名类型的字段名",
        field_name("字段名，例如 sign_type 或 digest_type", "a field name, such as sign_type or digest_type"),
    )
    scope: str = cell(
        "which fields are signed: those of the envelope (outer) or those in biz_content (inner)",
        "参加签名的字段：外层各字段，或 biz_content 内的各字段",
        one_of("outer", "inner"),
    )
    sign_over: str = cell(
        "what of biz_content is signed: the plain text, or the ciphertext (sealed; only with scope = outer)",
        "对明文签名（plain）还是对密文签名（sealed）",
        one_of("plain", "sealed"),
    )
    unsigned: frozenset[str] = cell(
        "fields that are not signed, besides the sign itself and `key`",
        "除签名本身和 key 外，不参加签名的字段",
        name_set("字段名，以逗号分隔，或 none", "field names with commas; none"),
    )
    sort: str = cell(
        "the order of the fields: by ASCII, without regard to case, or fixed: those in `fields` and no others",
        "字段次序：按 ASCII、不分大小写，或按 fields 所列（只签这些）",
        one_of("ascii", "ignore-case", "fixed"),
    )
    fields: tuple[str, ...] = cell(
        "the fields for sort = fixed, in their order",
        "sort = fixed 时的字段及次序",
        name_list("字段名，以逗号分隔", "field names with commas"),
    )
    empty: str = cell(
        "fields that are empty, null or (with sort = fixed) missing: left out (drop), or written `name=` (keep)",
        "空字段：不参加（drop）或写作 名称=（keep）",
        one_of("drop", "keep"),
    )
    joiner: str = cell(
        "what stands between two fields",
        "字段之间的连接符",
        any_text("任意文字，例如 &，或 none", "any text, such as &; none"),
    )
    tail: str = cell(
        "what follows the fields, before the secret",
        "密钥之前的文字",
        any_text(
            "任意文字，例如 key=、&key=、&app_secret=、&sign_key=，或 none（直接接密钥）",
            "any text, such as key=, &key=, &app_secret=, &sign_key=; none (bare secret)",
        ),
    )
    append_secret: str = cell(
        "whether the secret ends the base string; no is for signers that use it as their key",
        "签名文字是否以密钥结尾；no 用于以密钥为参数的签名算法",
        one_of("yes", "no"),
        default="yes",
    )
    charset: str = cell("the charset of the base string", "计算签名所用的字符集", one_of(*CODECS))

    # How it is signed: the word of sign_type, upper case, to a name of `SIGNERS`.
    signers: Mapping[str, str] = signer_cells()
    sign_encoding: str = cell("how the sign is written", "签名的编码", one_of(*crypto.ENCODINGS))

    # How biz_content is encrypted: the word of enc_type, upper case, to a cipher; None is plain text.
    ciphers: Mapping[str, Cipher | None] = cipher_cells("the cipher for `enc_type` = {}", "enc_type = {} 的加密方式")
    answer_ciphers: Mapping[str, Cipher | None] | None = cipher_cells(
        "the cipher for `enc_type` = {} in answers, if it is another",
        "应答中 enc_type = {} 的加密方式；不写则与请求相同",
        suffix="_answer",
        follows="ciphers",
        default=None,
    )
    cipher_secret: str = cell(
        "the secret for ciphers, if it is not `key` of InData",
        "加密所用的密钥，与入参 key 不同时填写",
        any_text("任意文字", "any text; never logged"),
        secret=True,
        default="",
    )
    answer_secret: str = cell(
        "the secret for the ciphers of answers, if it is another",
        "应答加密所用的密钥，与请求的不同时填写",
        any_text("任意文字", "any text; never logged"),
        secret=True,
        default="",
    )

    # For the signer SM2.
    sm2_private_key: str = cell("our SM2 key, for signing", "SM2 签名用的私钥", _PRIVATE_KEY, secret=True, default="")
    sm2_public_key: str = cell(
        "the platform's SM2 key, for verifying; without it no SM2 sign is valid",
        "SM2 验签用的平台公钥",
        _PUBLIC_KEY,
        default="",
    )
    sm2_user_id: str = cell("the SM2 identifier of the signer", "SM2 签名者标识", _USER_ID, default=SM2_USER_ID)
    sm2_form: str = cell(
        "how the two numbers of an SM2 sign are written: r and s, 64 bytes (raw), or DER",
        "SM2 签名的形式：r 与 s 相连，或 DER",
        one_of("raw", "der"),
        default="raw",
    )

    # The shape of requests and answers.
    content_form: str = cell(
        "biz_content in a request without encryption",
        "明文时 biz_content 的形式：字符串或对象",
        one_of("string", "object"),
    )
    content_order: str = cell(
        "the order of the names inside biz_content: the host's (kept) or sorted",
        "biz_content 内字段的次序：保持原样或排序",
        one_of("kept", "sorted"),
    )
    answer_at: str = cell(
        "where an answer has biz_content and sign; with top they are found under data, too, if only there",
        "应答的 biz_content 与签名在顶层还是在 data 之下",
        one_of("top", "data"),
    )
    code_names: tuple[str, ...] = cell(
        "fields of an answer that may hold the code; the first one present counts",
        "应答中返回码的字段名，依次查找",
        name_list("字段名，以逗号分隔", "field names with commas"),
    )
    message_names: tuple[str, ...] = cell(
        "fields of an answer that may hold the message; the first one present counts",
        "应答中说明的字段名，依次查找",
        name_list("字段名，以逗号分隔", "field names with commas"),
    )
    success: frozenset[str] = cell(
        "codes that mean success",
        "表示成功的返回码",
        name_set("返回码，以逗号分隔", "codes with commas"),
    )

    def __repr__(self) -> str:
        return f"<Dialect {self.name}>"  # secrets stay out of logs and tracebacks


DIALECT_COLUMNS: Mapping[str, Column] = columns_of(Dialect)


def contradiction(row: Dialect) -> tuple[str, str, str] | None:
    """What no single column shows: key, value and what it should be (in Chinese) of a cell that another rules out."""
    if row.sort == "fixed" and not row.fields:
        return "fields", "", "sort = fixed 时必须列出字段"
    if row.scope == "inner" and row.sign_over == "sealed":
        return "sign_over", "sealed", "plain（scope = inner 时只能对明文签名）"
    if row.sign_name == row.sign_type_name:
        return "sign_type_name", row.sign_type_name, "不同于 sign_name 的字段名"
    for kind in row.signers.values():
        for needed in SIGNERS[kind].needs:
            if not getattr(row, needed):
                (key,) = DIALECT_COLUMNS[needed].keys
                return needed, "", f"digest = {kind} 时必须填写 {key.allowed}"
    return None
