"""[messages]: for whom the texts in OutData and pErrmsg are. Read by shim/service.py and shim/call_port.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, word


class MessageSettings(Section):
    """[messages]."""

    NAME: ClassVar[str] = "messages"
    LIVE: ClassVar[bool] = True

    audience: str = word(
        "clerk",
        "出错时的说明给谁看：clerk 收费员，一句话，不超过 60 字；developer 开发人员，后面再附日志里的原因",
        ("clerk", "developer"),
    )
