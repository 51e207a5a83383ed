"""What the helper program does with commands and with monitors that come and go, on a window that records."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shim.devices.screen import messages
from shim.devices.screen.helper import main
from shim.devices.screen.helper.base import HelperWindow
from shim.devices.screen.helper.monitors import Monitor

LEFT = Monitor(r"\\.\DISPLAY1", (0, 0, 1920, 1080), True)
RIGHT = Monitor(r"\\.\DISPLAY2", (1920, 0, 1024, 600), False)
MOVED = Monitor(r"\\.\DISPLAY2", (-1024, 0, 1024, 600), False)
BOX = (0, 0, 2, 1)


class RecordingWindow(HelperWindow):
    """Records every call; `script` runs in the place of the message loop."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.present = [LEFT, RIGHT]
        self.script: Callable[[], None] = lambda: None
        self.rearrange: Callable[[], None] = lambda: None
        self._execute: Callable[[], None] = lambda: None

    def monitors(self) -> list[Monitor]:
        return self.present

    def place(self, monitor: Monitor) -> None:
        self.calls.append(("place", monitor))

    def paint(self, x: int, y: int, width: int, height: int, rows: bytes) -> None:
        self.calls.append(("paint", x, y, width, height, rows))

    def show(self) -> None:
        self.calls.append(("show",))

    def hide(self) -> None:
        self.calls.append(("hide",))

    def wake(self) -> None:
        self._execute()

    def run(self, rearrange: Callable[[], None], execute: Callable[[], None]) -> None:
        self.rearrange, self._execute = rearrange, execute
        self.script()


class Rig:
    """The program, its window, and what it wrote."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.window = RecordingWindow()
        self.lines: list[str] = []
        monkeypatch.setattr(main, "send_line", self.lines.append)
        self.program = main.HelperProgram(self.window, "")

    def send(self, kind: bytes, generation: int = 1, rows: bytes = b"") -> None:
        box = BOX if rows else (0, 0, 0, 0)
        self.program.queue(messages.HelperCommand(kind, generation, box, rows))

    def run(self, script: Callable[[], None]) -> list[tuple[object, ...]]:
        """What was done to the window by `script`, after the start."""

        def after_start() -> None:
            self.window.calls.clear()
            script()

        self.window.script = after_start
        self.program.run()
        return self.window.calls


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Rig:
    return Rig(monkeypatch)


def test_the_start(rig: Rig) -> None:
    rig.program.run()
    assert rig.lines == ["READY", r"MONITOR 1024 600 \\.\DISPLAY2"]
    assert rig.window.calls == [("hide",), ("place", RIGHT)]


def test_commands(rig: Rig) -> None:
    def script() -> None:
        rig.send(messages.PAINT, rows=b"12345678")
        rig.send(messages.SHOW)
        rig.send(messages.PING, generation=0)
        rig.send(messages.HIDE, generation=9)

    assert rig.run(script) == [("paint", *BOX, b"12345678"), ("show",), ("hide",)]
    assert rig.lines[-1] == "PONG"


@pytest.mark.parametrize("generation", [0, 2])
def test_paint_and_show_of_another_generation_are_dropped(rig: Rig, generation: int) -> None:
    def script() -> None:
        rig.send(messages.PAINT, generation, b"12345678")
        rig.send(messages.SHOW, generation)

    assert rig.run(script) == []


def test_a_change_that_leaves_the_monitor_alone(rig: Rig) -> None:
    """The window is shown again, because the system may have moved it; if it was hidden, nothing happens."""
    assert rig.run(lambda: rig.window.rearrange()) == []

    def script() -> None:
        rig.send(messages.SHOW)
        rig.window.calls.clear()
        rig.window.rearrange()

    assert rig.run(script) == [("show",)]


def test_a_monitor_that_moves(rig: Rig) -> None:
    """It is a new generation: what was on its way for the old place is not shown."""

    def script() -> None:
        rig.send(messages.SHOW)
        rig.window.calls.clear()
        rig.window.present = [LEFT, MOVED]
        rig.window.rearrange()
        rig.send(messages.PAINT, generation=1, rows=b"12345678")
        rig.send(messages.SHOW, generation=2)

    assert rig.run(script) == [("hide",), ("place", MOVED), ("show",)]
    assert rig.lines[-1].startswith("MONITOR 1024 600")


def test_a_monitor_that_goes_and_comes_back(rig: Rig) -> None:
    def script() -> None:
        rig.window.present = [LEFT]
        rig.window.rearrange()
        rig.window.rearrange()
        rig.send(messages.SHOW)
        rig.window.present = [LEFT, RIGHT]
        rig.window.rearrange()

    assert rig.run(script) == [("hide",), ("hide",), ("hide",), ("place", RIGHT)]
    assert rig.lines[1:] == [
        r"MONITOR 1024 600 \\.\DISPLAY2", r"NONE only 1 \\.\DISPLAY1", r"MONITOR 1024 600 \\.\DISPLAY2",
    ]  # fmt: skip


def test_a_window_that_takes_no_commands_ends_the_process(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ended(Exception):
        pass

    def end(code: int) -> None:
        raise Ended(code)

    monkeypatch.setattr(main, "end_process", end)
    monkeypatch.setattr(main, "_HANG_SECONDS", 0.05)
    monkeypatch.setattr(rig.window, "wake", lambda: None)
    with pytest.raises(Ended) as caught:
        for _ in range(100):
            rig.send(messages.PING)
    assert caught.value.args == (4,)
