"""What a request may ask of the simulator: to be slow, to lie, to break off. Data; the platforms and the doors obey.

Not the way to a platform's own answers: whatever a wrong request provokes by itself needs no wish. L3.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

# What the fields for code and message are called, by the first of the two (wire.md: names differ by platform).
ANSWER_NAMES = {
    "ret_code": ("ret_code", "ret_msg"),
    "code": ("code", "message"),
    "msg": ("code", "msg"),
    "return_code": ("return_code", "return_msg"),
    "resp_code": ("resp_code", "resp_msg"),
    "respCode": ("respCode", "respMsg"),
}
HUGE_BYTES = 9 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """What one request asks of the simulator through the query of its URL: ``?sim=delay:500,size:1200``.

    The same words make the rules of faults, which hold for all requests. Where both say something, the URL counts.

    ==============  ================================================================================================
    Both platforms, the content
    again:1         serial numbers and insurance codes that were used before are taken once more (else 3002, 500049)
    refuse:CODE     that code, with the table's words where the table has it
    words:N         a refusal whose text has N bytes of GB18030 (9998, EC -1, unless `refuse` says otherwise)
    size:N          an opened biz_content (EC: data) of exactly N bytes of GB18030

    The gateway
    spoil:1         one character of the answer's sign is changed
    unsigned:1      the answer has no sign
    names:WORD      code and message under other names: ``code``, ``msg`` (with code), ``return_code``, ``resp_code``,
                    ``respCode``; a key of `ANSWER_NAMES`
    success:CODE    that word for success in the place of 0000
    under:data      biz_content, sign and the fields beside them stand under that name; code and message stay on top
    objectcontent:1  biz_content is an object where it is not enciphered; what was signed is its compact text
    lax:1           required fields may be missing
    agree:MS        an authurl that is asked for with this wish is agreed to by itself, so many milliseconds later

    The insurance platform
    wrap:1          the answer in the national envelope (appId, encType, encData, signType, signData, timestamp)
    textcode:1      `code` is a string

    Both platforms, the answer's bytes
    gbkbody:1       the body is GB18030 while the label says UTF-8
    label:WORD      that charset in the Content-Type, whatever the body is: ``gbk``
    huge:1          9 MB: the answer, then blanks
    empty:1         no body
    http:STATUS     that status with an HTML page

    Both platforms, the connection
    down:MS         the connection is reset before the request is read, every other one is closed, and new ones are
                    refused for so many milliseconds
    early:1         the connection is reset before the request is read; the request is not carried out
    delay:MS        milliseconds before the answer
    never:1         no answer, and the connection stays; the request was carried out
    drop:1          the connection is closed without an answer; the request was carried out
    reset:1         the same with a TCP reset
    half:1          the head, half of the body, and the connection is closed
    drip:MS         the body byte by byte, that many milliseconds apart
    ==============  ================================================================================================
    """

    refuse: str = ""
    words: int = -1
    size: int = -1
    spoil: int = 0
    unsigned: int = 0
    names: str = "ret_code"
    success: str = "0000"
    under: str = ""
    objectcontent: int = 0
    again: int = 0
    lax: int = 0
    agree: int = -1
    wrap: int = 0
    textcode: int = 0
    gbkbody: int = 0
    label: str = ""
    huge: int = 0
    empty: int = 0
    http: int = 0
    down: int = 0
    early: int = 0
    delay: int = 0
    never: int = 0
    drop: int = 0
    reset: int = 0
    half: int = 0
    drip: int = 0

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> Wish:
        """The wish in a ``sim`` parameter; ValueError for a word that is not known. Of two, the later counts."""
        given: dict[str, Any] = {}
        for part in filter(None, text.split(",")):
            name, _, value = part.partition(":")
            if name not in _KINDS:
                raise ValueError(f"unknown wish: {name}")
            try:
                given[name] = _KINDS[name](value)
            except ValueError:
                raise ValueError(f"not a whole number: {part}") from None
        if given.get("names", "code") not in ANSWER_NAMES:
            raise ValueError(f"unknown names: {given['names']}")
        return cls(**given)


_KINDS = {field.name: str if isinstance(field.default, str) else int for field in fields(Wish)}


def filler(size: int) -> str:
    """Chinese text of exactly `size` bytes of GB18030."""
    return "汉" * (size // 2) + "x" * (size % 2)


def sized(size: int) -> str:
    """Compact JSON of exactly `size` bytes of GB18030, of Chinese wherever there is room for it."""
    if size < 2:
        return "7" * size or '""'
    if size < 8:
        return '"' + filler(size - 2) + '"'
    return '{"a":"' + filler(size - 8) + '"}'
