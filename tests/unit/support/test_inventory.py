"""What counts as a difference of a host's inventory, which of them are expected, and the page that lists them."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.support.inventory import Stage, compare, differences, read, stages_of, updated
from tests.support.paths import ROOT

DATA: dict[str, Any] = {
    "stages": [{"name": name, "what": name} for name in ("before", "first", "idle")],
    "items": [
        {"item": "threads", "on": ["linux-c", "win32-c"], "what": ""},
        {"item": "time zone", "on": ["linux-c"], "what": ""},
    ],
    "stays": [
        {
            "item": "threads", "on": ["linux-c"], "from": "first", "until": "first", "added": ["vcshim*"], "most": 2,
            "what": "workers", "why": "",
        },
        {
            "item": "time zone", "on": ["linux-c"], "from": "first", "added": ["UTC"], "removed": ["GMT"], "what": "",
            "why": "",
        },
    ],
}  # fmt: skip
ROWS = read(DATA)


def stages(**changes: dict[str, Stage] | Stage) -> dict[str, Stage]:
    """Three stages that are as the rows say, but for `changes`."""
    right: dict[str, Stage] = {
        "before": {"threads": Counter(["main"]), "time zone": Counter(["GMT"])},
        "first": {"threads": Counter(["main", "vcshim-1"]), "time zone": Counter(["UTC"])},
        "idle": {"threads": Counter(["main"]), "time zone": Counter(["UTC"])},
    }
    return {name: {**stage, **changes.get(name, {})} for name, stage in right.items()}  # type: ignore[dict-item]


def test_what_the_rows_say_is_as_it_should_be() -> None:
    findings = compare(stages(), ROWS, "linux-c")
    assert (findings.unexpected, findings.stale) == ([], [])


@pytest.mark.parametrize(
    ("changed", "unexpected", "stale"),
    [
        ({"first": {"threads": Counter(["main", "vcshim", "other"])}}, ["first: threads: +other"], []),
        ({"first": {"threads": Counter(["vcshim"])}}, ["first: threads: -main"], []),
        ({"idle": {"threads": Counter(["main", "vcshim"])}}, ["idle: threads: +vcshim"], []),
        ({"first": {"threads": Counter(["main"])}}, [], ["first: threads: no longer there: +vcshim*"]),
        (
            {"first": {"threads": Counter(["main", *["vcshim"] * 3])}},
            ["first: threads: more than 2 of: workers"],
            [],
        ),
        (
            {"idle": {"time zone": Counter(["GMT"])}},
            [],
            ["idle: time zone: no longer there: +UTC", "idle: time zone: no longer there: -GMT"],
        ),
        (
            {"idle": {"time zone": Counter(["CST"])}},
            ["idle: time zone: +CST"],
            ["idle: time zone: no longer there: +UTC"],
        ),
    ],
)
def test_a_difference(changed: dict[str, Any], unexpected: list[str], stale: list[str]) -> None:
    findings = compare(stages(**changed), ROWS, "linux-c")
    assert (findings.unexpected, findings.stale) == (unexpected, stale)


def test_what_may_end_must_have_been_there() -> None:
    row = {**DATA["stays"][0], "until": "idle", "may_end": True}
    rows = read({**DATA, "stays": [row, DATA["stays"][1]]})
    assert compare(stages(), rows, "linux-c").stale == []
    never = compare(stages(first={"threads": Counter(["main"])}), rows, "linux-c")
    assert never.stale == ["first: threads: no longer there: +vcshim*"]


def test_rows_are_for_one_host() -> None:
    assert len(compare(stages(), ROWS, "win32-c").unexpected) == 5


def test_the_second_thread_and_figures() -> None:
    """An item of the second thread is covered by the rows of the first; figures are not compared."""
    second: dict[str, Stage] = {
        "before": {"time zone.second": Counter(["GMT"]), "figure.heap": Counter(["1"])},
        "first": {"time zone.second": Counter(["UTC"]), "figure.heap": Counter(["2"])},
        "idle": {"time zone.second": Counter(["CST"])},
    }
    assert differences(second["before"], second["first"]) == [
        ("time zone.second", "+", "UTC"),
        ("time zone.second", "-", "GMT"),
    ]
    assert compare(stages(**second), ROWS, "linux-c").unexpected == ["idle: time zone.second: +CST"]


def test_lines_of_a_host() -> None:
    lines = [
        json.dumps({"stage": "before", "item": "modules", "value": [r"Z:\his\a.dll", r"C:\windows\system32\b.dll"]}),
        "first ret=3030 out=-",
        json.dumps({"stage": "before", "item": "folders", "value": "/usr/lib/x86_64-linux-gnu/libm.so.6"}),
    ]
    assert stages_of(lines, {r"Z:\his": "{product}"}) == {
        "before": {
            "modules": Counter(["{product}/a.dll", "{system}/b.dll"]),
            "folders": Counter(["{system}/libm.so.6"]),
        }
    }


@pytest.mark.parametrize(
    "wrong", [{"from": "before"}, {"until": "never"}, {"from": "idle"}, {"on": ["win32-python"]}, {"item": "windows"}]
)
def test_a_row_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        read({**DATA, "stays": [{**DATA["stays"][0], **wrong}]})


def test_the_page_is_up_to_date() -> None:
    """python -m tests.support.inventory docs/design/inventory.md"""
    page = (ROOT / "docs" / "design" / "inventory.md").read_text("utf-8")
    assert page.count("<!-- inventory: ") == 3
    assert updated(page, read()) == page
    assert updated(page.replace("Winsock", "Sockets"), read()) == page
