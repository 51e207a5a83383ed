"""What a scanned text is: an insurance code, a 多码融合码, another that a platform may know, or no code at all. Pure.

The forms are those of docs/dialects.md, Codes, with the evidence. The platform decides on a code of an unusual form; a
text that cannot be a code, because it is cut, glued to something or of another kind, never reaches it as an identity.
Used by the scanner, by the service and by `vcshim scan`.
"""

from __future__ import annotations

import re
from enum import Enum, unique

from shim import codec
from shim.bilingual import NOTHING, Bilingual

LONGEST = 128
"""Characters of the longest code: ehealth_code is String(128) (VC 4.1.2)."""

# AIM symbology identifiers, ISO/IEC 15424: "]", one of these letters, and a modifier.
SYMBOLOGIES: dict[str, str] = {
    "A": "Code 39", "B": "Telepen", "C": "Code 128", "D": "Code One", "E": "EAN/UPC", "F": "Codabar", "G": "Code 93",
    "H": "Code 11", "I": "Interleaved 2 of 5", "K": "Code 16K", "L": "PDF417", "M": "MSI", "N": "Anker",
    "O": "Codablock", "P": "Plessey", "Q": "QR Code", "R": "Straight 2 of 5, two bars", "S": "Straight 2 of 5, three",
    "T": "Code 49", "U": "MaxiCode", "X": "other bar code", "Z": "no bar code", "c": "Channel Code",
    "d": "Data Matrix", "e": "GS1 DataBar", "h": "Han Xin", "j": "JAB Code", "o": "OCR", "p": "PosiCode",
    "r": "rMQR", "s": "SuperCode", "u": "Ultracode", "z": "Aztec Code",
}  # fmt: skip
# What scanners put before a code, in any order and number: \ and the six digits of an ECI (\000026: the code was made
# with UTF-8), and an AIM identifier.
_PREFIXES = re.compile(rf"(?:\\[0-9]{{6}}|\][{''.join(SYMBOLOGIES)}][0-9A-Za-z])+")

_INSURANCE = re.compile(r"opc[0-9]{25}|[0-9]{28}")
# ID, flag, token, reserved and organisation; also 85, ID and flag. The ID is the cipher text of a person's number: 48
# or 64 characters, and perhaps more blocks of eight bytes, two characters a byte.
_ID = r"(?:[0-9A-Za-z]{16}){3,6}"
_FIELDS = r":[0-9]?(?::[0-9A-Za-z+/=_-]*){%s}(?<![0-9A-Za-z]{33})"
_FUSED = re.compile(rf"{_ID}{_FIELDS % '1,6'}|85:{_ID}{_FIELDS % '0,5'}")
_ISSUED = r"[0-9A-Za-z]{%s}:[01]?:[0-9A-Za-z]*::[0-9]{11}"
_WITH_85 = r"85:[0-9A-Za-z]{64}:1"
_USUAL_FUSED = re.compile(rf"{_ISSUED % 48}|{_ISSUED % 64}|{_WITH_85}")
_CERTAIN_FUSED = re.compile(rf"{_ISSUED % 64}|{_WITH_85}")
# Neither, and yet nothing that a scanner or a line makes of noise: letters and digits as in addresses.
_OTHER = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z](?:[0-9A-Za-z/?&=%._+-]|:(?=//))+")
_SHORTEST_OTHER = 16
_FEWEST_CHARACTERS = 4  # different ones
_MAY_GO_ON = Bilingual(
    "不是常见的形式，又没有结束符，可能只收到一部分", "of an unusual form and without an end: there may be more of it"
)


@unique
class Kind(Enum):
    """The platform that a code belongs to."""

    INSURANCE = "医保电子凭证"
    FUSED = "多码融合码"
    UNKNOWN = "未知二维码"


def tidy(text: str) -> str:
    """The code without what scanners and databases add: blanks and control characters around it, prefixes before it.

    A prefix stays where what follows is no code: the text is then shown as it came.
    """
    word = codec.strip_word(text)
    prefixes = _PREFIXES.match(word)
    if prefixes is not None:
        bare = codec.strip_word(word[prefixes.end() :])
        if is_code(bare):
            return bare
    return word


def kind(code: str) -> Kind:
    """INSURANCE: 28 digits, or opc and 25 digits. FUSED: fields joined by colons. All other codes are UNKNOWN."""
    if _INSURANCE.fullmatch(code):
        return Kind.INSURANCE
    return Kind.FUSED if ":" in code else Kind.UNKNOWN


def is_usual(code: str) -> bool:
    """Whether the code has a form that the platforms are known to issue; others deserve a warning."""
    if _INSURANCE.fullmatch(code):
        return code.startswith(("424", "opc"))
    return len(code) <= LONGEST and _USUAL_FUSED.fullmatch(code) is not None


def is_certain(code: str) -> bool:
    """Whether the code is whole for certain: its form shows that nothing is missing before it."""
    return _INSURANCE.fullmatch(code) is not None or _CERTAIN_FUSED.fullmatch(code) is not None


def is_code(code: str) -> bool:
    """Whether a scanned text may be a code: of a usual form, or of an unusual one that the platform decides on."""
    return problem(code) == ""


def problem(code: str, *, ended_by_pause: bool = False) -> Bilingual:
    """Why a scanned text is no code, without a character of it; an empty text if it may be one.

    Args:
        code: a text that was tidied.
        ended_by_pause: no CR or LF ended it, so it may be the beginning of a longer one.
    """
    if len(code) > LONGEST:
        return Bilingual(
            f"最多 {LONGEST} 个字符，实为 {len(code)} 个", f"{len(code)} characters, at most {LONGEST} may be"
        )
    if _INSURANCE.fullmatch(code):
        return NOTHING
    longest = max(code.split(":"), key=len)
    if len(longest) >= _SHORTEST_OTHER and len(set(longest)) < _FEWEST_CHARACTERS:
        kinds = len(set(longest))
        return Bilingual(
            f"连着 {len(longest)} 个字符只有 {kinds} 种",
            f"{len(longest)} characters in a row, and {kinds} different ones",
        )
    if is_usual(code):
        return NOTHING
    if _FUSED.fullmatch(code):
        return _MAY_GO_ON if ended_by_pause else NOTHING
    if code.isascii() and code.isdigit():
        return Bilingual(
            f"医保码为 28 位数字，实为 {len(code)} 位", f"{len(code)} digits, and an insurance code has 28"
        )
    if _INSURANCE.search(code):
        return Bilingual("医保码的前后有别的字符", "other characters stand beside the insurance code")
    if len(code) < _SHORTEST_OTHER:
        return Bilingual(f"只有 {len(code)} 个字符", f"only {len(code)} characters")
    if _OTHER.fullmatch(code):
        return _MAY_GO_ON if ended_by_pause else NOTHING
    if ":" in code:
        return Bilingual("不是一个完整的多码融合码", "not a whole health code")
    return Bilingual("不是医保码，也不是多码融合码", "neither an insurance code nor a health code")
