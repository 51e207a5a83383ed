"""[mode] and [vendor]: which DLL answers the host. Read by native/settings.c, which must obey them without Python, and
by shim/configuration.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, path, word


class ModeSettings(Section):
    """[mode]."""

    NAME: ClassVar[str] = "mode"

    run: str = word(
        "native",
        "由谁应答：native 为 vcshim；capture 为原厂动态库，往来报文加密留存；"
        "shadow 为原厂动态库，vcshim 同时算一遍并比对",
        ("native", "capture", "shadow"),
        refuses=True,
    )


class VendorSettings(Section):
    """[vendor]."""

    NAME: ClassVar[str] = "vendor"

    virtualcardchk: str = path("原厂 VirtualCardChk.dll 改名后的文件；空为本文件旁边的 VirtualCardChk.vendor.dll")
    nationeccode: str = path("原厂 NationECCode.dll 改名后的文件；空为本文件旁边的 NationECCode.vendor.dll")
