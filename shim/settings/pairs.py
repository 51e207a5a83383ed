r"""Values of vcshim.ini that are pairs: ``name = value, name = value``. For the sections and the dialects' columns.

A comma inside a value is written ``\,``, a backslash before a comma ``\\``. Knows nothing of what the pairs mean.
"""

from __future__ import annotations

import re

Pairs = tuple[tuple[str, str], ...]

_PAIR = re.compile(r"(?:[^,\\]|\\.|\\\Z)+", re.DOTALL)


def read_pairs(text: str) -> Pairs:
    """The pairs of a text, in its order; none for an empty text.

    Raises:
        ValueError: a part has no name or no equals sign, or a name stands there twice.
    """
    pairs: list[tuple[str, str]] = []
    for part in _PAIR.findall(text):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        name = name.strip()
        if not equals or not name or any(name == known for known, _ in pairs):
            raise ValueError(part)
        pairs.append((name, re.sub(r"\\([\\,])", r"\1", value.strip())))
    return tuple(pairs)


def write_pairs(pairs: Pairs) -> str:
    """A text that `read_pairs` reads as `pairs`."""
    return ", ".join(
        f"{name}={value.replace(chr(92), chr(92) * 2).replace(',', chr(92) + ',')}" for name, value in pairs
    )
