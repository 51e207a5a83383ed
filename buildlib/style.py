"""`build_dll.py style`: what is checked without running anything. Ruff's rules, its format, types for both systems.

The same sources run on Linux and Windows, so mypy reads them twice; each system has a cache, or each run would empty
the other's. Used by `test` and by the hooks of .pre-commit-config.yaml.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from buildlib import console, environment
from buildlib.layout import ROOT

# What runs on Windows. The tests below the other levels drive Wine and X from Linux.
_ON_WINDOWS = ("shim", "buildlib", "build_dll.py", "native")
_CACHE = ROOT / ".mypy_cache"

CHECKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "lint": (("ruff", "check", "."),),
    "format": (("ruff", "format", "--check", "."),),
    "types": (
        ("mypy", "--platform", "linux", "--cache-dir", str(_CACHE / "linux")),
        ("mypy", "--platform", "win32", "--cache-dir", str(_CACHE / "win32"), *_ON_WINDOWS),
    ),
}


def run(names: Sequence[str] = ()) -> int:
    """Run the named checks, or all of them, side by side. Failed has the findings of every check that has some."""
    environment.ensure("run", "test", "help", "site")
    python = environment.python()
    commands = [words for name in names or CHECKS for words in CHECKS[name]]
    console.say(f"style and types: {', '.join(names or CHECKS)}")
    with ThreadPoolExecutor() as pool:
        checks = [pool.submit(console.run, [python, "-m", *words], cwd=ROOT) for words in commands]
    findings = [str(error) for check in checks if (error := check.exception()) is not None]
    if findings:
        raise console.Failed("\n".join(findings))
    return 0
