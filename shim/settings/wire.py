"""[wire]: what goes over the wire to a platform. Read by shim/service.py and shim/wiring.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, text, word


def _dialect_problem(value: str) -> str | None:
    """Which names there are is known to shim/wiring.py."""
    return None if value else "应为方言的名称"


class WireSettings(Section):
    """[wire]."""

    NAME: ClassVar[str] = "wire"

    dialect: str = text(
        "ehcservice",
        "方言：平台要求的签名和加密方法，须与平台一致；预置名称，或本文件中 [dialect 名称] 一节的名称",
        _dialect_problem,
        refuses=True,
    )
    verify: str = word(
        "warn",
        "验签，即核对平台应答的签名：off 不核对、warn 不符时只记日志、strict 不符即拒绝（9003）",
        ("off", "warn", "strict"),
        refuses=True,
    )
    content_type: str = text("application/json; charset=UTF-8", "请求的 Content-Type 标签；正文总是 UTF-8")
    ec_code_field: str = text("ecQrCode", "医保请求 data 中放二维码的字段名")
