"""The table of docs/install.md: the exit codes of the installer, from the rows of SetupOutcome. Not a command."""

from __future__ import annotations

from collections.abc import Sequence

from shim.commands.catalogue.installing import CODES
from shim.install.outcome import SetupOutcome


def setup_exit_codes() -> tuple[Sequence[str], list[Sequence[str]]]:
    """Every exit code of `vcshim install`, `rollback`, `uninstall` and of the setup program."""
    rows: list[Sequence[str]] = [(str(each.value), CODES[each].zh, CODES[each].en) for each in SetupOutcome]
    return ("退出码", "含义", "In English"), rows
