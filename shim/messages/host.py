"""Rows: what is wrong with what the host program passed in: its pointers, its text, its JSON, its fields.

The clerk is told the field, too: they read it out on the phone, and the developer of the host program needs it.
"""

from __future__ import annotations

from shim.errors import Message, Reason
from shim.messages.clerk import IT_DEPARTMENT

ROOM = 26
"""Characters in the brackets of a clerk's text of these rows that leave it whole, also with a code of four digits."""


def short(name: str, limit: int = 18) -> str:
    """A name that a host has chosen, cut for the clerk's text; no field of the specifications is longer."""
    return name if len(name) <= limit else f"{name[: limit - 1]}…"


def _row(key: str, reason: Reason, where: str, engineer: str, *, english: str, **usual: object) -> Message:
    """A row whose clerk's text says that the data are wrong, and in brackets where."""
    clerk = f"医院程序传来的数据有误（{where}）"
    return Message(f"host.{key}", reason, clerk, engineer, usual, then=IT_DEPARTMENT, again=False, english=english)


# ---- pointers and text -----------------------------------------------------------------------------------------------

NULL = _row(
    "null", Reason.NULL_ARGUMENT, "缺少 {parameter}",
    "参数 {parameter} 是空指针（{clause}），请检查医院程序的声明和调用",
    parameter="InData", clause="VC 3.2",
    english="parameter {parameter} is a null pointer ({clause}); check its declaration and its calls in the hospital "
    "program",
)  # fmt: skip
UNREADABLE = _row(
    "unreadable", Reason.UNREADABLE_ARGUMENT, "{parameter} 无法读取",
    "参数 {parameter} 指向无法读取的内存，或没有以 NUL 结尾（{clause}），请检查医院程序的声明和调用",
    parameter="InData", clause="VC 3.2",
    english="parameter {parameter} points to memory that cannot be read, or does not end with a NUL ({clause}); check "
    "its declaration and its calls in the hospital program",
)  # fmt: skip
TOO_LONG = _row(
    "too_long", Reason.ARGUMENT_TOO_LONG, "{parameter} 太长",
    "参数 {parameter} 超过 4 MB，无法受理（{clause}），请检查医院程序",
    parameter="InData", clause="VC 3.2",
    english="parameter {parameter} has more than 4 MB and is not accepted ({clause}); check the hospital program",
)  # fmt: skip
NO_BUFFER = _row(
    "no_buffer", Reason.NULL_ARGUMENT, "{parameter} 不能写入",
    "参数 {parameter} 是空指针或不可写（{clause}），请检查医院程序分配的缓冲区",
    parameter="OutData", clause="VC 3.2",
    english="parameter {parameter} is a null pointer or cannot be written to ({clause}); check the buffer of the "
    "hospital program",
)  # fmt: skip
WIDE = _row(
    "wide", Reason.INVALID_CHARSET, "{parameters} 是宽字符",
    "参数 {parameters} 传入的是宽字符（UTF-16）；"
    "请按 ANSI 声明（PowerBuilder 加 ;ansi，Delphi 用 PAnsiChar，C# 用 CharSet.Ansi）",
    parameters="strUrl、InData",
    english="wide characters (UTF-16) were passed as {parameters}; declare them as ANSI (;ansi in PowerBuilder, "
    "PAnsiChar in Delphi, CharSet.Ansi in C#)",
)  # fmt: skip
RATHER_UTF_8 = _row(
    "rather_utf_8", Reason.INVALID_CHARSET, "{parameters} 的编码不对",
    "参数 {parameters} 像是 UTF-8 文本，而 vcshim.ini 的 [abi] charset = gbk，汉字会变成别的字；"
    "请把 charset 设为 utf-8，或由医院程序改用 GBK",
    parameters="InData",
    english="{parameters} look like UTF-8, while [abi] charset of vcshim.ini is gbk, and Chinese becomes other "
    "characters; set charset to utf-8, or let the hospital program use GBK",
)  # fmt: skip
BAD_CHARSET = _row(
    "bad_charset", Reason.INVALID_CHARSET, "{field} 的编码不对",
    "{field} 第 {byte} 字节不是 {charset} 字符，请检查医院程序的编码和 vcshim.ini 的 [abi] charset",
    field="InData", byte=12, charset="GBK",
    english="byte {byte} of {field} is not a {charset} character; check the charset of the hospital program and [abi] "
    "charset of vcshim.ini",
)  # fmt: skip
OTHER_CHARSET = _row(
    "other_charset", Reason.INVALID_CHARSET, "{field} 的编码不对",
    "{field} 第 {byte} 字节不是 {charset} 字符，全文是 {other} 文本；"
    "请把 vcshim.ini 的 [abi] charset 设为 {setting}，或由医院程序改用 {charset}",
    field="InData", byte=12, charset="GBK", other="UTF-8", setting="utf-8",
    english="byte {byte} of {field} is not a {charset} character, and the whole is {other}; set [abi] charset of "
    "vcshim.ini to {setting}, or let the hospital program use {charset}",
)  # fmt: skip
HALF_CHARACTER = _row(
    "half_character", Reason.INVALID_CHARSET, "{field} 有半个字",
    "{field} 中有半个字符（单独的 \\uD800 至 \\uDFFF），可能是生僻字被截断，请检查医院程序对它的截取和编码",
    field="InData",
    english="{field} has half a character (\\uD800 to \\uDFFF alone), perhaps a rare one that was cut; check where "
    "the hospital program cuts and encodes it",
)  # fmt: skip
HALF_CHARACTER_IN_FIELD = _row(
    "half_character_in_field", Reason.INVALID_CHARSET, "字段 {short} 有半个字",
    "{field} 的字段 {name} 中有半个字符（单独的 \\uD800 至 \\uDFFF），可能是生僻字被截断，"
    "请检查医院程序对该字段的截取和编码",
    field="InData", name="data.userName", short="data.userName",
    english="field {name} of {field} has half a character (\\uD800 to \\uDFFF alone), perhaps a rare one that was "
    "cut; check where the hospital program cuts and encodes it",
)  # fmt: skip

