"""Where captured calls are read from: stores, their files, and lines of JSON. For learn, replay and the commands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from shim.capture.record import CapturedCall, from_bytes
from shim.capture.store import FILE_PATTERN, SUFFIX, CaptureFileProblem, read_capture_file

EXPORT_FORMAT = "vcshim-captures"


def read_captures(paths: Iterable[Path]) -> Iterator[CapturedCall]:
    """The calls in `paths`, in the order of the paths and, inside a folder, of the days. None is given twice.

    Args:
        paths: each a folder with captures, a file ``*.vcc`` of one (whose key is beside it), or a file of lines that
            are rows as `to_bytes` writes them. The user's own folder is `shim.wiring.captures_folder`.

    Raises:
        OSError: one cannot be read.
        CaptureFileProblem: one holds no captured calls, or those of another user. Torn records are left out.
    """
    seen: set[str] = set()
    for path in paths:
        for call in _calls(Path(path)):
            if call.call_id not in seen:
                seen.add(call.call_id)
                yield call


def _calls(path: Path) -> Iterator[CapturedCall]:
    if path.is_dir():
        for file in sorted(each for each in path.iterdir() if FILE_PATTERN.fullmatch(each.name)):
            yield from read_capture_file(file)
    elif path.suffix.lower() == SUFFIX:
        yield from read_capture_file(path)
    else:
        yield from _lines(path)


def _lines(path: Path) -> Iterator[CapturedCall]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip() or (number == 1 and _is_header(line)):
                continue
            try:
                yield from_bytes(line)
            except ValueError as error:
                raise CaptureFileProblem(path, f"line {number} is no captured call") from error


def _is_header(line: bytes) -> bool:
    """Whether a line is the first one of an export (shim/replay/export.py)."""
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and row.get("format") == EXPORT_FORMAT
