"""The row type of the dialect table. Each column is declared here and nowhere else, in the order of a site's section.

A field gives its meaning (in English, for the documentation), its help (in Chinese, for the settings template) and what
may stand there; `columns` has the functions. A new column is a field with a default here and its use in `envelope`: the
template, the errors, the documentation and a site's own rows follow. The rows are in `presets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shim.bilingual import Bilingual, filled
from shim.codec import CODECS
from shim.crypto import byte_text
from shim.dialects.ciphers import Cipher, NotAllowed
from shim.dialects.columns import (
    ENC_TYPES,
    FAILURE,
    HEADERS,
    MADE,
    OUT_MADE,
    RENAMED,
    SUCCESS,
    Column,
    ValueForm,
    any_text,
    cell,
    cipher_cells,
    columns_of,
    field_name,
    name_list,
    name_set,
    names_or_none,
    one_of,
    signer_cells,
    some_of,
)
from shim.dialects.json_styles import ESCAPES, LAYOUTS
from shim.dialects.signers import SIGNERS

SM2_USER_ID = "1234567812345678"  # the default of the standards


def _read_private_key(value: str) -> str:
    if value:
        from shim.crypto.sm2 import sm2_private_fits

        if not sm2_private_fits(value):
            raise ValueError
    return value


def _read_public_key(value: str) -> str:
    if value:
        from shim.crypto.sm2 import sm2_point

        if sm2_point(value) is None:
            raise NotAllowed(
                Bilingual(
                    "128 个十六进制字符，或 04 加 128 个，且为曲线上的点",
                    "128 hexadecimal characters, or 04 and 128 more, which are a point of the curve",
                )
            )
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
        "which fields are signed: those of the envelope (outer), those in biz_content (inner), or both side by side, "
        "without biz_content itself (merged); or the JSON that is posted, without the sign (body)",
        "参加签名的字段：外层各字段，biz_content 内的各字段，或两者并列（merged，不含 biz_content 本身）；"
        "body 为不含签名的整个报文 JSON",
        one_of("outer", "inner", "merged", "body"),
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
        "the order of the fields: by ASCII, without regard to case, fixed (those in `fields` and no others), by ASCII "
        "backwards, or as they stand in the request (kept)",
        "字段次序：按 ASCII、不分大小写，按 fields 所列（只签这些），按 ASCII 倒序，或与报文相同",
        one_of("ascii", "ignore-case", "fixed", "descending", "kept"),
    )
    fields: tuple[str, ...] = cell(
        "the fields for sort = fixed, in their order",
        "sort = fixed 时的字段及次序",
        name_list("字段名，以逗号分隔", "field names with commas"),
    )
    empty: str = cell(
        "fields that are empty, null or (with sort = fixed) missing: left out (drop), or written `name=` (keep); null "
        "is written `name=null`, others as with keep (null)",
        "空字段：不参加（drop）或写作 名称=（keep）；null 同 keep，但值为 null 的写作 名称=null",
        one_of("drop", "keep", "null"),
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
    parts: str = cell(
        "what a field is in the base string: name and value, or its value alone",
        "签名文字中的字段：名称和值，或只有值",
        one_of("pairs", "values"),
        default="pairs",
    )
    equals: str = cell(
        "what stands between name and value",
        "名称与值之间的文字",
        any_text("任意文字，例如 = 或 :，或 none", "any text, such as = or :; none"),
        default="=",
    )
    value_form: str = cell(
        "how a value is written in the base string: as it is, percent-encoded with upper-case or lower-case hex, or as "
        "in a form (a blank is a plus sign)",
        "签名文字中的值：原样，或按 URL 编码（大写、小写十六进制），或按表单编码（空格为加号）",
        one_of("as-is", "url", "url-lower", "form"),
        default="as-is",
    )
    head: str = cell(
        "what stands before the fields",
        "字段之前的文字",
        any_text("任意文字，或 none", "any text; none"),
        default="",
    )
    secret_at: str = cell(
        "where the secret stands in the base string; append_secret = no leaves it out",
        "密钥在签名文字中的位置：末尾、开头或两端；append_secret = no 时都没有",
        one_of("end", "start", "both"),
        default="end",
    )
    lead: str = cell(
        "what stands before a secret at the start",
        "开头的密钥之前的文字",
        any_text("任意文字，例如 key=，或 none", "any text, such as key=; none"),
        default="",
    )
    base_case: str = cell(
        "the case of the base string: as it is, or all of it, or all but the secret, in upper or lower case",
        "签名文字的大小写：原样，全部大写或小写，或除密钥外大写、小写",
        one_of("as-is", "upper", "lower", "upper-but-secret", "lower-but-secret"),
        default="as-is",
    )

    # How it is signed: the word of sign_type, upper case, to a name of `SIGNERS`.
    signers: Mapping[str, str] = signer_cells()
    sign_encoding: str = cell("how the sign is written", "签名的编码", one_of(*byte_text.ENCODINGS))
    sign_again: str = cell(
        "whether the sign is signed once more: the text of the sign (text), or that text and the secret (text-secret)",
        "是否对签名再签一次：对签名的文字，或该文字加密钥",
        one_of("no", "text", "text-secret"),
        default="no",
    )
    sign_part: str = cell(
        "which characters of the sign are sent",
        "签名取哪些字符：全部，中间 16 个（第 9 至 24 个），前 16 个或后 16 个",
        one_of("all", "middle-16", "first-16", "last-16"),
        default="all",
    )
    secret_form: str = cell(
        "what is made of the application key before it signs and encrypts",
        "应用密钥用于签名和加密之前的处理：原样，去空白，大写，小写，或取 MD5（大写、小写十六进制）",
        one_of("as-is", "trimmed", "upper", "lower", "md5-upper", "md5-lower"),
        default="as-is",
    )

    # How biz_content is encrypted: the word of enc_type, upper case, to a cipher; None is plain text.
    ciphers: Mapping[str, Cipher | None] = cipher_cells("the cipher for `enc_type` = {}", "enc_type = {} 的加密方式")
    enc_types: tuple[tuple[str, str], ...] = cell(
        "other words of `enc_type`, in upper case: WORD=AES, WORD=PLAIN",
        "enc_type 的其他写法：词=AES、词=PLAIN 等，以逗号分隔",
        ENC_TYPES,
        default=(),
    )
    answer_ciphers: Mapping[str, Cipher | None] | None = cipher_cells(
        "the cipher for `enc_type` = {} in answers, if it is another",
        "应答中 enc_type = {} 的加密方式；不写则与请求相同",
        suffix="_answer",
        follows="ciphers",
        default=None,
    )
    app_key: str = cell(
        "the application key, if it is not `key` of InData; InData then needs no `key`",
        "应用密钥，与入参 key 不同时填写；填写后入参可以没有 key",
        any_text("任意文字", "any text; never logged"),
        secret=True,
        default="",
    )
    cipher_secret: str = cell(
        "the secret for ciphers, if it is not the application key",
        "加密所用的密钥，与应用密钥不同时填写",
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

    # What is posted.
    added: tuple[tuple[str, str], ...] = cell(
        "fields that are filled in before signing, whatever the host has put there; `biz_content.NAME` for one inside",
        "签名前一律填入的字段，医院程序填的不算；biz_content 内的写作 biz_content.字段名",
        MADE,
        default=(),
    )
    filled: tuple[tuple[str, str], ...] = cell(
        "the same for fields that the host has left out or empty",
        "医院程序没有给出时填入的字段",
        MADE,
        default=(),
    )
    put_place: str = cell(
        "where a field stands that is put in and was not there (a scanned code, `added`, `filled`): behind the host's, "
        "before them, or behind them with the code as the last one (code-last); at the top and inside biz_content",
        "补入的字段（所扫的码、added、filled）原来没有时的位置：医院程序的字段之后或之前，code-last 为之后、"
        "所扫的码在最后；顶层和 biz_content 内相同",
        one_of("end", "start", "code-last"),
        default="end",
    )
    dropped: frozenset[str] = cell(
        "fields of InData that are neither signed nor sent, besides `key`",
        "除 key 外，不签名也不发送的入参字段",
        name_set("字段名，以逗号分隔，或 none", "field names with commas; none"),
        default=frozenset(),
    )
    may_be_empty: frozenset[str] = cell(
        "common fields that the host may leave out or empty; without it such a call is refused before anything is sent",
        "医院程序可以不给或给空值的公共参数；不在其中的为空时，不发送即返回错误",
        some_of("app_id", "method", "term_id", "version"),
        default=frozenset(),
    )
    renamed: tuple[tuple[str, str], ...] = cell(
        "fields that are signed and sent under another name",
        "以另一名称签名并发送的字段",
        RENAMED,
        default=(),
    )
    host_words: str = cell(
        "codes, numbers, names of methods and fields: without the blanks around them and as the specification spells "
        "them (tidied), or as the host writes them",
        "代码、编号、接口名和字段名：去掉两端空白并按规范的写法，或照医院程序所写",
        one_of("tidied", "kept"),
        default="tidied",
    )
    content_text: str = cell(
        "the text of biz_content: written anew, or the host's own, letter for letter; a code or an added field is then "
        "put into that text, and the other columns content_… do not count",
        "biz_content 的文字：重新写出，或与医院程序给的一字不差（所扫的码、added 的字段补入其中，"
        "其余 content_ 各项不起作用）",
        one_of("compact", "verbatim"),
        default="compact",
    )
    content_place: str = cell(
        "where biz_content stands with body_order = kept: behind the other fields, or where the host has it",
        "body_order = kept 时 biz_content 的位置：其他字段之后，或与入参相同",
        one_of("end", "host"),
        default="end",
    )
    content_spaces: str = cell(
        "the blanks in the text of biz_content (below, body_spaces)",
        "biz_content 文字中的空白，写法同 body_spaces",
        one_of(*LAYOUTS),
        default="none",
    )
    content_escape: str = cell(
        "the characters that the text of biz_content has as escapes (below, body_escape)",
        "biz_content 文字中的转义，写法同 body_escape",
        one_of(*ESCAPES),
        default="none",
    )
    content_empty: str = cell(
        "fields of biz_content that are empty or null: sent or left out",
        "biz_content 内的空字段：照发或不发",
        one_of("keep", "drop"),
        default="keep",
    )
    content_values: str = cell(
        "numbers and booleans inside biz_content: as they are, or as strings (text); null as an empty one, too "
        "(text-null)",
        "biz_content 内的数字和布尔值：原样，或写作字符串；text-null 时 null 也写作空字符串",
        one_of("as-is", "text", "text-null"),
        default="as-is",
    )
    body_form: str = cell(
        "what is posted: JSON, or the fields as a form (`a=1&b=2`, percent-encoded)",
        "报文：JSON，或表单（a=1&b=2）",
        one_of("json", "form"),
        default="json",
    )
    body_order: str = cell(
        "the order of the fields: the host's, by ASCII, or those in `body_fields` first",
        "报文各字段的次序：与入参相同，按 ASCII，或 body_fields 所列的在前",
        one_of("kept", "sorted", "fixed"),
        default="kept",
    )
    body_fields: tuple[str, ...] = cell(
        "the fields for body_order = fixed, in their order; the others follow in the host's",
        "body_order = fixed 时在前的字段及次序",
        names_or_none(),
        default=(),
    )
    sign_place: str = cell(
        "where the sign stands with body_order = kept: at the end, at the start, or where the host has a field `sign` "
        "(else at the end); or nowhere, where only a header has it",
        "body_order = kept 时签名的位置：末尾，开头，或入参中 sign 的位置（没有则在末尾）；"
        "nowhere 为不在报文中（只在 HTTP 头中）",
        one_of("end", "start", "host", "nowhere"),
        default="end",
    )
    body_charset: str = cell("the charset of what is posted", "报文的字符集", one_of(*CODECS), default="utf-8")
    body_spaces: str = cell(
        "the blanks in what is posted (below)", "报文 JSON 中的空白和换行", one_of(*LAYOUTS), default="none"
    )
    body_escape: str = cell(
        "the characters that stand there as escapes (below)", "报文 JSON 中的转义", one_of(*ESCAPES), default="none"
    )
    body_empty: str = cell(
        "fields that are empty or null: sent or left out", "空字段：照发或不发", one_of("keep", "drop"), default="keep"
    )
    body_values: str = cell(
        "numbers and booleans at the top: as they are, or as strings (text); null as an empty one, too (text-null)",
        "顶层的数字和布尔值：原样，或写作字符串；text-null 时 null 也写作空字符串",
        one_of("as-is", "text", "text-null"),
        default="as-is",
    )
    body_mark: str = cell(
        "what stands before the body: nothing, or a byte-order mark", "报文之前：没有，或 BOM", one_of("none", "bom"),
        default="none",
    )  # fmt: skip
    body_end: str = cell(
        "what follows the body", "报文之后：没有，换行，回车换行，或一个 NUL", one_of("none", "lf", "crlf", "nul"),
        default="none",
    )  # fmt: skip
    headers: tuple[tuple[str, str], ...] = cell(
        "HTTP headers that are sent, too; one of a name that is sent anyway takes its place",
        "另外发送的 HTTP 头；与原有的同名时取代之",
        HEADERS,
        secret=True,  # one may be a password
        default=(),
    )
    answer_content: str = cell(
        "the field of an answer that holds biz_content",
        "应答中放 biz_content 的字段名",
        field_name("字段名，例如 biz_content 或 data", "a field name, such as biz_content or data"),
        default="biz_content",
    )

    # What the host gets.
    out_form: str = cell(
        "OutData after success: the opened biz_content; the whole answer with biz_content opened in its place, as JSON "
        "(envelope) or as text (envelope-text); code, message and the opened biz_content side by side (wrapped); the "
        "answer as it came; its message",
        "成功时的出参：解开的 biz_content；整个应答，其中 biz_content 已解开（JSON 或文字）；"
        "返回码、说明和解开的 biz_content（wrapped）；应答原样；或应答的说明",
        one_of("content", "envelope", "envelope-text", "wrapped", "answer", "message"),
        default="content",
    )
    out_order: str = cell(
        "the order of its fields: by ASCII, the platform's, or those in `out_fields` first",
        "出参各字段的次序：按 ASCII，与应答相同，或 out_fields 所列的在前",
        one_of("sorted", "kept", "fixed"),
        default="sorted",
    )
    out_fields: tuple[str, ...] = cell(
        "the fields for out_order = fixed, in their order; the others follow in the platform's",
        "out_order = fixed 时在前的字段及次序",
        names_or_none(),
        default=(),
    )
    out_text: str = cell(
        "its text: written anew, or the platform's own, letter for letter, as far as nothing in it is changed",
        "出参的文字：重新写出，或与平台给的一字不差（其中没有改动时）",
        one_of("compact", "verbatim"),
        default="compact",
    )
    out_spaces: str = cell(
        "the blanks in OutData (above, body_spaces)", "出参中的空白，写法同 body_spaces", one_of(*LAYOUTS),
        default="none",
    )  # fmt: skip
    out_escape: str = cell(
        "the characters that OutData has as escapes (above, body_escape)",
        "出参中的转义，写法同 body_escape",
        one_of(*ESCAPES),
        default="none",
    )
    out_end: str = cell(
        "what follows OutData", "出参之后：没有，换行，或回车换行", one_of("none", "lf", "crlf"), default="none"
    )
    out_dropped: frozenset[str] = cell(
        "fields of OutData that the host does not get",
        "出参中去掉的字段",
        name_set("字段名，以逗号分隔，或 none", "field names with commas; none"),
        default=frozenset(),
    )
    out_renamed: tuple[tuple[str, str], ...] = cell(
        "fields of OutData under another name", "出参中改名的字段", RENAMED, default=()
    )
    out_added: tuple[tuple[str, str], ...] = cell(
        "fields that OutData has in any case", "出参中一律填入的字段", OUT_MADE, default=()
    )
    out_failure: str = cell(
        "OutData of a platform's refusal: its text; code and text with a colon; JSON with code and message under the "
        "first of `code_names` and `message_names`, the code as text or as a number; the answer as it came",
        "平台拒绝时的出参：说明；返回码、半角冒号和说明；含返回码和说明的 JSON，返回码为字符串或数字；或应答原样",
        one_of("message", "code-message", "json", "json-number", "answer"),
        default="message",
    )
    returned_success: str = cell("what the export returns after success", "成功时的返回值", SUCCESS, default="00")
    returned_failure: str = cell(
        "what it returns after a platform's refusal",
        "平台拒绝时的返回值",
        FAILURE,
        default="platform",
    )

    def __repr__(self) -> str:
        return f"<Dialect {self.name}>"  # secrets stay out of logs and tracebacks


DIALECT_COLUMNS: Mapping[str, Column] = columns_of(Dialect)


_OTHER_THAN_SIGN = Bilingual("不同于 sign_name 的字段名", "the name of another field than sign_name")
_OTHER_THAN_CODE = Bilingual("不同于 code_names 的字段名", "the name of another field than code_names")
_NOT_SORTED = Bilingual("kept（content_text = verbatim 时不能排序）", "kept (content_text = verbatim cannot be sorted)")
_SM2_STAYS = Bilingual(
    "no、all（SM2 签名不能再签或截取）", "no and all (an SM2 signature is neither signed again nor cut)"
)


def contradiction(row: Dialect) -> tuple[str, str, Bilingual] | None:
    """What no single column shows: key, value and what it should be of a cell that another rules out."""
    if row.sort == "fixed" and not row.fields:
        return "fields", "", Bilingual("sort = fixed 时必须列出字段", "the names of the fields, with sort = fixed")
    if row.scope in ("inner", "merged") and row.sign_over == "sealed":
        texts = "plain（scope = {scope} 时只能对明文签名）", "plain (scope = {scope} signs nothing else)"
        return "sign_over", "sealed", filled(*texts, {"scope": row.scope})
    if row.sign_name == row.sign_type_name:
        return "sign_type_name", row.sign_type_name, _OTHER_THAN_SIGN
    if row.content_text == "verbatim" and row.content_order == "sorted":
        return "content_order", "sorted", _NOT_SORTED
    if row.out_failure in ("json", "json-number") and row.code_names[0] == row.message_names[0]:
        return "message_names", row.message_names[0], _OTHER_THAN_CODE
    repeated = row.sign_again != "no" or row.sign_part != "all"
    if repeated and any(SIGNERS[kind].needs for kind in row.signers.values()):
        return "sign_again" if row.sign_again != "no" else "sign_part", "", _SM2_STAYS
    for kind in row.signers.values():
        for needed in SIGNERS[kind].needs:
            if not getattr(row, needed):
                (key,) = DIALECT_COLUMNS[needed].keys
                texts = "digest = {kind} 时必须填写 {form}", "needed with digest = {kind}: {form}"
                return needed, "", filled(*texts, {"kind": kind, "form": key.form.advice})
    return None
