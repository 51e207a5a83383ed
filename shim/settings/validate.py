"""[validate]: how strictly requests are checked. Read by shim/service.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, word


class ValidateSettings(Section):
    """[validate]."""

    NAME: ClassVar[str] = "validate"
    LIVE: ClassVar[bool] = True

    level: str = word(
        "warn",
        "按规范检查入参：off 不检查；warn 有问题只记日志，照常发送；strict 有问题即拒绝（9001、-2）",
        ("off", "warn", "strict"),
        refuses=True,
    )
