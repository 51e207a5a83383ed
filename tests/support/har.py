"""What a HAR file must have, as its format says: the members of HAR 1.2, written down here. Not a test."""

from __future__ import annotations

from typing import Any

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
