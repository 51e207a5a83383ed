"""How the helper program of the extension screen is started. Not what it does, or what is said to it."""

from __future__ import annotations

import sys
from pathlib import Path

import shim


def helper_command(folder: Path) -> list[str]:
    """How the helper is started: by vcshim.exe in the vcshim folder, in a checkout by this interpreter."""
    program = folder / "vcshim" / ("vcshim.exe" if sys.platform == "win32" else "vcshim")
    if sys.platform == "win32" or program.exists():
        return [str(program), "screen-helper"]
    # NB: not -m alone: a helper is started in the folder of its program, where shim need not be found.
    start = "import runpy, sys as s; s.path.insert(0, s.argv.pop(1)); runpy.run_module(s.argv.pop(1), None, '__main__')"
    return [sys.executable, "-c", start, str(Path(shim.__file__).parents[1]), "shim.devices.screen.helper.main"]
