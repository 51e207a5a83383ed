"""The columns of a make of scanner: what triggers.py fills in for the known makes, and a site in vcshim.ini.

A field here is a column of every row in TRIGGERS, a key of [scanner] for ``make = custom``, a line of the ini template
and a line of the reference; nothing else lists them. `Trigger` in triggers.py reads them.
"""

from __future__ import annotations

from shim.settings.option import Keys, milliseconds, text


class CommandColumns(Keys):
    """The commands of one make, written as in vcshim.ini: bytes in hexadecimal. An empty command is not sent."""

    start: str = text("", "make = custom 的触发指令，十六进制，例如 7E 01 30")
    stop: str = text("", "make = custom 的停止指令，十六进制")
    wake: str = text("", "make = custom 在触发指令之前先发的字节，十六进制")
    wake_delay: float = milliseconds("wake_ms", 50, "make = custom 发出 wake 之后等待的毫秒数", 0, 1000)
    replies: str = text(
        "",
        "make = custom 应从数据中去掉的指令应答，十六进制，多个用逗号分开；"
        ".. 为任一字节，* 为不含回车换行的若干字节，前加 ! 表示指令被拒，前加 ~ 表示扫码枪自己放弃",
    )
    setup: str = text("", "make = custom 的设置指令，十六进制；会永久改变扫码枪的设置，只由 vcshim scan --setup 发出")
