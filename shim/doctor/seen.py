"""The addresses of platforms that this installation called last, as the newest files of the log have them.

The log names scheme, host and port of each platform once in a process (shim/service.py); no path, which may hold a word
of the site's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from shim.doctor.finding import Place
from shim.wiring import log_folders

FACT = "platform"
_FILES, _MOST, _BYTES = 5, 6, 4 * 1024 * 1024


def addresses_seen(place: Place) -> list[str]:
    """The last few addresses, the newest first."""
    files: list[tuple[float, Path]] = []
    for folder in log_folders(place.settings, place.folder):
        try:
            files += [(path.stat().st_mtime, path) for path in folder.glob("vcshim-*.log")]
        except OSError:
            continue
    found = (url for _, path in sorted(files, reverse=True)[:_FILES] for url in _in_file(path))
    return list(dict.fromkeys(found))[:_MOST]


def _in_file(path: Path) -> Iterator[str]:
    """Those of a file, the last first."""
    try:
        with path.open("rb") as file:
            file.seek(max(path.stat().st_size - _BYTES, 0))
            lines = file.read(_BYTES).split(b"\n")
    except OSError:
        return
    for line in reversed(lines):
        if f'"{FACT}"'.encode() in line:
            try:
                value = json.loads(line).get(FACT)
            except (ValueError, AttributeError):
                continue
            if isinstance(value, str) and value.startswith(("http://", "https://")):
                yield value
