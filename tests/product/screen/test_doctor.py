"""What the doctor hears from the real helper program: with a second monitor, and without one."""

from __future__ import annotations

import pytest

from shim.doctor.screen import NONE, ask_helper
from tests.support.screens import Place


def test_the_second_monitor(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in place.env.items():
        monkeypatch.setenv(name, value)
    command = place.command(place.launcher(""))
    ready = ask_helper(command, NONE)
    assert (ready.row.name, ready.facts["width"], ready.facts["height"]) == ("screen.ready", "1024", "600")
    place.unplug()
    try:
        assert ask_helper(command, NONE).row.name == "screen.no_monitor_only"
    finally:
        place.plug()
