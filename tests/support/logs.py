"""The log of an installation as tests read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def log(folder: Path) -> list[dict[str, Any]]:
    """Every line of the log of the DLLs in `folder`."""
    text = "".join(path.read_text("utf-8") for path in sorted((folder / "vcshim_log").glob("*.log")))
    return [json.loads(line) for line in text.splitlines()]


def start_note(folder: Path) -> Path:
    """What is left beside vcshim.ini for the engineer where there is no log; its name has that of the PC."""
    (path,) = folder.glob("vcshim-start-*.txt")
    return path
