"""Carries the checks out, side by side, because some of them wait for a network or a device; in the order of the table.

Not the checks, and not what is shown of them: that is for `vcshim doctor` and its page.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from shim import log
from shim.commands.catalogue import doctor as phrases
from shim.commands.language import Phrase
from shim.doctor.checks import CHECKS
from shim.doctor.finding import Check, CheckFinding, FindingRow, Level, Place

FAILED = FindingRow("check.failed", Level.WARNING, phrases.CHECK_FAILED, None, phrases.REPORT_FAULT)


@dataclass
class Examined:
    """What one check found."""

    title: Phrase
    findings: list[CheckFinding] = field(default_factory=list)


def examine(place: Place, checks: Sequence[Check] = CHECKS) -> list[Examined]:
    """What each check finds. A fault of a check is a finding, and costs no other check its own."""
    found = [Examined(check.title) for check in checks]
    threads = [
        threading.Thread(target=_look, args=(check, place, examined), daemon=True)
        for check, examined in zip(checks, found, strict=True)
    ]
    _ = place.settings  # once, before the checks ask for them at the same time
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _look(check: Check, place: Place, examined: Examined) -> None:
    try:
        for finding in check.look(place):
            examined.findings.append(finding)
    except Exception as error:
        why = "，".join([type(error).__name__, *log.trace(error.__traceback__)[-3:]])
        examined.findings.append(FAILED(why=why))
