"""In which charset an answer is written. Pure; used by `answers`.

What Content-Type declares is often wrong: whole families of platforms label UTF-8 as GBK, or the reverse. Bytes alone
are not enough either: 毛伟 in GBK is valid UTF-8, and any UTF-8 of an even length is likely to be valid GBK. So both
count, and where they contradict each other in a way that cannot be resolved, the answer is unreadable. What must never
happen is that a patient gets another name.

GBK stands for code page 936 and GB18030, its superset, throughout.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from shim.code_page import decode_936

_UTF_8, _GBK = "utf-8", "gb18030"
_DECLARED = {
    "utf8": _UTF_8, "utf8mb4": _UTF_8, "gbk": _GBK, "xgbk": _GBK, "cp936": _GBK, "ms936": _GBK, "936": _GBK,
    "windows936": _GBK, "gb2312": _GBK, "gb231280": _GBK, "euccn": _GBK, "gb18030": _GBK,
}  # fmt: skip
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 256 * 1024  # bytes that are judged: enough for a verdict, and bounded
# One character of GBK. The group is what people write: hanzi of GB 2312, Chinese punctuation, full-width forms.
_GBK_CHARACTER = re.compile(
    rb"([\xb0-\xf7\xa1\xa3][\xa1-\xfe])|[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\xfe]"
)
_WIDE_UTF_8 = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WIDE = re.compile("[\u0800-\U0010ffff]")
_LETTERS = re.compile("[\u00c0-\u07ff]+")
_LATIN_WORD = re.compile("[A-Za-z][\u00c0-\u07ff]|[\u00c0-\u07ff][A-Za-z]")
# Where the alphabets of two-byte UTF-8 begin: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, the rest.
_ALPHABETS = (0xC0, 0x370, 0x400, 0x530, 0x590, 0x600, 0x700)


def decode_answer(body: bytes, declared: str) -> str | None:
    """The text of an answer, without a byte-order mark; None if no charset fits.

    Args:
        body: as it came.
        declared: the charset of Content-Type, in any spelling; "" for none. One that is not Chinese or Unicode
            counts as none: platforms that do not set it send what their server has as a default.
    """
    if body.isascii() and b"\0" not in body[:4]:
        return body.decode("ascii")
    unicode = next((charset for mark, charset in _MARKS if body.startswith(mark)), None) or _without_mark(body)
    if unicode is not None:
        return _decoded(body, unicode)
    label = _DECLARED.get(re.sub("[^a-z0-9]", "", declared.lower()), "")
    utf_8 = _decoded(body, _UTF_8)
    if utf_8 is not None and label != _GBK and _WIDE.search(utf_8) is not None:
        return utf_8  # as `_is_gbk` would say; reading it as GBK as well takes 15 µs
    gbk = _decoded(body, _GBK)
    if utf_8 is None:
        return None if gbk is None or _is_damaged_utf_8(body, label) else gbk
    if gbk is None:
        return utf_8
    return gbk if _is_gbk(body, utf_8, label) else utf_8


def _decoded(body: bytes, charset: str) -> str | None:
    try:
        return decode_936(body) if charset == _GBK else body.decode(charset)
    except UnicodeDecodeError:
        return None


def _without_mark(body: bytes) -> str | None:
    """UTF-16 by its NULs: the first two characters of JSON are ASCII."""
    start = bytes(byte and 1 for byte in body[:4])
    return {b"\0\1\0\1": "utf-16-be", b"\1\0\1\0": "utf-16-le"}.get(start)


def _is_gbk(body: bytes, utf_8: str, label: str) -> bool:
    """Whether bytes that are valid in both charsets are GBK."""
    usual, rare = _gbk_characters(body)
    if _WIDE.search(utf_8) is not None:  # three bytes of GBK seldom look like a character of UTF-8
        return label == _GBK and rare == 0
    if label == _GBK:
        return True
    if rare or not usual:
        return False
    # All of it is two-byte UTF-8, that is, no Chinese: 毛伟 would be ëΰ.
    return _is_no_language(utf_8) if label == _UTF_8 else _LATIN_WORD.search(utf_8) is None


def _is_damaged_utf_8(body: bytes, label: str) -> bool:
    """Whether bytes that are valid GBK only are more likely UTF-8 with a broken byte.

    Damaged UTF-8 keeps most of its characters, and half of what GBK reads in it is not in GB 2312; real GBK has hardly
    a character of UTF-8, and hardly one outside GB 2312. In doubt the answer is damaged.
    """
    usual, rare = _gbk_characters(body)
    wide = sum(1 for _ in _WIDE_UTF_8.finditer(body, 0, _SAMPLE))
    if wide == 0 and label == _GBK:
        return False
    return 2 * wide >= usual or rare > usual


def _gbk_characters(body: bytes) -> tuple[int, int]:
    """How many characters of GBK there are: those that people usually write, and others."""
    kinds = [bool(match[1]) for match in _GBK_CHARACTER.finditer(body, 0, _SAMPLE)]
    usual = sum(kinds)
    return usual, len(kinds) - usual


def _is_no_language(text: str) -> bool:
    """Whether a word mixes alphabets, as no language does."""
    return any(
        len({bisect_right(_ALPHABETS, ord(letter)) for letter in word}) > 1 for word in _LETTERS.findall(text[:_SAMPLE])
    )
