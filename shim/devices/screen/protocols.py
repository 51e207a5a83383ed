"""How each make of small serial QR display is told what to show: rows of prefix, payload, suffix.

A display that is not here is a row of vcshim.ini (protocol = custom). L2, pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CUSTOM = "custom"
# In the place of two hexadecimal digits: how many bytes follow it to the end of the suffix, marks not counted.
_LENGTHS: Mapping[str, tuple[int, str]] = {"LEN": (1, "big"), "LEN2": (2, "big"), "LEN2LE": (2, "little")}
_WORD = re.compile("[0-9A-Fa-f]{2}|" + "|".join(sorted(_LENGTHS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class QrProtocol:
    """One row. `prefix`, `suffix` and `hide` as in vcshim.ini: hexadecimal pairs, and LEN, LEN2 or LEN2LE.

    `escapes` are characters of the payload that the display wants written otherwise. `hide` "" is a display that
    cannot be cleared: the code stands there until the next one. `evidence` says how we know.
    """

    name: str
    prefix: str
    suffix: str
    hide: str
    evidence: str
    escapes: Mapping[str, str] = field(default_factory=dict)

    def show(self, text: str) -> bytes:
        """The bytes that show `text`, in UTF-8. ValueError where it is longer than this protocol's length can say."""
        payload = "".join(self.escapes.get(character, character) for character in text).encode("utf-8")
        end = _bytes(self.suffix, 0)
        return _bytes(self.prefix, len(payload) + len(end)) + payload + end

    def clear(self) -> bytes:
        """The bytes that show nothing, b"" where there are none."""
        return _bytes(self.hide, 0)


def checked(text: str) -> str:
    """`text` as prefix, suffix or hide of a row; ValueError where it is not."""
    if _WORD.sub("", text).strip():
        raise ValueError(text)
    _bytes(text, 0)
    return text


def _bytes(text: str, after: int) -> bytes:
    """The bytes of a prefix; `after` are those of payload and suffix."""
    words = _WORD.findall(text)
    found = b""
    for index, word in enumerate(words):
        if word not in _LENGTHS:
            found += bytes.fromhex(word)
            continue
        size, order = _LENGTHS[word]
        count = after + sum(_LENGTHS[w][0] if w in _LENGTHS else 1 for w in words[index + 1 :])
        if count >= 256**size:
            raise ValueError(f"{count} bytes are too long for {word}")
        found += count.to_bytes(size, "big" if order == "big" else "little")
    return found


PROTOCOLS: tuple[QrProtocol, ...] = (
    QrProtocol(
        "plain", "", "0D 0A", "", "the text and CR LF, as displays do that show whatever comes; no manual read"
    ),
    QrProtocol(
        "nextion",
        "71 72 30 2E 74 78 74 3D 22",  # qr0.txt="
        "22 FF FF FF",
        "71 72 30 2E 74 78 74 3D 22 22 FF FF FF",
        "Nextion Instruction Set, rules 1 (ends with FF FF FF), 11 (escapes) and 14 (quotes); also TJC's own brand",
        {"\\": "\\\\", '"': '\\"'},
    ),
    QrProtocol(
        "dwin",
        "5A A5 LEN 82 50 00",
        "FF FF",
        "5A A5 05 82 50 00 FF FF",
        "T5L DGUS II guide: 5A A5, length, 82, address; address 5000 and FF FF at the end as in its examples of texts,"
        " not verified for its QR code control",
    ),
)  # fmt: skip
BY_NAME: Mapping[str, QrProtocol] = {row.name: row for row in PROTOCOLS}


def custom(prefix: str, suffix: str, hide: str) -> QrProtocol:
    """A site's own row. ValueError where one of them is not hexadecimal."""
    return QrProtocol(CUSTOM, checked(prefix), checked(suffix), checked(hide), "vcshim.ini")
