"""Prints captured calls as lines of JSON: `python captured_rows.py TARGET FOLDER ...`, where their key can be opened.

Runs in a python.exe under Wine on the files that ship, because Windows opens the key for its own user only.
"""

from __future__ import annotations

import sys
from pathlib import Path

from shim.capture.record import to_bytes
from shim.capture.source import read_captures


def main(target: str, *folders: str) -> None:
    with open(target, "wb") as file:
        for call in read_captures(Path(folder) for folder in folders):
            file.write(to_bytes(call) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
