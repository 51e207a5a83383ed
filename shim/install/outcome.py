"""How a run of the installer ends: its exit codes, as docs/install.md lists them. Not the words (shim/commands)."""

from __future__ import annotations

from enum import Enum, unique


@unique
class SetupOutcome(Enum):
    """An exit code of `vcshim install`, `rollback`, `uninstall` and of the setup program. A released number stays."""

    DONE = 0
    FAILED = 1  # by what the system says; everything is as it was
    IN_USE = 10  # a program has the DLLs loaded; nothing was changed
    DAMAGED_SET = 11
    NOT_WRITABLE = 12
    DISK_FULL = 13
    WRONG_BITS = 14  # of the vendor's DLL and ours
    TRIAL_FAILED = 15  # the call after the change; everything is as it was
    BUSY = 16  # another run in the same folder
    NOT_INSTALLED = 17
    SCHEDULED = 18  # will be done when the programs have ended
    NOT_UNDONE = 19  # failed, and could not put everything back; the next run tries again
    NO_SUCH_SET = 20
    BACKUP_CHANGED = 21  # of the vendor's DLL
    NO_FOLDER = 22
    LOCKED_FILE = 23  # by a program that could not be found
    NO_BRIDGE = 24  # the program that --bridge names is not there, or has other bits
    NOT_UNDERSTOOD = 25  # a word of the setup program's command line


class SetupFailed(Exception):
    """The run ends with `outcome`, other than DONE. `facts` are for its sentence."""

    def __init__(self, outcome: SetupOutcome, **facts: object) -> None:
        super().__init__(outcome.name, facts)
        self.outcome, self.facts = outcome, facts
