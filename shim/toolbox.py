"""vcshim-toolbox: the commands that a HIS developer needs on a PC without Python and without the DLLs, in one file.

The same command line with another list of commands: those that try devices need the helper programs of an installed
vcshim folder, and the server of the simulator is here alone. buildlib/toolbox.py freezes this module.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shim.bridge.program import WORKER_WORD

COMMANDS = (
    "simulator", "bridge", "call", "examples", "spec", "sign", "open", "capture", "learn", "replay", "status", "kept",
    "journal", "doctor", "ini", "config", "log", "reference", "completion",
)  # fmt: skip


def main() -> int:
    """Run one of the commands, or the process in which `bridge` calls the DLLs; the exit code."""
    if sys.argv[1:2] == [WORKER_WORD] and len(sys.argv) == 3:
        from shim.bridge import worker_main

        worker_main.run(Path(sys.argv[2]))
    from shim import cli

    return cli.main(commands=COMMANDS)


if __name__ == "__main__":
    sys.exit(main())
