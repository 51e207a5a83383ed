"""[transport]: how a platform is reached. Read by shim/wiring.py."""

from __future__ import annotations

from typing import ClassVar

from shim.settings.option import Section, number, text, word


class TransportSettings(Section):
    """[transport]."""

    NAME: ClassVar[str] = "transport"

    engine: str = word("socket", "收发 HTTP 的方式：socket 为组件自带，requests 为备用", ("socket", "requests"))
    connect_seconds: int = number(10, "建立连接最多等待的秒数", 1, 120)
    total_seconds: int = number(90, "一次请求最多等待的秒数，到时返回“结果未知”", 1, 600)
    idle_seconds: int = number(10, "空闲超过此秒数的连接不再使用，另建新连接", 0, 3600)
    proxy: str = text("", "HTTP 代理地址，例如 http://10.1.1.1:3128；空为直连（不读取系统代理）")
    ca_file: str = text("", "HTTPS 根证书文件（PEM）；空为随组件附带的根证书")
