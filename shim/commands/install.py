"""`vcshim install`: the set of this vcshim.exe into the folder of a hospital program."""

from __future__ import annotations

import argparse
from pathlib import Path

from shim import __version__, configuration
from shim.commands import ini_document, ini_merge
from shim.commands.catalogue import install as phrases
from shim.commands.catalogue import installing
from shim.commands.installing import add_run_words, carry_out, own_set
from shim.install.log_on import bridge_at_log_on
from shim.install.operations import SetupJob, stage
from shim.install.operations import install as install_set
from shim.install.outcome import SetupFailed, SetupOutcome
from shim.install.transaction import FileChange
from shim.settings.ini import FILE_NAME


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_run_words(parser, installing.FOLDER, needs_folder=True)
    parser.add_argument("--merge-ini", action="store_true", help=phrases.MERGE())
    parser.add_argument("--bridge", type=Path, metavar="PROGRAM", help=phrases.BRIDGE())
    # What the setup program was given and does not know: it asks here, so that the log of this PC has it.
    parser.add_argument("--not-understood", action="append", default=[], metavar="WORD", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """An exit code of SetupOutcome."""
    folder = options.folder.absolute()

    def work(job: SetupJob) -> None:
        if options.not_understood:
            words = [word.strip() for word in options.not_understood]
            raise SetupFailed(SetupOutcome.NOT_UNDERSTOOD, words=words)
        more = [FileChange(FILE_NAME, merged_settings(folder))] if options.merge_ini else []
        with bridge_at_log_on(options.bridge, folder, own_set()):
            install_set(job, own_set(), __version__, sample(), [each for each in more if each.content is not None])

    return carry_out(options, work, lambda job: stage(job, own_set(), __version__))


def sample() -> bytes:
    """vcshim.ini.sample, as Notepad has it."""
    return ("\ufeff" + ini_document.whole_file()).replace("\n", "\r\n").encode()


def merged_settings(folder: Path) -> bytes | None:
    """The vcshim.ini of a HIS folder with the keys that are new; None where there is no file, or nothing is new."""
    try:
        present = (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return None
    merged = ini_merge.merged(present, configuration.template())
    return merged if merged != present else None
