"""`vcshim capture list`: days, calls, sizes, where they are and who can read them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shim import configuration, wiring
from shim.capture.state import read_states
from shim.capture.store import KEY_FILE, CaptureDay, CaptureFileProblem, capture_days, read_capture_file
from shim.commands.catalogue import capture as phrases
from shim.commands.console import show
from shim.commands.folder import add_folder_word
from shim.commands.machine import tell
from shim.workstation import file_word, user_name

HELP = phrases.LIST_HELP


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words of this command."""
    add_folder_word(parser)


def run(options: argparse.Namespace) -> int:
    """Print the list; 0 also where there is nothing."""
    folder = wiring.captures_folder(configuration.read(options.folder))
    lines = [phrases.PLACE(folder=folder), phrases.READER(reader=_reader(folder))]
    days = capture_days(folder)
    counts = [_calls(day) for day in days]
    tell(
        folder=folder,
        days=[{"day": day.day, "calls": calls, "bytes": day.size} for day, calls in zip(days, counts, strict=True)],
    )
    if days:
        lines.append("  ".join((phrases.DAY(), phrases.CALLS(), phrases.SIZE())))
        for day, count in zip(days, counts, strict=True):
            shown = phrases.UNREADABLE() if count is None else str(count)
            lines.append(f"{_date(day.day)}  {shown}  {_megabytes(day.size)}")
        calls, size = sum(count or 0 for count in counts), sum(day.size for day in days)
        lines.append(phrases.TOTAL(days=len(days), calls=calls, size=_megabytes(size)))
    else:
        lines.append(phrases.NOTHING())
    off = [state for state in read_states(wiring.capture_states_folder()) if state.off_at]
    tell(switched_off=[{"day": state.day, "host": state.host, "pid": state.pid, "cause": state.cause} for state in off])
    for state in off:
        lines.append(phrases.OFF(day=_date(state.day), host=state.host, pid=state.pid, cause=state.cause))
    show("\n".join(lines))
    return 0


def _reader(folder: Path) -> str:
    if sys.platform == "win32":
        return phrases.READER_ON_WINDOWS(user=file_word(user_name()))
    return phrases.READER_ELSEWHERE(key=folder / KEY_FILE)


def _calls(day: CaptureDay) -> int | None:
    """How many calls a day has; None where they cannot be decrypted."""
    try:
        return sum(1 for _ in read_capture_file(day.path))
    except (OSError, CaptureFileProblem):
        return None


def _date(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"
