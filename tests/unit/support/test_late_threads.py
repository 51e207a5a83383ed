"""The changes that make a checkout's threads late still fit the sources, and what comes of them can be imported."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import late_threads
from tests.support.paths import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that are changed, and what they import."""
    for folder in ("shim", "native"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_thread_is_late(checkout: Path) -> None:
    late_threads.change(checkout)
    program = """
import threading, time
import shim
from shim.background import start_in_background
pauses, done = [], threading.Event()
shim.random.choice = max
time.sleep = pauses.append
for name in ("vcshim-x", "of the host"):
    thread = threading.Thread(target=lambda: None, name=name)
    thread.start()
    thread.join()
start_in_background(done.set, "vcshim-y")
print(done.wait(60), sorted(pauses))
"""
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, cwd=checkout, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "True [0.2, 0.2, 0.2, 0.2]\n", done.stderr


def test_other_sources_are_refused(checkout: Path) -> None:
    (checkout / "shim" / "background.py").write_text("pass\n", "utf-8")
    with pytest.raises(ValueError, match=r"shim/background\.py does not have 'import threading' once"):
        late_threads.change(checkout)
