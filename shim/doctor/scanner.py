"""Check of the scanner: whether the line that [scanner] names can be opened, and whether a scanner answers on it.

A scanner is asked by the command that switches its light off, which does nothing to one whose light is off; nothing is
scanned. It is left alone while a host scans. Of a make that answers no command only the line can be checked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from shim.commands.catalogue import doctor_devices as phrases
from shim.devices.base import DeviceUnavailable, UnusableSetting
from shim.devices.lines import ports
from shim.devices.scanner.endpoints import Endpoint
from shim.devices.scanner.framing import Ending, Framer, Framing, LineStatistics
from shim.devices.scanner.hid_pos import HidPosLine
from shim.devices.scanner.lock import ScanLock
from shim.devices.scanner.pick import BACK_ENDS, pick_endpoints
from shim.devices.scanner.settings import ScannerSettings
from shim.doctor.device_lines import (
    LOGGER,
    UNUSABLE,
    back_end_findings,
    bilingual_list,
    line_finding,
    named,
    not_set_up,
)
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.folders import local_data

ANSWERS = FindingRow("scanner.answers", Level.OK, phrases.SCANNER_ANSWERS)
OPENS = FindingRow("scanner.opens", Level.OK, phrases.SCANNER_OPENS)
SILENT = FindingRow(
    "scanner.silent", Level.WARNING, phrases.SCANNER_SILENT, None, phrases.SCANNER_SILENT_REMEDY
)  # fmt: skip
NOT_UNDERSTOOD = FindingRow(
    "scanner.not_understood", Level.WARNING, phrases.SCANNER_NOT_UNDERSTOOD, None, phrases.SCANNER_NOT_UNDERSTOOD_REMEDY
)
GARBLED = FindingRow("scanner.garbled", Level.WARNING, phrases.SCANNER_GARBLED, None, phrases.SCANNER_GARBLED_REMEDY)
HID = FindingRow("scanner.hid", Level.OK, phrases.SCANNER_HID)
HID_MISSING = FindingRow(
    "scanner.hid_missing", Level.ERROR, phrases.SCANNER_HID_MISSING, None, phrases.SCANNER_HID_MISSING_REMEDY
)
NOTHING = FindingRow("scanner.nothing", Level.ERROR, phrases.SCANNER_NOTHING, None, phrases.SCANNER_NOTHING_REMEDY)
AUTO_SILENT = FindingRow(
    "scanner.auto_silent", Level.WARNING, phrases.SCANNER_AUTO_SILENT, None, phrases.SCANNER_SILENT_REMEDY
)
KEYBOARD = FindingRow("scanner.keyboard", Level.NOTE, phrases.SCANNER_KEYBOARD)
FILE = FindingRow("scanner.file", Level.NOTE, phrases.SCANNER_FILE)
BUSY = FindingRow("scanner.busy", Level.NOTE, phrases.SCANNER_BUSY)

_OPEN_SECONDS = 3.0
_ANSWER_SECONDS = 0.6  # a reply takes some milliseconds; a serial server adds up to 0.1 s


def look_at_scanner(place: Place) -> Iterator[CheckFinding]:
    """The scanner that [scanner] names."""
    settings = place.settings.scanner
    if settings.type == "none":
        yield not_set_up(BACK_ENDS, "scanner")
        return
    found = back_end_findings(BACK_ENDS, "scanner", "type", settings.type)
    yield from found or _look(settings, place.folder)


def _look(settings: ScannerSettings, folder: Path) -> Iterator[CheckFinding]:
    try:
        source, lock = pick_endpoints(settings, LOGGER, folder, local_data())
    except UnusableSetting as error:
        yield UNUSABLE(section="scanner", reason=error.problem)
        return
    if settings.type == "wedge":
        yield KEYBOARD()
        return
    try:
        endpoints = source.candidates()
    except DeviceUnavailable:
        yield NOTHING()
        return
    try:
        lock.acquire()
    except DeviceUnavailable:
        yield BUSY(title=named(source.title))
        return
    yield from _ask_all(settings, endpoints, lock)


def _ask_all(settings: ScannerSettings, endpoints: Sequence[Endpoint], lock: ScanLock) -> Iterator[CheckFinding]:
    try:
        found = [_ask(endpoint, settings) for endpoint in endpoints]
    finally:
        lock.release()
    if settings.type != "auto" or len(found) == 1:
        yield from found
        return
    answers = [finding for finding in found if finding.row in (ANSWERS, HID)]
    yield from answers or [AUTO_SILENT(ports=bilingual_list(ports.serial_ports()))]


def _ask(endpoint: Endpoint, settings: ScannerSettings) -> CheckFinding:
    """What one line says of itself."""
    line = endpoint.line
    if isinstance(line.unwrapped, HidPosLine):
        return _hid(line.unwrapped)
    try:
        line.open(_OPEN_SECONDS)
    except DeviceUnavailable as error:
        return line_finding(error, "scanner")
    with closing(line):
        if settings.type == "file":
            return FILE(title=named(line.title))
        try:
            return _answer(endpoint)
        except OSError:
            return _silent(endpoint)


def _hid(line: HidPosLine) -> CheckFinding:
    try:
        rows = line.present()
    except DeviceUnavailable as error:
        return line_finding(error, "scanner")
    names = (str(row.get("product_string") or f"{row['vendor_id']:04X}:{row['product_id']:04X}") for row in rows)
    return HID(names=bilingual_list(names)) if rows else HID_MISSING()


def _answer(endpoint: Endpoint) -> CheckFinding:
    """Send the command that switches the light off, and take what comes. OSError if the line is lost."""
    trigger, facts = endpoint.trigger, {"title": named(endpoint.line.title), "make": endpoint.trigger.make}
    if not (trigger.stop and trigger.replies):
        return OPENS(**facts)
    endpoint.line.discard()
    endpoint.line.write(trigger.wake)
    time.sleep(trigger.wake_delay)
    endpoint.line.write(trigger.stop)
    heard = _heard(endpoint)
    if heard.accepted:
        return ANSWERS(**facts)
    if heard.refused:
        return NOT_UNDERSTOOD(**facts)
    if heard.received:
        return GARBLED(**facts, received=heard.received)
    return OPENS(**facts) if heard.gave_up else _silent(endpoint)


def _heard(endpoint: Endpoint) -> LineStatistics:
    framer = Framer(Framing(Ending.AUTO, 0.08), endpoint.trigger.replies)
    end = time.monotonic() + _ANSWER_SECONDS
    while (left := end - time.monotonic()) > 0:
        data = endpoint.line.read(min(left, 0.05))
        if data:
            framer.feed(data, time.monotonic())
        if framer.statistics.accepted or framer.statistics.refused:
            break
    return framer.statistics


def _silent(endpoint: Endpoint) -> CheckFinding:
    others = [port for port in ports.serial_ports() if not endpoint.line.title.endswith(f" {port}")]
    return SILENT(title=named(endpoint.line.title), ports=bilingual_list(others))
