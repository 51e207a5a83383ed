"""examples/grafana/vcshim.json: every query names series that exist, and labels that these have."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from shim.commands.telemetry_tables import prometheus_series
from shim.telemetry.figures import INSTRUMENTS
from tests.support.paths import ROOT

DASHBOARD: dict[str, Any] = json.loads((ROOT / "examples" / "grafana" / "vcshim.json").read_text("utf-8"))
TARGETS = [(panel, target) for panel in DASHBOARD["panels"] for target in panel["targets"]]
LABELS: dict[str, set[str]] = {
    series: {*row.labels, "le", "instance"} for row in INSTRUMENTS for series in prometheus_series(row)
}
IDS = [f"{panel['title']} {target['refId']}" for panel, target in TARGETS]


def unknown(query: str, legend: str) -> list[str]:
    """Series and labels in a query and its legend that are none of ours."""
    series = re.findall(r"\bvcshim_\w+", query)
    if not series or any(name not in LABELS for name in series):
        return [name for name in series if name not in LABELS] or ["no series"]
    listed = [name for group in re.findall(r"\bby \(([^)]*)\)", query) for name in group.split(",")]
    matched = [each for group in re.findall(r"{([^}]*)}", query) for each in re.findall(r"(\w+) *(?:=~|!=|=)", group)]
    shown = re.findall(r"{{(\w+)}}", legend)
    used = {name.strip() for name in (*listed, *matched, *shown)}
    return sorted(used - {label for name in series for label in LABELS[name]})


@pytest.mark.parametrize(("panel", "target"), TARGETS, ids=IDS)
def test_a_query(panel: dict[str, Any], target: dict[str, Any]) -> None:
    assert unknown(target["expr"], target["legendFormat"]) == []
    assert target["expr"].count("(") == target["expr"].count(")")


def test_every_figure_is_shown() -> None:
    queries = " ".join(target["expr"] for _, target in TARGETS)
    missing = [row.name for row in INSTRUMENTS if not any(series in queries for series in prometheus_series(row))]
    assert missing == []


def test_a_name_that_is_unknown_is_seen() -> None:
    """The negative control."""
    assert unknown("rate(vcshim_call_total[5m])", "") == ["vcshim_call_total"]
    assert unknown('sum by (pc) (vcshim_calls_total{result="x"})', "{{host}}") == ["host", "pc", "result"]


def test_the_panels_do_not_cover_each_other() -> None:
    cells: dict[tuple[int, int], str] = {}
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in cells and x < 24, panel["title"]
                cells[x, y] = panel["title"]
