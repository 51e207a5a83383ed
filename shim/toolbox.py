"""vcshim-toolbox: the commands that a HIS developer needs on a PC without Python and without the DLLs, in one file.

The same command line with another list of commands: those that try devices need the helper programs of an installed
vcshim folder, and the server of the simulator is here alone. buildlib/toolbox.py freezes this module.
"""

from __future__ import annotations

import sys

from shim import cli

COMMANDS = (
    "simulator", "call", "examples", "spec", "sign", "open", "capture", "learn", "replay", "status", "kept", "journal",
    "ini", "config", "log", "reference", "completion",
)  # fmt: skip


def main() -> int:
    """Run one of the commands; its exit code."""
    return cli.main(commands=COMMANDS)


if __name__ == "__main__":
    sys.exit(main())
