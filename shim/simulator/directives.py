"""Directives: what a request may ask of the simulator beside the transaction, such as a delay or a wrong sign.

Data only; the platforms and the two transports (server, inprocess) carry directives out. An answer that a wrong request
gets anyway, such as 3002 for a repeated serial number, needs no directive.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

# Names of the fields for code and message, by the first of the two: they differ from platform to platform.
RESULT_FIELDS = {
    "ret_code": ("ret_code", "ret_msg"),
    "code": ("code", "message"),
    "msg": ("code", "msg"),
    "return_code": ("return_code", "return_msg"),
    "resp_code": ("resp_code", "resp_msg"),
    "respCode": ("respCode", "respMsg"),
}
HUGE_BYTES = 9 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Directives:
    """The directives of one request, as parsed from the query of its URL: ``?sim=delay:500,size:1200``.

    A fault rule (faults.FaultRule) applies the same words to every request. Where a rule and the URL disagree, the URL
    counts.

    ==============  ================================================================================================
    Both platforms, the content
    again:1         accept serial numbers and insurance codes that were used before (else 3002, 500049)
    lax:1           accept fields that break the tables: missing, too long, in no dictionary, a time in another form
    refuse:CODE     answer with that code, and the table's message where the table has the code
    words:N         refuse with a message of N bytes of GB18030 (9998, EC -1, unless `refuse` names another code)
    size:N          answer with a decrypted biz_content (EC: data) of exactly N bytes of GB18030

    The gateway
    spoil:1         change one character of the answer's sign
    unsigned:1      leave the sign out of the answer
    names:WORD      other names for code and message: ``code``, ``msg`` (with code), ``return_code``, ``resp_code``,
                    ``respCode``; a key of `RESULT_FIELDS`
    success:CODE    that code for success instead of 0000
    under:data      nest biz_content, sign and the fields beside them under that name; code and message stay outside
    objectcontent:1  biz_content as an object where it is not encrypted; the sign covers its compact text
    agree:MS        an authurl requested with this directive is consented to automatically after that many milliseconds

    The insurance platform
    wrap:1          answer in the national envelope (appId, encType, encData, signType, signData, timestamp)
    textcode:1      `code` as a string

    Both platforms, the bytes of the answer
    gbkbody:1       encode the body as GB18030 under the charset label UTF-8
    label:WORD      that charset in Content-Type, whatever the encoding of the body: ``gbk``
    huge:1          9 MB: the answer, followed by blanks
    empty:1         no body
    http:STATUS     that status with an HTML page
    status:STATUS   that status with the answer as it would be

    Both platforms, the connection
    down:MS         reset the connection before the request is read, close all others, and refuse new ones for that many
                    milliseconds
    early:1         reset the connection before the request is read; the request is not carried out
    delay:MS        wait that many milliseconds before the answer
    never:1         carry the request out, send no answer and leave the connection open
    drop:1          carry the request out and close the connection without an answer
    reset:1         the same with a TCP reset
    half:1          send the head and half of the body, then close the connection
    drip:MS         send the body byte by byte, that many milliseconds apart
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
    status: int = 0
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
    def parse(cls, text: str) -> Directives:
        """Parse the value of a ``sim`` parameter: words ``name:value``, separated by commas.

        Args:
            text: The words, "" for none. If a name occurs twice, the later word counts.

        Raises:
            ValueError: A name is unknown, or a value is not a number where one is needed.
        """
        values: dict[str, Any] = {}
        for word in filter(None, text.split(",")):
            name, _, value = word.partition(":")
            if name not in _TYPES:
                raise ValueError(f"unknown directive: {name}")
            try:
                values[name] = _TYPES[name](value)
            except ValueError:
                raise ValueError(f"not a whole number: {word}") from None
        if values.get("names", "code") not in RESULT_FIELDS:
            raise ValueError(f"unknown names: {values['names']}")
        return cls(**values)


_TYPES = {field.name: str if isinstance(field.default, str) else int for field in fields(Directives)}


def filler_text(size: int) -> str:
    """Return Chinese text of exactly `size` bytes of GB18030."""
    return "汉" * (size // 2) + "x" * (size % 2)


def filler_json(size: int) -> str:
    """Return compact JSON of exactly `size` bytes of GB18030, with Chinese text where there is room for it."""
    if size < 2:
        return "7" * size or '""'
    if size < 8:
        return '"' + filler_text(size - 2) + '"'
    return '{"a":"' + filler_text(size - 8) + '"}'
