"""The arithmetic of the bench on numbers that a reader can check in their head."""

from __future__ import annotations

import pytest

from bench.figures import (
    C_DLL,
    HTTP_CLIENT,
    PRODUCT,
    REQUESTS,
    SOCKET,
    STOCK,
    TARGETS,
    Results,
    Samples,
    by_yardstick,
    percentile,
    ratio,
    summary,
    targets,
)


def samples(*rounds: list[float]) -> Samples:
    return Samples(list(rounds))


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5.0], 99, 5.0),
        ([float(n) for n in range(100, 0, -1)], 99, 99.0),
        ([float(n) for n in range(1, 101)], 100, 100.0),
        ([1.0, 2.0, 3.0, 4.0], 50, 2.0),
        ([1.0, 2.0], 1, 1.0),
        ([float(n) for n in range(1, 16)], 99, 15.0),  # of fifteen starts, the slowest
    ],
)
def test_percentile(values: list[float], percent: int, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_of_one_player() -> None:
    found = samples([9.0, 1.0, 2.0], [4.0, 4.0, 4.0], [3.0, 3.0, 30.0])
    assert (found.median, found.p99, found.least) == (4.0, 30.0, 2.0)


def test_a_ratio_is_that_of_the_rounds() -> None:
    """A busy second round, in which both were ten times as slow, changes nothing; nor does one that only one had."""
    results: Results = {
        "row": {
            "us": samples([2.0, 2.0], [20.0, 22.0], [2.0, 2.0]),
            "them": samples([1.0, 1.0], [10.0, 11.0], [50.0, 50.0]),
        }
    }
    assert ratio(results, ("row", "us"), ("row", "them")) == 2.0


def test_a_ratio_of_rows_with_other_rounds_is_that_of_the_medians() -> None:
    results: Results = {"a": {"us": samples([6.0], [8.0], [7.0])}, "b": {"us": samples([2.0])}}
    assert ratio(results, ("a", "us"), ("b", "us")) == 3.5


def test_no_ratio_of_what_was_not_measured() -> None:
    results: Results = {"row": {"us": samples([1.0])}}
    assert ratio(results, ("row", "us"), ("row", "them")) is None
    assert ratio(results, ("none", "us"), ("row", "us")) is None


RESULTS: Results = {
    "load.console": {PRODUCT: samples([900.0]), C_DLL: samples([50_000.0])},
    "load.gui": {PRODUCT: samples([4500.0]), C_DLL: samples([500.0])},
    "first.console": {PRODUCT: samples([90_000.0])},
    "first.gui": {PRODUCT: samples([30_000.0])},
    "inside.gui": {PRODUCT: samples([34_500.0]), STOCK: samples([23_000.0])},
    "process.gui": {PRODUCT: samples([50_000.0]), STOCK: samples([40_000.0])},
    "later.gui": {PRODUCT: samples([500.0])},
    "steady.verify-aes-md5": {
        PRODUCT: samples([200.0, 200.0]),
        C_DLL: samples([100.0]),
        SOCKET: samples([20.0]),
        HTTP_CLIENT: samples([80.0]),
        REQUESTS: samples([400.0]),
    },
    "steady.verify-sm4-sm3": {PRODUCT: samples([260.0])},
    "screen": {PRODUCT: samples([10.0])},
    "slow.1": {PRODUCT: samples([5500.0]), SOCKET: samples([5000.0])},
    "slow.8": {PRODUCT: samples([687.5]), SOCKET: samples([640.0])},
    "memory.1": {PRODUCT: samples([29_500_000.0]), C_DLL: samples([2e6])},
    "memory.growth": {PRODUCT: samples([3.5])},
}


def test_every_target() -> None:
    assert targets(RESULTS, PRODUCT) == pytest.approx({
        "steady-http": 2.5,
        "steady-requests": 0.5,
        "slow-socket": 1.1,
        "slow-threads": 8.0,
        "first-process": 0.75,  # in a GUI host, where there is one
        "first-inside": 1.5,
        "later": 2.5,
        "load": 4.0,
        "sm4": 1.3,
        "memory": 29.5,
        "growth": 3.5,
    })  # fmt: skip


def test_a_console_host_where_there_is_no_other() -> None:
    results = {row: players for row, players in RESULTS.items() if not row.endswith(".gui")}
    results["process.console"] = {STOCK: samples([45_000.0])}
    assert targets(results, PRODUCT)["first-process"] == 2.0


def test_a_part_of_the_targets() -> None:
    """`--only steady` measures no start."""
    found = targets({"steady.verify-aes-md5": RESULTS["steady.verify-aes-md5"]}, PRODUCT)
    assert found == {"steady-http": 2.5, "steady-requests": 0.5}


@pytest.mark.parametrize(
    ("key", "figure", "met"),
    [
        ("steady-http", 2.0, True),
        ("steady-http", 2.01, False),
        ("slow-threads", 7.0, True),
        ("slow-threads", 6.9, False),
        ("growth", 0.0, True),
    ],
)
def test_met_or_missed(key: str, figure: float, met: bool) -> None:
    (target,) = [target for target in TARGETS if target.key == key]
    assert target.is_met(figure) is met


def test_figures_of_the_history_are_ratios_to_a_yardstick() -> None:
    assert by_yardstick(RESULTS, PRODUCT) == {
        "load.console": 0.018,
        "load.gui": 9.0,
        "inside.gui": 1.5,
        "process.gui": 1.25,
        "steady.verify-aes-md5": 2.0,  # to the C DLL, the first of them
        "slow.1": 1.1,
        "slow.8": 687.5 / 640,
        "screen": 0.5,  # there is nothing like it: to the C socket's call
    }


def test_summary() -> None:
    assert summary({"row": {"us": samples([1.0, 3.0], [5.0])}}) == {
        "row": {"us": {"median": 3.0, "p99": 5.0, "least": 2.0, "count": 3}}
    }
