"""Results as Markdown, and their place in the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import document, tables
from bench.figures import C_DLL, HTTP_CLIENT, PRODUCT, SOCKET, Results, Samples
from buildlib.console import Failed
from tests.support.paths import ROOT

RESULTS: Results = {
    "steady.verify-aes-md5": {
        SOCKET: Samples([[20.0], [22.0]]),
        HTTP_CLIENT: Samples([[100.0], [100.0]]),
        "before": Samples([[900.0], [12_340.0]]),
        PRODUCT: Samples([[200.0], [150.0]]),
    },
    "slow.1": {PRODUCT: Samples([[5500.0]]), SOCKET: Samples([[5000.0]])},
    "slow.8": {PRODUCT: Samples([[687.5]]), SOCKET: Samples([[625.0]])},
    "memory.1": {PRODUCT: Samples([[29.5e6]]), "vcshim, cotaskmem": Samples([[29.6e6]]), C_DLL: Samples([[2e6]])},
    "memory.growth": {PRODUCT: Samples([[3.54]])},
}


def test_targets() -> None:
    """A row for what was measured; the verdict is on our product."""
    assert tables.target_table(RESULTS, [PRODUCT, "before"]).splitlines() == [
        "|  | target | vcshim | p99 | best rounds | before |  |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
        "| steady call, against a bare http.client POST | at most 2 × | 1.75 | 2.00 | 1.50 | 66.20 | met |",
        "| call at 5 ms, against the C socket | at most 1.1 × | 1.10 | 1.10 | 1.10 |  | met |",
        "| 8 threads at 5 ms, against one thread | at least 7 × | 8.00 | 8.00 | 8.00 |  | met |",
        "| working set after the first call | at most 30 MB | 29.5 | 29.5 | 29.5 |  | met |",
        "| growth from 1,000 to 100,000 calls, less return_memory | at most 16 bytes a call | 3.5 | 3.5 | 3.5 | "
        " | met |",
    ]


def test_times() -> None:
    """Products first, then yardsticks; a ratio to oneself is 1, and none where there is no such yardstick."""
    text = tables.times(RESULTS, [PRODUCT, "before"], tables.STEADY_ROWS, (SOCKET, C_DLL))
    assert text.splitlines() == [
        "|  |  | median ms | p99 ms | best ms | × C socket | × C DLL |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
        "| verify AES/MD5 | vcshim | 0.175 | 0.200 | 0.150 | 8.41 |  |",
        "|  | before | 6.62 | 12 | 0.900 | 303 |  |",
        "|  | C socket | 0.021 | 0.022 | 0.020 | 1 |  |",
        "|  | http.client | 0.100 | 0.100 | 0.100 | 4.77 |  |",
    ]


def test_threads_and_memory() -> None:
    assert tables.slow(RESULTS, [PRODUCT]).splitlines()[2:] == [
        "| vcshim | 5.50 | 5.50 | 1.10 | 182 | 1,455 | 8.00 |",
        "| C socket | 5.00 | 5.00 | 1.00 | 200 | 1,600 | 8.00 |",
    ]
    assert tables.memory(RESULTS, [PRODUCT]).splitlines()[2:] == [
        "| vcshim | 29.5 |  |  | 3.5 |",
        "| vcshim, cotaskmem | 29.6 |  |  |  |",
        "| C DLL | 2.0 |  |  |  |",
    ]


def test_only_parts_that_were_measured() -> None:
    headings = [line for line in tables.markdown(RESULTS, [PRODUCT]).splitlines() if line.startswith("#")]
    assert headings == ["### Targets", "### Steady calls", "### A platform that takes 5 ms", "### Memory"]


def test_the_place_in_the_page() -> None:
    page = "a\n<!-- bench: linux -->\nold\n<!-- end -->\nb\n<!-- bench: wine -->\n<!-- end -->\n"
    new = document.replaced(page, "linux", "new \\1\n")
    assert new == page.replace("old", "new \\1")
    assert document.replaced(new, "wine", "more\n").count("new") == 1
    with pytest.raises(Failed, match="bench: other"):
        document.replaced(page, "other", "")


def test_the_page_has_both_places(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text((ROOT / "docs" / "performance.md").read_text("utf-8"), "utf-8")
    for system in ("linux", "wine"):
        document.write(page, system, RESULTS, [PRODUCT, "before"], f"tables of {system}\n", "made on that day")
    text = page.read_text("utf-8")
    assert "tables of linux" in text and "tables of wine" in text and text.count("made on that day") == 2
    assert "(performance/wine-steady.svg)" in text and (tmp_path / "performance" / "wine-steady.svg").exists()
    assert "linux-starts" not in text  # nothing to draw
