"""When the helper's window on Linux waits for its server; what it draws there is tested on a real one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shim.devices.screen.helper.xlib import XlibWindow

pytestmark = pytest.mark.needs("linux")


class Waits(Exception):
    """The window waits for its streams."""


def test_events_that_came_with_an_answer_are_handled_before_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The monitors change once more while the window asks for them: the stream shows nothing of that."""

    def wait(*_: Any) -> Any:
        raise Waits

    window = object.__new__(XlibWindow)
    monkeypatch.setattr(window, "_wake_read", 0, raising=False)
    monkeypatch.setattr(window, "_display", 1, raising=False)
    monkeypatch.setattr(window, "_x", SimpleNamespace(XConnectionNumber=lambda display: 0), raising=False)
    monkeypatch.setattr(window, "_handle_events", iter([True, True, False]).__next__)
    monkeypatch.setattr("shim.devices.screen.helper.xlib.select", SimpleNamespace(select=wait))
    looks: list[str] = []
    with pytest.raises(Waits):
        window.run(lambda: looks.append("monitors"), lambda: None)
    assert len(looks) == 2
