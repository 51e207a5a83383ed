"""Why no answer came, by name: one Chinese sentence for each cause, with the host and port it was met at.

What is known of the outcome decides the family of the error, never the cause: nothing sent (`unsent`), sent in part
(`cut_off`), or sent whole (`no_answer`). A cause that was not found out is not named. Used by the transports.

NB: ssl is looked at only where it has been imported already: a call over plain http does not pay for it.
"""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from shim.errors import PlatformError, Reason
from shim.transport.base import MAX_ANSWER


class ConnectingStep(Enum):
    """What the transport was doing before anything was sent; the value names it in a time-out."""

    LOOK_UP = "查找主机名"
    CONNECT = "建立连接"
    PROXY = "等待代理应答"
    TLS = "安全连接握手"
    START = "开始发送"


@dataclass(frozen=True, slots=True)
class Peer:
    """The party at the other end of a socket, as a message names it.

    Attributes:
        host: the name or address without brackets.
        port: the TCP port.
        is_proxy: it is the proxy of [transport] proxy, not the platform.
    """

    host: str
    port: int
    is_proxy: bool = False

    @property
    def authority(self) -> str:
        """host:port, with the brackets of an IPv6 address."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def title(self) -> str:
        return f"{'代理' if self.is_proxy else '平台'} {self.authority}"


# ---- rows ------------------------------------------------------------------------------------------------------------

# What a system says of a connection that was not made: cause and remedy. `{}` is the peer's title.
_CHECK_ADDRESS = "请核对地址与端口，并确认对方服务已启动"
_CHECK_NETWORK = "请检查网线、路由与防火墙"
_BY_ERRNO: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        errno.ECONNREFUSED: ("{} 拒绝连接", _CHECK_ADDRESS),
        errno.ECONNRESET: ("{} 中断了连接", _CHECK_ADDRESS),
        errno.ECONNABORTED: ("{} 中断了连接", _CHECK_ADDRESS),
        errno.EPIPE: ("{} 中断了连接", _CHECK_ADDRESS),
        errno.EHOSTUNREACH: ("没有到{} 的路由", _CHECK_NETWORK),
        errno.ENETUNREACH: ("没有到{} 的路由", _CHECK_NETWORK),
        errno.ENETDOWN: ("本机网络不通，无法到达{}", _CHECK_NETWORK),
        errno.EADDRNOTAVAIL: ("本机没有可用的端口或地址，无法到达{}", "请稍后再试，并检查本机网络设置"),
        errno.EACCES: ("本机不允许连接{}", "请检查防火墙与安全软件"),
        errno.EPERM: ("本机不允许连接{}", "请检查防火墙与安全软件"),
        errno.EMFILE: ("本程序打开的连接或文件过多，无法连接{}", "请重新启动医院程序"),
        errno.ENFILE: ("本机打开的连接或文件过多，无法连接{}", "请重新启动本机"),
        errno.ENOBUFS: ("本机网络资源不足，无法连接{}", "请稍后再试"),
        errno.ENOMEM: ("本机内存不足，无法连接{}", "请稍后再试"),
    }
)
# Winsock's numbers, which errno of a Windows Python has under other values.
_WINSOCK: Mapping[int, int] = MappingProxyType(
    {
        10013: errno.EACCES, 10024: errno.EMFILE, 10049: errno.EADDRNOTAVAIL, 10050: errno.ENETDOWN,
        10051: errno.ENETUNREACH, 10052: errno.ECONNRESET, 10053: errno.ECONNABORTED, 10054: errno.ECONNRESET,
        10055: errno.ENOBUFS, 10058: errno.EPIPE, 10061: errno.ECONNREFUSED, 10065: errno.EHOSTUNREACH,
    }
)  # fmt: skip
_TIMED_OUT = frozenset({errno.ETIMEDOUT, 10060})

# What the resolver says; the numbers are Winsock's beside those of getaddrinfo.
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), 11001, 11004})
_NAME_SERVER_SILENT = frozenset({socket.EAI_AGAIN, 11002})

# What OpenSSL says of a handshake, by a word of its reason.
_CHECK_TLS = "请联系平台"
_BY_TLS_REASON: tuple[tuple[str, str, str], ...] = (
    ("WRONG_VERSION_NUMBER", "{} 的端口不是 https", "请把 strUrl 改为 http:// 开头，或核对端口"),
    ("HTTP_REQUEST", "{} 的端口不是 https", "请把 strUrl 改为 http:// 开头，或核对端口"),
    ("HTTPS_PROXY_REQUEST", "{} 的端口不是 https", "请把 strUrl 改为 http:// 开头，或核对端口"),
    ("UNSUPPORTED_PROTOCOL", "{} 只支持过旧的 TLS 版本（低于 1.2）", "请平台升级"),
    ("PROTOCOL_VERSION", "{} 只支持过旧的 TLS 版本（低于 1.2）", "请平台升级"),
    ("VERSION_TOO_LOW", "{} 只支持过旧的 TLS 版本（低于 1.2）", "请平台升级"),
    ("WRONG_SSL_VERSION", "{} 只支持过旧的 TLS 版本（低于 1.2）", "请平台升级"),
    ("UNSAFE_LEGACY_RENEGOTIATION", "{} 的 TLS 过旧，不支持安全重协商", "请平台升级"),
    ("KEY_TOO_SMALL", "{} 的密钥过短，不够安全", "请平台更换证书"),
    ("MD_TOO_WEAK", "{} 的证书签名算法过旧", "请平台更换证书"),
    ("CERTIFICATE_REQUIRED", "{} 要求客户端证书，本组件不支持", _CHECK_TLS),
)

# OpenSSL's verify codes.
_EXPIRED, _NOT_YET_VALID, _NAME_CODES = 10, 9, frozenset({62, 64})
_UNKNOWN_CA = frozenset({2, 18, 19, 20, 21, 27})


# ---- nothing was sent ------------------------------------------------------------------------------------------------


def unsent(cause: str, remedy: str) -> PlatformError:
    """The error where nothing of the request was sent."""
    return PlatformError(Reason.CONNECT_FAILED, f"{cause}，请求未发出，可以重做；{remedy}")


def no_certificate_dates() -> PlatformError:
    """The error in a forked child that can check no certificate (shim/forks.py, is_time_zone_locked)."""
    return unsent(
        "本进程由 fork 产生，当时另一线程正在取系统时间，本进程不能使用 https", "请重新 fork，或 exec 程序后再调用"
    )


def not_connected() -> PlatformError:
    """The error if no connection was made and no cause is known."""
    return unsent("无法连接平台", "请检查网络与请求地址")


def timed_out(step: ConnectingStep, peer: Peer | None = None) -> PlatformError:
    """The error where the time ran out in `step`, before anything was sent."""
    where = "" if peer is None else f"（{peer.authority}）"
    return unsent(f"{step.value}超时{where}", "请检查网络与请求地址")


def connecting_failed(error: BaseException, step: ConnectingStep, peer: Peer) -> PlatformError:
    """The error for what a system, a resolver or OpenSSL reported in `step`, before anything was sent."""
    if is_time_out(error):
        return timed_out(step, peer)
    if isinstance(error, socket.gaierror):
        return _look_up_failed(error, peer)
    ssl = sys.modules.get("ssl")
    if ssl is not None and isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_refused(error, peer)
    if ssl is not None and isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return unsent(f"{peer.title} 在{step.value}时关闭了连接", "请核对端口是否为 https，并联系平台")
    if ssl is not None and isinstance(error, ssl.SSLError):
        return _handshake_failed(str(error.reason or ""), peer)
    number = error.errno if isinstance(error, OSError) and error.errno is not None else 0
    cause, remedy = _BY_ERRNO.get(_WINSOCK.get(number, number), ("", ""))
    if not cause:
        return unsent(f"无法连接{peer.title}（系统错误 {number}）", _CHECK_NETWORK)
    if step is ConnectingStep.TLS and number:
        cause = cause.replace("中断了连接", "在安全连接握手时中断了连接")
    return unsent(cause.format(peer.title), f"{remedy}；[transport] proxy" if peer.is_proxy else remedy)


def is_time_out(error: BaseException) -> bool:
    """Whether `error` says that time ran out, of ours or of the system's."""
    return isinstance(error, TimeoutError) or (isinstance(error, OSError) and error.errno in _TIMED_OUT)


