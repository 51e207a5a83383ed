"""`vcshim fleet check`: whether the hospital's file is good, and whether it is this PC's turn. Nothing is taken."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from shim import configuration
from shim.commands.catalogue import common
from shim.commands.catalogue import fleet as phrases
from shim.commands.console import show, warn
from shim.commands.folder import add_folder_word
from shim.commands.machine import tell, tell_failure
from shim.fleet.refusal import Refused
from shim.fleet.take import check_lines, proven
from shim.settings.fleet import FleetSettings
from shim.workstation import workstation_name

HELP = phrases.CHECK_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=phrases.CHECKED_FILE())
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """0: it is good; 1: it is not, or there is none."""
    settings = configuration.read(options.folder)
    if options.file is not None:
        fleet = FleetSettings(source=str(options.file.absolute()), public_key=settings.fleet.public_key)
        settings = replace(settings, fleet=fleet)
    if not settings.fleet.source:
        warn(f"vcshim fleet: {phrases.NO_SOURCE()}")
        return 1
    try:
        data, document = proven(settings)
        check_lines(data, options.folder)
    except Refused as refused:
        tell_failure(refused)
        warn(f"vcshim fleet: {common.FAILED(reason=refused.text)}")
        return 1
    pc = workstation_name()
    turn = phrases.FOR_THIS_PC if document.is_for(pc) else phrases.NOT_FOR_THIS_PC
    tell(serial=document.serial, for_this_pc=document.is_for(pc))
    show(f"{phrases.GOOD(serial=document.serial)}\n{turn(pc=pc)}")
    return 0
