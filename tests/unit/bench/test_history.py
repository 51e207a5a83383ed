"""Which figures of a run are worse than they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as bench
from bench import history
from bench.figures import C_DLL, PRODUCT, Results, Samples


def run(machine: str = "one", **figures: float) -> dict[str, Any]:
    names = {name.replace("_", "-"): figure for name, figure in figures.items()}
    return {"date": "2026-11-27", "commit": "0.1 abc", "machine": machine, "figures": names}


def worse(line: dict[str, Any], *earlier: dict[str, Any]) -> list[str]:
    return [found.name for found in history.regressions(line, earlier)]


def test_beyond_the_median_of_all_earlier_runs() -> None:
    earlier = [run(later=1.0), run(later=2.0), run(later=9.0)]
    assert worse(run(later=2.5), *earlier) == []
    assert worse(run(later=2.51), *earlier) == ["later"]
    (found,) = history.regressions(run(later=3.0), earlier)
    assert found.row() == ["later", "2", "3", "1.50"]


def test_a_first_run_and_a_new_figure_are_no_regression() -> None:
    assert worse(run(later=9.0)) == []
    assert worse(run(later=9.0, sm4=1.0), run(sm4=1.0)) == []


def test_other_machines_do_not_count() -> None:
    assert worse(run("one", later=9.0), run("two", later=1.0)) == []


def test_what_has_to_be_large_is_worse_when_small() -> None:
    assert worse(run(slow_threads=5.5), run(slow_threads=7.0)) == ["slow-threads"]
    assert worse(run(slow_threads=5.6), run(slow_threads=7.0)) == []
    assert worse(run(slow_threads=9.0), run(slow_threads=7.0)) == []


def test_a_small_figure_may_grow_by_its_slack() -> None:
    """From 0.1 bytes a call to 8 is eighty times as much, and nothing."""
    assert worse(run(growth=8.0), run(growth=0.1)) == []
    assert worse(run(growth=17.0), run(growth=0.1)) == ["growth"]
    assert worse(run(growth=0.5), run(growth=0.0)) == []


def test_a_negative_figure() -> None:
    """Loading is usually faster than that of the C DLL."""
    assert worse(run(load=-0.5), run(load=-1.0)) == []
    assert worse(run(load=2.0), run(load=-1.0)) == ["load"]


RESULTS: Results = {
    "later.gui": {PRODUCT: Samples([[9000.0], [600.0]])},
    "steady.verify-aes-md5": {PRODUCT: Samples([[200.0], [800.0]]), C_DLL: Samples([[140.0], [70.0]])},
}


def test_a_line() -> None:
    """Of the best rounds."""
    assert history.line_of(RESULTS, PRODUCT, "2026-11-27", "0.1 abc", "one") == {
        "date": "2026-11-27",
        "commit": "0.1 abc",
        "machine": "one",
        "figures": {"later": 3.0, "steady.verify-aes-md5": 2.8571},
    }


def test_lines_are_appended(tmp_path: Path) -> None:
    path = tmp_path / "history" / "linux.jsonl"
    assert history.read(path) == []
    history.append(path, run(later=1.0))
    history.append(path, run(later=2.0))
    assert history.read(path) == [run(later=1.0), run(later=2.0)]


@pytest.mark.parametrize(
    ("figures", "code", "says"),
    [
        ([], 0, "no run yet"),
        ([1.0], 0, "against 0 earlier runs"),
        ([1.0, 1.1], 0, "against 1 earlier runs"),
        ([1.0, 1.3], 1, "| later | 1 | 1.3 | 1.30 |"),
    ],
)
def test_check(figures: list[float], code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It measures nothing, and looks at the last run."""
    for figure in figures:
        history.append(tmp_path / "bench" / "history" / "wine.jsonl", run(later=figure))
    assert bench.main(["--check", "--wine", "--into", str(tmp_path)]) == code
    assert says in capsys.readouterr().out
