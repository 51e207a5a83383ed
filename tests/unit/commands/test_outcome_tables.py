"""The table of outcomes has every local failure once, with its codes."""

from __future__ import annotations

from collections import Counter

from shim.commands.outcome_tables import OUTCOMES, outcomes, statuses
from shim.errors import Reason
from tests.support.paths import ROOT


def test_every_reason_stands_in_one_row() -> None:
    assert Counter(reason for row in OUTCOMES for reason in row.reasons) == Counter(Reason)


def test_what_is_unknown_is_called_so_and_nothing_else() -> None:
    for row in OUTCOMES:
        assert {reason.leaves_outcome_unknown for reason in row.reasons} == {"未知" in row.sent}


def test_rows_have_their_codes() -> None:
    rows = {row[0]: tuple(row[1:4]) for row in outcomes()[1]}
    assert rows["没有连上平台"] == ("未发出", "`8004`", "`-3`")
    assert rows["应答为空"] == ("**未知**", "`3003`", "`-1`")
    assert rows["平台拒绝，但返回码不能安全交给程序"] == ("已送达", "`9998`", "`-1`")
    assert rows["成功：状态 2xx，返回码表示成功"] == ("已送达", "`00`", "`0000`")


def test_statuses_are_named() -> None:
    rows = [tuple(row[:2]) for row in statuses()[1]]
    assert ("307–308", "请求地址已转向") in rows and ("其他 5xx", "平台或网关出错") in rows
    assert rows[-1] == ("其他", "平台返回了意外的状态")


def test_the_page_names_both_codes() -> None:
    page = (ROOT / "docs" / "outcomes.md").read_text("utf-8")
    assert "NationEcTrans 返回 `-1`" in page and "结果未知" in page
