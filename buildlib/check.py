"""`build_dll.py test`: everything that proves the project, in one run; the same on a desk and in CI.

Installs the tools and builds the products that the chosen levels name (buildlib/levels.py), checks style and types,
runs the tests against the real libraries. A tool that cannot be installed or a product that cannot be built keeps only
those tests from running that need it, and the run has failed in the end: nothing is skipped.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from buildlib import console, environment, levels, product, style, tools
from buildlib.layout import ROOT, WIN32, WIN64

_BUILDS: dict[str, Callable[[], object]] = {
    "host": product.host,
    "win32": lambda: product.windows(WIN32),
    "win64": lambda: product.windows(WIN64),
}
# Most tests wait: for Wine, a device, a deadline.
_WORKERS = 2 * (os.cpu_count() or 1)


def run(words: Sequence[str], *, quick: bool = False) -> int:
    """Run the tests that `words`, which go to pytest, choose; 0 when all is well.

    `quick` takes tests/unit instead of all levels, installs no tools and builds no products; tests that a missing tool
    keeps from running are counted then, and are no failure.

    Raises Failed with everything that could not be installed or built, that style and types found, and with the exit
    code of pytest.
    """
    chosen = levels.chosen(words)
    words = list(words)
    if quick and not levels.test_paths(words):
        words.append(levels.QUICK.folder.relative_to(ROOT).as_posix())
    environment.ensure("run", "test")
    with ThreadPoolExecutor() as pool:
        steps: list[Future[Any]] = [pool.submit(style.run)]
        if not quick:
            steps += _prepare(pool, chosen)
        for step in steps:
            step.exception()  # waits
        failures = [error for step in steps if (error := step.exception()) is not None]
    for error in failures:
        if not isinstance(error, console.Failed):
            raise error
        console.say(f"failed, going on: {error}")
    code = pytest(words, quick=quick)
    if failures:
        raise console.Failed("\n\n".join(map(str, failures)))
    return code


def pytest(words: Sequence[str], *, quick: bool = False, measured: bool = False) -> int:
    """Run pytest in the environment, in parallel unless `words` say otherwise; its exit code.

    `measured` counts what is reached, in build/coverage.
    """
    python = environment.python()
    console.say(f"tests, {_WORKERS} at a time")
    kept = ("PYTHONUTF8",)
    environ = {name: value for name, value in os.environ.items() if name in kept or not name.startswith("PYTHON")}
    words = ["-n", str(_WORKERS), "--dist", "loadfile", *(["--quick"] if quick else ["--durations=20"]), *words]
    program = ["-m", "coverage", "run", "-m", "pytest"] if measured else ["-m", "pytest"]
    return subprocess.call([python, *program, *words], cwd=ROOT, env=environ)


def _prepare(pool: ThreadPoolExecutor, chosen: Sequence[levels.Level]) -> list[Future[Any]]:
    """Start what the levels need; the products for Windows are built with mingw when it is there."""
    installing = pool.submit(tools.install, *levels.tools(chosen))

    def build(name: str) -> object:
        installing.exception()  # waits
        return _BUILDS[name]()

    return [installing, *(pool.submit(build, name) for name in levels.products(chosen))]
