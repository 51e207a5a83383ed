"""Code page 936, the GBK of Chinese Windows, extended by GB18030: text to bytes and back. Pure.

What code page 936 has is written as Windows writes it, private use characters and the euro sign included, so that a
host reads back what it wrote; every other character is written as GB18030 (two bytes, or four). Bytes are read as
GB18030 reads them, which gives real characters (䶮 for FE 9F) where Windows gives private use ones, and 80 is a euro.
NB: FF is refused, although Windows writes U+F8F5 so: in a host's text it is a broken byte.

Python's codec gb18030 does the rest. The two differ in the rows below and nowhere else: tests/vectors/cp936.json holds
every character of the code page. Not here: UTF-8, and the choice of a charset (shim/codec.py, the only user).
"""

from __future__ import annotations

import codecs
import re

# Code page 936 beyond GB18030: the first character and its bytes; characters and bytes then go up by one.
_RUNS: tuple[tuple[int, int, int], ...] = (
    (0x20AC, 0x80, 1),
    (0xE76C, 0xA2E3, 1),
    (0xE7C8, 0xA8BF, 1),
    (0xE7E7, 0xA989, 13),
    (0xE815, 0xFE50, 1),
    (0xE819, 0xFE54, 5),
    (0xE81F, 0xFE5A, 7),
    (0xE827, 0xFE62, 4),
    (0xE82D, 0xFE68, 4),
    (0xE833, 0xFE6E, 8),
    (0xE83C, 0xFE77, 7),
    (0xE844, 0xFE80, 16),
    (0xE856, 0xFE92, 14),
    (0xF8F5, 0xFF, 1),
)
_BYTES: dict[str, bytes] = {
    chr(character + n): (code + n).to_bytes(2 if code > 0xFF else 1, "big")
    for character, code, count in _RUNS
    for n in range(count)
}
_DIFFERENT = re.compile(f"([{''.join(_BYTES)}]+)")
_TRACES = {character.encode("gb18030")[:2] for character in _BYTES}  # in bytes of GB18030, which are searched faster
_EURO_SIGNS = re.compile(rb"\x80+")
_ERRORS = "vcshim-cp936"


def encode_936(text: str) -> bytes:
    """`text` as a GBK host reads it. A lone surrogate, which no charset has, becomes a question mark."""
    data = text.encode("gb18030", "replace")
    if not any(trace in data for trace in _TRACES) or _DIFFERENT.search(text) is None:
        return data
    pieces = _DIFFERENT.split(text)  # every second one is of characters that GB18030 writes otherwise
    return b"".join(
        b"".join(map(_BYTES.__getitem__, piece)) if n % 2 else piece.encode("gb18030", "replace")
        for n, piece in enumerate(pieces)
    )


def decode_936(data: bytes) -> str:
    """The text that a GBK host wrote.

    Raises:
        UnicodeDecodeError: with the offset of the first byte that is part of no character.
    """
    return data.decode("gb18030", _ERRORS)


def _single_byte(error: UnicodeError) -> tuple[str, int]:
    """The error handler of `decode_936`: 80 in the place of a first byte."""
    if isinstance(error, UnicodeDecodeError):
        signs = _EURO_SIGNS.match(error.object, error.start)
        if signs is not None:
            return "€" * len(signs[0]), signs.end()
    raise error


codecs.register_error(_ERRORS, _single_byte)
