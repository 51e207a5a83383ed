"""The remedies of both code tables: their words, and that none contradicts what a text says became of the call."""

from __future__ import annotations

import re

import pytest

from shim.spec import EC_CODES, SEEN_CODES, VC_CODES

CODES = VC_CODES | EC_CODES | SEEN_CODES

# Codes that the component gives for more than one outcome, or that a platform may give after it has acted.
UNCERTAIN = {
    "3003": "说明写明不影响业务的可以再试；否则业务可能已办成，请先查询结果，切勿直接重做。",
    "8001": "业务可能已办成，请先查询结果；检查网络。",
    "8002": "说明写明本次没有提交的可以再试；平台给出的请先查询结果；检查网线、防火墙和代理。",
    "8004": "说明写明本次没有提交的可以再试；平台给出的请先查询结果；检查地址、端口和网络。",
    "8007": "先查询结果，再决定是否重做；仍不行请联系多码融合平台。",
    "8009": "说明写明本次没有提交的请联系信息科；否则先查询结果，再决定是否重做，并联系多码融合平台。",
    "9003": "核对 app_id 与应用密钥 key 是否配对，以及报文格式的设置；说明写明业务可能已办成的请先查询结果。",
    "9004": "业务可能已办成，请先查询结果；核对 strUrl 是否指向接口地址。",
    "9007": "核对应用密钥 key、enc_type 和报文格式的设置；先查询结果，再决定是否重做。",
    "9008": "按说明核对 InData 的 JSON 与编码；说明写明业务已办成的请勿重做。",
    "9998": "先查询结果，再决定是否重做。",
    "9999": "说明为已取消扫码的可以再试；否则记下时间和流水号，先查询结果，再决定是否重做。",
    "-1": "记下时间，查看日志；说明写明本次没有提交的可以再试，否则先查询结果，再决定是否重做。",
    "-3": "说明写明本次没有提交的可以再试；否则业务可能已办成，请先查询结果。",
    "500036": "核对签名方式和应用密钥；说明写明业务可能已办成的请先查询结果。",
}


@pytest.mark.parametrize("code", UNCERTAIN)
def test_what_may_be_done_is_never_said_to_be_free_of_risk(code: str) -> None:
    assert CODES[code].remedy == UNCERTAIN[code]
    if "再试" in UNCERTAIN[code]:  # only ever under the condition that the text says so
        assert re.search("说明[^；]*可以再试", UNCERTAIN[code])


def test_no_remedy_tells_to_do_it_again() -> None:
    """再试 is free of risk, 重做 does the business once more: it stands only behind the question or a refusal of it."""
    for row in CODES.values():
        assert re.sub("再决定是否重做|切勿直接重做|请勿重做", "", row.remedy).count("重做") == 0, row


@pytest.mark.parametrize("code", CODES)
def test_the_words_of_a_remedy(code: str) -> None:
    remedy = CODES[code].remedy
    banned = ("重试", "重发", "重打", "冲正", "缺省", "供应商", "技术支持", "管理员", "医保中台", "中台", "医保部门",
              "确认交易状态", "结果未知", "方言", "核验", "用户", "病人", "组件")  # fmt: skip
    assert [word for word in banned if word in remedy.replace("密码核验", "")] == []
    assert remedy.replace("登记该终端", "").count("登记") == 0
    assert remedy.endswith("。") and "。" not in remedy[:-1]
    assert re.findall(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", remedy.replace("附录2.1", "")) == []
    assert re.findall(r"联系(?!多码融合平台|医保平台|信息科)", remedy) == []
