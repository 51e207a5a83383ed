"""How a parallel run deals out the tests: whole files to a worker, but the longest files test by test, and those first.

A worker makes what is made once for a session (a Wine prefix, a desk) when its first test asks for it. Files whose
tests look at what one program did with everything are dealt out by that program's kind. pytest-xdist does the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.support.product import KINDS

# Folders and files in the order in which they are dealt out; the rest follows.
_FIRST = (
    "tests/product/test_inventory.py", "tests/product/screen/", "tests/product/test_autofill.py",
    "tests/product/test_hosts.py", "tests/simulator/test_pages.py", "tests/product/", "tests/contract/",
    "tests/native/", "tests/simulator/",
)  # fmt: skip
_BY_TEST = (
    "tests/contract/test_methods.py",
    "tests/contract/test_routing.py",
    "tests/product/python_hosts/test_embedding.py",
    "tests/product/python_hosts/test_ends.py",
    "tests/product/python_hosts/test_interrupts.py",
    "tests/product/screen/test_faults.py",
    "tests/product/screen/test_helper.py",
    "tests/product/screen/test_phases.py",
    "tests/product/screen/test_window.py",
    "tests/product/test_hosts.py",
    "tests/product/test_inventory.py",
    "tests/product/test_replacing.py",
    "tests/product/test_scanner.py",
    "tests/product/test_signals.py",
    "tests/product/test_simulator_access.py",
    "tests/product/test_small_stacks.py",
)
_BY_KIND = ("tests/contract/test_contract.py", "tests/native/test_clients.py")


class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # xdist is untyped
    """Deals out work units, each with the tests of one `scope`, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)


def scope(nodeid: str) -> str:
    """The name of the work unit that a test belongs to."""
    path, _, test = nodeid.partition("::")
    if path.startswith(_BY_TEST):
        return nodeid
    if path.startswith(_BY_KIND):
        parameters = test.partition("[")[2]
        kinds = [kind for kind in ("in-process", *KINDS) if parameters.startswith(kind)]
        return f"{path} {max(kinds, key=len, default='')}"
    return path


def arrange(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    items.sort(key=lambda item: next((i for i, name in enumerate(_FIRST) if item.nodeid.startswith(name)), len(_FIRST)))


def torn(items: Iterable[pytest.Item]) -> list[str]:
    """What a module or class makes for its tests, and would be made in several workers: none, or _BY_TEST is wrong."""
    scopes: dict[str, set[str]] = defaultdict(set)
    for item in items:
        fixtures = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
        values = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        for name, made in fixtures.items():
            if made and made[-1].scope in ("module", "class"):
                scopes[f"{item.nodeid.partition('::')[0]} {name} {values.get(name, '')}"].add(scope(item.nodeid))
    return sorted(name for name, units in scopes.items() if len(units) > 1)
