"""What Wine may lose, how often, and that nothing else is excused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import lost_ends


@pytest.fixture(autouse=True)
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_ends, "FILE", tmp_path / "build" / "lost-ends.txt")


def test_three_in_a_run() -> None:
    assert [lost_ends.is_excused("win32-c", -11, "done") for _ in range(5)] == [True, True, True, False, False]
    assert len(lost_ends.told()) == 5
    lost_ends.forget()
    assert lost_ends.told() == []
    assert lost_ends.is_excused("win64-c", -9, "exiting")


@pytest.mark.parametrize(
    ("kind", "code", "last_line"),
    [("linux-c", -11, "done"), ("win32-c", 5, "done"), ("win32-c", -6, "done"), ("win32-c", -11, "v ret=3030 out=")],
)
def test_nothing_else(kind: str, code: int, last_line: str) -> None:
    """A crash before the script is done, another code, and anything on Linux are the program's own."""
    assert not lost_ends.is_excused(kind, code, last_line)
    assert lost_ends.told() == []
