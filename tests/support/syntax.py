"""Source files as syntax trees, for tests that read code."""

from __future__ import annotations

import ast


def parsed(source: str) -> ast.Module:
    """The tree of a module.

    NB: CPython 3.11 counts the depth of all trees that are made at one moment in one place, and fails where a thread of
    an earlier test formats a traceback meanwhile.
    """
    for _ in range(20):
        try:
            return ast.parse(source)
        except SystemError:
            continue
    return ast.parse(source)
