"""[fleet]: settings that the PCs of a hospital take from one place. Read by shim/fleet.

NB: public_key is checked there, not here: a key that is not understood must neither stop calls nor count as none.
"""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, listed, number, path


class FleetSettings(Section):
    """[fleet]."""

    NAME: ClassVar[str] = "fleet"
    LIVE: ClassVar[bool] = True

    source: str = path(
        "集中设置文件的位置：共享文件夹中的路径，或 https:// 开头的地址；空为不用。文件由 vcshim fleet sign 制作"
    )
    public_key: tuple[str, ...] = listed(
        "",
        "验证集中设置签名的公钥，64 个十六进制字符，由 vcshim fleet key 生成；更换时可写新旧两个，以逗号分隔。"
        "空为只核对校验和，能改写 source 的人就能改设置",
    )
    poll_minutes: int = number(15, "每隔多少分钟查看一次集中设置；在后台进行，不影响调用", 1, 1440)
