"""What systems and OpenSSL report, as the sentence of its cause. Winsock's numbers are tried here on any system."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from shim.errors import Reason
from shim.transport import causes
from shim.transport.causes import ConnectingStep, Peer

PLATFORM = Peer("10.1.1.1", 8080)
PROXY = Peer("10.1.1.2", 3128, is_proxy=True)
UNSENT = "，请求未发出，可以重做；"

REPORTED = [
    (OSError(errno.ECONNREFUSED, ""), "平台 10.1.1.1:8080 拒绝连接"),
    (OSError(10061, ""), "平台 10.1.1.1:8080 拒绝连接"),
    (OSError(errno.EHOSTUNREACH, ""), "没有到平台 10.1.1.1:8080 的路由"),
    (OSError(10051, ""), "没有到平台 10.1.1.1:8080 的路由"),
    (OSError(10065, ""), "没有到平台 10.1.1.1:8080 的路由"),
    (OSError(errno.ETIMEDOUT, ""), "建立连接超时（10.1.1.1:8080）"),
    (OSError(10060, ""), "建立连接超时（10.1.1.1:8080）"),
    (TimeoutError("timed out"), "建立连接超时（10.1.1.1:8080）"),
    (OSError(10013, ""), "本机不允许连接平台 10.1.1.1:8080"),
    (OSError(10055, ""), "本机网络资源不足，无法连接平台 10.1.1.1:8080"),
    (OSError(errno.EMFILE, ""), "本程序打开的连接或文件过多，无法连接平台 10.1.1.1:8080"),
    (OSError(4711, "x"), "无法连接平台 10.1.1.1:8080（系统错误 4711）"),
    (socket.gaierror(socket.EAI_NONAME, ""), "找不到平台主机名 10.1.1.1"),
    (socket.gaierror(11001, ""), "找不到平台主机名 10.1.1.1"),
    (socket.gaierror(socket.EAI_AGAIN, ""), "域名服务器没有应答，无法查找平台主机名 10.1.1.1"),
    (socket.gaierror(11002, ""), "域名服务器没有应答，无法查找平台主机名 10.1.1.1"),
    (socket.gaierror(4711, ""), "无法查找平台主机名 10.1.1.1（系统错误 4711）"),
]


@pytest.mark.parametrize(("error", "cause"), REPORTED)
def test_what_the_system_reports(error: OSError, cause: str) -> None:
    failure = causes.connecting_failed(error, ConnectingStep.CONNECT, PLATFORM)
    assert failure.reason is Reason.CONNECT_FAILED and failure.message.startswith(cause + UNSENT)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (10, "的证书已过期"),
        (9, "的证书尚未生效"),
        (62, "的证书不是为该地址签发的"),
        (64, "的证书不是为该地址签发的"),
        (18, "的证书不受信任"),
        (19, "的证书不受信任"),
        (20, "的证书不受信任"),
        (23, "的证书校验不通过（OpenSSL 23）"),
    ],
)
def test_what_openssl_says_of_a_certificate(code: int, cause: str) -> None:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_code = code
    failure = causes.connecting_failed(error, ConnectingStep.TLS, PLATFORM)
    assert failure.message.startswith(f"平台 10.1.1.1:8080 {cause}{UNSENT}")


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("WRONG_VERSION_NUMBER", "平台 10.1.1.1:8080 的端口不是 https"),
        ("UNSUPPORTED_PROTOCOL", "平台 10.1.1.1:8080 只支持过旧的 TLS 版本（低于 1.2）"),
        ("TLSV1_ALERT_PROTOCOL_VERSION", "平台 10.1.1.1:8080 只支持过旧的 TLS 版本（低于 1.2）"),
        ("DH_KEY_TOO_SMALL", "平台 10.1.1.1:8080 的密钥过短，不够安全"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "平台 10.1.1.1:8080 要求客户端证书，本组件不支持"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "与平台 10.1.1.1:8080 的安全连接失败（SSLV3_ALERT_HANDSHAKE_FAILURE）"),
    ],
)
def test_what_openssl_says_of_a_handshake(reason: str, cause: str) -> None:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    assert causes.connecting_failed(error, ConnectingStep.TLS, PLATFORM).message.startswith(cause + UNSENT)


def test_a_connection_that_breaks_in_the_handshake() -> None:
    failure = causes.connecting_failed(OSError(errno.ECONNRESET, ""), ConnectingStep.TLS, PLATFORM)
    assert failure.message.startswith("平台 10.1.1.1:8080 在安全连接握手时中断了连接" + UNSENT)


def test_the_proxy_is_not_called_the_platform() -> None:
    failure = causes.connecting_failed(OSError(errno.ECONNREFUSED, ""), ConnectingStep.CONNECT, PROXY)
    assert failure.message.startswith("代理 10.1.1.2:3128 拒绝连接" + UNSENT) and "[transport] proxy" in failure.message


def test_an_ipv6_peer_has_brackets() -> None:
    assert Peer("::1", 80).authority == "[::1]:80"