# ---- JSON ------------------------------------------------------------------------------------------------------------

NOT_JSON = _row(
    "not_json", Reason.NOT_JSON, "{field} 的格式不对",
    "{field} 的 JSON 格式不对（第 {line} 行第 {column} 个字符处出错，共 {size} 字），请检查引号、逗号和括号",
    field="InData", line=1, column=12, size=345,
    english="{field} is not valid JSON (at character {column} of line {line}, of {size} characters); check quotation "
    "marks, commas and brackets",
)  # fmt: skip
NOT_OBJECT = _row(
    "not_object", Reason.NOT_JSON, "{field} 的格式不对", "{field} 应为一个 JSON 对象（{clause}）",
    field="InData", clause="VC 3.2",
    english="{field} should be a JSON object ({clause})",
)  # fmt: skip
NOT_A_NUMBER = _row(
    "not_a_number", Reason.NOT_JSON, "{field} 的格式不对", "{field} 中的 {word} 不是 JSON 数值，请改正",
    field="InData", word="NaN",
    english="{word} in {field} is not a JSON number; correct it",
)  # fmt: skip
TWICE = _row(
    "twice", Reason.NOT_JSON, "字段 {short} 重复出现",
    "{field} 中字段 {name} 重复出现且值不同，请只保留一个",
    field="InData", name="term_id", short="term_id",
    english="field {name} stands in {field} twice with different values; keep one",
)  # fmt: skip
TOO_DEEP = _row(
    "too_deep", Reason.NOT_JSON, "{field} 的格式不对", "{field} 的 JSON 嵌套超过 {limit} 层，无法受理，请检查入参",
    field="InData", limit=64,
    english="the JSON of {field} is nested more than {limit} deep and is not accepted; check it",
)  # fmt: skip
TOO_MANY_VALUES = _row(
    "too_many_values", Reason.NOT_JSON, "{field} 的内容太多",
    "{field} 的 JSON 超过 {limit} 个值，无法受理，请检查入参",
    field="InData", limit=100000,
    english="the JSON of {field} has more than {limit} values and is not accepted; check it",
)  # fmt: skip
TOO_MANY_CONTROLS = _row(
    "too_many_controls", Reason.NOT_JSON, "{field} 的格式不对",
    "{field} 中的控制字符超过 {limit} 个，无法受理，请检查入参",
    field="InData", limit=100000,
    english="{field} has more than {limit} control characters and is not accepted; check it",
)  # fmt: skip

