"""Why a platform was not reached, for `vcshim doctor`: those of shim/messages/network.py, and what to do.

The Chinese is that of the log: each row there is a cause and, behind ``；``, its remedy. Rows about strUrl and about
[transport] are told by other checks, and those of forked processes cannot come up here.
"""

from __future__ import annotations

from collections.abc import Mapping

from shim.commands.language import Phrase
from shim.errors import Message
from shim.messages import network

# The row, what it says in English, and the remedy.
_ADDRESS = "check the address and the port, and that the platform's service is running"
_PORT = "check the port, and ask the platform"
_WAY = "check the network and the firewall, the address and the port"
_PROXY = "check [transport] proxy, and that the proxy is running"
_ASK = "ask the platform"
_NEW = "ask the platform for a new certificate"
_ROWS: tuple[tuple[Message, str, str], ...] = (
    (network.NO_SUCH_NAME, "no such host name: {host}", "check strUrl and the DNS settings of this PC"),
    (network.NO_SUCH_PROXY_NAME, "no such proxy: {host}", "check [transport] proxy and the DNS settings of this PC"),
    (
        network.NAME_SERVER_SILENT,
        "no name server answers; {host} cannot be looked up",
        "check the network and the DNS settings of this PC",
    ),
    (network.LOOK_UP_FAILED, "{host} cannot be looked up (error {number})", "check the DNS settings of this PC"),
    (
        network.LOOK_UP_TIMED_OUT,
        "{host} was not found within {seconds} s",
        "check the network and the DNS settings of this PC",
    ),
    (network.NO_THREAD, "the system has no thread left to connect to {peer}", "close programs that are not needed"),
    (network.REFUSED, "{peer} refuses the connection", _ADDRESS),
    (network.BROKEN, "{peer} broke off while the connection was made", _ADDRESS),
    (network.NO_ROUTE, "there is no route to {peer}", "check the cable, the routes and the firewall"),
    (network.CONNECT_TIMED_OUT, "{peer} did not accept a connection within {seconds} s", _WAY),
    (network.NETWORK_DOWN, "this PC has no network to reach {peer} by", "check the cable and the network card"),
    (
        network.NO_LOCAL_ADDRESS,
        "this PC has no port or address left to connect to {peer}",
        "check the network settings of this PC",
    ),
    (
        network.NOT_ALLOWED,
        "the system does not allow a connection to {peer}",
        "check the firewall and the security software of this PC",
    ),
    (network.TOO_MANY_FILES, "too many files and connections are open to reach {peer}", "start the program again"),
    (network.TOO_MANY_FILES_HERE, "too many files are open on this PC to reach {peer}", "restart this PC"),
    (
        network.NO_BUFFERS,
        "the system has no network buffers left to reach {peer}",
        "close programs that are not needed",
    ),
    (network.NO_MEMORY, "the system has no memory left to reach {peer}", "close programs that are not needed"),
    (network.NOT_CONNECTED, "{peer} was not reached; the system does not say why", _WAY),
    (network.SYSTEM_ERROR, "{peer} was not reached: error {number} of the system", _WAY),
    (network.SPOKE_FIRST, "{peer} speaks before it is asked, which is no HTTP", "check the port"),
    (network.PROXY_REFUSED, "the proxy {peer} refuses the connection", _PROXY),
    (network.PROXY_BROKEN, "the proxy {peer} broke off while the connection was made", _PROXY),
    (network.PROXY_NO_ROUTE, "there is no route to the proxy {peer}", "check [transport] proxy and the network"),
    (
        network.PROXY_CONNECT_TIMED_OUT,
        "the proxy {peer} did not accept a connection within {seconds} s",
        "check [transport] proxy and the network",
    ),
    (
        network.PROXY_SILENT,
        "the proxy {peer} did not connect to the platform within {seconds} s",
        "check the network between the proxy and the platform",
    ),
    (
        network.PROXY_WANTS_PASSWORD,
        "the proxy {peer} wants a user and a password (HTTP 407)",
        "write both into [transport] proxy",
    ),
    (
        network.PROXY_DENIED,
        "the proxy {peer} does not connect to the platform (HTTP {status})",
        "check [transport] proxy and the settings of the proxy",
    ),
    (network.PROXY_NOT_HTTP, "{peer} does not answer as an HTTP proxy", "check [transport] proxy"),
    (
        network.TLS_TIMED_OUT,
        "the TLS handshake with {peer} was not done within {seconds} s",
        "check the network, and whether the port is one of https",
    ),
    (network.TLS_CLOSED, "{peer} closed the connection during the TLS handshake", _PORT),
    (network.TLS_BROKEN, "{peer} broke off during the TLS handshake", "check the port and the firewall"),
    (
        network.NOT_TLS,
        "the port of {peer} is not one of https",
        "let strUrl begin with http:// instead, or check the port",
    ),
    (
        network.TLS_TOO_OLD,
        "{peer} knows only versions of TLS that are too old (before 1.2)",
        "ask the platform for TLS 1.2 or later",
    ),
    (network.TLS_RENEGOTIATION, "{peer} has no secure renegotiation of TLS", _ASK),
    (network.TLS_SHORT_KEY, "the public key of {peer} is too short to be safe", _NEW),
    (network.TLS_WEAK_SIGNATURE, "the certificate of {peer} is signed by an outdated algorithm", _NEW),
    (network.TLS_WANTS_CERTIFICATE, "{peer} wants a client's certificate, which vcshim does not support", _ASK),
    (network.TLS_FAILED, "the TLS handshake with {peer} failed without a reason", _ASK),
    (network.TLS_FAILED_BY, "the TLS handshake with {peer} failed (OpenSSL: {why})", _ASK),
    (
        network.CERTIFICATE_EXPIRED,
        "the certificate of {peer} has expired, by the date of this PC",
        "check the date of this PC; if it is right, ask the platform for a new certificate",
    ),
    (
        network.CERTIFICATE_NOT_YET_VALID,
        "the certificate of {peer} is not valid yet, by the date of this PC",
        "check the date of this PC; if it is right, ask the platform",
    ),
    (
        network.CERTIFICATE_OF_ANOTHER,
        "the certificate of {peer} is for another name",
        "write the name of the certificate into strUrl, or ask the platform for a new certificate",
    ),
    (
        network.CERTIFICATE_NOT_TRUSTED,
        "the certificate of {peer} is not trusted here",
        "install its root certificate in the system, or check [transport] ca_file",
    ),
    (network.CERTIFICATE_REFUSED, "the certificate of {peer} is refused (OpenSSL: {number})", _ASK),
    (network.NEEDS_TLS, "the port of {peer} wants https", "let strUrl begin with https:// instead"),
    (network.SENDING_BROKEN, "{peer} broke off while a request was sent", "check the network"),
    (network.NO_TIME_LEFT, "nothing was sent to {peer} within {seconds} s", "check the network"),
    (network.SENDING_TIMED_OUT, "a request to {peer} was not sent within {seconds} s", "check the network"),
    (network.NOT_HTTP, "what {peer} answers is not HTTP", "check strUrl"),
    (network.ANSWER_TOO_LARGE, "the answer of {peer} has more than {limit} MB", "check strUrl"),
)


