"""Where the tests find what they share on disk: the checkout, the vector files, the native programs' sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors"
NATIVE = ROOT / "tests" / "native"


def vectors(name: str) -> Any:
    """The content of the vector file `name`.json."""
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
