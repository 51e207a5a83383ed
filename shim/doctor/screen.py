"""Check of the extension screen: whether its program starts and finds a monitor, or its serial port can be opened.

The program is the one that the DLLs start, and it shows nothing unless it is told to: what keeps it from running here,
such as security software, keeps it from running for a host.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from shim.commands.catalogue import doctor_devices as phrases
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.pick import serial_line
from shim.devices.screen import messages
from shim.devices.screen.helper_command import helper_command
from shim.devices.screen.pick import BACK_ENDS, NO_SCREEN, SCREEN, screen_problem
from shim.devices.screen.process import HelperProcess
from shim.devices.screen.settings import ScreenSettings
from shim.doctor.device_lines import (
    LOGGER,
    UNUSABLE,
    back_end_findings,
    bilingual_list,
    line_finding,
    named,
    not_set_up,
    system_error,
)  # fmt: skip
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place

READY = FindingRow("screen.ready", Level.OK, phrases.SCREEN_READY)
SERIAL = FindingRow("screen.serial", Level.OK, phrases.SCREEN_SERIAL)
NONE = {
    why: FindingRow(f"screen.no_monitor_{why}", Level.WARNING, text, None, phrases.SCREEN_NONE_REMEDY[why])
    for why, text in phrases.SCREEN_NONE.items()
}
# Where [screen] has not been touched, nobody may want a screen.
NOT_USED = {
    why: FindingRow(f"screen.unused_{why}", Level.NOTE, text, None, phrases.SCREEN_NONE_REMEDY[why])
    for why, text in phrases.SCREEN_NONE.items()
}
NOT_STARTED = FindingRow(
    "screen.not_started", Level.ERROR, phrases.SCREEN_NOT_STARTED, None, phrases.SCREEN_HELPER_REMEDY
)
ENDED = FindingRow("screen.ended", Level.ERROR, phrases.SCREEN_ENDED, None, phrases.SCREEN_HELPER_REMEDY)
SLOW = FindingRow("screen.slow", Level.ERROR, phrases.SCREEN_SLOW, None, phrases.SCREEN_HELPER_REMEDY)

START_SECONDS = 30.0  # as the watchdog of the screen has it: a virus scanner may look at the program first
_POLL_SECONDS = 0.02


def look_at_screen(place: Place) -> Iterator[CheckFinding]:
    """The extension screen that [screen] names."""
    settings = place.settings
    screen = settings.screen
    if screen.type == NO_SCREEN:
        yield not_set_up(BACK_ENDS, "screen")
        return
    problem = screen_problem(screen, LOGGER, place.folder)
    found = back_end_findings(BACK_ENDS, "screen", "type", screen.type)
    if problem:
        found.append(UNUSABLE(section="screen", reason=problem))
    if found:
        yield from found
    elif screen.type == "serial":
        yield _serial(screen)
    else:
        wanted = any(section == "screen" for section, _ in settings.sources)
        yield ask_helper([*helper_command(place.folder), screen.monitor], NONE if wanted else NOT_USED)


def _serial(settings: ScreenSettings) -> CheckFinding:
    line = serial_line(SCREEN, settings.port, settings.baud, settings.bits)
    try:
        line.open(3.0)
    except DeviceUnavailable as error:
        return line_finding(error, "screen")
    with closing(line):
        return SERIAL(title=named(line.title))


def ask_helper(command: Sequence[str], rows: Mapping[str, FindingRow], limit: float = START_SECONDS) -> CheckFinding:
    """Start the program of the screen, hear which monitor it takes, and end it.

    Args:
        command: as the watchdog has it: the whole command, which ends with the value of [screen] monitor.
        rows: what is said of a PC without a monitor that can be used.
    """
    program = Path(command[0]).name
    try:
        helper = HelperProcess(command)
    except (OSError, ValueError) as error:
        return NOT_STARTED(program=program, error=system_error(error))
    try:
        return _monitor(helper, program, rows, limit)
    finally:
        helper.end()


def _monitor(helper: HelperProcess, program: str, rows: Mapping[str, FindingRow], limit: float) -> CheckFinding:
    end = time.monotonic() + limit
    while time.monotonic() < end:
        code = helper.exit_code  # before its lines are read: the last ones come with its end
        for line in helper.lines():
            finding = _of_line(line, rows)
            if finding is not None:
                return finding
        if code is not None:
            return ENDED(program=program, code=code)
        time.sleep(_POLL_SECONDS)
    return SLOW(program=program, seconds=f"{limit:.0f}")


def _of_line(line: str, rows: Mapping[str, FindingRow]) -> CheckFinding | None:
    """What MONITOR or NONE says; None for any other line."""
    word, *words = line.split(" ")
    if word == messages.MONITOR and len(words) > 1:
        return READY(width=words[0], height=words[1], name=_shown(" ".join(words[2:])))
    if word == messages.NONE and words and words[0] in rows:
        return rows[words[0]](monitors=bilingual_list(_shown(name) for name in words[2:]))
    return None


def _shown(name: str) -> str:
    return name.replace("\\\\.\\", "")
