"""[log] and [telemetry]: the log, and where else its lines go. Read by shim/wiring.py and shim/telemetry."""

from __future__ import annotations

from typing import ClassVar

from shim.bilingual import Bilingual, filled, word_list
from shim.settings.option import Section, listed, number, path, text, word

SIGNALS = ("logs", "metrics", "traces")
SYSLOG_SCHEMES = ("udp", "tcp", "tls")


class LogSettings(Section):
    """[log]."""

    NAME: ClassVar[str] = "log"

    level: str = word(
        "info",
        "日志的详细程度：error 只记出错的；info 每次调用一行；debug 更详细；wire 另记报文有哪些字段（仍然脱敏）。"
        "后两种只在排查问题时用",
        ("error", "info", "debug", "wire"),
        live=True,
    )
    folder: str = path("日志文件夹；空为 DLL 旁边的 vcshim_log，不可写时为 %LOCALAPPDATA%\\vcshim\\vcshim_log")
    keep_days: int = number(30, "日志保留的天数", 1, 3650)
    windows_events: str = word(
        "failures",
        "写入 Windows 事件日志（应用程序，来源 vcshim）的内容：off 不写；failures 只写不能启动、内部异常和"
        "改走备用路径；all 另写每个进程的启动。同一种事件一小时最多写一次",
        ("off", "failures", "all"),
    )


def _endpoint_problem(value: str) -> Bilingual | None:
    """Why a text is no address of a collector."""
    if not value or _is_address(value, ("http", "https")):
        return None
    return Bilingual(
        "应为 http:// 或 https:// 开头的地址", "it should be an address that begins with http:// or https://"
    )


def _syslog_problem(value: str) -> Bilingual | None:
    """Why a text is no address of a syslog server."""
    if not value or _is_address(value, SYSLOG_SCHEMES):
        return None
    return Bilingual(
        "应形如 udp://10.1.2.3:514、tcp://10.1.2.3:601 或 tls://log.example:6514",
        "it should be like udp://10.1.2.3:514, tcp://10.1.2.3:601 or tls://log.example:6514",
    )


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    scheme, mark, rest = value.partition("://")
    if not mark or scheme.lower() not in schemes or not rest.strip("/") or any(c.isspace() for c in value):
        return False
    port = rest.partition("/")[0].rpartition("@")[2].rpartition("]")[2].partition(":")[2]
    return not port or (port.isdecimal() and port.isascii() and 0 < int(port[:6]) < 65536)


def _signals_problem(value: str) -> Bilingual | None:
    """Why a text is no list of signals."""
    words = value.replace("，", ",").lower().split(",")
    if all(each.strip() in ("", *SIGNALS) for each in words):
        return None
    return filled("应为 {words} 中的几个", "it should be some of {words}", {"words": word_list(SIGNALS)})


class TelemetrySettings(Section):
    """[telemetry]."""

    NAME: ClassVar[str] = "telemetry"

    endpoint: str = text(
        "",
        "OpenTelemetry 采集器（Collector）的地址，如 http://10.1.2.3:4318，按 OTLP/HTTP 以 JSON 发送；空为不发送。"
        "发出的只是日志里已有的内容，不含患者信息，也不影响调用",
        _endpoint_problem,
    )
    signals: tuple[str, ...] = listed(
        "logs,metrics,traces", "发送哪几种：logs 日志、metrics 指标、traces 调用过程", check=_signals_problem
    )
    headers_file: str = path(
        "随每个请求发给采集器的 HTTP 头，写在一个文件里，一行一个，如 Authorization: Bearer xxx；空为没有"
    )
    ca_file: str = path("采集器和 syslog 服务器的 CA 证书文件（PEM 或 DER）；空为用系统信任的证书")
    interval_seconds: int = number(30, "每隔多少秒发送一次指标", 1, 3600)
    syslog: str = text(
        "",
        "syslog 服务器（RFC 5424）的地址，如 udp://10.1.2.3:514、tcp://10.1.2.3:601、tls://log.example:6514；空为不发送",
        _syslog_problem,
    )
    level: str = word("info", "发送到采集器和 syslog 的日志从哪一级起", ("error", "info", "debug"))
