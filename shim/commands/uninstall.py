"""`vcshim uninstall`: the vendor's DLLs as they were, and nothing of ours but vcshim.ini and the log."""

from __future__ import annotations

import argparse
from contextlib import suppress

from shim.commands.catalogue import installing
from shim.commands.catalogue import uninstall as phrases
from shim.commands.installing import add_run_words, carry_out, own_set
from shim.install import later
from shim.install.log_on import forget_log_on
from shim.install.operations import SetupJob
from shim.install.operations import uninstall as uninstall_all


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_run_words(parser, installing.FOLDER_HERE, needs_folder=False)
    parser.add_argument("--leave-own-set", action="store_true", help=phrases.LEAVE())


def run(options: argparse.Namespace) -> int:
    """An exit code of SetupOutcome."""

    def work(job: SetupJob) -> None:
        left = uninstall_all(job, own_set())
        with suppress(OSError):  # what is left of it names a program that says what is missing
            forget_log_on(job.places.folder)
        if left and not options.leave_own_set:
            later.remove_after_end(left, job.places)

    return carry_out(options, work, lambda _job: own_set())
