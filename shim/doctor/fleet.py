"""Check of the hospital's settings: which are in force on this PC, and what the last look at their file found."""

from __future__ import annotations

from collections.abc import Iterator

from shim.commands.catalogue import doctor as phrases
from shim.doctor.finding import CheckFinding, FindingRow, Level, Place
from shim.fleet.refusal import IN_FORCE, NOT_YET, TAKEN
from shim.fleet.store import FleetStore

GOOD = FindingRow("fleet.good", Level.OK, phrases.FLEET_GOOD)
NEVER = FindingRow("fleet.never", Level.NOTE, phrases.FLEET_NEVER, None, phrases.MEND_FLEET)
REFUSED = FindingRow("fleet.refused", Level.WARNING, phrases.FLEET_REFUSED, phrases.FLEET_MEANS, phrases.MEND_FLEET)
_GOOD = frozenset(outcome.key for outcome in (TAKEN, IN_FORCE, NOT_YET))


def look_at_fleet(place: Place) -> Iterator[CheckFinding]:
    """What the last look found, where [fleet] source is set. The file is not fetched here: that may take a minute."""
    source = place.settings.fleet.source
    if not source:
        return
    store = FleetStore()
    state = store.state()
    if state.get("asked") != source:
        yield NEVER(source=source)
    else:
        yield (GOOD if state.get("outcome") in _GOOD else REFUSED)(reason=store.told())
