"""One look at the hospital's file: fetched, proven, looked through, and taken if nothing speaks against it.

A file that is not good in any way is taken by no PC, whether its turn has come or not; the last good one stays in
force. What is looked through: every line, those for other PCs included; and whether calls can still be made with it
and the settings of this PC together. Used by `watch` and the command `vcshim fleet`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shim import configuration
from shim.bilingual import NOTHING, Bilingual
from shim.configuration import Configuration
from shim.dialects.nation import ec_wire
from shim.errors import HostError, OwnError
from shim.fleet import refusal, source
from shim.fleet.document import FleetDocument, parse_document
from shim.fleet.refusal import FleetOutcome, Refused
from shim.fleet.store import FleetStore
from shim.settings.fleet import FleetSettings
from shim.settings.layers import Layer
from shim.wiring import pick_dialect

SHOWN = Bilingual("集中设置", "the hospital's file")
# What no call can be made without.
_NEEDED: tuple[Callable[[Configuration], object], ...] = (
    Configuration.check,
    pick_dialect,
    lambda settings: ec_wire(settings.wire),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What became of a look.

    Attributes:
        text: of the outcome, with its facts.
        serial: of the file that is in force on this PC now; None if there is none.
    """

    outcome: FleetOutcome
    text: Bilingual
    serial: int | None


def look(folder: Path, store: FleetStore, pc: str) -> Look:
    """Look at the file that the settings for the DLLs in `folder` name, and take it if it is good.

    Args:
        pc: the name of this PC.
    """
    settings = configuration.read(folder, pc_name=lambda: pc)
    before = store.document()
    serial = None if before is None else before.serial
    try:
        data, document = proven(settings)
        if data == store.data():
            result = _look(refusal.IN_FORCE, serial, document)
        else:
            if before is not None and store.state().get("source") == settings.fleet.source:
                _check_order(document, before)
            check_lines(data, folder)
            if document.is_for(pc):
                _keep(data, folder, store, pc, settings)
                result = _look(refusal.TAKEN, document.serial, document)
            else:
                result = _look(refusal.NOT_YET, serial, document)
    except Refused as refused:
        result = Look(refused.outcome, refused.text, serial)
    _note(store, result, settings.fleet.source)
    return result


def proven(settings: Configuration) -> tuple[bytes, FleetDocument]:
    """The file that [fleet] source names, as it came and taken apart. Refused if it cannot be had or is not proven."""
    fleet: FleetSettings = settings.fleet
    data = source.fetch(fleet.source, settings.transport)
    document = parse_document(data)
    try:
        document.prove(fleet.public_key, needs_signature=not source.is_secure(fleet.source))
    except (OwnError, ValueError) as error:
        raise Refused(refusal.NO_CRYPTO, why=error) from error
    return data, document


def check_lines(data: bytes, folder: Path) -> Configuration:
    """What the ini in a file says, on every PC. Refused if anything in it is wrong."""
    said = configuration.check(Layer("fleet", Path(SHOWN), SHOWN, required=False), folder, data)
    if said.problems:
        raise Refused(refusal.PROBLEMS, count=len(said.problems), first=said.problems[0])
    if any(section == FleetSettings.NAME for section, _ in said.sources):
        raise Refused(refusal.OWN_SECTION)
    for name in said.dialects:
        try:
            pick_dialect(said, name)
        except HostError as error:
            raise Refused(refusal.PROBLEMS, count=1, first=error.told) from error
    return said


def _check_order(document: FleetDocument, before: FleetDocument) -> None:
    if document.serial < before.serial:
        raise Refused(refusal.OLDER, serial=document.serial, before=before.serial)
    if document.serial == before.serial:
        raise Refused(refusal.SAME_NUMBER, serial=document.serial)


def _keep(data: bytes, folder: Path, store: FleetStore, pc: str, settings: Configuration) -> None:
    staged = store.stage(data)
    try:
        fleet, *others = configuration.layers(folder)
        files = (fleet._replace(path=staged), *others)
        _check_together(configuration.read(folder, files=files, pc_name=lambda: pc), settings)
        store.keep(staged)
    finally:
        store.discard(staged)


def _check_together(after: Configuration, before: Configuration) -> None:
    """Refused if calls that can be made now could not be made afterwards."""
    for needed in _NEEDED:
        why = _failure(needed, after)
        if why and not _failure(needed, before):
            raise Refused(refusal.STOPS_CALLS, why=why)


def _failure(needed: Callable[[Configuration], object], settings: Configuration) -> Bilingual:
    try:
        needed(settings)
    except HostError as error:
        return error.told
    return NOTHING


def _look(outcome: FleetOutcome, in_force: int | None, document: FleetDocument) -> Look:
    return Look(outcome, outcome.told(serial=document.serial), in_force)


def _note(store: FleetStore, result: Look, place: str) -> None:
    """The source stays that of the file in force."""
    kept = place if result.outcome is refusal.TAKEN else store.state().get("source", place)
    store.note(
        {
            "looked": int(time.time()), "asked": place, "source": kept, "outcome": result.outcome.key,
            "text": result.text, "english": result.text.english, "serial": result.serial,
        }
    )  # fmt: skip