# ---- the frame of a request ------------------------------------------------------------------------------------------

_SLIP_ENGLISH = "; the unknown field {slip} may be a slip of it; check it"


def _common(name: str, reason: Reason, title: str) -> tuple[Message, Message]:
    """The rows for a common field of VC 4.1.1 that is missing: as it is, and where another may be a slip of it."""
    place, missing = f"缺少{title} {name}", f"InData 缺少 {name}（{title}，VC 4.1.1）"
    slip = f"{missing}；收到未知字段 {{slip}}，可能是它的误写，请核对"
    english = f"InData has no {name} (VC 4.1.1)"
    return (
        _row(f"no_{name}", reason, place, missing, english=english),
        _row(f"slip_of_{name}", reason, place, slip, english=english + _SLIP_ENGLISH, slip=f"{name}s"),
    )


NO_METHOD, SLIP_OF_METHOD = _common("method", Reason.NO_METHOD, "接口名称")
NO_APP_ID, SLIP_OF_APP_ID = _common("app_id", Reason.NO_APP_ID, "应用编号")
NO_TERM_ID, SLIP_OF_TERM_ID = _common("term_id", Reason.NO_TERM_ID, "终端编号")
NO_VERSION, SLIP_OF_VERSION = _common("version", Reason.NO_VERSION, "接口版本号")
NO_KEY, SLIP_OF_KEY = _common("key", Reason.INVALID_FIELD, "应用密钥")
NO_CONTENT = _row(
    "no_biz_content", Reason.INVALID_FIELD, "缺少请求参数集合 biz_content",
    "InData 缺少 biz_content（请求参数集合，VC 4.1.1）：业务参数应放在 biz_content 对象中",
    english="InData has no biz_content (VC 4.1.1): the fields of the request belong into an object biz_content",
)  # fmt: skip
NO_DATA = _row(
    "no_data", Reason.INVALID_FIELD, "缺少接口请求参数 data",
    "InData 缺少 data（接口请求参数，EC B.1）：业务参数应放在 data 对象中",
    english="InData has no data (EC B.1): the fields of the request belong into an object data",
)  # fmt: skip
SIGN_TYPE = _row(
    "sign_type", Reason.UNKNOWN_SIGN_TYPE, "签名类型 sign_type 没有此项",
    "入参 sign_type = {word}（签名类型，VC 4.1.1）没有此项，可用：{known}",
    word="RSA", known="MD5、SM3",
    english="InData has sign_type = {word} (VC 4.1.1), which does not exist; there are: {known}",
)  # fmt: skip
SIGN_TYPE_SLIP = _row(
    "sign_type_slip", Reason.UNKNOWN_SIGN_TYPE, "签名类型 sign_type 没有此项",
    "入参 sign_type = {word}（签名类型，VC 4.1.1）没有此项，是否应为 {meant}？可用：{known}",
    word="MD-5", meant="MD5", known="MD5、SM3",
    english="InData has sign_type = {word} (VC 4.1.1), which does not exist (did you mean {meant}?); there are: "
    "{known}",
)  # fmt: skip
ENC_TYPE = _row(
    "enc_type", Reason.UNKNOWN_ENC_TYPE, "加密类型 enc_type 没有此项",
    "入参 enc_type = {word}（加密类型，VC 4.1.1）没有此项，可用：{known}",
    word="RSA", known="PLAIN、AES、DES、SM4",
    english="InData has enc_type = {word} (VC 4.1.1), which does not exist; there are: {known}",
)  # fmt: skip
ENC_TYPE_SLIP = _row(
    "enc_type_slip", Reason.UNKNOWN_ENC_TYPE, "加密类型 enc_type 没有此项",
    "入参 enc_type = {word}（加密类型，VC 4.1.1）没有此项，是否应为 {meant}？可用：{known}",
    word="AEs128", meant="AES", known="PLAIN、AES、DES、SM4",
    english="InData has enc_type = {word} (VC 4.1.1), which does not exist (did you mean {meant}?); there are: {known}",
)  # fmt: skip
KEY_NOT_HEX = _row(
    "key_not_hex", Reason.INVALID_FIELD, "应用密钥 key 的格式不对",
    "应用密钥 key 应为 {wanted} 个十六进制字符（现为 {size} 字），请核对 key 与 [wire] dialect",
    wanted=32, size=30,
    english="the application key should be {wanted} hexadecimal characters (it has {size} characters); check key and "
    "[wire] dialect",
)  # fmt: skip
KEY_NOT_BASE64 = _row(
    "key_not_base64", Reason.INVALID_FIELD, "应用密钥 key 的格式不对",
    "应用密钥 key 应为 {wanted} 字节的 base64（现为 {size} 字），请核对 key 与 [wire] dialect",
    wanted=16, size=32,
    english="the application key should be {wanted} bytes in base64 (it has {size} characters); check key and [wire] "
    "dialect",
)  # fmt: skip

