"""Why no answer came: the row of shim/messages/network.py for each cause, with the host and port it was met at.

What is known of the outcome stands in the row: nothing was sent, not all of it, or all of it. A cause that was not
found out is not named. Used by the transports.

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

from shim.bilingual import Bilingual
from shim.deadline import Deadline
from shim.errors import Message, PlatformError
from shim.messages import network
from shim.transport.base import MAX_ANSWER


class ConnectingStep(Enum):
    """What the transport was doing before anything was sent; the value is the row for time that ran out meanwhile."""

    LOOK_UP = network.LOOK_UP_TIMED_OUT
    CONNECT = network.CONNECT_TIMED_OUT
    PROXY = network.PROXY_SILENT
    TLS = network.TLS_TIMED_OUT
    START = network.NO_TIME_LEFT


@dataclass(frozen=True, slots=True)
class Peer:
    """The party at the other end of a socket, as a message names it.

    Attributes:
        host: the name or address without brackets.
        port: the TCP port; 0 where there is none.
        is_proxy: it is the proxy of [transport] proxy, not the platform.
    """

    host: str
    port: int
    is_proxy: bool = False

    @property
    def authority(self) -> str:
        """host:port, with the brackets of an IPv6 address."""
        if not self.port:
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def title(self) -> str:
        """The authority, where a message about the platform may be one about the proxy."""
        if not self.is_proxy:
            return self.authority
        return Bilingual(f"{self.authority}（代理）", f"{self.authority} (the proxy)")


# ---- rows ------------------------------------------------------------------------------------------------------------

# What a system says of a connection that was not made.
_BY_ERRNO: Mapping[int, Message] = MappingProxyType(
    {
        errno.ECONNREFUSED: network.REFUSED,
        errno.ECONNRESET: network.BROKEN,
        errno.ECONNABORTED: network.BROKEN,
        errno.EPIPE: network.BROKEN,
        errno.EHOSTUNREACH: network.NO_ROUTE,
        errno.ENETUNREACH: network.NO_ROUTE,
        errno.ENETDOWN: network.NETWORK_DOWN,
        errno.EADDRNOTAVAIL: network.NO_LOCAL_ADDRESS,
        errno.EACCES: network.NOT_ALLOWED,
        errno.EPERM: network.NOT_ALLOWED,
        errno.EMFILE: network.TOO_MANY_FILES,
        errno.ENFILE: network.TOO_MANY_FILES_HERE,
        errno.ENOBUFS: network.NO_BUFFERS,
        errno.ENOMEM: network.NO_MEMORY,
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
# The same causes, met at the proxy.
_AT_PROXY: Mapping[str, Message] = MappingProxyType(
    {
        network.REFUSED.key: network.PROXY_REFUSED,
        network.BROKEN.key: network.PROXY_BROKEN,
        network.NO_ROUTE.key: network.PROXY_NO_ROUTE,
        network.CONNECT_TIMED_OUT.key: network.PROXY_CONNECT_TIMED_OUT,
        network.NO_SUCH_NAME.key: network.NO_SUCH_PROXY_NAME,
    }
)

# What the resolver says; the numbers are Winsock's beside those of getaddrinfo.
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), 11001, 11004})
_NAME_SERVER_SILENT = frozenset({socket.EAI_AGAIN, 11002})

# What OpenSSL says of a handshake, by a word of its reason.
_BY_TLS_REASON: tuple[tuple[str, Message], ...] = (
    ("WRONG_VERSION_NUMBER", network.NOT_TLS),
    ("HTTP_REQUEST", network.NOT_TLS),
    ("HTTPS_PROXY_REQUEST", network.NOT_TLS),
    ("UNSUPPORTED_PROTOCOL", network.TLS_TOO_OLD),
    ("PROTOCOL_VERSION", network.TLS_TOO_OLD),
    ("VERSION_TOO_LOW", network.TLS_TOO_OLD),
    ("WRONG_SSL_VERSION", network.TLS_TOO_OLD),
    ("UNSAFE_LEGACY_RENEGOTIATION", network.TLS_RENEGOTIATION),
    ("KEY_TOO_SMALL", network.TLS_SHORT_KEY),
    ("MD_TOO_WEAK", network.TLS_WEAK_SIGNATURE),
    ("CERTIFICATE_REQUIRED", network.TLS_WANTS_CERTIFICATE),
)

# OpenSSL's verify codes.
_BY_VERIFY_CODE: Mapping[int, Message] = MappingProxyType(
    {
        9: network.CERTIFICATE_NOT_YET_VALID,
        10: network.CERTIFICATE_EXPIRED,
        **dict.fromkeys((62, 64), network.CERTIFICATE_OF_ANOTHER),
        **dict.fromkeys((2, 18, 19, 20, 21, 27), network.CERTIFICATE_NOT_TRUSTED),
    }
)


# ---- nothing was sent ------------------------------------------------------------------------------------------------


def no_certificate_dates() -> PlatformError:
    """The error in a forked child that can check no certificate (shim/forks.py, is_time_zone_locked)."""
    return PlatformError(network.NO_TIME_ZONE)


def not_connected(peer: Peer) -> PlatformError:
    """The error if no connection was made and no cause is known."""
    return _failed_at(peer, network.NOT_CONNECTED)


def timed_out(step: ConnectingStep, peer: Peer, deadline: Deadline) -> PlatformError:
    """The error where the time ran out in `step`, before anything was sent.

    Args:
        deadline: that of the step; what has passed of it is the time that the message names.
    """
    seconds = _seconds(deadline.elapsed)
    if step is ConnectingStep.LOOK_UP:
        return PlatformError(step.value, host=peer.host, seconds=seconds)
    return _failed_at(peer, step.value, seconds=seconds)


def connecting_failed(error: BaseException, step: ConnectingStep, peer: Peer, deadline: Deadline) -> PlatformError:
    """The error for what a system, a resolver or OpenSSL reported in `step`, before anything was sent."""
    if is_time_out(error):
        return timed_out(step, peer, deadline)
    if isinstance(error, socket.gaierror):
        return _look_up_failed(error, peer)
    if _is_of_tls(error):
        return _tls_failed(error, peer)
    number = error.errno if isinstance(error, OSError) and error.errno is not None else 0
    row = _BY_ERRNO.get(_WINSOCK.get(number, number))
    if row is None:
        if not number:
            return not_connected(peer)
        return _failed_at(peer, network.SYSTEM_ERROR, number=number)
    if row is network.BROKEN and step is ConnectingStep.TLS:
        return PlatformError(network.TLS_BROKEN, peer=peer.authority)
    return _failed_at(peer, row)


def _is_of_tls(error: BaseException) -> bool:
    """Whether it is an error of `ssl`, which takes long to import, and of which there is a part only while another
    thread imports it: nothing is asked of it unless it has raised something."""
    return any(each.__module__ == "ssl" for each in type(error).__mro__)


def _tls_failed(error: BaseException, peer: Peer) -> PlatformError:
    ssl = sys.modules["ssl"]
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_refused(error, peer)
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return PlatformError(network.TLS_CLOSED, peer=peer.authority)
    return _handshake_failed(str(getattr(error, "reason", "") or ""), peer)


def is_time_out(error: BaseException) -> bool:
    """Whether `error` says that time ran out, of ours or of the system's."""
    return isinstance(error, TimeoutError) or (isinstance(error, OSError) and error.errno in _TIMED_OUT)


