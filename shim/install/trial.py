"""The call that tries an installation: our DLLs, loaded and called by a program of their own, as a HIS would.

The request has no method, so it is refused at once: nothing is sent, no device is asked. Where the vendor's DLL answers
(`[mode] run`), nothing is called, since that would be the vendor's code; the DLLs are loaded, and the set's program is
started instead.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from shim.spec import EXPORTS, Family, Shape

_LIMIT = 120.0  # seconds
_CREATE_NO_WINDOW = 0x08000000
_WORD = "try-library"
# What a request without an address and a method gets: answers that only Python gives.
_REFUSED = {Family.VC: "1004", Family.EC: "-5"}


def try_libraries(program: Path, folder: Path, names: Sequence[str], calls: bool) -> str:
    """Try the DLLs of these names in a HIS folder; "" or what went wrong, as the DLL or Windows says it.

    Args:
        program: vcshim.exe of the set.
        calls: whether ours answers, so that it may be called.
    """
    if not calls:
        problem = _run(program, ["--version"])[1]
        if problem:
            return problem
    for export in EXPORTS:
        if export.dll not in names or export.shape is not Shape.TRANS:
            continue
        words = [_WORD, str(folder / export.dll), *([export.name] if calls else [])]
        lines, problem = _run(program, words)
        if problem or (calls and lines[0] != _REFUSED[export.family]):
            return f"{export.dll}: {problem or ' '.join(lines)}"
    return ""


def _run(program: Path, words: Sequence[str]) -> tuple[list[str], str]:
    """The lines that a program wrote, and "" or why they are none."""
    try:
        done = subprocess.run(
            [str(program), *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT, check=False,
            creationflags=_CREATE_NO_WINDOW if sys.platform == "win32" else 0, cwd=program.parent,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return [], type(error).__name__
    lines = done.stdout.decode("gb18030", "replace").splitlines() or [""]
    return lines, f"{done.returncode}: {' '.join(lines)}" if done.returncode else ""