def not_tls(peer: Peer) -> PlatformError:
    """The error where an https address answers in plain HTTP."""
    return _handshake_failed("WRONG_VERSION_NUMBER", peer)


def needs_tls(peer: Peer) -> PlatformError:
    """The error where a plain http request was answered by a TLS alert: nothing in it can have been understood."""
    return PlatformError(
        Reason.CONNECT_FAILED, f"{peer.title} 的端口要求 https，请求未被受理，可以重做；请把 strUrl 改为 https:// 开头"
    )


def proxy_refused(status: int, peer: Peer) -> PlatformError:
    """The error where the proxy did not pass the request on."""
    if status == 407:
        return unsent(f"{peer.title} 要求身份验证（HTTP 407）", "请在 [transport] proxy 中写明用户名与密码")
    return unsent(f"{peer.title} 拒绝转发（HTTP {status}）", "请检查 [transport] proxy 与代理的设置")


def proxy_not_understood(peer: Peer) -> PlatformError:
    """The error where the proxy's answer to CONNECT was not one."""
    return unsent(f"{peer.title} 的应答不是 HTTP 代理的应答", "请检查 [transport] proxy")


def spoken_too_soon(peer: Peer) -> PlatformError:
    """The error where a server answers before it was asked."""
    return unsent(f"{peer.title} 在请求之前就发来数据", "请核对端口，并联系平台")


