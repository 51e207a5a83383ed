"""What the tests of auto-fill share: a keyboard that records what it is asked to type, and a code to type."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from shim.devices.autofill.base import FocusedWindow, Keyboard
from shim.devices.autofill.driver import DrivenAutoFill

# 64 characters, both cases and what needs Shift; no colon, which would make it a 多码融合码.
LONG = "4240000000000000000300350000AbCdEfGhIjKlMnOpQrStUvWxYz_-+/=.0123"
FORM = FocusedWindow(0x10010, 77, "his.exe", "TfrmCharge", 0x10012)


@dataclass
class PretendKeyboard(Keyboard):
    """A keyboard without a system.

    Attributes:
        windows: what has the focus, one for each look; the last one stays.
        down: the modifiers that are down, likewise.
        accepts: how many events the system accepts; None for all.
        fails: the method that raises OSError; "after" for the look that follows the typing.
        go: what `write` waits for, once it has set `writing`.
    """

    windows: Sequence[FocusedWindow | None] = (FORM,)
    down: Sequence[tuple[str, ...]] = ((),)
    accepts: int | None = None
    fails: str = ""
    typed: list[tuple[FocusedWindow, str, bool]] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    go: threading.Event | None = None
    writing: threading.Event = field(default_factory=threading.Event)
    looks: int = 0
    modifier_looks: int = 0

    def __call__(self) -> PretendKeyboard:
        self._may_fail("open")
        self.opened += 1
        return self

    def focused(self) -> FocusedWindow | None:
        self._may_fail("focused" if not self.typed else "after")
        self.looks += 1
        return self.windows[min(self.looks, len(self.windows)) - 1]

    def modifiers(self) -> tuple[str, ...]:
        self._may_fail("modifiers")
        self.modifier_looks += 1
        return self.down[min(self.modifier_looks, len(self.down)) - 1]

    def write(self, window: FocusedWindow, code: str, enter: bool) -> tuple[int, int]:
        self.typed.append((window, code, enter))
        self.writing.set()
        if self.go is not None:
            assert self.go.wait(60)
        self._may_fail("write")
        total = 2 * len(code) + 2 * enter
        return (total if self.accepts is None else self.accepts), total

    def close(self) -> None:
        self.closed += 1

    def _may_fail(self, method: str) -> None:
        if self.fails == method:
            raise OSError(5, "denied")


def filling(
    keyboard: PretendKeyboard, *programs: str, enter: bool = False, modifier_seconds: float = 0.0
) -> DrivenAutoFill:
    """The product's auto-fill on `keyboard`."""
    return DrivenAutoFill(keyboard, programs=programs, enter=enter, modifier_seconds=modifier_seconds)
