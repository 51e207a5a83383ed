"""The build's own environment: which requirement lists are installed, and when again. No package is fetched here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from buildlib import console, environment


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The lists of each call of pip, in an environment that has an interpreter already."""
    calls: list[list[str]] = []

    def run(words: Any) -> None:
        calls.append([Path(str(word)).stem for word in words if str(word).startswith("-r")])

    for folder in ("venv", "lists"):
        (tmp_path / folder).mkdir()
    for name in ("run", "test", "site"):
        (tmp_path / "lists" / f"{name}.txt").write_text(f"{name}==1")
    monkeypatch.setattr(environment, "VENV", tmp_path / "venv")
    monkeypatch.setattr(environment, "REQUIREMENTS", tmp_path / "lists")
    monkeypatch.setattr(environment, "python", lambda: tmp_path)
    monkeypatch.setattr(console, "run", run)
    monkeypatch.setattr(console, "say", lambda _: None)
    return calls


def test_one_call_for_what_is_missing(pip: list[list[str]]) -> None:
    environment.ensure("run")
    environment.ensure("run", "test", "site")
    environment.ensure("site", "test")
    assert pip == [["run"], ["test", "site"]]


def test_a_list_that_was_changed_is_installed_again(pip: list[list[str]]) -> None:
    environment.ensure("run", "test")
    (environment.REQUIREMENTS / "test.txt").write_text("test==2")
    environment.ensure("run", "test")
    assert pip == [["run", "test"], ["test"]]


def test_what_failed_is_tried_again(pip: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> None:
        raise console.Failed("no network")

    with monkeypatch.context() as patch:
        patch.setattr(console, "run", fail)
        with pytest.raises(console.Failed):
            environment.ensure("run")
    environment.ensure("run")
    assert pip == [["run"]]
