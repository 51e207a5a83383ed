"""[tools] and [bridge]: what only the command line uses. No DLL does, so both are in one module, which hosts import."""

from __future__ import annotations

import re
from typing import ClassVar

from shim.bilingual import Bilingual, filled
from shim.settings.option import Section, listed, number, text

LEAST_TOKEN = 16
"""Characters of a token: one that can be guessed is none."""

# An origin as a browser writes it: scheme, name or address, and a port that is not the usual one.
_ORIGIN = r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?"
# What may stand in a header, so that every program can send it.
_TOKEN = rf"[A-Za-z0-9._~+/=-]{{{LEAST_TOKEN},200}}"


def plain_origin(origin: str) -> str:
    """An origin as browsers write it: lower case, without the usual port, without a blank or a slash at its end."""
    plain = origin.strip().rstrip("/").lower()
    usual = {"http://": ":80", "https://": ":443"}
    return next((plain.removesuffix(port) for scheme, port in usual.items() if plain.startswith(scheme)), plain)


def _origins_problem(value: str) -> Bilingual | None:
    origins = [each for each in value.replace("，", ",").split(",") if each.strip()]
    if all(re.fullmatch(_ORIGIN, plain_origin(each)) for each in origins):
        return None
    return Bilingual(
        "应形如 https://his.example.cn, http://10.1.1.5:8080，只写协议、主机和端口，不能用 * 和 null",
        "it should be like https://his.example.cn, http://10.1.1.5:8080: scheme, host and port, neither * nor null",
    )


def _token_problem(value: str) -> Bilingual | None:
    if not value or re.fullmatch(_TOKEN, value):
        return None
    return filled(
        "应为 {least} 到 200 个英文字母、数字或 . _ ~ + / = -",
        "it should be {least} to 200 Latin letters, digits or . _ ~ + / = -",
        {"least": LEAST_TOKEN},
    )


class ToolSettings(Section):
    """[tools]."""

    NAME: ClassVar[str] = "tools"
    LIVE: ClassVar[bool] = True

    key: str = text("", "命令 vcshim sign、vcshim open 所用的应用密钥 key；空为运行时从文件或键盘输入。两个 DLL 不用它")


class BridgeSettings(Section):
    """[bridge]: `vcshim bridge`, the local web service for a HIS in a browser. Read by shim/bridge."""

    NAME: ClassVar[str] = "bridge"

    origins: tuple[str, ...] = listed(
        "",
        "允许哪些网站的页面使用 vcshim bridge：浏览器地址栏中的协议、主机和端口，以逗号分隔，例如 https://his.example.cn；"
        "空为只允许本机的程序",
        check=_origins_problem,
    )
    token: str = text(
        "",
        "vcshim bridge 的令牌，网页和程序每次都要带上；空为给每个 Windows 用户自动生成一个，运行 vcshim bridge --token "
        "可看到",
        _token_problem,
    )
    port: int = number(17910, "vcshim bridge 的端口，只在本机 127.0.0.1 上", 1024, 65535)
    ports: int = number(
        8, "上一个端口被占用时，往后依次试几个；终端服务器上每个 Windows 会话各用一个，写得不少于会话数", 1, 200
    )
    call_seconds: int = number(300, "vcshim bridge 等一次调用最多多少秒；到时按结果未知告诉网页", 10, 3600)
