"""Ends of programs that Wine loses on a busy machine: told after the run, and failures from the fourth on.

A program that has done all that it was to do, and said so, then ends in Wine's own code: it crashes there, or Wine's
server kills it after a limit of its own (docs/design/warm-up.md; about one end in a thousand with many programs at
once). How hosts end is tested by itself: tests/product/test_warm_up.py, `build_dll.py warm-ups --wine`.
"""

from __future__ import annotations

import signal

from buildlib.layout import BUILD

FILE = BUILD / "lost-ends.txt"
MOST = 3
_CODES = (-signal.SIGSEGV, -signal.SIGKILL)


def forget() -> None:
    """Begin to count anew: at the beginning of a run."""
    FILE.unlink(missing_ok=True)


def is_excused(kind: str, code: int, last_line: str) -> bool:
    """Whether a client whose result ends in `last_line` may end with `code`; counted if so, by all workers together."""
    if not kind.startswith("win") or code not in _CODES or last_line not in ("done", "exiting"):
        return False
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("a", encoding="ascii") as file:
        file.write(f"{kind}: {code} after {last_line}\n")
    return len(told()) <= MOST


def told() -> list[str]:
    """A line for each of them in this run."""
    return FILE.read_text("ascii").splitlines() if FILE.exists() else []
