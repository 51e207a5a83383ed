"""What systems and OpenSSL report, as the sentence of its cause. Winsock's numbers are tried here on any system."""

from __future__ import annotations

import errno
import socket
import ssl
import sys
import types

import pytest

from shim.deadline import Deadline
from shim.errors import Message, PlatformError, Reason, State
from shim.messages import network
from shim.transport import causes
from shim.transport.causes import ConnectingStep, Peer

PLATFORM = Peer("10.1.1.1", 8080)
PROXY = Peer("10.1.1.2", 3128, is_proxy=True)

REPORTED = [
    (OSError(errno.ECONNREFUSED, ""), "平台 10.1.1.1:8080 拒绝连接；"),
    (OSError(10061, ""), "平台 10.1.1.1:8080 拒绝连接；"),
    (OSError(errno.ECONNRESET, ""), "平台 10.1.1.1:8080 在建立连接时断开了连接；"),
    (OSError(errno.EHOSTUNREACH, ""), "没有到平台 10.1.1.1:8080 的路由；"),
    (OSError(10051, ""), "没有到平台 10.1.1.1:8080 的路由；"),
    (OSError(10065, ""), "没有到平台 10.1.1.1:8080 的路由；"),
    (OSError(errno.ETIMEDOUT, ""), "平台 10.1.1.1:8080 在 9 秒内没有接受连接；"),
    (OSError(10060, ""), "平台 10.1.1.1:8080 在 9 秒内没有接受连接；"),
    (TimeoutError("timed out"), "平台 10.1.1.1:8080 在 9 秒内没有接受连接；"),
    (OSError(10013, ""), "系统不允许连接 10.1.1.1:8080；"),
    (OSError(10055, ""), "系统的网络缓冲区不足，不能连接 10.1.1.1:8080；"),
    (OSError(errno.EMFILE, ""), "本进程打开的文件与连接已到上限，不能连接 10.1.1.1:8080；"),
    (OSError(4711, "x"), "系统错误 4711，未能连接 10.1.1.1:8080；"),
    (OSError("x"), "未能连接 10.1.1.1:8080，系统没有给出原因；"),
    (socket.gaierror(socket.EAI_NONAME, ""), "找不到平台的主机名 10.1.1.1；"),
    (socket.gaierror(11001, ""), "找不到平台的主机名 10.1.1.1；"),
    (socket.gaierror(socket.EAI_AGAIN, ""), "域名服务器没有应答，查不到主机名 10.1.1.1；"),
    (socket.gaierror(11002, ""), "域名服务器没有应答，查不到主机名 10.1.1.1；"),
    (socket.gaierror(4711, ""), "查不到主机名 10.1.1.1（系统错误 4711）；"),
]
# The same at the proxy: it is never called the platform.
AT_PROXY = [
    (OSError(errno.ECONNREFUSED, ""), "代理 10.1.1.2:3128 拒绝连接；"),
    (OSError(errno.ECONNRESET, ""), "代理 10.1.1.2:3128 在建立连接时断开了连接；"),
    (OSError(10065, ""), "没有到代理 10.1.1.2:3128 的路由；"),
    (TimeoutError("timed out"), "代理 10.1.1.2:3128 在 9 秒内没有接受连接；"),
    (OSError(10013, ""), "系统不允许连接 10.1.1.2:3128（代理）；"),
    (OSError(4711, "x"), "系统错误 4711，未能连接 10.1.1.2:3128（代理）；"),
    (socket.gaierror(11001, ""), "找不到代理的主机名 10.1.1.2；"),
]


class Late(Deadline):
    """One of which nine seconds have passed."""

    @property
    def elapsed(self) -> float:
        return 9.2


def connecting_failed(error: OSError, step: ConnectingStep, peer: Peer) -> PlatformError:
    failure = causes.connecting_failed(error, step, peer, Late(10))
    assert failure.reason is Reason.CONNECT_FAILED
    assert failure.row is not None and failure.row.state is State.NOT_DONE
    return failure


@pytest.mark.parametrize(("error", "cause"), REPORTED)
def test_what_the_system_reports(error: OSError, cause: str) -> None:
    assert connecting_failed(error, ConnectingStep.CONNECT, PLATFORM).message.startswith(cause)


