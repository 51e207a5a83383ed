"""A connection that writes down what passes through another: commands in full, what comes from the scanner masked.

For finding out why a scanner does not work ([scanner] spy = on, `vcshim scan`). No code gets into the log: of what was
read only length and kinds of bytes are told. L2.
"""

from __future__ import annotations

import logging

from shim.devices.base import Connection, DeviceUnavailable
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


def masked(data: bytes) -> str:
    """What `data` is made of: "30 字节：28 数字，CR，LF"; neighbours of one kind are counted together."""
    parts: list[tuple[str, int]] = []
    for byte in data:
        kind = next(name for name, members in _KINDS if byte in members)
        if parts and parts[-1][0] == kind:
            parts[-1] = (kind, parts[-1][1] + 1)
        else:
            parts.append((kind, 1))
    shown = "，".join(
        name if count == 1 and len(name) == 2 and name.isascii() else f"{count} {name}" for name, count in parts[:20]
    )
    return f"{len(data)} 字节：{shown}{'…' if len(parts) > 20 else ''}"


class SpyConnection(Connection):
    """Does what `inner` does, and logs it."""

    def __init__(self, inner: Connection, logger: logging.Logger) -> None:
        self._inner = inner
        self._logger = logger

    @property
    def title(self) -> str:
        return self._inner.title

    def open(self, limit: float) -> None:
        try:
            self._inner.open(limit)
        except DeviceUnavailable as error:
            self._note("打开失败", why=error.why.value)
            raise
        self._note("已打开")

    def read(self) -> bytes:
        try:
            data = self._inner.read()
        except OSError as error:
            self._note("读取时断开", error=str(error)[:200])
            raise
        if data:
            self._note("收到", data=masked(data))
        return data

    def write(self, data: bytes) -> None:
        self._note("发出", data=data.hex(" ").upper())
        try:
            self._inner.write(data)
        except OSError as error:
            self._note("发送时断开", error=str(error)[:200])
            raise

    def discard(self) -> None:
        self._note("清空输入")
        self._inner.discard()

    def close(self) -> None:
        self._note("已关闭")
        self._inner.close()

    def _note(self, what: str, **facts: object) -> None:
        event(self._logger, logging.INFO, f"{self.title} {what}", **facts)
