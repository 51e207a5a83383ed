"""What a scanned text is: an insurance code, a 多码融合码 or neither (docs/dialects.md, Evidence). Pure.

Used by the service and by `vcshim scan`.
"""

from __future__ import annotations

from enum import Enum, unique

from shim import codec


@unique
class Kind(Enum):
    """The platform that a code belongs to."""

    INSURANCE = "医保电子凭证"
    FUSED = "多码融合码"
    UNKNOWN = "未知二维码"


def tidy(text: str) -> str:
    """The code without the CR, LF, tabs, blanks and other control characters that scanners and databases add."""
    return codec.strip_word(text)


def kind(code: str) -> Kind:
    """INSURANCE: 28 digits, or opc and 25 digits. FUSED: fields joined by colons. All other codes are UNKNOWN."""
    digits = code[3:] if code.startswith("opc") else code
    if digits.isascii() and digits.isdigit() and len(code) == 28:
        return Kind.INSURANCE
    return Kind.FUSED if ":" in code else Kind.UNKNOWN


def is_usual(code: str) -> bool:
    """Whether an insurance code starts as those of the national platform do; others deserve a warning."""
    return code.startswith(("424", "opc"))
