"""From a text as databases hold it to a text that can be drawn letter by letter: nothing invisible, Arabic letters in
their joined forms, each line in visual order. A script that needs more than that is named, never drawn wrong.

Covered beside the scripts that need nothing: the Arabic script (Uyghur, Kazakh, Kyrgyz, Arabic, Persian, Urdu) and
Hebrew, both without vowel marks. Joining uses the presentation forms of Unicode, which fonts have as characters; the
order is that of UAX #9 for texts without embeddings, whose controls are invisible and are taken out first.
docs/decisions.md says why there is no HarfBuzz. Pure: knows no font, and what a font lacks is fonts.py's matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from shim.bilingual import NOTHING, Bilingual

_NON_JOINER, _JOINER, _TATWEEL = "\u200c", "\u200d", "\u0640"

# Default_Ignorable_Code_Point of Unicode beside the format characters (Cf): fillers, selectors, what is reserved.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
# Format characters that are seen: signs that stand under or around a number.
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_BLANKS = frozenset("\u2800")  # an empty pattern of Braille; Python knows the other blanks

# Scripts whose letters stand side by side as they are: the first words of the names of their characters.
_PLAIN = frozenset(
    "LATIN GREEK COPTIC CYRILLIC ARMENIAN GEORGIAN CHEROKEE CJK IDEOGRAPHIC KANGXI VERTICAL HIRAGANA KATAKANA "
    "KATAKANA-HIRAGANA BOPOMOFO HANGUL YI LISU VAI TANGUT KHITAN NUSHU ETHIOPIC TIFINAGH RUNIC OGHAM GOTHIC DESERET "
    "CANADIAN HEBREW FULLWIDTH HALFWIDTH MODIFIER MATHEMATICAL FEMININE MASCULINE MICRO OHM KELVIN ANGSTROM SCRIPT "
    "DOUBLE-STRUCK BLACK-LETTER INFORMATION TURNED".split()
)
_TITLES: Mapping[str, str] = {
    "ARABIC": "阿拉伯文（带符号或少见的字母）", "HEBREW": "希伯来文（带符号）", "TIBETAN": "藏文",
    "MONGOLIAN": "蒙古文", "PHAGS-PA": "八思巴文", "THAI": "泰文", "LAO": "老挝文", "MYANMAR": "缅甸文",
    "KHMER": "高棉文", "TAI": "傣文", "NEW": "傣文", "MIAO": "苗文", "DEVANAGARI": "天城文", "BENGALI": "孟加拉文",
    "GURMUKHI": "果鲁穆奇文", "GUJARATI": "古吉拉特文", "ORIYA": "奥里亚文", "TAMIL": "泰米尔文",
    "TELUGU": "泰卢固文", "KANNADA": "卡纳达文", "MALAYALAM": "马拉雅拉姆文", "SINHALA": "僧伽罗文",
    "SYRIAC": "叙利亚文", "THAANA": "塔纳文", "COMBINING": "组合用的附加符号", "HANGUL": "谚文（没有合成的字母）",
}  # fmt: skip
# Where the word in Unicode's names is not the name of the script.
_ENGLISH = {
    "ARABIC": "Arabic script with marks or rare letters", "HEBREW": "Hebrew script with points",
    "TAI": "Tai script", "NEW": "New Tai Lue script", "COMBINING": "combining marks",
    "HANGUL": "Hangul that is not composed",
}  # fmt: skip

_PAIRS = "()[]{}<>«»‹›⟨⟩（）［］｛｝＜＞《》〈〉「」『』【】〔〕〖〗｢｣"
_CLOSING = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_MIRROR = {**_CLOSING, **{closing: opening for opening, closing in _CLOSING.items()}}
_UNPAIRED = frozenset("<«‹＜")  # mirrored, but no pair in BidiBrackets.txt

_EMOJI_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL = range(0x1F1E6, 0x1F200)


# ---- what is seen ----------------------------------------------------------------------------------------------------


def visible(text: str) -> str:
    """`text` without what cannot be seen: controls, format characters, selectors of variants, fillers.

    Blanks of every kind become one blank, and none is left at the ends. A letter with its marks becomes one character
    where Unicode has it. Between Arabic letters a joiner or a non-joiner stays, since it changes their forms.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    marks = (_JOINER, _NON_JOINER)
    seen = [character for character in text if character in marks or not _is_invisible(character)]
    kept: list[str] = []
    for at, character in enumerate(seen):
        if character in marks and not (
            0 < at < len(seen) - 1 and _is_arabic(seen[at - 1]) and _is_arabic(seen[at + 1])
        ):
            continue
        kept.append(" " if character.isspace() or character in _BLANKS else character)
    composed = (each if len(each) == 1 else unicodedata.normalize("NFC", each) for each in clusters("".join(kept)))
    return " ".join("".join(composed).split())


