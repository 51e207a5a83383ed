"""What is sent to each make of small serial QR display: one row a protocol. Pure; knows no line and no display.

A protocol is added as a row here and a row of tests/vectors/qr_displays.json. A site adds one in vcshim.ini
(protocol = custom).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CUSTOM_PROTOCOL = "custom"

# Length fields, written in the place of two hexadecimal digits: how many bytes follow the field to the end of the
# suffix. Each is (bytes, byte order).
_LENGTHS: Mapping[str, tuple[int, str]] = {"LEN": (1, "big"), "LEN2": (2, "big"), "LEN2LE": (2, "little")}
_TOKEN = re.compile("[0-9A-Fa-f]{2}|" + "|".join(sorted(_LENGTHS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class QrProtocol:
    """One protocol: ``prefix``, the text in UTF-8, ``suffix``.

    Attributes:
        name: the word of [screen] protocol.
        title: what is sent or to which displays, in Chinese, for the help text.
        prefix, suffix, hide: hexadecimal pairs and LEN, LEN2 or LEN2LE, as in vcshim.ini. An empty ``hide``, which
            only a site's own protocol may have, is a display that goes on showing its last code.
        evidence: where the bytes come from and what the display needs, in Chinese, for docs/screen.md.
        escapes: characters of the text that the display wants written differently.
    """

    name: str
    title: str
    prefix: str
    suffix: str
    hide: str
    evidence: str
    escapes: Mapping[str, str] = field(default_factory=dict)

    def show(self, text: str) -> bytes:
        """The bytes that show `text`.

        Raises:
            ValueError: the text is longer than the length field of this protocol can say.
        """
        payload = "".join(self.escapes.get(character, character) for character in text).encode("utf-8")
        suffix = _encoded(self.suffix, 0)
        return _encoded(self.prefix, len(payload) + len(suffix)) + payload + suffix

    def clear(self) -> bytes:
        """The bytes that clear the display; empty if it cannot be cleared."""
        return _encoded(self.hide, 0)


def custom_protocol(prefix: str, suffix: str, hide: str) -> QrProtocol:
    """The protocol of a site.

    Raises:
        ValueError: one of the texts is not hexadecimal.
    """
    for text in (prefix, suffix, hide):
        if _TOKEN.sub("", text).strip():
            raise ValueError(text)
        _encoded(text, 0)
    return QrProtocol(CUSTOM_PROTOCOL, "自定", prefix, suffix, hide, "vcshim.ini")


def _encoded(text: str, following: int) -> bytes:
    """The bytes of a prefix or suffix; `following` is how many come behind it."""
    tokens = _TOKEN.findall(text)
    data = b""
    for index, token in enumerate(tokens):
        if token not in _LENGTHS:
            data += bytes.fromhex(token)
            continue
        size, order = _LENGTHS[token]
        count = following + sum(_LENGTHS[each][0] if each in _LENGTHS else 1 for each in tokens[index + 1 :])
        if count >= 256**size:
            raise ValueError(f"{count} bytes are too long for {token}")
        data += count.to_bytes(size, "big" if order == "big" else "little")
    return data


PROTOCOLS: tuple[QrProtocol, ...] = (
    QrProtocol(
        "plain",
        "原文加回车换行",
        "",
        "0D 0A",
        "0D 0A",
        "收到什么就显示什么的屏；没有查到手册；清除是空的一行，屏不理会空行的请用 custom 写明 hide",
    ),
    QrProtocol(
        "nextion",
        "淘晶驰等",
        "71 72 30 2E 74 78 74 3D 22",  # qr0.txt="
        "22 FF FF FF",
        "71 72 30 2E 74 78 74 3D 22 22 FF FF FF",
        "《Nextion Instruction Set》规则 1（以 FF FF FF 结尾）、11（转义）、14（引号），淘晶驰（TJC）相同；"
        "屏上的二维码控件须名为 qr0",
        {"\\": "\\\\", '"': '\\"'},
    ),
    QrProtocol(
        "dwin",
        "迪文",
        "5A A5 LEN 82 50 00",
        "FF FF",
        "5A A5 05 82 50 00 FF FF",
        "《T5L DGUS II》指南：5A A5、长度、82、地址；地址 5000 和结尾 FF FF 取自其文本的例子，未在其二维码控件上验证",
    ),
)
PROTOCOL_BY_NAME: Mapping[str, QrProtocol] = {row.name: row for row in PROTOCOLS}


def protocol_words() -> tuple[str, ...]:
    """The words of [screen] protocol."""
    return (*PROTOCOL_BY_NAME, CUSTOM_PROTOCOL)


def protocol_help() -> str:
    """What each word means, for the help text of [screen] protocol."""
    return "、".join([*(f"{row.name} {row.title}" for row in PROTOCOLS), f"{CUSTOM_PROTOCOL} 用下面自定的"])
