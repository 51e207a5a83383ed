"""Which monitor is the extension screen: never the only one, never a copy of the one where the clerk works."""

from __future__ import annotations

import pytest

from shim.devices.screen.helper.monitors import Monitor, choose, reason_for_none

LEFT = Monitor(r"\\.\DISPLAY1", (0, 0, 1920, 1080), True)
RIGHT = Monitor(r"\\.\DISPLAY2", (1920, 0, 1024, 600), False)
ABOVE = Monitor("HDMI-1", (-100, -1080, 1920, 1080), False)
COPY = Monitor(r"\\.\DISPLAYV1", (0, 0, 1920, 1080), False)  # a mirror driver, or cloned outputs


@pytest.mark.parametrize(
    ("monitors", "setting", "chosen"),
    [
        ([LEFT, RIGHT], "", RIGHT),
        ([RIGHT, LEFT], "", RIGHT),
        ([LEFT, RIGHT, ABOVE], "", RIGHT),
        ([LEFT, RIGHT, ABOVE], "3", ABOVE),
        ([LEFT, RIGHT, ABOVE], "hdmi-1", ABOVE),
        ([LEFT, RIGHT], "1", LEFT),
        ([LEFT, RIGHT], "DISPLAY1", LEFT),
        ([LEFT, RIGHT], r"\\.\display2", RIGHT),
        ([LEFT, RIGHT], "2", RIGHT),
        ([LEFT, RIGHT], "3", None),
        ([LEFT, RIGHT], "0", None),
        ([LEFT, RIGHT], "DISPLAY", None),
        ([LEFT], "", None),
        ([LEFT], "1", None),
        ([LEFT], "DISPLAY1", None),
        ([RIGHT], "2", None),
        ([RIGHT], "1", None),
        ([LEFT, COPY], "", None),
        ([LEFT, COPY], "2", None),
        ([LEFT, COPY], "1", None),  # its copy is no other monitor
        ([LEFT, COPY, RIGHT], "", RIGHT),
        ([LEFT, COPY, RIGHT], "3", RIGHT),
        ([], "", None),
        ([], "1", None),
    ],
)
def test_the_choice(monitors: list[Monitor], setting: str, chosen: Monitor | None) -> None:
    assert choose(monitors, setting) == chosen


@pytest.mark.parametrize(
    ("monitors", "reason"),
    [
        ([LEFT], "only"),
        ([RIGHT], "only"),
        ([LEFT, COPY], "copy"),
        ([LEFT, RIGHT], "setting"),
        ([LEFT, COPY, RIGHT], "setting"),
    ],
)
def test_why_there_is_none(monitors: list[Monitor], reason: str) -> None:
    assert reason_for_none(monitors) == reason
