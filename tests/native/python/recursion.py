"""A host that calls near its recursion limit: from every depth up to the one at which its interpreter refuses it."""

from __future__ import annotations

import sys
import threading

from hospital import Hospital

NEAR = 40  # levels before the limit at which calls begin
his = Hospital()


def sink(depth: int) -> None:
    """Go down so far, calling on the last levels; the interpreter ends it by RecursionError."""
    if depth >= sys.getrecursionlimit() - NEAR and remaining:
        his.call(remaining.pop())
    sink(depth + 1)


def dive() -> None:
    """Until the interpreter says no."""
    try:
        sink(1)
    except RecursionError:
        refused.append(1)


refused: list[int] = []
his.load()
remaining = [name for name in his.ids if name.startswith("deep")]
his.before()
dive()
deep = threading.Thread(target=dive)
remaining = [name for name in his.ids if name.startswith("thread")]
deep.start()
deep.join()
sys.setrecursionlimit(150)
remaining = [name for name in his.ids if name.startswith("little")]
dive()
sys.setrecursionlimit(1000)
his.every("http")
his.after()
his.notes["refused"] = len(refused)
his.finish()
