"""Tests whose tools or products are missing: they fail, but are told of in one message and not one by one.

A test says what it needs by the marker `needs`, by asking for a program of the rig or a copy of a product. conftest.py
hands pytest's hooks to the functions here. Installs and builds nothing (build_dll.py test does that first).
"""

from __future__ import annotations

from collections import Counter

import pytest

from buildlib import tools

OUTCOME = "missing"


class NotBuilt(AssertionError):
    """A product that is not in dist/."""

    def __init__(self, name: str) -> None:
        super().__init__(f"dist/{name} is not built: python3 build_dll.py {name.replace('-', ' ')}")
        self.names = (f"dist/{name}",)


def setup(item: pytest.Item) -> None:
    """Raise Missing when the tool sets of a test's markers are not all on this machine."""
    for marker in item.iter_markers("needs"):
        tools.require(*marker.args)


def report(report: pytest.TestReport, call: pytest.CallInfo[None], quick: bool) -> None:
    """Make a report of a missing tool one of the outcome `missing`; it counts as a failure unless the run is quick."""
    error = call.excinfo.value if call.excinfo is not None else None
    if isinstance(error, tools.Missing | NotBuilt):
        report.user_properties.append((OUTCOME, " ".join(error.names)))
        report.outcome = "skipped" if quick else "failed"
        report.longrepr = (str(item_path(report)), 0, str(error)) if quick else str(error)


def item_path(report: pytest.TestReport) -> str:
    """The file that a report is about."""
    return report.nodeid.partition("::")[0]


def missing_names(report: pytest.TestReport) -> tuple[str, ...]:
    """What kept the test of this report from running."""
    return tuple(name for key, names in report.user_properties if key == OUTCOME for name in str(names).split())


def message(reports: list[pytest.TestReport]) -> str:
    """One text for all tests that did not run."""
    counts = Counter(name for report in reports for name in missing_names(report))
    sets = tuple(name for name in counts if name in tools.SETS)
    products = [name.removeprefix("dist/") for name in counts if name not in tools.SETS]
    lines = [
        f"{len(reports)} tests did not run: " + ", ".join(f"{n} of them need {name}" for name, n in counts.items())
    ]
    if sets:
        lines.append(str(tools.Missing(sets)))
    lines += [str(NotBuilt(name)) for name in products]
    return "\n".join(lines)
