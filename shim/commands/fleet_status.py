"""`vcshim fleet status`: which of the hospital's settings are in force on this PC, and what the last look found."""

from __future__ import annotations

import argparse

from shim import configuration, wall_clock
from shim.commands.catalogue import fleet as phrases
from shim.commands.console import show, write_json
from shim.commands.folder import add_folder_word
from shim.fleet.store import FleetStore

HELP = phrases.STATUS_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """Print it; 0 also where there is nothing."""
    source = configuration.read(options.folder).fleet.source
    store = FleetStore()
    document, state = store.document(), store.state()
    if options.json:
        serial = None if document is None or not source else document.serial
        told = {"source": source, "serial": serial, "file": str(store.file), "last_look": state or None}
        write_json(told)
        return 0
    if not source:
        show(phrases.NO_SOURCE())
        return 0
    lines = [phrases.SOURCE(source=source)]
    if document is not None:
        lines.append(phrases.IN_FORCE(serial=document.serial, file=store.file))
    else:
        lines.append(phrases.NONE_IN_FORCE() if store.data() is None else phrases.DAMAGED(file=store.file))
    looked = state.get("looked")
    if isinstance(looked, int):
        lines.append(phrases.LOOKED(time=wall_clock.local_time(looked), text=store.told()))
    else:
        lines.append(phrases.NEVER_LOOKED())
    show("\n".join(lines))
    return 0
