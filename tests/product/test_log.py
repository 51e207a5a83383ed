"""The log's Windows half under 32-bit Wine: files that are spoilt while they are open.

Wine shows no link of Unix as one of Windows: links are tested by tests/unit/test_log.py only. So are processes that
write at the same moment: Wine 8 itself asks for a file's end and writes there later, so that two programs that use
nothing but WriteFile on handles of FILE_APPEND_DATA overwrite each other's lines under it. Whether the system appends,
and not the C runtime, is shown by one program.
"""

from __future__ import annotations

import json
from pathlib import Path

from buildlib.wine import Wine
from tests.support.clients import Rig
from tests.support.paths import NATIVE
from tests.support.product import install, python_runtime


def test_files_that_are_spoilt_while_they_are_open(rig: Rig, tmp_path: Path) -> None:
    product = install("win32-ctypes", tmp_path / "his")
    program = (python_runtime(product) / "python.exe", NATIVE / "log_lines.py", tmp_path)
    done = rig.wine32.run([Wine.windows_path(path) for path in program], timeout=120)
    assert done.returncode == 0, done.stderr
    half, moved, folder, kept, appended = map(json.loads, done.stdout.splitlines())
    assert half == ["one", {"half": '{"time": "20'}, "two"]
    assert moved == ["three"]
    assert folder == ["four"]
    assert kept == 2  # of the two old files the one of yesterday is left
    assert appended == ["five", "six"]