def not_tls(peer: Peer) -> PlatformError:
    """The error where an https address answers in plain HTTP."""
    return PlatformError(network.NOT_TLS, peer=peer.authority)


def needs_tls(peer: Peer) -> PlatformError:
    """The error where a plain http request was answered by a TLS alert: nothing in it can have been understood."""
    return PlatformError(network.NEEDS_TLS, peer=peer.authority)


def proxy_refused(status: int, peer: Peer) -> PlatformError:
    """The error where the proxy did not pass the request on."""
    if status == 407:
        return PlatformError(network.PROXY_WANTS_PASSWORD, peer=peer.authority)
    return PlatformError(network.PROXY_DENIED, peer=peer.authority, status=status)


def proxy_not_understood(peer: Peer) -> PlatformError:
    """The error where the proxy's answer to CONNECT was not one."""
    return PlatformError(network.PROXY_NOT_HTTP, peer=peer.authority)


def spoken_too_soon(peer: Peer) -> PlatformError:
    """The error where a server answers before it was asked."""
    return PlatformError(network.SPOKE_FIRST, peer=peer.authority)


def no_thread(peer: Peer) -> PlatformError:
    """The error where the system gave no thread, for the look-up or to watch over the time."""
    return PlatformError(network.NO_THREAD, peer=peer.title)


