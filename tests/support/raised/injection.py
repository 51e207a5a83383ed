"""Raises an exception at the Nth event of the product's Python code: a line that begins, or a function that is entered.

Points at which no interpreter raises are left out: a line that only moves values (`try:`, `thread = None`) or releases
a lock, and the moment between the last line of a with block and the call that leaves it. Uses sys.settrace, in the
thread of the call or in its helper threads; the rules are those of the byte code of CPython 3.11.
"""

from __future__ import annotations

import dis
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Literal

import shim

_ROOT = str(Path(shim.__file__).parent)
Where = Literal["call", "helpers"]


class Strange(BaseException):
    """An exception that nothing in the product can know."""


# What is raised, and the text of each: what no answer and no log may repeat.
KINDS: tuple[type[BaseException], ...] = (
    KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, RecursionError, Strange, RuntimeError, AssertionError,
    KeyError, ValueError, OSError, TimeoutError, StopIteration,
)  # fmt: skip
_MOVES = frozenset(
    "NOP LOAD_FAST LOAD_CONST STORE_FAST STORE_ATTR POP_JUMP_FORWARD_IF_NONE POP_JUMP_FORWARD_IF_NOT_NONE JUMP_FORWARD "
    "JUMP_BACKWARD RETURN_VALUE POP_TOP SWAP COPY".split()
)
_RELEASE = [("LOAD_METHOD", "release"), ("PRECALL", 0), ("CALL", 0)]
_HELPERS = ("vcshim-scanner", "vcshim-label", "vcshim-resolver")
SYSTEM_ERRORS = (OSError, TimeoutError)
SECRET = "患者张三 990000188801010099"
_paused = threading.local()


@contextmanager
def paused() -> Iterator[None]:
    """Nothing is raised in what this thread does meanwhile."""
    _paused.now = True
    try:
        yield
    finally:
        _paused.now = False


class Injection:
    """Counts the events, and raises at one of them.

    Args:
        at: the number of the event, from 0; -1 to count only.
        kind: what is raised.
        where: in the thread that calls, or in threads that the call starts.

    Attributes:
        count: events so far.
        place: where it was raised, as file:line:function; "" if it was not.
    """

    def __init__(self, at: int = -1, kind: type[BaseException] = RuntimeError, where: Where = "call") -> None:
        self._at = at
        self._kind = kind
        self._where = where
        self._lock = threading.Lock()
        self.count = 0
        self.place = ""

    @contextmanager
    def active(self) -> Iterator[None]:
        """Around the call, in its thread."""
        before = sys.gettrace()
        try:
            if self._where == "helpers":
                threading.settrace(self._trace)
            else:
                sys.settrace(self._trace)
            yield
            self._wait()
        finally:
            sys.settrace(before)
            threading.settrace(before)

    @staticmethod
    def _wait() -> None:
        """Wait for the helper threads that end with a call."""
        for thread in threading.enumerate():
            if thread.name.startswith(_HELPERS):
                thread.join(60)

    def _trace(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        if not frame.f_code.co_filename.startswith(_ROOT):
            return None
        if event == "call" or (event == "line" and frame.f_lasti not in _silent(frame.f_code)):
            self._hit(frame)
        return self._trace

    def _hit(self, frame: FrameType) -> None:
        if getattr(_paused, "now", False):
            return
        with self._lock:
            number, self.count = self.count, self.count + 1
            if number != self._at:
                return
            code = frame.f_code
            self.place = f"{code.co_filename.removeprefix(_ROOT + '/')}:{frame.f_lineno}:{code.co_name}"
        # What the system says is logged; it knows no patient.
        raise self._kind(*((5, "raised") if self._kind in SYSTEM_ERRORS else (SECRET,)))


def _line(rows: Sequence[dis.Instruction]) -> Iterator[dis.Instruction]:
    """The instructions of the line that begins with the first, up to its end or where it goes elsewhere."""
    for at, row in enumerate(rows):
        if at and row.starts_line:
            return
        yield row
        if row.opname in ("JUMP_FORWARD", "JUMP_BACKWARD", "RETURN_VALUE"):
            return


@cache
def _silent(code: CodeType) -> frozenset[int]:
    """The offsets of a code at which a line begins and nothing can be raised."""
    rows = [row for row in dis.get_instructions(code) if row.opname != "CACHE"]
    names = [(row.opname, row.argval) for row in rows]
    leave = [("LOAD_CONST", None)] * 3 + [("PRECALL", 2), ("CALL", 2)]
    silent: set[int] = set()
    for at, row in enumerate(rows):
        if names[at : at + 5] == leave:
            silent |= {row.offset, rows[at - 1].offset} if rows[at - 1].opname == "SWAP" else {row.offset}
        if row.starts_line:
            does = [(each.opname, each.argval) for each in _line(rows[at:]) if each.opname not in _MOVES]
            if not does or does[1:] == _RELEASE:
                silent.add(row.offset)
    return frozenset(silent)