def _chinese(row: Message) -> tuple[str, str]:
    """The cause and the remedy of a row. What people type is an account here (账号), as in all commands."""
    cause, _, remedy = row.engineer.replace("{platform}", "平台").partition("；")
    return cause, remedy.replace("用户名", "账号")


CAUSES: Mapping[str, Phrase] = {row.key: Phrase(_chinese(row)[0], english) for row, english, _ in _ROWS} | {
    network.NO_ANSWER.key: Phrase("平台 {peer} 在 {seconds} 秒内没有应答", "{peer} did not answer within {seconds} s"),
    network.CONNECTION_LOST.key: Phrase(
        "平台 {peer} 没有应答就断开了连接", "{peer} closed the connection without an answer"
    ),
    network.ANSWER_CUT.key: Phrase(
        "平台 {peer} 的应答不完整（收到 {count} 字节）", "the answer of {peer} broke off after {count} bytes"
    ),
}
REMEDIES: Mapping[str, Phrase] = {
    row.key: Phrase(_chinese(row)[1], english) for row, _, english in _ROWS
} | dict.fromkeys(
    (network.NO_ANSWER.key, network.CONNECTION_LOST.key, network.ANSWER_CUT.key),
    Phrase("请检查网络，核对端口，并确认对方服务正常", "check the network and the port, and ask the platform"),
)