SIMULATOR_ADDRESS = _row(
    "simulator_address", Reason.UNSUPPORTED_URL, "请求地址 strUrl 没有此项",
    "模拟平台没有地址 {address}，可用：{known}",
    address="sim:/nothing", known="sim:、sim:/ehcService/gateway.do",
    english="the simulator has no address {address}; there are: {known}",
)  # fmt: skip
SIMULATOR_WORD = _row(
    "simulator_word", Reason.UNSUPPORTED_URL, "请求地址 strUrl 的格式不对", "模拟平台不认识地址中的 sim 参数：{why}",
    why="unknown directive: slow",
    english="the simulator does not know the sim parameter of the address: {why}",
)  # fmt: skip

# ---- findings of a check against the field rows ----------------------------------------------------------------------

_FIELD = {"field": "out_verify_no", "title": "外部验证流水号", "clause": "VC 4.2.1"}
_PLACED = {**_FIELD, "place": "外部验证流水号 out_verify_no"}


def _missing(key: str, clerk: str, in_case: bool = False, has_slip: bool = False) -> Message:
    """A row for a required field that is missing."""
    case, english_case = ("；{case}必填", "; required {case}") if in_case else ("", "")
    slip, english_slip = ("；收到未知字段 {slip}，可能是它的误写，请核对", _SLIP_ENGLISH) if has_slip else ("", "")
    return _row(
        key, Reason.INVALID_FIELD, clerk, f"缺少必填字段 {{field}}（{{title}}，{{clause}}{case}）{slip}",
        english=f"the required field {{field}} is missing ({{clause}}{english_case}){english_slip}",
        **_FIELD, case="二维码为医保电子凭证或 IsMultiCode 为 0 时", slip="out_verifyno",
    )  # fmt: skip


