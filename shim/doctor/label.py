"""Check of the label printer: whether it can be reached, and what it says of itself. Nothing is printed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from shim import configuration
from shim.commands.catalogue import doctor_devices as phrases
from shim.devices.base import DeviceUnavailable
from shim.devices.label.base import LABEL_PRINTER, LabelPrinter
from shim.devices.label.driver import DrivenLabelPrinter
from shim.devices.label.pick import BACK_ENDS, label_problem, pick_printer
from shim.devices.label.settings import LabelSettings
from shim.devices.label.statuses import Fault
from shim.devices.label.windows_printers import printer_names
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
from shim.messages import label as rows

READY = FindingRow("label.ready", Level.OK, phrases.LABEL_READY)
REACHED = FindingRow("label.reached", Level.OK, phrases.LABEL_REACHED)
QUEUE_MISSING = FindingRow(
    "label.queue_missing", Level.ERROR, phrases.LABEL_QUEUE_MISSING, None, phrases.LABEL_QUEUE_MISSING_REMEDY
)
QUEUE_DENIED = FindingRow(
    "label.queue_denied", Level.ERROR, phrases.LABEL_QUEUE_DENIED, None, phrases.LABEL_QUEUE_DENIED_REMEDY
)
BUSY = FindingRow("label.busy", Level.WARNING, phrases.LABEL_BUSY, None, phrases.LABEL_CHECK_POWER)
LOST = FindingRow("label.lost", Level.WARNING, phrases.LABEL_LOST, None, phrases.LABEL_CHECK_POWER)
FAULTS = {
    name: FindingRow(f"label.{name}", Level.WARNING, phrases.LABEL_FAULT[name], None, phrases.LABEL_FAULT_REMEDY[name])
    for name in (fault.value.key.removeprefix("label.") for fault in Fault)
}
_BY_KEY: Mapping[str, FindingRow] = {
    rows.QUEUE_MISSING.key: QUEUE_MISSING,
    rows.QUEUE_DENIED.key: QUEUE_DENIED,
    rows.BUSY.key: BUSY,
    rows.NOT_ACCEPTED.key: BUSY,
    rows.LOST.key: LOST,
}
_SECONDS = "5"  # in the place of [label] timeout_seconds: nothing is printed


def look_at_label(place: Place) -> Iterator[CheckFinding]:
    """The label printer that [label] names."""
    settings = configuration.read(place.folder, {("label", "timeout_seconds"): _SECONDS}).label
    if settings.type == "none":
        yield not_set_up(BACK_ENDS, "label")
        return
    found = back_end_findings(BACK_ENDS, "label", "type", settings.type)
    yield from found or [_look(settings)]


def _look(settings: LabelSettings) -> CheckFinding:
    printer = pick_printer(settings, LOGGER)
    if not isinstance(printer, DrivenLabelPrinter):
        return UNUSABLE(section="label", reason=label_problem(settings, LOGGER))
    title = named(printer.title)
    before = os.path.lexists(settings.file) if settings.type == "file" else True
    try:
        status = printer.status()
    except DeviceUnavailable as error:
        return unavailable_finding(error, printer)
    finally:
        if not before and os.path.isfile(settings.file) and not os.path.getsize(settings.file):
            os.unlink(settings.file)  # opening a file makes it
    if isinstance(status, Fault):
        return FAULTS[status.value.key.removeprefix("label.")](title=title)
    return REACHED(title=title) if status else READY(title=title)


def unavailable_finding(error: DeviceUnavailable, printer: LabelPrinter) -> CheckFinding:
    """The finding for what a printer says when it cannot serve."""
    key = error.row.key if error.row is not None else ""
    if not isinstance(printer, DrivenLabelPrinter):
        return line_finding(error, LABEL_PRINTER.section)
    title = named(printer.title)
    fault = FAULTS.get(key.removeprefix("label."))
    if fault is not None:
        return fault(title=title)
    row = _BY_KEY.get(key)
    if row is None:
        return line_finding(error, LABEL_PRINTER.section)
    facts = {"printers": bilingual_list(printer_names())} if row is QUEUE_MISSING else {}
    return row(title=title, **facts)