@pytest.mark.parametrize(("error", "cause"), AT_PROXY)
def test_the_proxy_is_not_called_the_platform(error: OSError, cause: str) -> None:
    message = connecting_failed(error, ConnectingStep.CONNECT, PROXY).message
    assert message.startswith(cause) and "平台" not in message


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (ConnectingStep.LOOK_UP, "9 秒没有查到主机名 10.1.1.1；请检查网络与本机的 DNS 设置"),
        (ConnectingStep.CONNECT, "平台 10.1.1.1:8080 在 9 秒内没有接受连接；请检查网络与防火墙，核对地址与端口"),
        (ConnectingStep.PROXY, "代理 10.1.1.1:8080 在 9 秒内没有接通平台；请检查代理到平台的网络"),
        (ConnectingStep.TLS, "与平台 10.1.1.1:8080 的 TLS 握手在 9 秒内没有完成；请检查网络，核对端口是否为 https"),
        (ConnectingStep.START, "9 秒已到，请求没有发往 10.1.1.1:8080；请检查网络"),
    ],
)
def test_a_time_out_names_the_seconds(step: ConnectingStep, line: str) -> None:
    error = connecting_failed(TimeoutError(), step, PLATFORM)
    row: Message = step.value
    assert error.message == line and error.row is row and "{seconds} 秒" in row.clerk and "{platform}" in row.clerk


@pytest.mark.parametrize(("seconds", "named"), [(0.04, "0.0"), (0.26, "0.3"), (1.4, "1"), (89.7, "90")])
def test_seconds_as_people_say_them(seconds: float, named: str) -> None:
    assert causes.no_answer(PLATFORM, True, seconds).message == f"平台 10.1.1.1:8080 在 {named} 秒内没有应答"


def test_while_another_thread_imports_ssl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is in it yet; what the system has reported is told all the same."""
    monkeypatch.setitem(sys.modules, "ssl", types.ModuleType("ssl"))
    refused = ConnectionRefusedError(errno.ECONNREFUSED, "")
    assert connecting_failed(refused, ConnectingStep.CONNECT, PLATFORM).row is network.REFUSED


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (10, "的证书已过期（按本机日期）；"),
        (9, "的证书尚未生效（按本机日期）；"),
        (62, "的证书不是为该地址签发的；"),
        (64, "的证书不是为该地址签发的；"),
        (18, "的证书不受信任；"),
        (19, "的证书不受信任；"),
        (20, "的证书不受信任；"),
        (23, "的证书校验不通过（OpenSSL 校验码 23）；"),
    ],
)
def test_what_openssl_says_of_a_certificate(code: int, cause: str) -> None:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_code = code
    failure = connecting_failed(error, ConnectingStep.TLS, PLATFORM)
    assert failure.message.startswith(f"平台 10.1.1.1:8080 {cause}")


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("WRONG_VERSION_NUMBER", "平台 10.1.1.1:8080 的端口不是 https；"),
        ("UNSUPPORTED_PROTOCOL", "平台 10.1.1.1:8080 只支持过旧的 TLS 版本（低于 1.2）；"),
        ("TLSV1_ALERT_PROTOCOL_VERSION", "平台 10.1.1.1:8080 只支持过旧的 TLS 版本（低于 1.2）；"),
        ("DH_KEY_TOO_SMALL", "平台 10.1.1.1:8080 的公钥过短，不够安全；"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "平台 10.1.1.1:8080 要求客户端证书，vcshim 不支持；"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE",
         "与平台 10.1.1.1:8080 的 TLS 握手失败（OpenSSL：SSLV3_ALERT_HANDSHAKE_FAILURE）；"),
        ("", "与平台 10.1.1.1:8080 的 TLS 握手失败，没有给出原因；"),
    ],
)  # fmt: skip
def test_what_openssl_says_of_a_handshake(reason: str, cause: str) -> None:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    failure = connecting_failed(error, ConnectingStep.TLS, PLATFORM)
    assert failure.message.startswith(cause)
    assert failure.row is not None and "证书" not in failure.row.clerk  # nothing was said of one


def test_a_connection_that_breaks_in_the_handshake() -> None:
    failure = connecting_failed(OSError(errno.ECONNRESET, ""), ConnectingStep.TLS, PLATFORM)
    assert failure.message.startswith("平台 10.1.1.1:8080 在 TLS 握手时断开了连接；")


def test_what_was_sent_decides_the_state() -> None:
    """Not sent to its end is certainly not done, whatever ended it; sent whole is not known."""
    for late in (False, True):
        part, whole = causes.cut_off(PLATFORM, late, 90), causes.no_answer(PLATFORM, late, 90)
        assert (part.reason, part.row and part.row.state) == (Reason.SEND_FAILED, State.NOT_DONE)
        assert (whole.reason, whole.row and whole.row.state) == (Reason.UNKNOWN_OUTCOME, State.UNKNOWN)
    for error in (causes.answer_cut(1, PLATFORM), causes.not_http(PLATFORM), causes.too_long(PLATFORM)):
        assert (error.reason, error.row and error.row.state) == (Reason.UNKNOWN_OUTCOME, State.UNKNOWN)
    refused = causes.needs_tls(PLATFORM)  # it was sent, and nothing in it can have been understood
    assert (refused.reason, refused.row) == (Reason.CONNECT_FAILED, network.NEEDS_TLS)
    assert network.NEEDS_TLS.state is State.NOT_DONE


def test_an_ipv6_peer_has_brackets() -> None:
    assert Peer("::1", 80).authority == "[::1]:80"
