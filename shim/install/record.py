"""What is installed in a HIS folder, as the installer wrote it down: rows for `vcshim versions` and for going back.

The file is a convenience: what is in use is what current.txt and the DLLs say, and a folder without it, such as a plain
copy, can be upgraded and uninstalled as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "installed.json"


@dataclass(frozen=True)
class InstalledRecord:
    """What the last run has left.

    Attributes:
        version: of vcshim.
        set_name: the set in use; "" for a plain copy.
        previous: the set before it, None if there was none.
        when: local time, to the second.
        vendor: the SHA-256 of the vendor's files that were kept, by name.
    """

    version: str
    set_name: str
    previous: str | None
    when: str
    vendor: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """As the file holds it."""
        return json.dumps(asdict(self), indent=1).encode() + b"\n"


def read_record(setup: Path) -> InstalledRecord | None:
    """What is in the setup folder; None if there is nothing that can be read."""
    try:
        return InstalledRecord(**json.loads((setup / FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
