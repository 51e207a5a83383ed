"""`build_dll.py test`: everything that proves the project, in one run; the same on a desk and in CI.

Installs what the tests need, builds the host, win32 and win64 products, checks style and types, runs every test
against the real libraries. A missing Wine or compiler is a failure, never a skip.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from buildlib import console, environment, product, rig
from buildlib.layout import ROOT, WIN32, WIN64


def run(words: Sequence[str]) -> int:
    """0 when all is well. `words` go to pytest, whose exit code is returned."""
    rig.install()
    environment.ensure("run", "test")
    with ThreadPoolExecutor() as pool:
        builds = [
            pool.submit(build)
            for build in (product.host, lambda: product.windows(WIN32), lambda: product.windows(WIN64))
        ]
        for build in builds:
            build.result()
    python = environment.python()
    console.say("style and types")
    console.run([python, "-m", "ruff", "check", "."], cwd=ROOT)
    console.run([python, "-m", "ruff", "format", "--check", "."], cwd=ROOT)
    console.run([python, "-m", "mypy"], cwd=ROOT)
    console.say("tests")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # A worker for each processor, whole files each: most tests wait for Wine. Words such as `-n 0` overrule it.
    parallel = ["-n", "auto", "--dist", "loadfile"]
    return os.spawnve(os.P_WAIT, python, [str(python), "-m", "pytest", *parallel, *words], environ)