def clusters(text: str) -> list[str]:
    """`text` in pieces that no line break may divide: a character with its marks, an emoji with its tone, a flag."""
    result: list[str] = []
    for character in text:
        if result and _continues(result[-1], character):
            result[-1] += character
        else:
            result.append(character)
    return result


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cc":
        return not character.isspace()
    return (category == "Cf" and character not in _SEEN) or _IGNORABLE.match(character) is not None


def _is_arabic(character: str) -> bool:
    return "\u0620" <= character <= "\u06ff"


def _continues(cluster: str, character: str) -> bool:
    if unicodedata.category(character).startswith("M") or ord(character) in _EMOJI_TONES:
        return True
    if "\u1160" <= character <= "\u11ff":  # the vowel or the end of a Korean syllable
        return "\u1100" <= cluster[-1] <= "\u11ff" or "\uac00" <= cluster[-1] <= "\ud7a3"
    return ord(character) in _REGIONAL and ord(cluster[-1]) in _REGIONAL and len(cluster) == 1


# ---- what can be drawn -----------------------------------------------------------------------------------------------


def script_to_shape(text: str) -> Bilingual:
    """The first script in `text` that cannot be drawn letter by letter; an empty text if there is none.

    Args:
        text: one that `visible` returned.
    """
    for character in text:
        category = unicodedata.category(character)
        if category[0] not in "LM":
            continue
        word = unicodedata.name(character, "?").split()[0]
        is_jamo = "\u1100" <= character <= "\u11ff"
        if category[0] == "M" or is_jamo or (word not in _PLAIN and not _is_joinable(character)):
            return Bilingual(_TITLES.get(word, word), _ENGLISH.get(word, f"{word.capitalize()} script"))
    return NOTHING


@dataclass(frozen=True, slots=True)
class _Forms:
    """The joined forms of one letter; the form that stands alone is the letter itself."""

    final: str
    initial: str = ""
    medial: str = ""


