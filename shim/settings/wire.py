"""[wire]: what goes over the wire to a platform. Read by shim/service.py and shim/wiring.py."""

from __future__ import annotations

from typing import ClassVar

from shim.bilingual import Bilingual
from shim.settings.option import Section, listed, text, word
from shim.settings.pairs import read_pairs


def _dialect_problem(value: str) -> Bilingual | None:
    """Which names there are is known to shim/wiring.py."""
    return None if value else Bilingual("应为报文格式的名称", "it should be the name of a message format")


def _pairs_problem(value: str) -> Bilingual | None:
    """What the pairs mean is known to shim/dialects/nation.py."""
    try:
        read_pairs(value)
    except ValueError:
        return Bilingual("应为 名称=值，以逗号分隔", "it should be NAME=VALUE, with commas")
    return None


class WireSettings(Section):
    """[wire]."""

    NAME: ClassVar[str] = "wire"
    LIVE: ClassVar[bool] = True

    dialect: str = text(
        "ehcservice",
        "报文的签名和加密格式，须与多码融合平台一致：预置名称（见本文件末尾），或本文件中 [dialect 名称] 一节的名称",
        _dialect_problem,
        refuses=True,
    )
    verify: str = word(
        "warn",
        "核对多码融合平台应答的签名（验签）：off 不核对；warn 验签失败只记日志；strict 验签失败即拒绝（9003）",
        ("off", "warn", "strict"),
        refuses=True,
    )
    content_type: str = text("application/json; charset=UTF-8", "请求的 Content-Type 头；一般不用改")
    ec_code_field: str = text("ecQrCode", "医保请求的 data 中，放所扫医保码的字段名")
    ec_code_place: str = word(
        "data", "医保请求中所扫医保码的位置：data；extra；top 为入参顶层", ("data", "top", "extra"), refuses=True
    )
    ec_code_names: tuple[str, ...] = listed("code", "医保应答中返回码的字段名，依次查找")
    ec_message_names: tuple[str, ...] = listed("message, msg", "医保应答中说明的字段名，依次查找")
    ec_success: tuple[str, ...] = listed("0, 0000", "医保应答中表示成功的返回码")
    ec_body_text: str = word(
        "compact",
        "医保请求的报文：compact 重新写出；verbatim 与入参一字不差，只补入所扫的码等",
        ("compact", "verbatim"),
        refuses=True,
    )
    ec_body_order: str = word(
        "kept",
        "医保请求各字段的次序：kept 与入参相同；sorted 按 ASCII；sorted-all 各层都按 ASCII；"
        "fixed 为 ec_body_fields 所列的在前",
        ("kept", "sorted", "sorted-all", "fixed"),
        refuses=True,
    )
    ec_body_fields: tuple[str, ...] = listed("", "ec_body_order = fixed 时在前的字段及次序")
    ec_data_form: str = word(
        "as-is",
        "医保请求中的 data：as-is 与入参相同；object 一律为对象；text 一律为 JSON 字符串",
        ("as-is", "object", "text"),
        refuses=True,
    )
    ec_body_empty: str = word(
        "keep",
        "医保请求顶层、data 和 extra 内的空字段：keep 照发；drop 不发",
        ("keep", "drop"),
        refuses=True,
    )
    ec_body_values: str = word(
        "as-is",
        "医保请求顶层的数字和布尔值：as-is 原样；text 写作字符串；text-null 时 null 也写作空字符串",
        ("as-is", "text", "text-null"),
        refuses=True,
    )
    ec_body_charset: str = word("utf-8", "医保请求报文的字符集", ("utf-8", "gbk"), refuses=True)
    ec_body_spaces: str = text("none", "医保请求 JSON 中的空白和换行，写法同报文格式的 body_spaces", refuses=True)
    ec_body_escape: str = text("none", "医保请求 JSON 中的转义，写法同报文格式的 body_escape", refuses=True)
    ec_body_mark: str = word("none", "医保请求的报文之前：none 没有；bom", ("none", "bom"), refuses=True)
    ec_body_end: str = word(
        "none",
        "医保请求的报文之后：none 没有；lf 换行；crlf 回车换行；nul",
        ("none", "lf", "crlf", "nul"),
        refuses=True,
    )
    ec_added: str = text(
        "", "医保请求中一律填入的字段，写法同报文格式的 added，data 内的写作 data.字段名", _pairs_problem, refuses=True
    )
    ec_filled: str = text("", "医保请求中医院程序没有给出时填入的字段，写法同上", _pairs_problem, refuses=True)
    ec_put_place: str = word(
        "end",
        "医保请求中补入的字段（所扫的码、ec_added 等）原来没有时的位置：end 其他字段之后；start 之前；"
        "code-last 之后，所扫的码在最后",
        ("end", "start", "code-last"),
        refuses=True,
    )
    ec_dropped: tuple[str, ...] = listed("", "医保请求中不发送的顶层字段")
    ec_renamed: str = text("", "医保请求中改名发送的顶层字段：原名=新名，以逗号分隔", _pairs_problem, refuses=True)
    ec_headers: str = text(
        "", "医保请求另外发送的 HTTP 头：名称=值，以逗号分隔；与原有的同名时取代之", _pairs_problem, refuses=True
    )
    ec_out_form: str = word(
        "mapped",
        "医保应答成功时的出参：mapped 为 code、data、message、orgId；answer 为平台的应答",
        ("mapped", "answer"),
        refuses=True,
    )
    ec_out_order: str = word(
        "sorted",
        "医保出参各字段的次序：sorted 按 ASCII；kept 与应答相同；fixed 为 ec_out_fields 所列的在前",
        ("sorted", "kept", "fixed"),
        refuses=True,
    )
    ec_out_fields: tuple[str, ...] = listed("", "ec_out_order = fixed 时在前的字段及次序")
    ec_out_text: str = word(
        "compact",
        "医保出参的文字：compact 重新写出；verbatim 与应答一字不差（其中没有改动时）",
        ("compact", "verbatim"),
        refuses=True,
    )
    ec_out_spaces: str = text("none", "医保出参中的空白，写法同报文格式的 body_spaces", refuses=True)
    ec_out_escape: str = text("none", "医保出参中的转义，写法同报文格式的 body_escape", refuses=True)
    ec_out_end: str = word(
        "none", "医保出参之后：none 没有；lf 换行；crlf 回车换行", ("none", "lf", "crlf"), refuses=True
    )
    ec_out_data_form: str = word(
        "as-is",
        "医保出参中的 data：as-is 与应答相同；object 一律为对象；text 一律为 JSON 字符串",
        ("as-is", "object", "text"),
        refuses=True,
    )
    ec_out_dropped: tuple[str, ...] = listed("", "医保出参中去掉的字段，data 内的写作 data.字段名")
    ec_out_renamed: str = text(
        "",
        "医保出参中改名的字段：原名=新名，以逗号分隔，data 内的写作 data.原名=新名",
        _pairs_problem,
        refuses=True,
    )
    ec_out_added: str = text("", "医保出参中一律填入的字段，写法同报文格式的 out_added", _pairs_problem, refuses=True)
    ec_out_failure: str = word(
        "mapped",
        "医保平台拒绝时的出参：mapped 为 code、data、message、orgId；json 为 code、message；message 为说明；"
        "code-message 为返回码、半角冒号和说明；answer 应答原样",
        ("mapped", "answer", "message", "code-message", "json"),
        refuses=True,
    )
    ec_returned_success: str = word("0000", "NationEcTrans 成功时的返回值", ("0000", "0", "00", "000000"), refuses=True)
    ec_returned_failure: str = text(
        "platform", "医保平台拒绝时的返回值：platform 为平台的返回码，或一个不为 0 的整数", refuses=True
    )
