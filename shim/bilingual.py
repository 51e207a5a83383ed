"""Texts in Chinese that know their English: what is wrong with settings and devices, for two kinds of readers.

A `Bilingual` is its Chinese text, and to hosts, logs and JSON it is no more than that. Its English travels with it, for
the commands alone, which show one language (shim/commands/language.py). Text that a person wrote (a path, a name, a
value of vcshim.ini) stays as it is in both. Not the texts of the commands themselves, which are phrases. Imports
nothing of the project; every layer may use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Bilingual(str):
    """A Chinese text with its English.

    NB: whatever makes a text of it, ``+``, ``format`` and `str` included, gives the Chinese alone. `filled` gives both.
    """

    __slots__ = ("english",)

    english: str

    def __new__(cls, chinese: str, english: str) -> Bilingual:
        text = super().__new__(cls, chinese)
        text.english = english
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # a copy has both texts
        return str(self), self.english

    def without(self, chinese: str, english: str = "") -> Bilingual:
        """The texts without what they begin with, the same in English unless it is given."""
        return Bilingual(self.removeprefix(chinese), self.english.removeprefix(english or chinese))


NONE = Bilingual("无", "none")
"""For an empty list."""
EMPTY = Bilingual("（空）", "(empty)")
"""For an empty value."""
NOTHING = Bilingual("", "")
"""Where there is nothing to say."""


def in_english(value: object) -> object:
    """The English of a value that has one; any other as it is."""
    return value.english if isinstance(value, Bilingual) else value


def filled(chinese: str, english: str, facts: Mapping[str, object]) -> Bilingual:
    """Two texts with {facts} in them, each with those of its language."""
    told = {name: in_english(fact) for name, fact in facts.items()}
    return Bilingual(chinese.format(**facts), english.format(**told))


def word_list(words: Iterable[str]) -> Bilingual:
    """Words as a list, with the marks of each language."""
    rows = list(words)
    return Bilingual("、".join(rows), ", ".join(str(in_english(row)) for row in rows))
