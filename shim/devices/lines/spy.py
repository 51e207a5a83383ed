"""A line that logs what passes through another: commands in full, what may hold a patient's data masked.

For finding out why a device does not work (`spy = on` in its section, `vcshim scan`). Of masked bytes only their number
and kinds are logged.
"""

from __future__ import annotations

import logging

from shim.bilingual import Bilingual, filled
from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.log import event

_KINDS = (
    (Bilingual("数字", "digits"), range(0x30, 0x3A)),
    (Bilingual("字母", "letters"), (*range(0x41, 0x5B), *range(0x61, 0x7B))),
    (Bilingual("CR", "CR"), (0x0D,)),
    (Bilingual("LF", "LF"), (0x0A,)),
    (Bilingual("其他可见字符", "other visible"), range(0x20, 0x7F)),
    (Bilingual("控制字节", "control"), range(0x20)),
    (Bilingual("非 ASCII", "not ASCII"), range(0x7F, 0x100)),
)
_OPENED, _NOT_OPENED = Bilingual("已打开", "opened"), Bilingual("打开失败", "could not be opened")
_RECEIVED, _LOST_READING = Bilingual("收到", "received"), Bilingual("读取时断开", "lost while reading")
_SENT, _LOST_SENDING = Bilingual("发出", "sends"), Bilingual("发送时断开", "lost while sending")
_EMPTIED, _CLOSED = Bilingual("清空输入", "input emptied"), Bilingual("已关闭", "closed")
_PARTS = 20


def masked(data: bytes) -> Bilingual:
    """What `data` is made of: "30 字节：28 数字，CR，LF"; neighbours of one kind are counted together."""
    parts: list[tuple[Bilingual, int]] = []
    for byte in data:
        kind = next(name for name, members in _KINDS if byte in members)
        if parts and parts[-1][0] == kind:
            parts[-1] = (kind, parts[-1][1] + 1)
        elif len(parts) > _PARTS:  # a label's picture has tens of thousands
            break
        else:
            parts.append((kind, 1))
    listed = parts[:_PARTS]
    shown = "，".join(_counted(kind, count) for kind, count in listed)
    told = ", ".join(_counted(kind.english, count) for kind, count in listed)
    more = "…" if len(parts) > _PARTS else ""
    return Bilingual(f"{len(data)} 字节：{shown}{more}", f"{len(data)} bytes: {told}{more}")


def _counted(kind: str, count: int) -> str:
    return kind if count == 1 and kind in ("CR", "LF") else f"{count} {kind}"


class SpyLine(Line):
    """Does what `inner` does, and logs it at level INFO.

    Args:
        mask_sent: mask what is written as well: it may hold a patient's data.
    """

    def __init__(self, inner: Line, logger: logging.Logger, *, mask_sent: bool = False) -> None:
        self.answers, self.handover, self.framed = inner.answers, inner.handover, inner.framed
        self._inner = inner
        self._mask_sent = mask_sent
        self._logger = logger

    @property
    def title(self) -> str:
        return self._inner.title

    @property
    def unwrapped(self) -> Line:
        return self._inner.unwrapped

    def open(self, limit: float) -> None:
        try:
            self._inner.open(limit)
        except DeviceUnavailable as error:
            self._note(_NOT_OPENED, error=error.told)
            raise
        self._note(_OPENED)

    def read(self, limit: float = 0.0) -> bytes:
        try:
            data = self._inner.read(limit)
        except OSError as error:
            self._note(_LOST_READING, error=str(error)[:200])
            raise
        if data:
            self._note(_RECEIVED, data=masked(data))
        return data

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._note(_SENT, data=masked(data) if self._mask_sent else data.hex(" ").upper())
        try:
            self._inner.write(data, limit)
        except OSError as error:
            self._note(_LOST_SENDING, error=str(error)[:200])
            raise

    def discard(self) -> None:
        self._note(_EMPTIED)
        self._inner.discard()

    def drain(self, limit: float) -> None:
        self._inner.drain(limit)

    def finish(self, limit: float) -> bool | None:
        return self._inner.finish(limit)

    def close(self) -> None:
        self._note(_CLOSED)
        self._inner.close()

    def _note(self, what: Bilingual, **facts: object) -> None:
        told = filled("{title} {what}", "{title} {what}", {"title": self.title, "what": what})
        event(self._logger, logging.INFO, told, **facts)
