"""What is probably wrong with a scanner, judged by what came over its line: a row of shim/messages/scanner.py. Pure.

Used for the text of a time-out, which `vcshim scan` also prints.
"""

from __future__ import annotations

from shim.devices.scanner.framing import Framing, LineStatistics
from shim.devices.scanner.triggers import Trigger
from shim.errors import Message
from shim.messages import scanner as rows

_MOSTLY = 0.8


def diagnose(statistics: LineStatistics, trigger: Trigger, framing: Framing) -> Message:
    """Why no code came, most telling sign first."""
    received = statistics.received
    if statistics.foreign:
        return rows.NOT_A_CODE
    if statistics.refused:
        return rows.COMMAND_REFUSED
    if statistics.waiting:
        return rows.NO_TERMINATOR
    if statistics.noise and statistics.noise > framing.limit:
        return rows.ONLY_NOISE
    if statistics.noise and statistics.printable < received * _MOSTLY:
        return rows.GARBLED
    if statistics.noise:
        return rows.STRAY_BYTES
    if statistics.gave_up or statistics.accepted:
        return rows.NOTHING_READ
    return rows.NO_DATA if trigger.start else rows.NO_DATA_WITHOUT_COMMAND
