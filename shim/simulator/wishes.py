"""What a request may ask of the simulator: to be slow, to lie, to break off. Data; gateway, insurance and server obey.

Not the way to a platform's own answers: whatever a wrong request provokes by itself needs no wish. L3.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
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

    ==============  ================================================================================================
    Both platforms, the content
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
    unique:1        serial numbers that were used with this wish are refused (3002)
    lax:1           required fields may be missing

    The insurance platform
    once:1          an insurance code that was used with this wish is refused (500049)
    wrap:1          the answer in the national envelope (appId, encType, encData, signType, signData, timestamp)
    textcode:1      `code` is a string

    Both platforms, the bytes
    gbkbody:1       the body is GB18030 while the label says UTF-8
    label:WORD      that charset in the Content-Type, whatever the body is: ``gbk``
    huge:1          9 MB: the answer, then blanks
    empty:1         no body
    http:STATUS     that status with an HTML page
    delay:MS        milliseconds before the answer
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
    unique: int = 0
    lax: int = 0
    once: int = 0
    wrap: int = 0
    textcode: int = 0
    gbkbody: int = 0
    label: str = ""
    huge: int = 0
    empty: int = 0
    http: int = 0
    delay: int = 0
    drop: int = 0
    reset: int = 0
    half: int = 0
    drip: int = 0

    @classmethod
    def parse(cls, text: str) -> Wish:
        """The wish in a ``sim`` parameter; ValueError for a word that is not known."""
        given: dict[str, Any] = {}
        for part in filter(None, text.split(",")):
            name, _, value = part.partition(":")
            if name not in _KINDS:
                raise ValueError(f"unknown wish: {name}")
            given[name] = _KINDS[name](value)
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
