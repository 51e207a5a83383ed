"""What stands on one label: the three texts of EhealthID_Print (VC 3.4), and the name of the hospital."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shim.drawing.shaping import visible

PLACEHOLDERS = ("{name}", "{card_no}", "{hospital}")
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
    hospital: str = ""

    @classmethod
    def of(cls, ehealth_code: str, card_no: str, name: str) -> LabelContent:
        """The content without padding and invisible characters, which databases and pasted texts bring."""
        return cls(ehealth_code=visible(ehealth_code), card_no=visible(card_no), name=visible(name))

    def fill(self, text: str) -> str:
        """`text` with its placeholders replaced, on one line. A value that looks like a placeholder is not replaced."""
        values = {placeholder: getattr(self, placeholder.strip("{}")) for placeholder in PLACEHOLDERS}
        return visible(re.sub("|".join(map(re.escape, values)), lambda match: values[match[0]], text))

    def is_empty(self, text: str) -> bool:
        """Whether `text` names values of this content and all of them are empty."""
        named = [placeholder for placeholder in PLACEHOLDERS if placeholder in text]
        return bool(named) and not any(getattr(self, placeholder.strip("{}")) for placeholder in named)
