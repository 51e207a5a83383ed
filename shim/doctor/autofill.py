"""Check of the auto-fill: whether this system has the way of typing that [autofill] names. Nothing is typed."""

from __future__ import annotations

from collections.abc import Iterator

from shim.commands.catalogue import doctor_devices as phrases
from shim.devices.autofill.pick import BACK_ENDS, back_end_word, pick_autofill
from shim.devices.base import DeviceUnavailable
from shim.doctor.device_lines import back_end_findings
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place

READY = FindingRow("autofill.ready", Level.OK, phrases.AUTOFILL_READY)
OFF = FindingRow("autofill.off", Level.NOTE, phrases.AUTOFILL_OFF)
NAMES = FindingRow("autofill.names", Level.ERROR, phrases.AUTOFILL_NAMES, None, phrases.AUTOFILL_NAMES_REMEDY)


def look_at_autofill(place: Place) -> Iterator[CheckFinding]:
    """What SetEcQrcode would use."""
    settings = place.settings.autofill
    if settings.method == "none":
        yield OFF()
        return
    word = back_end_word(settings.method)
    found = back_end_findings(BACK_ENDS, "autofill", "method", word)
    if found:
        yield from found
        return
    try:
        pick_autofill(settings).check()
    except DeviceUnavailable:
        yield NAMES()
        return
    yield READY(method=word)