def no_thread(peer: Peer) -> PlatformError:
    """The error where the system gave no thread for the look-up."""
    return unsent(f"本机资源不足，无法查找主机名 {peer.host}", "请稍后再试")


def _look_up_failed(error: socket.gaierror, peer: Peer) -> PlatformError:
    title = f"{'代理' if peer.is_proxy else '平台'}主机名 {peer.host}"
    if error.errno in _NO_SUCH_NAME:
        return unsent(f"找不到{title}", "请核对请求地址与本机 DNS 设置")
    if error.errno in _NAME_SERVER_SILENT:
        return unsent(f"域名服务器没有应答，无法查找{title}", "请检查网络与本机 DNS 设置")
    return unsent(f"无法查找{title}（系统错误 {error.errno}）", "请检查本机 DNS 设置")


def _handshake_failed(reason: str, peer: Peer) -> PlatformError:
    for word, cause, remedy in _BY_TLS_REASON:
        if word in reason:
            return unsent(cause.format(peer.title), remedy)
    shown = f"（{reason}）" if reason else ""
    return unsent(f"与{peer.title} 的安全连接失败{shown}", _CHECK_TLS)


def _certificate_refused(error: BaseException, peer: Peer) -> PlatformError:
    code = getattr(error, "verify_code", 0)
    if code == _EXPIRED:
        return unsent(f"{peer.title} 的证书已过期", "请核对本机日期，并请平台更换证书")
    if code == _NOT_YET_VALID:
        return unsent(f"{peer.title} 的证书尚未生效", "请核对本机日期，并联系平台")
    if code in _NAME_CODES:
        return unsent(f"{peer.title} 的证书不是为该地址签发的", "请按证书上的域名填写 strUrl，或请平台更换证书")
    if code in _UNKNOWN_CA:
        return unsent(f"{peer.title} 的证书不受信任", "请把其根证书装入系统，或检查 [transport] ca_file")
    return unsent(f"{peer.title} 的证书校验不通过（OpenSSL {code}）", "请联系平台")


# ---- something was sent ----------------------------------------------------------------------------------------------

_ASK_FIRST = "请求已发出，结果未知：请先确认交易状态，再决定是否重做"


def cut_off(peer: Peer, late: bool) -> PlatformError:
    """The error where the request was not sent to its end: the platform cannot act on it."""
    what = f"向{peer.title} 发送请求超时" if late else f"发送请求时与{peer.title} 的连接中断"
    return PlatformError(Reason.SEND_FAILED, f"{what}，平台未收到完整请求，可以重做；请检查网络")


def no_answer(late: bool, peer: Peer | None = None) -> PlatformError:
    """The error if the whole request was sent and no answer came: in time (`late`), or before the connection broke."""
    title = "平台" if peer is None else f"{peer.title} "
    what = f"等待{title}应答超时" if late else f"与{title.rstrip()} 的连接在等待应答时中断"
    return PlatformError(Reason.UNKNOWN_OUTCOME, f"{what}，{_ASK_FIRST}")


def answer_cut(count: int, peer: Peer) -> PlatformError:
    """The error if the connection broke inside an answer, after `count` bytes of its body."""
    return PlatformError(Reason.UNKNOWN_OUTCOME, f"{peer.title} 的应答不完整（收到 {count} 字节），{_ASK_FIRST}")


def not_http(peer: Peer) -> PlatformError:
    """The error if what came is no answer of HTTP, or its length cannot be told."""
    return PlatformError(
        Reason.UNKNOWN_OUTCOME, f"{peer.title} 的应答不是合法的 HTTP 应答，{_ASK_FIRST}；并核对请求地址"
    )


def too_long() -> PlatformError:
    """The error for an answer over `MAX_ANSWER`."""
    limit = f"{MAX_ANSWER // 1024 // 1024} MB"
    return PlatformError(Reason.UNKNOWN_OUTCOME, f"平台应答超过 {limit}，无法读取，{_ASK_FIRST}；并核对请求地址")
