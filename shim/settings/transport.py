"""[transport]: how a platform is reached. Read by shim/wiring.py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from shim.bilingual import Bilingual
from shim.settings.option import Section, listed, number, path, text, word

# A URL of http, its port 80 unless it names one; or host:port. Both with or without user:password@.
_PROXY = r"(?i)(?P<scheme>http://)?(?:[^\s/@]*@)?(?:\[[0-9A-F:.]+\]|[^\s/@:\[\]]+)(?::(?P<port>[0-9]{1,5}))?/?"


# What [transport] alternatives may name: no user, no query, no fragment.
_BASE = r"(?i)https?://(?:\[[0-9A-F:.]+\]|[^\s/@:\[\]?#]+)(?::[0-9]{1,5})?(?:/[^\s?#]*)?"


def address_groups(groups: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The addresses of each group of [transport] alternatives, the one that the host passes first."""
    split = (group.replace("，", ",").split(",") for group in groups)
    return tuple(tuple(each.strip().rstrip("/") for each in group if each.strip()) for group in split)


def _alternatives_problem(value: str) -> Bilingual | None:
    groups = address_groups([part for part in value.replace("；", ";").split(";") if part.strip()])
    firsts = [group[0].lower() for group in groups if group]
    good = all(len(group) > 1 and all(re.fullmatch(_BASE, each) for each in group) for group in groups)
    if good and len({*firsts}) == len(groups):
        return None
    return Bilingual(
        "应形如 http://10.1.1.1:8080, http://10.1.1.2:8080，各组以分号分隔，首个地址不重复",
        "it should be like http://10.1.1.1:8080, http://10.1.1.2:8080, with semicolons between groups, each of which "
        "has another first address",
    )


def _proxy_problem(value: str) -> Bilingual | None:
    match = re.fullmatch(_PROXY, value) if value else None
    if not value or (match and (0 < int(match["port"]) < 65536 if match["port"] else match["scheme"])):
        return None
    return Bilingual("应形如 http://10.1.1.1:3128", "it should be like http://10.1.1.1:3128")


class TransportSettings(Section):
    """[transport]."""

    NAME: ClassVar[str] = "transport"
    LIVE: ClassVar[bool] = True

    engine: str = word("socket", "收发 HTTP 的方式：socket 自带；requests 备用，排查问题时试用", ("socket", "requests"))
    connect_seconds: int = number(10, "建立连接最多等待的秒数", 1, 120)
    total_seconds: int = number(
        90, "一次调用最多等待的秒数，扫码不计在内；请求发出后到时，按结果未知返回 3003 或 -1", 1, 600
    )
    idle_seconds: int = number(10, "空闲超过此秒数的连接不再使用，下次另建", 0, 3600)
    proxy: str = text(
        "",
        "HTTP 代理的地址，例如 http://10.1.1.1:3128；空为直连，不用 Windows 里设的代理",
        _proxy_problem,
        refuses=True,
    )
    ca_file: str = path(
        "HTTPS 的根证书文件（PEM 或 DER），写了就只信任其中的证书；空为信任 Windows 的证书和附带的根证书", refuses=True
    )
    alternatives: tuple[str, ...] = listed(
        "",
        "平台的备用地址：先写医院程序传入的地址，再依次写备用的，以逗号分隔；几个平台以分号分隔。"
        "连不上、请求确定没有发出时改用下一个；只是查询的，没有收到应答也换。各地址应是同一个平台",
        ";",
        _alternatives_problem,
    )
    back_seconds: int = number(
        60, "连不上的地址多少秒后在后台再试，恢复后改回；一直不通则逐次加长，最长一小时", 5, 3600
    )
