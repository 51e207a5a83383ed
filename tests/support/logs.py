"""The log of an installation as tests read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def log(folder: Path) -> list[dict[str, Any]]:
    """Every line of the log of the DLLs in `folder`."""
    text = "".join(path.read_text("utf-8") for path in sorted((folder / "vcshim_log").glob("*.log")))
    return [json.loads(line) for line in text.splitlines()]
