"""HTTP exchanges as a HAR file (HTTP Archive 1.2), which browsers, Postman, Fiddler and Charles open. Pure.

What an exchange lacks, such as the headers that nobody kept, is empty, and sizes that are not known are -1, as the
format wants it. Used by `vcshim call --save` and by the simulator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shim import __version__

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HarEntry:
    """One POST and what came back.

    Attributes:
        at: when it was sent, seconds since 1970.
        ms: how long the whole exchange took.
        status: 0 where no answer came.
        comment: for people.
    """

    url: str
    at: float
    ms: float
    request: str
    answer: str
    status: int = 200
    request_headers: Headers = (("Content-Type", "application/json; charset=utf-8"),)
    answer_headers: Headers = (("Content-Type", "application/json; charset=UTF-8"),)
    comment: str = ""


def har(entries: Iterable[HarEntry]) -> dict[str, Any]:
    """The whole archive as JSON values."""
    creator = {"name": "virtualcard-shim", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": [_entry(each) for each in entries]}}


def _entry(entry: HarEntry) -> dict[str, Any]:
    written = datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="milliseconds")
    ms = round(max(entry.ms, 0.0), 3)
    return {
        "startedDateTime": written.replace("+00:00", "Z"),
        "time": ms,
        "request": _request(entry),
        "response": _response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": ms, "receive": 0},
        "comment": entry.comment,
    }


def _request(entry: HarEntry) -> dict[str, Any]:
    query = parse_qsl(urlsplit(entry.url).query, keep_blank_values=True)
    return {
        "method": "POST",
        "url": entry.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(entry.request_headers),
        "queryString": _pairs(query),
        "postData": {"mimeType": _type(entry.request_headers), "text": entry.request},
        "headersSize": -1,
        "bodySize": len(entry.request.encode("utf-8", "replace")),
    }


def _response(entry: HarEntry) -> dict[str, Any]:
    size = len(entry.answer.encode("utf-8", "replace"))
    headers = entry.answer_headers if entry.status else ()
    return {
        "status": entry.status,
        "statusText": _reason(entry.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": {"size": size, "mimeType": _type(headers) or "x-unknown", "text": entry.answer},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": size if entry.status else -1,
    }


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(headers: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")
