"""[wire]: what goes over the wire to a platform. Read by shim/service.py and shim/wiring.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, text, word


def _dialect_problem(value: str) -> str | None:
    """Which names there are is known to shim/wiring.py."""
    return None if value else "应为报文格式的名称"


class WireSettings(Section):
    """[wire]."""

    NAME: ClassVar[str] = "wire"

    dialect: str = text(
        "ehcservice",
        "报文的签名和加密格式，须与多码融合平台一致：预置名称（见本文件末尾），或本文件中 [dialect 名称] 一节的名称",
        _dialect_problem,
        refuses=True,
    )
    verify: str = word(
        "warn",
        "核对多码融合平台应答的签名（验签）：off 不核对；warn 验签失败只记日志；strict 验签失败即拒绝（9003）",
        ("off", "warn", "strict"),
        refuses=True,
    )
    content_type: str = text("application/json; charset=UTF-8", "请求的 Content-Type 头；一般不用改")
    ec_code_field: str = text("ecQrCode", "医保请求的 data 中，放所扫医保码的字段名")
