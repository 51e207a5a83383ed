"""What an HTTP status other than 2xx says about a request, as rows. Pure; used by `answers` and the documents.

Not here: a platform's own refusal, which survives at any status. Whoever sent the status (a gateway, a proxy, a web
server), the request had left this PC, so that what became of it is unknown. Nothing that they wrote is shown: only the
number, and of a redirect its address without what may be secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from shim.errors import Message, PlatformError
from shim.http_answer import HttpAnswer
from shim.messages import answers as rows


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One status, or several.

    Attributes:
        first, last: the statuses.
        message: what is said of it; a redirect whose address is known has one of its own (`status_error`).
        gateways: a party on the way sends it, not the platform; a code in its body that repeats the status is its own.
    """

    first: int
    last: int
    message: Message
    gateways: bool = False


# The first row that has the status counts.
STATUSES: tuple[StatusRow, ...] = (
    StatusRow(300, 303, rows.REDIRECTED),
    StatusRow(307, 308, rows.REDIRECTED),
    StatusRow(300, 399, rows.STATUS_3XX),
    StatusRow(400, 400, rows.BAD_REQUEST),
    StatusRow(401, 401, rows.LOGIN_WANTED),
    StatusRow(403, 403, rows.FORBIDDEN),
    StatusRow(404, 404, rows.NOT_FOUND),
    StatusRow(405, 405, rows.NO_POST),
    StatusRow(407, 407, rows.PROXY_LOGIN_WANTED, gateways=True),
    StatusRow(408, 408, rows.REQUEST_LATE),
    StatusRow(410, 410, rows.GONE),
    StatusRow(413, 413, rows.TOO_LARGE),
    StatusRow(415, 415, rows.WRONG_CONTENT_TYPE),
    StatusRow(429, 429, rows.TOO_MANY_REQUESTS),
    StatusRow(400, 499, rows.STATUS_4XX),
    StatusRow(500, 500, rows.SERVER_ERROR),
    StatusRow(502, 502, rows.BAD_GATEWAY, gateways=True),
    StatusRow(503, 503, rows.SERVICE_STOPPED, gateways=True),
    StatusRow(504, 504, rows.GATEWAY_TIMED_OUT, gateways=True),
    StatusRow(500, 599, rows.STATUS_5XX),
    StatusRow(0, 999, rows.STATUS_ODD),
)

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._-]{1,100}|\[[0-9A-Fa-f:.]{2,45}\]")
_SHOWN = 15  # characters of a host
_PATH = re.compile(r"[A-Za-z0-9._~%/+-]{0,100}")


def status_row(status: int) -> StatusRow:
    """The row of a status; the last one for what is no status."""
    return next((row for row in STATUSES if row.first <= status <= row.last), STATUSES[-1])


def status_error(answer: HttpAnswer) -> PlatformError:
    """The error for an answer whose status is not 2xx and that holds no refusal of the platform's own."""
    message = status_row(answer.status).message
    address, host = _address(answer.location) if message is rows.REDIRECTED else ("", "")
    if host:
        return PlatformError(rows.REDIRECTED_TO, status=answer.status, address=address, host=_short(host))
    if address:
        return PlatformError(rows.REDIRECTED_ON_SITE, status=answer.status, address=address)
    return PlatformError(message, status=answer.status)


def repeats_status(answer: HttpAnswer, code: str) -> bool:
    """Whether a code in the body is but the status again, as gateways write it: not a word of the platform's."""
    return code == str(answer.status) and status_row(answer.status).gateways


def _address(location: str) -> tuple[str, str]:
    """scheme://host:port/path of a redirect, and the host; "" for what is odd or not there.

    No user, no query, no fragment, no long number.
    """
    try:
        parts = urlsplit(location.strip())
        port = parts.port
    except ValueError:
        return "", ""
    path = parts.path.partition(";")[0]
    path = re.sub("[0-9]{6,}", "***", path) if _PATH.fullmatch(path) else ""
    if not parts.scheme and not parts.netloc:
        return path, ""
    host = parts.netloc.rpartition("@")[2]
    host = host.removesuffix(f":{parts.netloc.rpartition(':')[2]}") if port is not None else host.removesuffix(":")
    if parts.scheme not in ("", *_PORTS) or _HOST.fullmatch(host) is None:
        return "", ""
    port = port if port is not None else _PORTS.get(parts.scheme)
    return f"{parts.scheme}{':' if parts.scheme else ''}//{host}{'' if port is None else f':{port}'}{path}", host


def _short(host: str) -> str:
    """A host as a sentence for a clerk has room for it."""
    host = re.sub("[0-9]{6,}", "***", host)
    return host if len(host) <= _SHOWN else f"{host[: _SHOWN - 1]}…"
