"""The tables of docs/messages.md: every text with its length, in each state that a call may end in."""

from __future__ import annotations

from shim.commands.message_tables import message_texts
from tests.support.paths import ROOT


def rows() -> dict[str, tuple[str, ...]]:
    return {row[0]: tuple(row[1:]) for _, table in message_texts().values() for row in table}


def test_what_may_be_done_is_shown_by_kind_of_request() -> None:
    assert rows()["`network.no_answer`"] == (
        "`3003` `-1`",
        "办理：多码融合平台 90 秒未答复，业务可能已办成，请先查询结果（3003）。（36）<br>"
        "验证：多码融合平台 90 秒未答复，没有结果，不影响业务，请患者刷新二维码再试（3003）。（43）<br>"
        "查询：多码融合平台 90 秒未答复，没有结果，不影响业务，可以再试（3003）。（37）",
        "多码融合平台 10.1.1.1:8080 在 90 秒内没有应答",
    )


def test_what_was_not_done_and_what_was_is_shown_once() -> None:
    assert rows()["`network.refused`"][1] == (
        "连不上多码融合平台，本次没有提交，可以再试；仍不行请联系信息科（8004）。（38）"
    )
    assert rows()["`own.too_long`"][1].startswith(
        "结果太长，医院程序未能接收，业务已办成，请勿重做，并联系信息科（9008）。"
    )


def test_numbers_have_no_text_for_a_clerk() -> None:
    assert rows()["`call.mode`"][1] == "（只有返回码）"


def test_every_file_has_a_heading() -> None:
    titles = list(message_texts())
    assert [title for title in titles if title.partition(" ")[0].isascii()] == []
    page = (ROOT / "docs" / "messages.md").read_text("utf-8")
    assert [title for title in titles if f"\n### {title}\n" not in page] == []
