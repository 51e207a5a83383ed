"""From the settings of [screen] to a screen: the choice, the words of its rows, and what is imported for it."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from shim import configuration
from shim.call_activity import CallActivity
from shim.configuration import parse
from shim.devices.backends import survey
from shim.devices.base import DeviceUnavailable
from shim.devices.screen.base import Screen
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.pick import BACK_ENDS, pick_durations, pick_screen
from shim.devices.screen.serial_display import SerialDisplay
from shim.devices.screen.settings import ScreenSettings
from shim.devices.screen.state import Durations
from shim.devices.screen.window_display import WindowDisplay
from shim.spec.rows import Step

LOGGER = logging.getLogger("vcshim.tests.screen")


def picked(folder: Path, ini: str) -> Screen:
    return pick_screen(parse(f"[screen]\n{ini}\n").screen, LOGGER, folder, CallActivity())


def test_the_default_is_a_window(tmp_path: Path) -> None:
    screen = picked(tmp_path, "")
    assert isinstance(screen, DrivenScreen)
    assert isinstance(screen._open_display(), WindowDisplay)
    assert pick_durations(parse("").screen) == Durations(60, 3, 3, 60)


def test_a_serial_display(tmp_path: Path) -> None:
    screen = picked(tmp_path, "type = serial\nport = /dev/ttyNONE")
    assert isinstance(screen, DrivenScreen)
    assert isinstance(screen._open_display(), SerialDisplay)


def test_none(tmp_path: Path) -> None:
    screen = picked(tmp_path, "type = none")
    with pytest.raises(DeviceUnavailable) as caught:
        screen.set_visible(True)
    assert "[screen]" in caught.value.message and "扩展屏未配置" in caught.value.message
    screen.tell(Step.ASKS, "A1", "http://h/1")


@pytest.mark.parametrize(
    ("ini", "advice"),
    [
        ("type = serial", "port"),
        ("type = serial\nport = COM4\nprotocol = custom\nprefix = 0x7E", "十六进制"),
    ],
)
def test_mode_1_says_what_cannot_be_used(tmp_path: Path, ini: str, advice: str) -> None:
    screen = picked(tmp_path, ini)
    with pytest.raises(DeviceUnavailable) as caught:
        screen.set_visible(True)
    assert advice in caught.value.message


def test_the_words_of_type_and_protocol_come_from_the_rows() -> None:
    type_, protocol = ScreenSettings.option("type"), ScreenSettings.option("protocol")
    assert type_.choices == ("window", "serial", "none")
    assert all(row.title in type_.help for row in BACK_ENDS)
    assert protocol.choices == ("plain", "nextion", "dwin", "custom")
    assert "dwin 迪文" in protocol.help


def test_every_back_end_says_why_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert survey(BACK_ENDS) == {"window": None, "serial": None}
    monkeypatch.setattr("shim.devices.backends._is_installed", lambda name: False)
    reasons = survey(BACK_ENDS)
    assert "PIL" in (reasons["window"] or "") and "serial" in (reasons["serial"] or "")


@pytest.mark.parametrize(("ini", "module"), [("", "window"), ("type = serial\nport = COM4", "serial_display")])
def test_only_the_chosen_back_end_is_imported(tmp_path: Path, ini: str, module: str) -> None:
    """Before Set_QRflow_Mode(1) a window has imported nothing that draws, a serial display nothing of a window."""
    program = f"""
import logging, sys
from pathlib import Path
from shim.call_activity import CallActivity
from shim.configuration import parse
from shim.devices.screen.pick import pick_screen
pick_screen(parse({f"[screen]{chr(10)}{ini}"!r}).screen, logging.getLogger(), Path(), CallActivity())
print(*(name for name in sys.modules if name.startswith(("shim.devices.screen.", "PIL", "segno", "serial"))))
"""
    words = [sys.executable, "-c", program]
    modules = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout.split()
    names = {name.removeprefix("shim.devices.screen.") for name in modules}
    back_ends = {"window", "window_display", "frames", "serial_display", "PIL", "segno", "serial", "process"}
    assert names & back_ends == ({module} if module == "serial_display" else set())


def test_a_colour_that_is_none_is_a_problem_of_the_ini() -> None:
    """As for a number: the default is used, and the problem is in the log when the DLL starts."""
    settings = configuration.parse("[screen]\nbad_colour = 红\ngood_colour = NAVY\n")
    assert (settings.screen.bad_colour, settings.screen.good_colour) == ("#B3261E", "NAVY")
    (problem,) = settings.problems
    assert "[screen] bad_colour" in problem and "#B3261E" in problem and "颜色" in problem
