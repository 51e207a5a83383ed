"""Wine's runs: a program that Wine itself could not start is started once more, and only then."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from buildlib import wine
from buildlib.wine import Wine

NOT_STARTED = (1, "Application could not be started, or no application associated with the specified file.\n")


@pytest.mark.parametrize(
    ("outcomes", "runs", "code"),
    [
        ([(0, "done\n")], 1, 0),
        ([NOT_STARTED, (0, "done\n")], 2, 0),
        ([NOT_STARTED, NOT_STARTED], 2, 1),
        ([(1, "error line 4\n")], 1, 1),
        ([(2, NOT_STARTED[1])], 1, 2),
    ],
)
def test_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, outcomes: list[tuple[int, str]], runs: int, code: int
) -> None:
    seen: list[object] = []

    def run_bounded(words: object, **_: object) -> subprocess.CompletedProcess[str]:
        seen.append(words)
        returncode, stdout = outcomes[len(seen) - 1]
        return subprocess.CompletedProcess([], returncode, stdout, "")

    monkeypatch.setattr(wine, "run_bounded", run_bounded)
    prefix = Wine.__new__(Wine)
    prefix.env = {}
    assert prefix.run(["client.exe"]).returncode == code
    assert len(seen) == runs
