"""`build_dll.py coverage`: how much of shim/ and native/ the tests reach. Figures, and a page a file in build/coverage.

Not part of `test`, which it would make half as slow again. Python is measured in the tests' own processes and in those
that they start with the environment's interpreter, branches included; not inside the DLLs, whose copy of shim/ is in an
archive. C is measured by gcov in a Linux library of its own, dist/host-coverage, through the native Linux clients.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from buildlib import check, console, environment, levels, product, tools
from buildlib.layout import BUILD, LINUX_COVERAGE, NATIVE, ROOT

FOLDER = BUILD / "coverage"
_LINUX = ("tests/native", "tests/contract", "tests/product", "-k", "linux or in-process")


@dataclass
class Reached:
    """What was reached, of how much."""

    lines: list[int] = field(default_factory=lambda: [0, 0])
    branches: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, lines: Sequence[int], branches: Sequence[int]) -> None:
        """Count some more of it."""
        for total, part in ((self.lines, lines), (self.branches, branches)):
            total[0] += part[0]
            total[1] += part[1]

    def __str__(self) -> str:
        return f"lines {_percent(self.lines)}   branches {_percent(self.branches)}"


def run(words: Sequence[str]) -> int:
    """Run the tests that `words` choose, or those of Python and of the Linux library, and print the figures.

    Returns pytest's exit code, the figures being printed all the same.
    """
    environment.ensure("run", "test")
    tools.install("gcc", *(levels.tools(levels.chosen(words)) if words else levels.tools(levels.LEVELS)))
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    product.host(LINUX_COVERAGE)
    for counts in LINUX_COVERAGE.work.glob("*.gcda"):
        counts.unlink()
    os.environ["VCSHIM_HOST_PRODUCT"] = LINUX_COVERAGE.name
    runs = [words] if words else [("tests/unit", "tests/simulator"), _LINUX]
    codes = [check.pytest(each, measured=True) for each in runs]
    _show("shim", python_figures())
    _show("native", c_figures(sorted(LINUX_COVERAGE.work.glob("*.gcda"))))
    console.say(f"every line: {(FOLDER / 'html' / 'index.html').relative_to(ROOT)}")
    return max(codes)


def python_figures() -> dict[str, Reached]:
    """Of each folder of shim/."""
    words: list[str | Path] = [environment.python(), "-m", "coverage"]
    report = FOLDER / "coverage.json"
    steps: tuple[tuple[str | Path, ...], ...] = (
        ("combine", "-q"),
        ("json", "-q", "-o", report),
        ("html", "-q", "-d", FOLDER / "html"),
    )
    for step in steps:
        console.run([*words, *step], cwd=ROOT)
    figures: dict[str, Reached] = defaultdict(Reached)
    for name, entry in json.loads(report.read_text("utf-8"))["files"].items():
        summary = entry["summary"]
        figures[Path(name).parent.as_posix()].add(
            (summary["covered_lines"], summary["num_statements"]),
            (summary["covered_branches"], summary["num_branches"]),
        )
    return figures


def c_figures(counts: Iterable[Path]) -> dict[str, Reached]:
    """Of each C file of native/, a header's included, from gcov's count files."""
    lines: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    branches: dict[str, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for path in counts:
        text = console.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", path.name], cwd=path.parent)
        for file in json.loads(text)["files"]:
            source = Path(path.parent, file["file"]).resolve()
            if not source.is_relative_to(NATIVE):
                continue
            name = source.relative_to(ROOT).as_posix()
            for line in file["lines"]:
                number = line["line_number"]
                lines[name][number] += line["count"]
                for index, branch in enumerate(line["branches"]):
                    branches[name][number, index] += branch["count"]
    figures = {}
    for name in sorted(lines):
        figures[name] = Reached()
        figures[name].add(_reached(lines[name].values()), _reached(branches[name].values()))
    return figures


def _reached(counts: Iterable[int]) -> tuple[int, int]:
    values = list(counts)
    return sum(1 for count in values if count > 0), len(values)


def _show(title: str, figures: dict[str, Reached]) -> None:
    whole = Reached()
    for each in figures.values():
        whole.add(each.lines, each.branches)
    width = max(map(len, (title, *figures)), default=0)
    console.say(f"coverage of {title}/")
    for name, each in sorted(figures.items()):
        console.say(f"  {name:{width}}  {each}")
    console.say(f"  {'all':{width}}  {whole}")


def _percent(part: Sequence[int]) -> str:
    return f"{100 * part[0] / part[1] if part[1] else 100:5.1f} % of {part[1]:5d}"
