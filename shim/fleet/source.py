"""Fetches the hospital's file: from a path, or by GET from a URL over the same connections as the calls.

A path on a share may take as long as Windows waits for a server; a URL has a deadline. Both belong to the thread in the
background, never to a call. Redirects are not followed. What the file holds is not looked at. Used by `take`.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from shim.bilingual import Bilingual, filled
from shim.deadline import Deadline
from shim.errors import ShimError
from shim.fleet.refusal import NOT_THERE, TOO_LARGE, UNREADABLE, Refused
from shim.settings.file import SIZE_LIMIT
from shim.settings.transport import TransportSettings

if TYPE_CHECKING:
    from shim.transport.address import Address

_SECONDS = 60
_SERVER = Bilingual("服务器", "the server")
_A_FOLDER = Bilingual("是文件夹，不是文件", "it is a folder, not a file")
# Of an OSError: what people can do something about.
_WORDS = {
    errno.EACCES: Bilingual("没有读取权限，或被其他程序占用", "it may not be read, or another program holds it"),
    errno.EPERM: Bilingual("没有读取权限", "it may not be read"),
    errno.EISDIR: _A_FOLDER,
}


def is_url(source: str) -> bool:
    """Whether a source is one of https or http."""
    return source.lower().startswith(("https://", "http://"))


def is_secure(source: str) -> bool:
    """Whether nobody on the way can change what arrives: https, or a path, whose rights the site sets."""
    return not source.lower().startswith("http://")


def fetch(source: str, transport: TransportSettings) -> bytes:
    """The bytes of the file, at most `SIZE_LIMIT`.

    Args:
        transport: its proxy, ca_file and connect_seconds are those of a URL as well.

    Raises:
        Refused: it is not there, too large, or cannot be fetched.
    """
    data = _get(source, transport) if is_url(source) else _read(Path(source))
    if len(data) > SIZE_LIMIT:
        raise Refused(TOO_LARGE)
    return data


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise Refused(NOT_THERE) from None
    except OSError as error:
        number = getattr(error, "winerror", None) or error.errno
        unnamed = Bilingual(f"系统错误 {number}", f"system error {number}")
        words = _A_FOLDER if path.is_dir() else _WORDS.get(error.errno or 0, unnamed)
        raise Refused(UNREADABLE, why=words) from error


def _get(url: str, transport: TransportSettings) -> bytes:
    from shim.transport.address import parse_proxy, parse_url
    from shim.transport.connection import USER_AGENT, Connector, proxy_headers
    from shim.transport.http1 import AnswerCutError, AnswerTooLongError, NotHttpError, read_answer, request_head

    deadline = Deadline(_SECONDS)
    try:
        address, proxy = parse_url(url), parse_proxy(transport.proxy)
        connector = Connector(proxy, transport.ca_file)
        connection = connector.connect(address, deadline.earlier(transport.connect_seconds))
    except ShimError as error:
        raise Refused(UNREADABLE, why=error.told_of(_SERVER)) from error
    forwarded = proxy if not address.secure else None
    head = [("Host", address.host), ("User-Agent", USER_AGENT), ("Accept-Encoding", "identity"), ("Accept", "*/*")]
    head.append(("Connection", "close"))
    if address.authorization:
        head.append(("Authorization", address.authorization))
    if forwarded is not None:
        head += proxy_headers(forwarded)
    request = request_head("GET", address.target if forwarded is None else address.absolute, head)
    connection.made = False  # its sending is that of no call
    connection.sent = 0
    try:
        connection.send(request, deadline)
        answer = read_answer(lambda: connection.receive(deadline), SIZE_LIMIT)
    except (EOFError, OSError, AnswerCutError, NotHttpError) as error:
        raise Refused(UNREADABLE, why=_told("{peer} 没有完整的应答", "{peer} gave no whole answer", address)) from error
    except AnswerTooLongError as error:
        raise Refused(TOO_LARGE) from error
    finally:
        connection.close()
    if answer.status == 404:
        raise Refused(NOT_THERE)
    if answer.status != 200:
        texts = f"{{peer}} 返回 HTTP {answer.status}", f"{{peer}} answers with HTTP {answer.status}"
        raise Refused(UNREADABLE, why=_told(*texts, address))
    return answer.body


def _told(chinese: str, english: str, address: Address) -> Bilingual:
    return filled(chinese, english, {"peer": address.peer.authority})