_TITLED, _LONG = "缺少{title} {field}", "缺少 {field}"  # some fields are too long together with their title
MISSING = _missing("missing", _TITLED)
MISSING_SLIP = _missing("missing_slip", _TITLED, has_slip=True)
MISSING_IN_CASE = _missing("missing_in_case", _TITLED, in_case=True)
MISSING_SLIP_IN_CASE = _missing("missing_slip_in_case", _TITLED, in_case=True, has_slip=True)
MISSING_LONG = _missing("missing_long", _LONG)
MISSING_LONG_SLIP = _missing("missing_long_slip", _LONG, has_slip=True)
MISSING_LONG_IN_CASE = _missing("missing_long_in_case", _LONG, in_case=True)
MISSING_LONG_SLIP_IN_CASE = _missing("missing_long_slip_in_case", _LONG, in_case=True, has_slip=True)
MISSPELT = _row(
    "misspelt", Reason.INVALID_FIELD, "字段 {field} 可能写错",
    "未知字段 {slip} 可能是 {field}（{title}，{clause}）的误写，请核对", **_FIELD, slip="out_verifyno",
    english="unknown field {slip} may be a slip of {field} ({clause}); check it",
)  # fmt: skip
LONG_VALUE = _row(
    "long_value", Reason.INVALID_FIELD, "{place} 太长",
    "字段 {field}（{title}，{clause}）最多 {limit} 字，实为 {size} 字，请缩短", **_PLACED, limit=32, size=100,
    english="field {field} ({clause}) has at most {limit} characters, and has {size}; shorten it",
)  # fmt: skip
NO_ENTRY = _row(
    "no_entry", Reason.INVALID_FIELD, "{place} 不在字典中",
    "字段 {field}（{title}，{clause}）的值不在字典“{dictionary}”（{table}）中，收到 {value}，请核对",
    field="id_type", title="证件类型", clause="VC 4.1.2", place="证件类型 id_type", value="***（2 字）",
    dictionary="证件类型字典", table="VC 附录2.2",
    english="the value of field {field} ({clause}) is not in its dictionary ({table}), it is {value}; check it",
)  # fmt: skip
UNKNOWN_METHOD = _row(
    "unknown_method", Reason.UNKNOWN_METHOD, "接口名称 method 没有此项",
    "接口名称 method = {name} 不在 VC 附录2.1 中，请核对", name="ehc.ehealthcard.nothing",
    english="method = {name} is not in VC appendix 2.1; check it",
)  # fmt: skip
UNKNOWN_METHOD_SLIP = _row(
    "unknown_method_slip", Reason.UNKNOWN_METHOD, "接口名称 method 没有此项",
    "接口名称 method = {name} 不在 VC 附录2.1 中，是否应为 {meant}？请核对",
    name="ehc.ehealthcode.verfy", meant="ehc.ehealthcode.verify",
    english="method = {name} is not in VC appendix 2.1 (did you mean {meant}?); check it",
)  # fmt: skip
UNKNOWN_TYPE_SLIP = _row(
    "unknown_type_slip", Reason.UNKNOWN_METHOD, "交易类型 transType 没有此项",
    "交易类型 transType = {name} 没有此项（EC B.1），是否应为 {meant}？请核对", name="ec.qurey", meant="ec.query",
    english="transType = {name} does not exist (EC B.1; did you mean {meant}?); check it",
)  # fmt: skip
BOTH = _row(
    "both", Reason.INVALID_FIELD, "{places} 等 2 处", "{first}；{second}",
    places="name、phone", first="缺少必填字段 name（姓名，VC 4.1.2）",
    second="字段 phone（手机号码，VC 4.1.2）最多 20 字，实为 33 字，请缩短",
    english="{first}; {second}",
)  # fmt: skip
MANY = _row(
    "many", Reason.INVALID_FIELD, "{places} 等 {count} 处", "{first}；{second}；等 {count} 处，详见日志",
    places="name、phone", first="缺少必填字段 name（姓名，VC 4.1.2）",
    second="字段 phone（手机号码，VC 4.1.2）最多 20 字，实为 33 字，请缩短", count=7,
    english="{first}; {second}; {count} of that kind, all of them in the log",
)  # fmt: skip
