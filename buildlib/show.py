"""`build_dll.py bench`, `faults`, `forks`, `warm-ups`, `scans`, `captures`, `screenshots`, `toolbox`: what they find.

None of them is part of a test run; all run in `.venv` with the requirements of the tests.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from buildlib import console, environment, tools
from buildlib.layout import ROOT, RUNTIME, Target


def bench(name: str, words: Sequence[str]) -> int:
    """Run bench/`name`.py, or all of bench for "", with `words`; its exit code."""
    environment.ensure("run", "test")
    return _module(f"bench.{name}" if name else "bench", *words)


def against_the_product(module: str, words: Sequence[str]) -> int:
    """Run a module of tests/support with `words`, such as tests.support.scans; 0 if nothing was found."""
    environment.ensure("run", "test")
    return _module(module, *words)


def screenshots() -> int:
    """docs/screenshots/*.png: labels, pages by headless Chromium, the screen under Wine (build win32 first)."""
    tools.install("chromium", "font", "wine", "desk", "wine-desk", "mingw")
    environment.ensure("run", "test")
    folder = ROOT / "docs" / "screenshots"
    folder.mkdir(exist_ok=True)
    console.say(f"pictures into {folder.relative_to(ROOT)}")
    makers = ("screenshots_labels", "screenshots", "screenshots_sizes", "screenshots_screen")
    return next((code for name in makers if (code := _module(f"tests.support.{name}", str(folder)))), 0)


def toolbox(target: Target, sign: Sequence[str], pages: bool) -> int:
    """Build the toolbox, and the set first if there is none; say how fast it starts, run page tests if `pages`."""
    from buildlib import product
    from buildlib import toolbox as steps

    tools.install("mingw", *(["wine"] if sys.platform != "win32" else []))
    environment.ensure("run")
    if not (target.folder / RUNTIME).exists():
        product.windows(target, sign=sign)
    program = steps.build(target, sign)
    seconds = steps.starts(target, program)
    console.say(f"{program.name} --version: {', '.join(f'{each:.2f}' for each in seconds)} s, from start to end")
    if not pages:
        return 0
    tools.install("chromium", "font", "zbar")
    environment.ensure("test", "simulator")
    return _module("pytest", "tests/simulator/test_pages.py", f"--toolbox={target.name}", "-n", "2")


def _module(name: str, *words: str) -> int:
    return subprocess.call([environment.python(), "-m", name, *words], cwd=ROOT)
