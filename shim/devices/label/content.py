"""What stands on one label: the three texts of EhealthID_Print (VC 3.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACEHOLDERS = ("{name}", "{card_no}")
"""What the text of a line may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelContent:
    """A patient's data: never logged, never written to disk.

    Attributes:
        ehealth_code: the text of the QR code.
    """

    ehealth_code: str
    card_no: str
    name: str

    def fill(self, text: str) -> str:
        """`text` with its placeholders replaced, on one line. A value that looks like a placeholder is not replaced."""
        values = {placeholder: getattr(self, placeholder.strip("{}")) for placeholder in PLACEHOLDERS}
        return " ".join(re.sub("|".join(map(re.escape, values)), lambda match: values[match[0]], text).split())
