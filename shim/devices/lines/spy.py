"""A line that logs what passes through another: commands in full, what may hold a patient's data masked.

For finding out why a device does not work (`spy = on` in its section, `vcshim scan`). Of masked bytes only their number
and kinds are logged.
"""

from __future__ import annotations

import logging

from shim.devices.base import DeviceUnavailable
from shim.devices.lines.base import Line
from shim.log import event

_KINDS = (
    ("数字", range(0x30, 0x3A)),
    ("字母", (*range(0x41, 0x5B), *range(0x61, 0x7B))),
    ("CR", (0x0D,)),
    ("LF", (0x0A,)),
    ("其他可见字符", range(0x20, 0x7F)),
    ("控制字节", range(0x20)),
    ("非 ASCII", range(0x7F, 0x100)),
)
_PARTS = 20


def masked(data: bytes) -> str:
    """What `data` is made of: "30 字节：28 数字，CR，LF"; neighbours of one kind are counted together."""
    parts: list[tuple[str, int]] = []
    for byte in data:
        kind = next(name for name, members in _KINDS if byte in members)
        if parts and parts[-1][0] == kind:
            parts[-1] = (kind, parts[-1][1] + 1)
        elif len(parts) > _PARTS:  # a label's picture has tens of thousands
            break
        else:
            parts.append((kind, 1))
    shown = "，".join(
        name if count == 1 and len(name) == 2 and name.isascii() else f"{count} {name}"
        for name, count in parts[:_PARTS]
    )
    return f"{len(data)} 字节：{shown}{'…' if len(parts) > _PARTS else ''}"


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
            self._note("打开失败", error=error.message)
            raise
        self._note("已打开")

    def read(self, limit: float = 0.0) -> bytes:
        try:
            data = self._inner.read(limit)
        except OSError as error:
            self._note("读取时断开", error=str(error)[:200])
            raise
        if data:
            self._note("收到", data=masked(data))
        return data

    def write(self, data: bytes, limit: float = 1.0) -> None:
        self._note("发出", data=masked(data) if self._mask_sent else data.hex(" ").upper())
        try:
            self._inner.write(data, limit)
        except OSError as error:
            self._note("发送时断开", error=str(error)[:200])
            raise

    def discard(self) -> None:
        self._note("清空输入")
        self._inner.discard()

    def drain(self, limit: float) -> None:
        self._inner.drain(limit)

    def finish(self, limit: float) -> bool | None:
        return self._inner.finish(limit)

    def close(self) -> None:
        self._note("已关闭")
        self._inner.close()

    def _note(self, what: str, **facts: object) -> None:
        event(self._logger, logging.INFO, f"{self.title} {what}", **facts)
