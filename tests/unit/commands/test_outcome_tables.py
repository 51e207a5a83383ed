"""The table of outcomes has every local failure once, with its codes."""

from __future__ import annotations

from collections import Counter

from shim.commands.outcome_tables import OUTCOMES, outcome_words, outcomes, statuses
from shim.errors import Reason
from tests.support.paths import ROOT


def test_every_reason_stands_in_one_row() -> None:
    assert Counter(reason for row in OUTCOMES for reason in row.reasons) == Counter(Reason)


def test_what_is_unknown_is_called_so_and_nothing_else() -> None:
    """A sign that does not fit has a code of its own; what became of the call is as little known."""
    for row in OUTCOMES:
        unknown = {reason.leaves_outcome_unknown or reason is Reason.ANSWER_SIGN_WRONG for reason in row.reasons}
        assert unknown == {"可能" in row.state}
        assert ("再试" in row.host) <= (row.state == "没有提交") and "重试" not in row.host


def test_rows_have_their_codes() -> None:
    rows = {row[0]: tuple(row[1:4]) for row in outcomes()[1]}
    assert rows["没有连上平台"] == ("没有提交", "`8004`", "`-3`")
    assert rows["应答为空"] == ("**可能已办成**", "`3003`", "`-1`")
    assert rows["平台拒绝，但返回码不能安全交给程序"] == ("平台没有受理", "`9998`", "`-1`")
    assert rows["成功：HTTP 状态为 2xx，返回码表示成功"] == ("已办成", "`00`", "`0000`")


def test_the_words_are_those_of_the_texts() -> None:
    """What docs/outcomes.md promises is what a host reads."""
    rows = outcome_words()[1]
    assert [row[0] for row in rows] == ["没有提交", *["可能已办成"] * 3, "已办成"]
    assert [row[2] for row in rows[1:]] == [
        "业务可能已办成，请先查询结果", "没有结果，不影响业务，请患者刷新二维码再试", "没有结果，不影响业务，可以再试",
        "业务已办成，请勿重做",
    ]  # fmt: skip
    assert rows[0][2].startswith("本次没有提交，可以再试")


def test_statuses_are_named() -> None:
    rows = {row[0]: tuple(row[1:]) for row in statuses()[1]}
    assert rows["307–308"] == ("平台没有正常答复", "请求地址已转向（HTTP 302）；请核对 strUrl")
    assert rows["其他 5xx"] == ("平台没有正常答复", "平台或途中的服务器出错（HTTP 511）；请联系平台")
    assert list(rows)[-1] == "其他"


def test_the_page_names_both_codes() -> None:
    page = (ROOT / "docs" / "outcomes.md").read_text("utf-8")
    assert "NationEcTrans 返回 `-1`" in page and "业务可能已办成，请先查询结果" in page
