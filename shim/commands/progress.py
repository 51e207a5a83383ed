"""How far a long work is, on one line of a terminal that goes away when it is over. Not a command.

On stderr, and only if that is a terminal: a file or a pipe gets none of it. Whatever else is printed meanwhile stands
above the line (`console.on_line`).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from shim.commands import console
from shim.commands.catalogue import common as phrases
from shim.commands.colours import is_terminal
from shim.commands.columns import width

_EVERY_SECONDS = 0.2
T = TypeVar("T")


class ProgressLine:
    """The line. Any thread; texts that come too soon after one another are left out."""

    def __init__(self) -> None:
        self._visible = is_terminal(sys.stderr)
        self._lock = threading.Lock()
        self._columns = 0
        self._next = 0.0

    def __enter__(self) -> ProgressLine:
        if self._visible:
            console.on_line(self.clear)
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
        console.on_line(None)

    @property
    def is_seen(self) -> bool:
        """Whether stderr is a terminal."""
        return self._visible

    def show(self, text: str) -> None:
        """Draw the line anew."""
        if not self._visible or time.monotonic() < self._next:
            return
        with self._lock:
            self._next = time.monotonic() + _EVERY_SECONDS
            blanks = max(self._columns - width(text), 0)
            self._columns = width(text)
            self._write(f"\r{text}{' ' * blanks}{chr(8) * blanks}")

    def clear(self) -> None:
        """Take the line away; the next `show` draws it again."""
        with self._lock:
            if self._columns:
                self._write(f"\r{' ' * self._columns}\r")
                self._columns, self._next = 0, 0.0

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self._visible = False


def while_counting(items: Iterable[T], text: Callable[[int], str]) -> Iterator[T]:
    """The items, with how many there were so far; `text` says it for a number."""
    with ProgressLine() as line:
        for number, item in enumerate(items, 1):
            line.show(text(number))
            yield item


@contextmanager
def waiting(text: Callable[[float], str], *, seconds: float = 0) -> Iterator[None]:
    """While something runs or is waited for: how long, or, with a limit of `seconds`, how long there is left.

    The line is a thread's, which ends with the block.
    """
    line, ended, began = ProgressLine(), threading.Event(), time.monotonic()

    def draw() -> None:
        while not ended.wait(_EVERY_SECONDS):
            passed = time.monotonic() - began
            line.show(text(max(seconds - passed, 0) if seconds else passed))

    if not is_terminal(sys.stderr):
        yield
        return
    with line:
        thread = threading.Thread(target=draw, name="progress", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def seconds_left(seconds: float) -> str:
    """The text for a wait with a limit."""
    return phrases.SECONDS_LEFT(seconds=round(seconds))


def seconds_passed(seconds: float) -> str:
    """The text for a wait without one."""
    return phrases.SECONDS_PASSED(seconds=round(seconds))


def calls_read(count: int) -> str:
    """The text for captured calls."""
    return phrases.CALLS_READ(count=count)
