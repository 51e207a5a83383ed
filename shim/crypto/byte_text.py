"""Bytes as text for the wire, and back: hex and the kinds of base64. Any thread."""

from __future__ import annotations

import binascii

# Base64 in lines: by the characters of a line, what ends one, and whether the last one ends, too. OpenSSL's BIO and
# CryptBinaryToString write the first two, .NET, Delphi and Java the next, Android and Python the last.
_LINES = {
    "base64-64-lf": (64, "\n", True),
    "base64-64-crlf": (64, "\r\n", True),
    "base64-76-lf": (76, "\n", False),
    "base64-76-crlf": (76, "\r\n", False),
    "base64-76-lf-end": (76, "\n", True),
    "base64-76-crlf-end": (76, "\r\n", True),
}
# Base64 of the hex text of the bytes.
_OF_HEX = {"base64-of-upper-hex": "upper-hex", "base64-of-lower-hex": "lower-hex"}
ENCODINGS = ("upper-hex", "lower-hex", "base64", *_LINES, "base64-url", *_OF_HEX)


def to_text(data: bytes, encoding: str) -> str:
    """Bytes as text for the wire; `encoding` is one of `ENCODINGS`."""
    if encoding in _OF_HEX:
        data = to_text(data, _OF_HEX[encoding]).encode("ascii")
    if encoding.startswith("base64"):
        text = binascii.b2a_base64(data, newline=False).decode("ascii")
        if encoding == "base64-url":
            return text.translate(_TO_URL)
        return _in_lines(text, *_LINES[encoding]) if encoding in _LINES else text
    return data.hex().upper() if encoding == "upper-hex" else data.hex()


def _in_lines(text: str, width: int, end: str, ends: bool) -> str:
    lines = end.join(text[at : at + width] for at in range(0, len(text), width))
    return lines + end if ends and lines else lines


def from_text(text: str, encoding: str) -> bytes:
    """The bytes of a text from the wire, after `repair`; hex may be of either case.

    Raises:
        ValueError: the text is not of that encoding, or another text would give the same bytes: hex of mixed case and
            base64 with stray bits are refused, because a damaged answer could be accepted otherwise.
    """
    text = repair(text, encoding)
    if encoding in _OF_HEX:
        return from_text(_of_base64(text).decode("ascii"), _OF_HEX[encoding])
    if encoding.startswith("base64"):
        return _of_base64(text.translate(_FROM_URL) if encoding == "base64-url" else text)
    if text not in (text.upper(), text.lower()):
        raise ValueError("hex of mixed case")
    return bytes.fromhex(text)


_TO_URL = str.maketrans("+/", "-_")
_FROM_URL = str.maketrans("-_+/", "+/  ")


def _of_base64(text: str) -> bytes:
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if binascii.b2a_base64(data, newline=False) != text.encode("ascii"):
        raise ValueError("base64 with stray bits")
    return data


def repair(text: str, encoding: str) -> str:
    """Undo what transports do to a text: strip blanks; in base64, remove line ends and turn blanks into plus signs.

    A blank at an end is a plus sign, too, where only that gives base64 its length.
    """
    if not encoding.startswith("base64"):
        return text.strip()
    whole = text.replace("\r", "").replace("\n", "").replace("\t", "")
    inner = whole.strip()
    return (inner if len(inner) % 4 == 0 or len(whole) % 4 else whole).replace(" ", "+")
