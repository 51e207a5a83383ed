"""HAR files: held against the required members of HAR 1.2, written down here, and against a literal."""

from __future__ import annotations

from typing import Any

from shim.har import HarEntry, har

# HAR 1.2 (w3c web performance group): members that every object must have, and their JSON types.
REQUIRED: dict[str, dict[str, type | tuple[type, ...]]] = {
    "log": {"version": str, "creator": dict, "entries": list},
    "creator": {"name": str, "version": str},
    "entry": {"startedDateTime": str, "time": (int, float), "request": dict, "response": dict, "cache": dict,
              "timings": dict},
    "request": {"method": str, "url": str, "httpVersion": str, "cookies": list, "headers": list, "queryString": list,
                "headersSize": int, "bodySize": int},
    "response": {"status": int, "statusText": str, "httpVersion": str, "cookies": list, "headers": list,
                 "content": dict, "redirectURL": str, "headersSize": int, "bodySize": int},
    "content": {"size": int, "mimeType": str},
    "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
}  # fmt: skip


def faults(archive: dict[str, Any]) -> list[str]:
    """What of the format an archive lacks."""
    log = archive["log"]
    objects = [("log", log), ("creator", log["creator"])]
    for entry in log["entries"]:
        objects += [("entry", entry), ("request", entry["request"]), ("response", entry["response"])]
        objects += [("content", entry["response"]["content"]), ("timings", entry["timings"])]
    return [
        f"{kind}.{name}"
        for kind, value in objects
        for name, types in REQUIRED[kind].items()
        if not isinstance(value.get(name), types)
    ]


def test_an_exchange() -> None:
    entry = HarEntry("http://h/a?sim=delay:5&b=", 1795224600.25, 12.5, '{"a":"测"}', "{}", comment="c")
    archive = har([entry])
    assert faults(archive) == []
    (written,) = archive["log"]["entries"]
    assert written["startedDateTime"] == "2026-11-21T01:30:00.250Z"
    assert (written["time"], written["timings"]) == (12.5, {"send": 0, "wait": 12.5, "receive": 0})
    assert written["request"]["queryString"] == [{"name": "sim", "value": "delay:5"}, {"name": "b", "value": ""}]
    assert written["request"]["bodySize"] == 11
    assert written["request"]["postData"] == {"mimeType": "application/json; charset=utf-8", "text": '{"a":"测"}'}
    assert (written["response"]["status"], written["response"]["statusText"]) == (200, "OK")
    assert written["response"]["content"]["text"] == "{}"


def test_no_answer_and_an_odd_status() -> None:
    archive = har([HarEntry("sim:", 0, -1, "", "", 0), HarEntry("u", 0, 1, "", "x", 299)])
    assert faults(archive) == []
    lost, odd = archive["log"]["entries"]
    assert (lost["response"]["status"], lost["response"]["headers"], lost["response"]["bodySize"]) == (0, [], -1)
    assert lost["time"] == 0.0 and odd["response"]["statusText"] == ""