def _failed_at(peer: Peer, row: Message, **facts: object) -> PlatformError:
    """The error of `row`, or of the same cause met at the proxy; a row that serves for both is told which it was."""
    own = _met_at(row, peer)
    named = peer.title if own is row and row is not ConnectingStep.PROXY.value else peer.authority
    return PlatformError(own, peer=named, **facts)


def _met_at(row: Message, peer: Peer) -> Message:
    return _AT_PROXY.get(row.key, row) if peer.is_proxy else row


def _look_up_failed(error: socket.gaierror, peer: Peer) -> PlatformError:
    if error.errno in _NO_SUCH_NAME:
        return PlatformError(_met_at(network.NO_SUCH_NAME, peer), host=peer.host)
    if error.errno in _NAME_SERVER_SILENT:
        return PlatformError(network.NAME_SERVER_SILENT, host=peer.host)
    return PlatformError(network.LOOK_UP_FAILED, host=peer.host, number=error.errno)


def _handshake_failed(reason: str, peer: Peer) -> PlatformError:
    for word, row in _BY_TLS_REASON:
        if word in reason:
            return PlatformError(row, peer=peer.authority)
    if not reason:
        return PlatformError(network.TLS_FAILED, peer=peer.authority)
    return PlatformError(network.TLS_FAILED_BY, peer=peer.authority, why=reason)


def _certificate_refused(error: BaseException, peer: Peer) -> PlatformError:
    code = getattr(error, "verify_code", 0)
    row = _BY_VERIFY_CODE.get(code)
    if row is None:
        return PlatformError(network.CERTIFICATE_REFUSED, peer=peer.authority, number=code)
    return PlatformError(row, peer=peer.authority)


# ---- something was sent ----------------------------------------------------------------------------------------------


def cut_off(peer: Peer, late: bool, seconds: float) -> PlatformError:
    """The error where the request was not sent to its end: the platform cannot act on it.

    Args:
        late: time ran out, after `seconds`; else the connection broke.
    """
    if late:
        return PlatformError(network.SENDING_TIMED_OUT, peer=peer.title, seconds=_seconds(seconds))
    return PlatformError(network.SENDING_BROKEN, peer=peer.title)


def no_answer(peer: Peer, late: bool, seconds: float) -> PlatformError:
    """The error if the whole request was sent and no answer came: in time (`late`), or before the connection broke."""
    if late:
        return PlatformError(network.NO_ANSWER, peer=peer.authority, seconds=_seconds(seconds))
    return PlatformError(network.CONNECTION_LOST, peer=peer.authority)


def answer_cut(count: int, peer: Peer) -> PlatformError:
    """The error if the connection broke inside an answer, after `count` bytes of its body."""
    return PlatformError(network.ANSWER_CUT, peer=peer.authority, count=count)


def not_http(peer: Peer) -> PlatformError:
    """The error if what came is no answer of HTTP, or its length cannot be told."""
    return PlatformError(network.NOT_HTTP, peer=peer.authority)


def too_long(peer: Peer) -> PlatformError:
    """The error for an answer over `MAX_ANSWER`."""
    return PlatformError(network.ANSWER_TOO_LARGE, peer=peer.authority, limit=MAX_ANSWER // 1024 // 1024)


def _seconds(seconds: float) -> str:
    """As a message names them: whole ones, and tenths below one."""
    return f"{seconds:.0f}" if seconds >= 1 else f"{seconds:.1f}"
