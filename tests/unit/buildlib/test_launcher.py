"""The script that is `vcshim` in a checkout: found wherever it is started, and never misled by the folder it is in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from buildlib import launcher
from shim import __version__
from tests.support.paths import ROOT


@pytest.mark.needs("linux")
def test_it_runs_from_anywhere(tmp_path: Path) -> None:
    python = tmp_path / "it's a folder" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (tmp_path / "shim").mkdir()
    (tmp_path / "shim" / "__init__.py").write_text("raise SystemExit(9)")
    command = launcher.write(ROOT, python)
    words = [str(command), "--lang", "en", "spec", "x y"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "neither specification has “x y”.")
    shown = subprocess.run([str(command), "--version"], cwd=tmp_path, capture_output=True, timeout=60, check=True)
    assert shown.stdout == f"vcshim {__version__}\n".encode()
    assert [path.name for path in sorted(python.parent.iterdir())] == ["python", "vcshim"]


def test_on_windows_it_is_a_batch_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher.os, "name", "nt")  # type: ignore[attr-defined]
    monkeypatch.setattr(launcher, "Path", type(tmp_path))
    command = launcher.write(tmp_path / "源 码", tmp_path / "python.exe")
    assert command.read_bytes().decode() == (
        f'@setlocal\r\n@set "PYTHONPATH={tmp_path}/源 码"\r\n@"{tmp_path}/python.exe" -P -m shim.cli %*\r\n'
    )
    assert os.access(command, os.R_OK)
