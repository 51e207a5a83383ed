"""Why a platform was not reached, for `vcshim doctor`: those of shim/messages/network.py, and what to do.

The texts are those of the log: each row there is a cause and, behind ``；``, its remedy, in both languages. Rows about
strUrl and about [transport] are told by other checks, and those of forked processes cannot come up here.
"""

from __future__ import annotations

from collections.abc import Mapping

from shim.commands.language import Phrase
from shim.errors import Message
from shim.messages import network

_ROWS: tuple[Message, ...] = (
    network.NO_SUCH_NAME,
    network.NO_SUCH_PROXY_NAME,
    network.NAME_SERVER_SILENT,
    network.LOOK_UP_FAILED,
    network.LOOK_UP_TIMED_OUT,
    network.NO_THREAD,
    network.REFUSED,
    network.BROKEN,
    network.NO_ROUTE,
    network.CONNECT_TIMED_OUT,
    network.NETWORK_DOWN,
    network.NO_LOCAL_ADDRESS,
    network.NOT_ALLOWED,
    network.TOO_MANY_FILES,
    network.TOO_MANY_FILES_HERE,
    network.NO_BUFFERS,
    network.NO_MEMORY,
    network.NOT_CONNECTED,
    network.SYSTEM_ERROR,
    network.SPOKE_FIRST,
    network.PROXY_REFUSED,
    network.PROXY_BROKEN,
    network.PROXY_NO_ROUTE,
    network.PROXY_CONNECT_TIMED_OUT,
    network.PROXY_SILENT,
    network.PROXY_WANTS_PASSWORD,
    network.PROXY_DENIED,
    network.PROXY_NOT_HTTP,
    network.TLS_TIMED_OUT,
    network.TLS_CLOSED,
    network.TLS_BROKEN,
    network.NOT_TLS,
    network.TLS_TOO_OLD,
    network.TLS_RENEGOTIATION,
    network.TLS_SHORT_KEY,
    network.TLS_WEAK_SIGNATURE,
    network.TLS_WANTS_CERTIFICATE,
    network.TLS_FAILED,
    network.TLS_FAILED_BY,
    network.CERTIFICATE_EXPIRED,
    network.CERTIFICATE_NOT_YET_VALID,
    network.CERTIFICATE_OF_ANOTHER,
    network.CERTIFICATE_NOT_TRUSTED,
    network.CERTIFICATE_REFUSED,
    network.NEEDS_TLS,
    network.SENDING_BROKEN,
    network.NO_TIME_LEFT,
    network.SENDING_TIMED_OUT,
    network.NOT_HTTP,
    network.ANSWER_TOO_LARGE,
)


def _texts(row: Message) -> tuple[Phrase, Phrase]:
    """The cause and the remedy of a row. What people type is an account here (账号), as in all commands."""
    cause, _, remedy = row.engineer.replace("{platform}", "平台").partition("；")
    told = row.english.replace("{platform} {peer}", "{peer}").replace("{platform}", "the platform")
    english_cause, _, english_remedy = told.partition("; ")
    return Phrase(cause, english_cause), Phrase(remedy.replace("用户名", "账号"), english_remedy)


CAUSES: Mapping[str, Phrase] = {row.key: _texts(row)[0] for row in _ROWS} | {
    network.NO_ANSWER.key: Phrase("平台 {peer} 在 {seconds} 秒内没有应答", "{peer} did not answer within {seconds} s"),
    network.CONNECTION_LOST.key: Phrase(
        "平台 {peer} 没有应答就断开了连接", "{peer} closed the connection without an answer"
    ),
    network.ANSWER_CUT.key: Phrase(
        "平台 {peer} 的应答不完整（收到 {count} 字节）", "the answer of {peer} broke off after {count} bytes"
    ),
}
REMEDIES: Mapping[str, Phrase] = {row.key: _texts(row)[1] for row in _ROWS} | dict.fromkeys(
    (network.NO_ANSWER.key, network.CONNECTION_LOST.key, network.ANSWER_CUT.key),
    Phrase("请检查网络，核对端口，并确认对方服务正常", "check the network and the port, and ask the platform"),
)
