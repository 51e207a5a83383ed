"""What a scanned text is: an insurance code, a 多码融合码 or neither (wire.md). Pure. L2, used by the service."""

from __future__ import annotations

from enum import Enum, unique


@unique
class Kind(Enum):
    """Where a code belongs."""

    INSURANCE = "医保电子凭证"
    FUSED = "多码融合码"
    UNKNOWN = "未知二维码"


def tidy(text: str) -> str:
    """The code without the CR, LF, tabs and blanks that scanners add."""
    return text.strip(" \t\r\n\0")


def kind(code: str) -> Kind:
    """28 digits, or opc and 25: insurance. Fields joined by colons: 多码融合码. All else goes to the platform."""
    digits = code[3:] if code.startswith("opc") else code
    if digits.isascii() and digits.isdigit() and len(code) == 28:
        return Kind.INSURANCE
    return Kind.FUSED if ":" in code else Kind.UNKNOWN


def is_usual(code: str) -> bool:
    """Whether an insurance code starts as those of the national platform do; others are accepted with a warning."""
    return code.startswith(("424", "opc"))
