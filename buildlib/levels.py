"""The levels of the tests: one folder below tests/ each, with the tools and products that its tests use.

What a level names is installed and built before it runs. Not how the tests are run (buildlib/check.py) and not what a
single test needs: a fixture or the marker `needs` says that, so that tests whose tools are there run without the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from buildlib import pythons
from buildlib.layout import ROOT

TESTS = ROOT / "tests"


@dataclass(frozen=True)
class Level:
    """`tools` are names of buildlib/tools.py, `products` folders of dist/."""

    name: str
    tools: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return TESTS / self.name


_CLIENTS = ("gcc", "mingw", "freepascal", "wine")
_PYTHONS = (*(f"python{version}" for version in pythons.VERSIONS), "debian-python")
_PRODUCTS = ("host", "win32", "win64")

LEVELS = (
    Level("unit", tools=("linux", "gcc", "font", "zbar", "network")),
    Level("simulator", tools=("chromium", "font", "zbar")),
    Level("native", tools=_CLIENTS),
    Level("contract", tools=_CLIENTS, products=_PRODUCTS),
    Level(
        "product",
        tools=(
            *_CLIENTS,
            *_PYTHONS,
            "signing",
            "nsis",
            "mono",
            "strace",
            "desk",
            "wine-desk",
            "cups",
            "chromium",
            "font",
            "zbar",
        ),
        products=(*_PRODUCTS, "toolbox-win32"),
    ),
)
# What `test --quick` runs: no tools are installed for it and no product is built.
QUICK = LEVELS[0]

# Options of pytest whose value is the next word, so that it is no path: `-k product`.
_VALUED = ("-k", "-m", "-n", "-p", "-o", "-c", "-r", "-W", "--deselect", "--ignore", "--maxfail", "--dist", "--tb")


def chosen(words: Sequence[str]) -> tuple[Level, ...]:
    """The levels that the paths among the words for pytest are in; all of them where no path is named."""
    paths = test_paths(words)
    if not paths:
        return LEVELS
    return tuple(level for level in LEVELS if any(_touches(path, level.folder) for path in paths))


def test_paths(words: Sequence[str]) -> list[Path]:
    """The files and folders of tests among the words for pytest, without the test in them; relative to the checkout."""
    paths = []
    for before, word in zip(("", *words), words, strict=False):
        path = (ROOT / word.partition("::")[0]).resolve()
        if before not in _VALUED and not word.startswith("-") and path.exists() and _touches(path, TESTS):
            paths.append(path)
    return paths


def tools(levels: Iterable[Level]) -> tuple[str, ...]:
    """The tool sets of several levels, each once."""
    return tuple(dict.fromkeys(name for level in levels for name in level.tools))


def products(levels: Iterable[Level]) -> tuple[str, ...]:
    """The products of several levels, each once."""
    return tuple(dict.fromkeys(name for level in levels for name in level.products))


def _touches(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder) or folder.is_relative_to(path)
