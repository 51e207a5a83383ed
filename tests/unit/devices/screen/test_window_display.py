"""What reaches the window: pages whose code can be drawn, and nothing that asks for one that cannot."""

from __future__ import annotations

import logging

import pytest

from shim.configuration import parse
from shim.devices.screen.base import ScreenContent, ScreenPhase
from shim.devices.screen.pages import pages
from shim.devices.screen.painter import make_painter
from shim.devices.screen.window import ScreenWindow
from shim.devices.screen.window_display import WindowDisplay

LOGGER = logging.getLogger("vcshim.tests.window_display")
URL = "https://example.invalid/auth/1"
TOO_LONG = "https://example.invalid/" + "secret" * 700


class RecordingWindow(ScreenWindow):
    """A window of 320 x 240 that records; no process."""

    def __init__(self) -> None:
        super().__init__(["", ""], LOGGER)
        self.calls: list[str] = []

    size = (320, 240)
    ready = True
    problem = ""
    epoch = 1

    def poll(self) -> None:
        """Nothing to hear."""

    def paint(self, x: int, y: int, width: int, height: int, bgrx: bytes) -> None:
        self.calls.append("paint")

    def show(self) -> None:
        self.calls.append("show")

    def hide(self) -> None:
        self.calls.append("hide")


def shown(display: WindowDisplay, window: RecordingWindow, content: ScreenContent) -> list[str]:
    """What `content` does to the window."""
    window.calls.clear()
    display.refresh(content)
    return window.calls


@pytest.mark.parametrize("code", [TOO_LONG, "data:image/png;base64," + "secret" * 700], ids=["long", "picture"])
def test_a_title_never_stands_without_its_code(caplog: pytest.LogCaptureFixture, code: str) -> None:
    window = RecordingWindow()
    settings = parse("").screen
    display = WindowDisplay(window, make_painter(settings, LOGGER), pages(settings), LOGGER)
    assert shown(display, window, ScreenContent(ScreenPhase.WAITING, URL, 60, 60)) == ["paint", "show"]
    caplog.clear()
    with caplog.at_level(logging.INFO, LOGGER.name):
        for seconds in (60, 59, 58):
            assert shown(display, window, ScreenContent(ScreenPhase.WAITING, code, seconds, 60)) == ["hide"]
    (record,) = caplog.records
    said = record.getMessage()
    assert record.levelno == logging.WARNING and "二维码放不下" in said and "secret" not in said
    assert display.problem == said
    assert shown(display, window, ScreenContent(ScreenPhase.REFUSED, code, 57, 60)) == ["paint", "show"]
    assert shown(display, window, ScreenContent(ScreenPhase.SUCCEEDED)) == ["paint", "show"]
    assert display.problem == ""
    assert shown(display, window, ScreenContent(ScreenPhase.WAITING, URL, 60, 60)) == ["paint", "show"]
