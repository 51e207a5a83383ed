"""Takes gzip and deflate off a body, whatever its label says. Pure; used by the transports.

A party on the way may unpack an answer and leave its label on, or pack it without one: the bytes decide.
"""

from __future__ import annotations

from collections.abc import Iterable

_GZIP_MAGIC = b"\x1f\x8b"
# What cannot be taken off here; any other word on the label (UTF-8, none) is no encoding.
_FOREIGN = frozenset({"br", "zstd", "compress", "x-compress"})


class UnpackedTooLongError(Exception):
    """The body has more than the limit once it is unpacked."""


def unpacked(body: bytes, labels: Iterable[str], limit: int) -> tuple[bytes, str]:
    """The body without its encodings, and the one that could not be taken off ("" for none).

    Args:
        labels: the words of Content-Encoding, lower case, in the order in which they were put on.
        limit: of the unpacked body, in bytes.

    Raises:
        UnpackedTooLongError: see there.
    """
    words = [label for label in labels if label in _FOREIGN or label.endswith(("gzip", "deflate"))]
    if not words and body.startswith(_GZIP_MAGIC):
        words = ["gzip"]
    for word in reversed(words):
        if word in _FOREIGN:
            return body, word
        if word.endswith("gzip") and not body.startswith(_GZIP_MAGIC):
            continue  # it is off already
        plain = _inflated(body, word, limit)
        if plain is None:
            if word == "deflate":
                continue  # raw deflate has no mark: what does not inflate was not deflated
            return body, word
        body = plain
    return body, ""


def _inflated(body: bytes, word: str, limit: int) -> bytes | None:
    """`body` inflated; None if it is not whole, or none of it."""
    import zlib

    # 31: gzip; 15: zlib; -15: raw, as some servers write "deflate"
    for window in (31,) if word.endswith("gzip") else (15, -15):
        inflater = zlib.decompressobj(window)
        try:
            plain = inflater.decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(plain) > limit:
            raise UnpackedTooLongError
        if inflater.eof:
            return plain
    return None
