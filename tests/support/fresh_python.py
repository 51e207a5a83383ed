"""Code in an interpreter of its own, which has imported nothing of ours before."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from tests.support.paths import ROOT


def run_code(code: str) -> str:
    """What `code`, which may be indented, prints; AssertionError with what it said if it fails."""
    words = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
