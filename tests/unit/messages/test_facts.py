"""What stands in the rows' texts: whoever raises an error gives facts in words of both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support.chinese import CHINESE
from tests.support.paths import ROOT
from tests.support.syntax import parsed

ERRORS = {"HostError", "OwnError", "PlatformError", "DeviceUnavailable"}
IN_BOTH = {"Bilingual", "filled", "word_list"}


def chinese_facts(tree: ast.AST) -> Iterator[int]:
    """The lines of facts of errors that are written in Chinese alone."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ERRORS:
            for fact in call.keywords:
                yield from (node.lineno for node in _alone(fact.value) if CHINESE.search(str(node.value)))


def _alone(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IN_BOTH:
        return
    if isinstance(node, ast.Constant):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _alone(child)


def test_no_fact_of_an_error_is_chinese_alone() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / "shim").rglob("*.py")
        for source in [path.read_text("utf-8")]
        if any(f"{error}(" in source for error in ERRORS) and CHINESE.search(source)
        for line in chinese_facts(parsed(source))
    }
    assert found == set()
    spoilt = ast.parse('HostError(row, known="、".join(known), what=filled("甲", "A", {}))')
    assert list(chinese_facts(spoilt)) == [1]