@cache
def _forms() -> tuple[Mapping[str, _Forms], Mapping[str, _Forms]]:
    """The forms of each letter, and of lam with each alef after it, by the decompositions of Unicode."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFF00)):
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        text = "".join(chr(int(letter, 16)) for letter in letters.split())
        if kind in ("<final>", "<initial>", "<medial>") and " " not in text:
            found.setdefault(text, {})[kind.strip("<>")] = chr(code)
    # NB: the Uyghur E has no form of its own there: at the end of a word it looks as the Arabic heh does.
    found["\u06d5"] = {"final": "\ufeea"}
    del found["\u06ba"]  # it is joined on both sides, and two of its forms are missing
    single = {text: _Forms(**forms) for text, forms in found.items() if len(text) == 1 and "final" in forms}
    ligatures = {text: _Forms(**forms) for text, forms in found.items() if len(text) == 2 and text[0] == "\u0644"}
    alone = {
        text: chr(code)
        for code in range(0xFEF5, 0xFEFD)
        for kind, _, rest in [unicodedata.decomposition(chr(code)).partition(" ")]
        if kind == "<isolated>"
        for text in ["".join(chr(int(letter, 16)) for letter in rest.split())]
    }
    return single, {text: _Forms(row.final, alone[text]) for text, row in ligatures.items() if text in alone}


def _is_joinable(character: str) -> bool:
    return character in _forms()[0] or character in ("\u0621", "\u0674", _TATWEEL) or _is_presentation_form(character)


def _is_presentation_form(character: str) -> bool:
    return "\ufb50" <= character <= "\ufbff" or "\ufe80" <= character <= "\ufefc"


def joined_letters(text: str) -> str:
    """`text` with each Arabic letter in the form that its neighbours give it, still in the order in which it is read.

    Args:
        text: one that `visible` returned and `script_to_shape` has no objection to, with whole words.
    """
    letters, ligatures = _forms()
    result: list[str] = []
    at = 0
    while at < len(text):
        letter, pair = text[at], text[at : at + 2]
        row, alone = letters.get(letter), letter
        end = at + 1
        if pair in ligatures:  # lam with alef is one letter, whose form that stands alone is kept as its initial one
            row, alone, end = ligatures[pair], ligatures[pair].initial, at + 2
        if row is None:
            if letter not in (_JOINER, _NON_JOINER):
                result.append(letter)
        else:
            before = at > 0 and _joins_after(text[at - 1], letters)
            after = bool(row.medial) and end < len(text) and _joins_before(text[end], letters)
            result.append((row.medial if before else row.initial) if after else row.final if before else alone)
        at = end
    return "".join(result)


def _joins_after(character: str, letters: Mapping[str, _Forms]) -> bool:
    """Whether the letter after `character` is joined to it."""
    return character in (_TATWEEL, _JOINER) or (character in letters and bool(letters[character].medial))


def _joins_before(character: str, letters: Mapping[str, _Forms]) -> bool:
    return character in (_TATWEEL, _JOINER) or character in letters


# ---- the order in which it is seen -----------------------------------------------------------------------------------


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of `text` that has a direction is Arabic or Hebrew (rules P2 and P3)."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def in_visual_order(line: str, right_to_left: bool) -> str:
    """One line from left to right as it is seen.

    Args:
        right_to_left: the direction of the paragraph that the line is a part of.
    """
    if not right_to_left and not any(unicodedata.bidirectional(each) in ("R", "AL", "AN") for each in line):
        return line
    levels = _levels(line, int(right_to_left))
    pieces = [_MIRROR.get(c, c) if level % 2 else c for c, level in zip(line, levels, strict=True)]
    for level in range(max(levels), 0, -1):  # L2
        at = 0
        while at < len(pieces):
            end = at
            while end < len(pieces) and levels[end] >= level:
                end += 1
            pieces[at:end] = pieces[at:end][::-1]
            levels[at:end] = levels[at:end][::-1]
            at = max(end, at + 1)
    return "".join(pieces)


def _levels(line: str, base: int) -> list[int]:
    """The embedding level of each character: rules W1 to W7, N0 to N2, I1 and I2."""
    edge = "R" if base else "L"
    kinds = _weak([unicodedata.bidirectional(character) or "L" for character in line], edge)
    _brackets(line, kinds, edge)
    _neutral(kinds, edge)
    rise = {"L": (0, 1), "R": (1, 0), "EN": (2, 1), "AN": (2, 1)}
    return [base + rise[kind][base] for kind in kinds]


def _weak(kinds: list[str], edge: str) -> list[str]:
    strong = edge
    for at, kind in enumerate(kinds):
        if kind == "NSM":  # W1
            kinds[at] = kind = kinds[at - 1] if at else edge
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":  # W2
            kinds[at] = "AN"
    kinds = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for at in range(1, len(kinds) - 1):  # W4
        before, kind, after = kinds[at - 1 : at + 2]
        if before == after and ((kind == "ES" and before == "EN") or (kind == "CS" and before in ("EN", "AN"))):
            kinds[at] = before
    text = " ".join(kinds)
    text = re.sub(r"\bET( ET)*(?= EN\b)|(?<=\bEN )ET( ET)*\b", lambda match: match[0].replace("ET", "EN"), text)  # W5
    kinds = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in text.split(" ")]  # W6
    strong = edge
    for at, kind in enumerate(kinds):  # W7
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"
    return kinds


def _brackets(line: str, kinds: list[str], edge: str) -> None:
    """N0: a pair of brackets has the direction of what is in it, or of what is before it."""
    other = "L" if edge == "R" else "R"
    for start, end in sorted(_pairs(line, kinds)):
        inside = {_direction(kind) for kind in kinds[start + 1 : end]} - {""}
        if edge in inside:
            kinds[start] = kinds[end] = edge
        elif other in inside:
            before = next((each for each in map(_direction, reversed(kinds[:start])) if each), edge)
            kinds[start] = kinds[end] = other if before == other else edge


def _pairs(line: str, kinds: list[str]) -> list[tuple[int, int]]:
    open_ones: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for at, character in enumerate(line):
        if kinds[at] != "ON":
            continue
        if character in _CLOSING and character not in _UNPAIRED:
            open_ones.append((_CLOSING[character], at))
            continue
        match = next((i for i in range(len(open_ones) - 1, -1, -1) if open_ones[i][0] == character), None)
        if match is not None:
            pairs.append((open_ones[match][1], at))
            del open_ones[match:]
    return pairs


def _direction(kind: str) -> str:
    return "L" if kind == "L" else "R" if kind in ("R", "EN", "AN") else ""


def _neutral(kinds: list[str], edge: str) -> None:
    """N1 and N2: what has no direction takes that of both sides, or else that of the paragraph."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and not _direction(kinds[end]):
            end += 1
        before = _direction(kinds[at - 1]) if at else edge
        after = _direction(kinds[end]) if end < len(kinds) else edge
        kinds[at:end] = [before if before == after else edge] * (end - at)
        at = max(end, at + 1)
