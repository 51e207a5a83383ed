"""The dialect table: the presets by name, and the rows that a site writes itself in vcshim.ini.

A row of `DIALECTS` is all that distinguishes one platform from another. A section ``[dialect NAME]`` of vcshim.ini is a
preset with some cells written over: `site_dialect` makes the row, `SITE_KEYS` lists the cells for the settings template
and the documentation. Pure: the ini is read elsewhere. L2, imported by seal, virtualcard, wiring and the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, NoReturn

from shim import crypto
from shim.dialects.keys import CODECS, RULES, Cipher
from shim.dialects.presets import EHCSERVICE, IV_8, IV_16, ROWS, Dialect, Sm2
from shim.errors import HostError, Reason, mask

__all__ = ["DIALECTS", "EHCSERVICE", "SITE_KEYS", "Cipher", "Dialect", "SiteKey", "Sm2", "site_dialect"]

DIALECTS: Mapping[str, Dialect] = MappingProxyType({row.name: row for row in ROWS})

# ---- the keys of a site's section ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteKey:
    """One key of ``[dialect NAME]``: what it is for, what may stand there, whether a log may show it.

    `choices` is empty where any text may stand; `allowed` says in Chinese what then.
    """

    key: str
    help: str
    allowed: str
    choices: tuple[str, ...] = ()
    secret: bool = False


_NONE = "none"  # an ini line with nothing after the = is easily mistaken for an unfinished one
_ENCODINGS = {"upper-hex": "HEX", "lower-hex": "hex", "base64": "base64"}
_ALGORITHMS = {
    "AES": ("AES", 16),
    "AES-128": ("AES", 16),
    "AES-192": ("AES", 24),
    "AES-256": ("AES", 32),
    "DES": ("DES", 8),
    "3DES": ("3DES", 24),
    "SM4": ("SM4", 16),
}
_DIGESTS = (*crypto.DIGESTS, "SM2")
_CIPHER_WORDS = ("aes", "des", "3des", "sm4")
_CIPHER_FORM = (
    "算法/模式 [密钥规则] [编码] [iv=text:… 或 iv=hex:…] [charset=utf-8 或 gbk]，或 none（不支持）；"
    f"算法为 {'、'.join(_ALGORITHMS)}，模式为 {'、'.join(crypto.MODES)}，密钥规则为 {'、'.join(RULES)}，"
    f"编码为 {'、'.join(_ENCODINGS)}；未写的部分取自 base"
)


def _choice(key: str, help_: str, *choices: str) -> SiteKey:
    return SiteKey(key, help_, "、".join(choices), choices)


SITE_KEYS: tuple[SiteKey, ...] = (
    _choice("base", "以哪个预置方言为底，未写的各项与之相同", *DIALECTS),
    SiteKey("title", "给人看的名称", "任意文字"),
    SiteKey("sign_name", "放签名的字段名", "字段名，例如 sign 或 digest"),
    SiteKey("sign_type_name", "放签名类型的字段名", "字段名，例如 sign_type 或 digest_type"),
    _choice("scope", "参加签名的字段：外层各字段，或 biz_content 内的各字段", "outer", "inner"),
    _choice("sign_over", "对明文签名（plain）还是对密文签名（sealed）", "plain", "sealed"),
    SiteKey("unsigned", "除签名本身和 key 外，不参加签名的字段", "字段名，以逗号分隔，或 none"),
    _choice("sort", "字段次序：按 ASCII、不分大小写，或按 fields 所列（只签这些）", "ascii", "ignore-case", "fixed"),
    SiteKey("fields", "sort = fixed 时的字段及次序", "字段名，以逗号分隔"),
    _choice("empty", "空字段：不参加（drop）或写作 名称=（keep）", "drop", "keep"),
    SiteKey("joiner", "字段之间的连接符", "任意文字，例如 &，或 none"),
    SiteKey("tail", "密钥之前的文字", "任意文字，例如 key=、&key=、&app_secret=、&sign_key=，或 none（直接接密钥）"),
    _choice("charset", "计算签名所用的字符集", *CODECS),
    _choice("digest", "sign_type 为空时的签名算法；这个词同时成为可用的 sign_type", *_DIGESTS),
    _choice("sign_encoding", "签名的编码", *_ENCODINGS),
    *(SiteKey(word, f"enc_type = {word.upper()} 的加密方式", _CIPHER_FORM) for word in _CIPHER_WORDS),
    *(
        SiteKey(f"{word}_answer", f"应答中 enc_type = {word.upper()} 的加密方式；不写则与请求相同", _CIPHER_FORM)
        for word in _CIPHER_WORDS
    ),
    SiteKey("cipher_secret", "加密所用的密钥，与入参 key 不同时填写", "任意文字", secret=True),
    SiteKey("answer_secret", "应答加密所用的密钥，与请求的不同时填写", "任意文字", secret=True),
    SiteKey("sm2_private_key", "SM2 签名用的私钥", "64 个十六进制字符", secret=True),
    SiteKey("sm2_public_key", "SM2 验签用的平台公钥", "128 个十六进制字符，或 04 加 128 个"),
    SiteKey("sm2_user_id", "SM2 签名者标识", "任意文字，缺省 1234567812345678；secret 表示用入参 key"),
    _choice("sm2_form", "SM2 签名的形式：r 与 s 相连，或 DER", "raw", "der"),
    _choice("content_form", "明文时 biz_content 的形式：字符串或对象", "string", "object"),
    _choice("content_order", "biz_content 内字段的次序：保持原样或排序", "kept", "sorted"),
    _choice("answer_at", "应答的 biz_content 与签名在顶层还是在 data 之下", "top", "data"),
    SiteKey("code_names", "应答中返回码的字段名，依次查找", "字段名，以逗号分隔"),
    SiteKey("message_names", "应答中说明的字段名，依次查找", "字段名，以逗号分隔"),
    SiteKey("success", "表示成功的返回码", "返回码，以逗号分隔"),
)

_BY_KEY = {row.key: row for row in SITE_KEYS}


def site_dialect(name: str, values: Mapping[str, str]) -> Dialect:
    """The row that the section ``[dialect NAME]`` gives. HostError INVALID_FIELD names key, value and what is allowed.

    Keys are those of `SITE_KEYS`; without ``base`` the base is ehcservice. Secrets are never shown in a message.
    """
    if not name or len(name) > 40 or not name.isprintable() or any(c.isspace() or c in "[]" for c in name):
        _refuse(name, "名称", name[:40], "1 到 40 个字，不含空格和方括号")
    if name in DIALECTS:
        _refuse(name, "名称", name, "不同于预置方言的名称")
    for key, value in values.items():
        row = _BY_KEY.get(key)
        if row is None:
            _refuse(name, key, value, f"不是已知的设置，可用：{'、'.join(_BY_KEY)}", known=False)
        if row.choices and value.strip().lower() not in {choice.lower() for choice in row.choices}:
            _refuse(name, key, value, row.allowed)
    cells = {key: value.strip() for key, value in values.items()}
    base = DIALECTS[cells.get("base", EHCSERVICE.name).lower()]
    changes: dict[str, Any] = {"name": name, "origin": f"vcshim.ini [dialect {name}]，base = {base.name}"}
    for cell, read in _CELLS.items():
        if cell in cells:
            changes[cell] = read(name, cell, cells[cell])
    if "digest" in cells:
        kind = _one_of(name, "digest", cells["digest"])
        changes["digests"] = MappingProxyType({**base.digests, "": kind, kind: kind, kind.replace("-", ""): kind})
    changes["ciphers"] = _site_ciphers(name, cells, "", base.ciphers)
    if base.answer_ciphers is not None or any(f"{word}_answer" in cells for word in _CIPHER_WORDS):
        changes["answer_ciphers"] = _site_ciphers(name, cells, "_answer", base.answer_ciphers or changes["ciphers"])
    changes["sm2"] = _site_sm2(name, cells, base.sm2)
    dialect = replace(base, **changes)
    _check_whole(dialect)
    return dialect


def _refuse(name: str, key: str, value: str, allowed: str, known: bool = True) -> NoReturn:
    row = _BY_KEY.get(key)
    shown = mask(value) if not known or (row is not None and row.secret) else value[:60] or "（空）"
    text = f"应为：{allowed}" if known else allowed
    raise HostError(Reason.INVALID_FIELD, f"vcshim.ini 中 [dialect {name[:40]}] {key} = {shown}：{text}")


# ---- cells: (section's name, key, value) to what stands in the row ---------------------------------------------------


def _text(name: str, key: str, value: str) -> str:
    return "" if value.lower() == _NONE else value


def _one_of(name: str, key: str, value: str) -> str:
    return next(choice for choice in _BY_KEY[key].choices if choice.lower() == value.lower())


def _names(name: str, key: str, value: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in value.replace("，", ",").split(",") if part.strip())
    if not found:
        _refuse(name, key, value, _BY_KEY[key].allowed)
    return found


def _set(name: str, key: str, value: str) -> frozenset[str]:
    return frozenset() if value.lower() == _NONE else frozenset(_names(name, key, value))


def _field(name: str, key: str, value: str) -> str:
    if not value or any(c in value for c in " ,=&"):
        _refuse(name, key, value, _BY_KEY[key].allowed)
    return value


_CELLS: Mapping[str, Callable[[str, str, str], Any]] = MappingProxyType(
    {
        "title": _text,
        "sign_name": _field,
        "sign_type_name": _field,
        "scope": _one_of,
        "sign_over": _one_of,
        "unsigned": _set,
        "sort": _one_of,
        "fields": _names,
        "empty": _one_of,
        "joiner": _text,
        "tail": _text,
        "charset": _one_of,
        "sign_encoding": lambda name, key, value: _ENCODINGS[value.lower()],
        "cipher_secret": _text,
        "answer_secret": _text,
        "content_form": _one_of,
        "content_order": _one_of,
        "answer_at": _one_of,
        "code_names": _names,
        "message_names": _names,
        "success": _set,
    }
)


def _site_ciphers(
    name: str, cells: Mapping[str, str], suffix: str, base: Mapping[str, Cipher | None]
) -> Mapping[str, Cipher | None]:
    ciphers = dict(base)
    for word in _CIPHER_WORDS:
        value = cells.get(word + suffix)
        if value is None:
            continue
        if value.lower() == _NONE:
            ciphers.pop(word.upper(), None)
        else:
            ciphers[word.upper()] = _cipher(name, word + suffix, value, ciphers.get(word.upper()))
    return MappingProxyType(ciphers)


def _cipher(name: str, key: str, value: str, base: Cipher | None) -> Cipher:
    """``AES-256/ECB direct base64``: the first word, then the others in any order."""

    def refuse() -> NoReturn:
        _refuse(name, key, value, _CIPHER_FORM)

    kind, *words = value.split() or [""]
    title, _, mode = kind.upper().partition("/")
    if title not in _ALGORITHMS or mode not in crypto.MODES:
        refuse()
    algorithm, key_bytes = _ALGORITHMS[title]
    block = crypto.BLOCK_BYTES[algorithm]
    iv = base.iv if base and len(base.iv) == block else IV_16 if block == len(IV_16) else IV_8
    cells = {
        "rule": base.rule if base else "direct",
        "encoding": base.encoding if base else "HEX",
        "charset": base.charset if base else "utf-8",
    }
    for word in words:
        low = word.lower()
        if low in RULES:
            cells["rule"] = low
        elif low in _ENCODINGS:
            cells["encoding"] = _ENCODINGS[low]
        elif low.startswith("charset=") and low[8:] in CODECS:
            cells["charset"] = low[8:]
        elif low.startswith("iv=text:") and word.isascii():
            iv = word[8:].encode("ascii")
        elif low.startswith("iv=hex:"):
            try:
                iv = bytes.fromhex(word[7:])
            except ValueError:
                refuse()
        else:
            refuse()
    if mode == "CBC" and len(iv) != block:
        _refuse(name, key, value, f"iv 为 {block} 字节（现为 {len(iv)} 字节）")
    return Cipher(algorithm, mode, key_bytes, iv if mode == "CBC" else b"", **cells)


def _site_sm2(name: str, cells: Mapping[str, str], base: Sm2) -> Sm2:
    private_key = cells.get("sm2_private_key", base.private_key)
    public_key = cells.get("sm2_public_key", base.public_key)
    if private_key and not crypto.sm2_private_fits(private_key):
        _refuse(name, "sm2_private_key", private_key, _BY_KEY["sm2_private_key"].allowed)
    if public_key and crypto.sm2_point(public_key) is None:
        _refuse(name, "sm2_public_key", public_key, _BY_KEY["sm2_public_key"].allowed + "，且为曲线上的点")
    user_id = cells.get("sm2_user_id") or base.user_id
    return Sm2(
        private_key,
        public_key,
        "" if user_id.lower() == "secret" else user_id,
        cells.get("sm2_form", base.form).lower(),
    )


def _check_whole(dialect: Dialect) -> None:
    """What no single key can show: cells that contradict each other."""
    if dialect.sort == "fixed" and not dialect.fields:
        _refuse(dialect.name, "fields", "", "sort = fixed 时必须列出字段")
    if dialect.scope == "inner" and dialect.sign_over == "sealed":
        _refuse(dialect.name, "sign_over", "sealed", "plain（scope = inner 时只能对明文签名）")
    if dialect.sign_name == dialect.sign_type_name:
        _refuse(dialect.name, "sign_type_name", dialect.sign_type_name, "不同于 sign_name 的字段名")
    if "SM2" in dialect.digests.values() and not dialect.sm2.private_key:
        _refuse(dialect.name, "sm2_private_key", "", "digest = SM2 时必须填写 64 个十六进制字符")
