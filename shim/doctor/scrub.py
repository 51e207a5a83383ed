"""Takes out of a text what may be a patient's or a secret: for the support zip, after all other masking. Pure.

By form, and by value: numbers of eight and more digits (identity cards, phones, cards, insurance codes), long words of
letters and digits (tokens, keys, codes), what stands between // and @ or behind ? of an address, and the values that
the masking of vcshim.ini has found. A name has no form; the log never has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

MASK = "***"
_SHORTEST = 4  # a secret of fewer characters would be found inside of other words

_USER = re.compile(r"(?<=://)[^/@\s\"']+@")
_QUERY = re.compile(r"(?<=[^\s?\"'，。])\?[^\s\"'<>）]+")
_TOKEN = re.compile(r"(?=[A-Za-z0-9+_=-]*[0-9])(?=[A-Za-z0-9+_=-]*[A-Za-z])[A-Za-z0-9+_=-]{20,}|[A-Za-z]{33,}")
_NUMBER = re.compile(r"(?:[0-9][ -]?){7,}[0-9](?:[ -]?[0-9])*[Xx]?|(?:[０-９]){8,}[ＸxX]?")
_DATE = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9])?")


class Scrubber:
    """Scrubs texts. `secrets` are taken out wherever they stand, those of fewer than four characters excepted."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def text(self, text: str) -> str:
        """The text without what may be a patient's or a secret."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        text = _QUERY.sub(f"?{MASK}", _USER.sub(f"{MASK}@", text))
        return _NUMBER.sub(_masked_number, _TOKEN.sub(MASK, text))

    def page(self, html: str) -> str:
        """A page of the doctor's, scrubbed behind its head: that has checksums, and nothing of this PC."""
        head, end, body = html.partition("</head>")
        return f"{head}{end}{self.text(body)}"

    def value(self, value: Any) -> Any:
        """A value of JSON, every text in it scrubbed, names included."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(str(name)): self.value(each) for name, each in value.items()}
            case list() | tuple():
                return [self.value(each) for each in value]
            case int() | float() if not isinstance(value, bool) and len(str(value)) > 7 and "." not in str(value):
                return self.text(str(value))
        return value


def _masked_number(match: re.Match[str]) -> str:
    """Three stars for a number; a date, which the log has in every line, stays."""
    return match[0] if _DATE.match(match[0]) else MASK
