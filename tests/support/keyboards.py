"""What the tests of auto-fill share: a keyboard that only notes what it is told, and the codes that are typed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from shim.devices.autofill.base import Keyboard, Window
from shim.devices.autofill.driver import DrivenAutoFill

# 64 characters, both cases and what needs Shift; no colon, which would make it a 多码融合码.
LONG = "4240000000000000000300350000AbCdEfGhIjKlMnOpQrStUvWxYz_-+/=.0123"
FORM = Window(0x10010, 77, "his.exe", "TfrmCharge", 0x10012)


@dataclass
class PretendKeyboard(Keyboard):
    """`windows` are what has the focus, one look after the other, the last one for ever; likewise `helds`.

    `takes` is how many events the system takes, None for all; `fails` names the method that raises OSError.
    """

    windows: Sequence[Window | None] = (FORM,)
    helds: Sequence[tuple[str, ...]] = ((),)
    takes: int | None = None
    fails: str = ""
    typed: list[tuple[Window, str, bool]] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    go: threading.Event | None = None
    writing: threading.Event = field(default_factory=threading.Event)
    looks: int = 0
    held_looks: int = 0

    def __call__(self) -> PretendKeyboard:
        self._may_fail("open")
        self.opened += 1
        return self

    def focused(self) -> Window | None:
        self._may_fail("focused" if not self.typed else "after")
        self.looks += 1
        return self.windows[min(self.looks, len(self.windows)) - 1]

    def held(self) -> tuple[str, ...]:
        self._may_fail("held")
        self.held_looks += 1
        return self.helds[min(self.held_looks, len(self.helds)) - 1]

    def write(self, window: Window, code: str, enter: bool) -> tuple[int, int]:
        self.typed.append((window, code, enter))
        self.writing.set()
        if self.go is not None:
            assert self.go.wait(60)
        self._may_fail("write")
        wanted = 2 * len(code) + 2 * enter
        return (wanted if self.takes is None else self.takes), wanted

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
