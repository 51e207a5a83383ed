"""The table of docs/commands.md, from the rows of the catalogue: every command in both languages. Not a command.

The function gives the heads and the rows of the table; tables.py writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shim.commands.catalogue import (
    bridge,
    call,
    capture,
    completion,
    config,
    doctor,
    examples,
    fleet,
    ini,
    install,
    journal,
    kept,
    label,
    learn,
    log,
    reference,
    replay,
    rollback,
    scan,
    screen,
    sign,
    simulator,
    spec,
    status,
    uninstall,
    versions,
)
from shim.commands.catalogue import open as opened
from shim.commands.language import Phrase

# The commands in the order of a reader, with the document that says more.
_COMMANDS: Mapping[str, tuple[Phrase, str]] = {
    "scan": (scan.HELP, "scanner.md"),
    "screen": (screen.HELP, "screen.md"),
    "label": (label.HELP, "labels.md"),
    "spec": (spec.HELP, "reference.md"),
    "call": (call.HELP, "simulator.md"),
    "examples": (examples.HELP, "simulator.md"),
    "sign": (sign.HELP, "dialects.md"),
    "open": (opened.HELP, "dialects.md"),
    "capture": (capture.HELP, "replacing.md"),
    "learn": (learn.HELP, "replacing.md"),
    "replay": (replay.HELP, "replacing.md"),
    "status": (status.HELP, "replacing.md"),
    "log": (log.HELP, "commands.md"),
    "config": (config.HELP, "settings.md"),
    "doctor": (doctor.HELP, "install.md"),
    "kept": (kept.HELP, "settings.md"),
    "journal": (journal.HELP, "replacing.md"),
    "ini": (ini.HELP, "settings.md"),
    "fleet": (fleet.HELP, "fleet.md"),
    "install": (install.HELP, "install.md"),
    "rollback": (rollback.HELP, "install.md"),
    "uninstall": (uninstall.HELP, "install.md"),
    "versions": (versions.HELP, "install.md"),
    "reference": (reference.HELP, "reference.md"),
    "completion": (completion.HELP, "commands.md"),
    "simulator": (simulator.HELP, "simulator.md"),
    "bridge": (bridge.HELP, "bridge.md"),
}


def every_command() -> tuple[Sequence[str], list[Sequence[str]]]:
    """What each command is for."""
    rows: list[Sequence[str]] = [
        (f"`{name}`", row.zh, row.en, f"[{document}]({document})") for name, (row, document) in _COMMANDS.items()
    ]
    return ("命令", "用途", "In English", "详见"), rows
