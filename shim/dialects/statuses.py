"""What an HTTP status other than 2xx says about a request, as rows. Pure; used by `answers` and the documents.

Not here: a platform's own refusal, which survives at any status. Whoever sent the status (a gateway, a proxy, a web
server), the request had left this PC, so that what became of it is unknown. Nothing that they wrote is shown: only the
number, and of a redirect its address without what may be secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from shim.errors import PlatformError, Reason
from shim.http_answer import HttpAnswer


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One status, or several.

    Attributes:
        first, last: the statuses.
        what: what it says, in Chinese.
        check: what to look at.
        gateways: a party on the way sends it, not the platform; a code in its body that repeats the status is its own.
    """

    first: int
    last: int
    what: str
    check: str
    gateways: bool = False


# The first row that has the status counts.
STATUSES: tuple[StatusRow, ...] = (
    StatusRow(300, 303, "请求地址已转向", "把 strUrl 改为新的地址"),
    StatusRow(307, 308, "请求地址已转向", "把 strUrl 改为新的地址"),
    StatusRow(300, 399, "请求地址没有给出应答", "核对 strUrl"),
    StatusRow(400, 400, "请求地址不接受该报文", "核对 strUrl 与 [wire] content_type"),
    StatusRow(401, 401, "请求地址要求登录", "向平台核对 strUrl 与接入权限"),
    StatusRow(403, 403, "请求被平台或防火墙禁止", "向平台核对本机 IP 是否已登记"),
    StatusRow(404, 404, "请求地址上没有该接口", "核对 strUrl 的路径"),
    StatusRow(405, 405, "请求地址不接受 POST", "核对 strUrl 的路径"),
    StatusRow(407, 407, "代理服务器要求登录", "核对 [transport] proxy 中的用户名与密码", gateways=True),
    StatusRow(408, 408, "平台等待报文超时", "检查网络"),
    StatusRow(410, 410, "请求地址已停用", "向平台核对 strUrl"),
    StatusRow(413, 413, "报文超过平台的限制", "减小照片等较长的字段"),
    StatusRow(415, 415, "请求地址不接受该报文类型", "核对 [wire] content_type"),
    StatusRow(429, 429, "请求过于频繁", "降低调用频率"),
    StatusRow(400, 499, "请求未被接受", "核对 strUrl"),
    StatusRow(500, 500, "平台内部出错", "联系平台"),
    StatusRow(502, 502, "网关没有收到平台的应答", "联系平台", gateways=True),
    StatusRow(503, 503, "平台或网关暂停服务", "联系平台", gateways=True),
    StatusRow(504, 504, "网关等待平台应答超时，平台可能仍在处理", "联系平台", gateways=True),
    StatusRow(500, 599, "平台或网关出错", "联系平台"),
    StatusRow(0, 999, "平台返回了意外的状态", "核对 strUrl"),
)

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._-]{1,100}|\[[0-9A-Fa-f:.]{2,45}\]")
_PATH = re.compile(r"[A-Za-z0-9._~%/+-]{0,100}")


def status_row(status: int) -> StatusRow:
    """The row of a status; the last one for what is no status."""
    return next((row for row in STATUSES if row.first <= status <= row.last), STATUSES[-1])


def status_error(answer: HttpAnswer) -> PlatformError:
    """The error for an answer whose status is not 2xx and that holds no refusal of the platform's own."""
    row = status_row(answer.status)
    where = _address(answer.location) if 300 <= answer.status < 400 else ""
    to = f" {where}" if where else ""
    return PlatformError(Reason.HTTP_STATUS, f"{row.what}{to}（HTTP {answer.status}），请{row.check}")


def repeats_status(answer: HttpAnswer, code: str) -> bool:
    """Whether a code in the body is but the status again, as gateways write it: not a word of the platform's."""
    return code == str(answer.status) and status_row(answer.status).gateways


def _address(location: str) -> str:
    """scheme://host:port/path of a redirect: no user, no query, no fragment, no long number; "" if it is odd."""
    try:
        parts = urlsplit(location.strip())
        port = parts.port
    except ValueError:
        return ""
    path = parts.path.partition(";")[0]
    path = re.sub("[0-9]{6,}", "***", path) if _PATH.fullmatch(path) else ""
    if not parts.scheme and not parts.netloc:
        return path
    host = parts.netloc.rpartition("@")[2]
    host = host.removesuffix(f":{parts.netloc.rpartition(':')[2]}") if port is not None else host.removesuffix(":")
    if parts.scheme not in ("", *_PORTS) or _HOST.fullmatch(host) is None:
        return ""
    port = port if port is not None else _PORTS.get(parts.scheme)
    return f"{parts.scheme}{':' if parts.scheme else ''}//{host}{'' if port is None else f':{port}'}{path}"
