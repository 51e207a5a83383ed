"""The report of many calls: its figures, and the page, in a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from shim.replay.compare import Comparison, ComparisonVerdict
from shim.replay.differences import Difference, DifferenceKind, NotComparable, kind_of
from shim.replay.page import page_of
from shim.replay.report import Report, reported
from tests.support.browser import chromium
from tests.support.replays import NOON

DAY = 86400.0
AGREES = Comparison("c-0", "VirtualCardTrans", NOON, "ehc.ehealthcode.verify", "00", True, ComparisonVerdict.AGREES)
DIFFERENCE = Difference(
    DifferenceKind.OUT_VALUE, {"name": "user<name>", "vendor": kind_of("王小明"), "ours": kind_of("王")}
)
DIFFERS = replace(AGREES, verdict=ComparisonVerdict.DIFFERS, differences=(DIFFERENCE,))
APART = replace(AGREES, verdict=ComparisonVerdict.NOT_COMPARABLE, reason=NotComparable.SCAN, code="-2")


def report_of_days() -> Report:
    """Four days: 2 of 2, 1 of 2 and one apart, none comparable, 3 of 3."""
    rows = [(0, AGREES), (0, AGREES), (1, AGREES), (1, DIFFERS), (1, APART), (2, APART), (3, AGREES), (3, AGREES),
            (3, AGREES)]  # fmt: skip
    return reported(
        replace(row, call_id=f"c-{number}", began=NOON + day * DAY) for number, (day, row) in enumerate(rows)
    )


def test_figures() -> None:
    facts = report_of_days().as_json()
    assert facts["total"] == {"calls": 9, "agree": 6, "differ": 1, "not_comparable": 2, "share": 0.857143}
    assert [(day["agree"], day["share"]) for day in facts["days"].values()] == [(2, 1.0), (1, 0.5), (0, None), (3, 1.0)]
    assert facts["not_comparable"][0]["reason"] == "scan" and facts["not_comparable"][0]["calls"] == 2
    (difference,) = facts["differences"]
    assert (difference["kind"], difference["calls"], difference["examples"]) == ("out.value", 1, ["c-3"])
    assert difference["zh"] == "OutData 字段 user<name> 的值不同：原厂为 3 字的文字，vcshim 为 1 字的文字"
    json.dumps(facts)


def test_one_call_with_a_kind_twice_is_one_call() -> None:
    report = reported([replace(DIFFERS, differences=(DIFFERENCE, DIFFERENCE))])
    assert [finding.calls for finding in report.sorted_findings()] == [1]


def test_the_page_needs_nothing_else() -> None:
    page = page_of(report_of_days(), "zh", "2026-11-21 10:00", "0.0")
    assert re.findall(r"src=|href=|url\(|@import|<script|<link", page) == []
    assert "user<name>" not in page and "user&lt;name&gt;" in page


def test_a_share_below_all_is_not_rounded_up() -> None:
    rows = [replace(AGREES, call_id=str(number)) for number in range(29999)]
    assert "99.99%" in page_of(reported([*rows, DIFFERS]), "en", "", "")


def test_an_empty_report_is_a_page() -> None:
    assert "<svg" not in page_of(Report(), "en", "", "")


def test_the_page_in_a_browser(tmp_path: Path) -> None:
    """The plot has a point for each day that can have one; the languages change without a script."""
    file = tmp_path / "report.html"
    file.write_text(page_of(report_of_days(), "zh", "2026-11-21 10:00", "0.0"), "utf-8")
    with chromium(tmp_path / "profile") as browser:
        browser.open(file.as_uri())
        assert browser.script("return document.querySelector('h1').innerText") == "与原厂动态库的比对结果"
        points = browser.script(
            "return [...document.querySelectorAll('svg circle')].map(c => c.querySelector('title').textContent)"
        )
        assert points == ["2026-05-28: 100% (2/2)", "2026-05-29: 50.00% (1/2)", "2026-05-31: 100% (3/3)"]
        heights = browser.script("return [...document.querySelectorAll('svg circle')].map(c => +c.getAttribute('cy'))")
        assert heights[0] == heights[2] < heights[1]
        box = browser.script(
            "const b = document.querySelector('svg').getBoundingClientRect(); return [b.width, b.height]"
        )
        assert box[0] > 600 and box[1] > 150
        browser.click("label[for=en]")
        assert browser.script("return document.querySelector('h1').innerText") == "Comparison with the vendor's DLL"
        assert "与原厂" not in browser.script("return document.body.innerText")
        browser.size(360, 700)
        assert browser.script("return document.documentElement.scrollWidth <= window.innerWidth")
        picture = browser.picture(True).convert("RGB")
        assert len(picture.resize((90, 180)).getcolors(1 << 16) or []) > 20, "the page is blank"
        assert browser.errors() == []
