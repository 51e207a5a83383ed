"""Who uses which PC, and how that stands in the name of a file."""

from __future__ import annotations

import pytest

from shim.log import Station
from shim.workstation import file_word, station, user_name, workstation_name


@pytest.mark.needs("linux")
def test_the_system_says_who_and_where() -> None:
    assert user_name() and workstation_name()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("PC-07", "PC_07"),
        ("收费 1/\\:", "收费_1___"),
        ("", "_"),
        ("..", "_"),
        ("a" * 50, "a" * 40),
        ("J. Doe", "J._Doe"),
    ],
)
def test_as_a_part_of_a_file_name(name: str, word: str) -> None:
    assert file_word(name) == word


@pytest.mark.needs("linux")
def test_where_this_process_runs() -> None:
    assert station() == Station(workstation_name(), user_name(), None)
    assert station("what a front says", 7) == station()  # the front and Python ask the same system here
