"""`vcshim fleet take`: looks at the hospital's file now, as the DLLs do, and takes it if it is good."""

from __future__ import annotations

import argparse

from shim import configuration
from shim.commands.catalogue import common
from shim.commands.catalogue import fleet as phrases
from shim.commands.console import show, warn
from shim.commands.folder import add_folder_word
from shim.commands.language import spoken
from shim.commands.machine import tell
from shim.fleet import refusal
from shim.fleet.store import FleetStore
from shim.fleet.take import look
from shim.workstation import workstation_name

HELP = phrases.TAKE_HELP
_GOOD = (refusal.TAKEN, refusal.IN_FORCE, refusal.NOT_YET)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: taken, unchanged, or not yet this PC's turn; 1: refused, or there is none."""
    if not configuration.read(options.folder).fleet.source:
        warn(f"vcshim fleet: {phrases.NO_SOURCE()}")
        return 1
    result = look(options.folder, FleetStore(), workstation_name())
    tell(outcome=result.outcome, text=result.text)
    if result.outcome in _GOOD:
        show(spoken(result.text))
        return 0
    warn(f"vcshim fleet: {common.FAILED(reason=result.text)}")
    return 1
